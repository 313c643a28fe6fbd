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

use core_external\external_api;
use core_external\external_function_parameters;
use core_external\external_value;
use local_lmstoolkit\local\payload;

/**
 * What the functions have in common: one JSON object in, one JSON object out.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
abstract class payload_function extends external_api {
    /**
     * One parameter: a JSON object as text. Moodle's own parameters run into max_input_vars, this one does not.
     *
     * @return external_function_parameters
     */
    final public static function execute_parameters(): external_function_parameters {
        return new external_function_parameters([
            'payload' => new external_value(PARAM_RAW, 'A JSON object; see docs/companion.md of lms-toolkit'),
        ]);
    }

    /**
     * One JSON object as text.
     *
     * @return external_value
     */
    final public static function execute_returns(): external_value {
        return new external_value(PARAM_RAW, 'A JSON object; see docs/companion.md of lms-toolkit');
    }

    /**
     * Check the payload, answer it.
     *
     * @param string $payload
     * @return string
     */
    final public static function execute(string $payload): string {
        ['payload' => $payload] = self::validate_parameters(self::execute_parameters(), ['payload' => $payload]);
        $answer = static::answer(payload::read($payload, static::types()));
        return json_encode($answer, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
    }

    /**
     * The keys of the payload and their types.
     *
     * @return array
     */
    abstract protected static function types(): array;

    /**
     * The answer to a checked payload.
     *
     * @param array $payload
     * @return array
     */
    abstract protected static function answer(array $payload): array;
}
