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
 * Ways into a course are made as declared; nobody is put out.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_enrolment
 * @covers     \local_lmstoolkit\local\enrolment_applier
 * @covers     \local_lmstoolkit\local\enrolment_reader
 * @covers     \local_lmstoolkit\local\self_enrolment
 * @covers     \local_lmstoolkit\observer
 */
final class apply_enrolment_test extends companion_testcase {
    /**
     * A declaration with one method.
     *
     * @param array $fields that differ from self enrolment into a group
     * @return array
     */
    private static function methods(array $fields = []): array {
        return ['methods' => [$fields + [
            'key' => 'enrolment:self',
            'kind' => 'self',
            'role' => 'student',
            'cohort' => null,
            'group_key' => 'group:red',
            'starts_at' => 1900000000,
            'ends_at' => 1900086400,
        ]], 'dryrun' => false];
    }

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->ask('apply_groups', ['groups' => [['key' => 'group:red', 'name' => 'Red']], 'groupings' => [], 'dryrun' => false]);
    }

    /**
     * Made once, read back, left alone, closed, and opened again as the same method.
     */
    public function test_a_way_in_is_opened_closed_and_opened_again(): void {
        $created = $this->ask('apply_enrolment', self::methods());
        $this->assertSame('created', $created['outcome']);
        $this->assertSame(self::methods()['methods'], $this->read()['enrolment']);
        $this->assertSame('unchanged', $this->ask('apply_enrolment', self::methods())['outcome']);
        $this->assertSame('updated', $this->ask('apply_enrolment', ['methods' => [], 'dryrun' => false])['outcome']);
        $this->assertSame([], $this->read()['enrolment']);
        $this->assertSame($created['ids'], $this->ask('apply_enrolment', self::methods())['ids']);
    }

    /**
     * Who enrols themselves comes into the group of their way in.
     */
    public function test_people_come_into_the_group_of_their_way_in(): void {
        global $DB;
        $id = $this->ask('apply_enrolment', self::methods())['ids']['enrolment:self'];
        $user = $this->getDataGenerator()->create_user();
        enrol_get_plugin('self')->enrol_user($DB->get_record('enrol', ['id' => $id]), $user->id);
        $this->assertCount(1, groups_get_user_groups($this->course->id, $user->id)[0]);
    }

    /**
     * A cohort is let in.
     */
    public function test_a_cohort_is_let_in(): void {
        $cohort = $this->getDataGenerator()->create_cohort(['idnumber' => 'autumn']);
        $user = $this->getDataGenerator()->create_user();
        cohort_add_member($cohort->id, $user->id);
        $method = ['key' => 'enrolment:autumn', 'kind' => 'cohort', 'cohort' => 'autumn', 'starts_at' => 0, 'ends_at' => 0];
        $this->ask('apply_enrolment', self::methods($method));
        $this->assertTrue(is_enrolled(\context_course::instance($this->course->id), $user));
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $dateless = ['starts_at' => 0, 'ends_at' => 0, 'group_key' => null];
        $wrong = [
            ['keynotfound', ['role' => 'nobody']],
            ['nopermissions', ['role' => 'manager']],
            ['keynotfound', ['group_key' => 'group:none']],
            ['keynotfound', ['kind' => 'cohort', 'cohort' => 'no such cohort'] + $dateless],
            ['payloadinvalid', ['kind' => 'cohort'] + $dateless],
            ['payloadinvalid', ['kind' => 'manual']],
            ['payloadinvalid', ['kind' => 'guest']],
        ];
        foreach ($wrong as [$code, $fields]) {
            $this->assert_refused($code, fn() => $this->ask('apply_enrolment', self::methods($fields)));
        }
    }
}
