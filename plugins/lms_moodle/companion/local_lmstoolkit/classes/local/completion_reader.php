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
 * Reads what completes a course.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class completion_reader {
    /**
     * In the shape of apply_completion.
     *
     * @param \stdClass $course
     * @return array|null null until it was applied, or when somebody has added criteria that we have no words for
     */
    public static function of(\stdClass $course): ?array {
        global $CFG, $DB;
        require_once($CFG->libdir . '/completionlib.php');
        $courseid = (int) $course->id;
        $declared = setup::of($courseid, 'completion');
        if (!$declared || !$DB->get_field('course', 'enablecompletion', ['id' => $courseid]) || !self::needs_all($courseid)) {
            return null;
        }
        $keys = map::keys($courseid, 'module');
        $completed = [];
        $mark = null;
        foreach ($DB->get_records('course_completion_criteria', ['course' => $courseid], 'id') as $criterion) {
            $key = $keys[$criterion->moduleinstance] ?? null;
            $type = (int) $criterion->criteriatype;
            if ($type === COMPLETION_CRITERIA_TYPE_ACTIVITY && $key !== null) {
                $completed[] = $key;
            } else if ($type === COMPLETION_CRITERIA_TYPE_GRADE && $mark === null) {
                $mark = (float) $criterion->gradepass;
            } else {
                return null;
            }
        }
        return [
            'completed' => setup::ordered($completed, $declared['completed']),
            'pass_mark_percent' => self::mark($declared['pass_mark_percent'], $mark),
        ];
    }

    /**
     * Whether all criteria must be met, and all activities.
     *
     * @param int $courseid
     * @return bool
     */
    private static function needs_all(int $courseid): bool {
        global $DB;
        $methods = $DB->get_records('course_completion_aggr_methd', ['course' => $courseid], '', 'id, criteriatype, method');
        $relevant = array_filter(
            $methods,
            fn($one) => $one->criteriatype === null || (int) $one->criteriatype === COMPLETION_CRITERIA_TYPE_ACTIVITY
        );
        return !array_filter($relevant, fn($one) => (int) $one->method !== COMPLETION_AGGREGATION_ALL);
    }

    /**
     * The declared mark where Moodle has it with five decimals, else Moodle's. A mark of 0 needs no criterion.
     *
     * @param int|float|null $declared
     * @param float|null $there
     * @return int|float|null
     */
    private static function mark(int|float|null $declared, ?float $there): int|float|null {
        return gradebook::is_same((float) $declared, (float) $there) ? $declared : $there;
    }
}
