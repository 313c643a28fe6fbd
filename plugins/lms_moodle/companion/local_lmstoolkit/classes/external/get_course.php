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

use local_lmstoolkit\local\access;
use local_lmstoolkit\local\course_reader;
use local_lmstoolkit\local\page_cache;

/**
 * Reads a course by idnumber with the sections and modules that carry our keys.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class get_course extends payload_function {
    #[\Override]
    protected static function types(): array {
        return ['idnumber' => 'text'];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG, $DB;
        require_once($CFG->libdir . '/completionlib.php');
        self::validate_context(\context_system::instance());
        $found = $payload['idnumber'] === '' ? [] : $DB->get_records('course', ['idnumber' => $payload['idnumber']], 'id', '*', 0, 1);
        if (!$found) {
            access::require_any(\context_system::instance());
            return ['course' => null];
        }
        $course = reset($found);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        access::require_any($context);
        page_cache::forget_undone((int) $course->id); // The next run begins with this: learners get their page back.
        return ['course' => course_reader::read($course)];
    }
}
