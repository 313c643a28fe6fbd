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

namespace local_lmstoolkit\local;

/**
 * Who may do what: contexts and capabilities of the companion's functions.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class access {
    /**
     * Let those go on who may deploy or read results.
     *
     * @param \context $context already validated
     */
    public static function require_any(\context $context): void {
        if (!has_capability('local/lmstoolkit:readresults', $context)) {
            require_capability('local/lmstoolkit:deploy', $context);
        }
    }

    /**
     * A course by its id.
     *
     * @param int $courseid
     * @return \stdClass
     * @throws \moodle_exception coursenotfound
     */
    public static function course(int $courseid): \stdClass {
        global $DB;
        $course = $DB->get_record('course', ['id' => $courseid]);
        if (!$course || (int) $course->id === (int) SITEID) {
            throw new \moodle_exception('coursenotfound', 'local_lmstoolkit', '', $courseid);
        }
        return $course;
    }

    /**
     * A course whose results the caller may read, also hidden grades.
     *
     * @param int $courseid
     * @return \stdClass
     * @throws \moodle_exception coursenotfound, or what Moodle says of a missing right
     */
    public static function results(int $courseid): \stdClass {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        require_once($CFG->libdir . '/completionlib.php');
        $course = self::course($courseid);
        $context = \context_course::instance($course->id);
        \core_external\external_api::validate_context($context);
        require_all_capabilities(
            ['local/lmstoolkit:readresults', 'moodle/grade:viewall', 'moodle/grade:viewhidden'],
            $context
        );
        return $course;
    }
}
