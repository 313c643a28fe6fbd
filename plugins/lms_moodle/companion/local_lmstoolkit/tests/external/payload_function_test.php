<?php
// This file is part of lms-toolkit's companion for Moodle.
//
// It is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// It is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with it.  If not, see <https://www.gnu.org/licenses/>.
//
// SPDX-License-Identifier: GPL-3.0-or-later

namespace local_lmstoolkit\external;

use local_lmstoolkit\tests\companion_testcase;

/**
 * A payload is read as strictly as Moodle reads parameters.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\payload_function
 * @covers     \local_lmstoolkit\local\payload
 * @covers     \local_lmstoolkit\local\json_keys
 */
final class payload_function_test extends companion_testcase {
    /**
     * Payloads that are refused, and what the message names.
     *
     * @return array
     */
    public static function payloads(): array {
        return [
            'no JSON' => ['{', 'it is not a JSON object'],
            'a list' => ['[]', 'it is not a JSON object'],
            'a key is missing' => ['{}', 'idnumber is missing'],
            'a key is unknown' => ['{"idnumber": "a", "more": 1}', 'more is unknown'],
            'a key comes twice' => ['{"idnumber": "a", "idnumber": "b"}', 'idnumber comes twice'],
            'another type' => ['{"idnumber": 7}', 'idnumber is not'],
        ];
    }

    /**
     * What is no payload is refused and names its fault.
     *
     * @dataProvider payloads
     * @param string $payload
     * @param string $named
     */
    public function test_what_is_no_payload_is_refused(string $payload, string $named): void {
        try {
            get_course::execute($payload);
            $this->fail('it was accepted');
        } catch (\moodle_exception $error) {
            $this->assertSame('payloadinvalid', $error->errorcode);
            $this->assertStringContainsString($named, $error->getMessage());
        }
    }

    /**
     * Every function that is registered is one of these, takes one payload and is in the service.
     */
    public function test_every_function_is_registered_and_in_the_service(): void {
        global $DB;
        $functions = $DB->get_records('external_functions', ['component' => 'local_lmstoolkit'], 'name');
        $this->assertNotEmpty($functions);
        foreach ($functions as $function) {
            $info = \core_external\external_api::external_function_info($function);
            $this->assertTrue(is_subclass_of($info->classname, payload_function::class), $function->name);
            $this->assertSame(['payload'], array_keys($info->parameters_desc->keys));
            $service = ['functionname' => $function->name, 'externalserviceid' => $DB->get_field(
                'external_services',
                'id',
                ['shortname' => 'lmstoolkit']
            )];
            $this->assertTrue($DB->record_exists('external_services_functions', $service), $function->name);
        }
    }
}
