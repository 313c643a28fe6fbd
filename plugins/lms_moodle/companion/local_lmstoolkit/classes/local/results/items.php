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

namespace local_lmstoolkit\local\results;

use local_lmstoolkit\local\kinds;

/**
 * What results a course has: the total, its own completion, and the modules that carry our keys.
 *
 * Rows name an item by its place in `keys`, which is shorter than its key.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class items {
    /** @var int Place of the course's total. */
    public const TOTAL = 0;

    /** @var int Place of the course itself. */
    public const COURSE = 1;

    /** @var string[] */
    public readonly array $keys;

    /** @var array gradebook item id => [place, its record] */
    public readonly array $grades;

    /** @var int[] course module id => place, of those whose completion is tracked; 0 is the course itself */
    public readonly array $completions;

    /** @var array modname (scorm, quiz) => [instance id => place] */
    public readonly array $attempts;

    /** @var array course module id => [modname, instance id], of those that have attempts */
    public readonly array $attempted;

    /**
     * As they are now.
     *
     * @param int $courseid
     */
    public function __construct(int $courseid) {
        $keys = ['total', 'course'];
        $grades = $completions = $attempted = [];
        $attempts = ['scorm' => [], 'quiz' => []];
        foreach (self::modules($courseid) as $cm) {
            $place = count($keys);
            $keys[] = $cm->extkey;
            if ($cm->completion) {
                $completions[(int) $cm->id] = $place;
            }
            if (isset($attempts[$cm->modname])) {
                $attempts[$cm->modname][(int) $cm->instance] = $place;
                $attempted[(int) $cm->id] = [$cm->modname, (int) $cm->instance];
            }
        }
        $places = array_flip($keys);
        foreach (self::graded($courseid) as $item) {
            $place = $item->itemtype === 'course' ? self::TOTAL : $places[$item->extkey] ?? null;
            if ($place !== null) {
                $grades[(int) $item->id] = [$place, $item];
            }
        }
        $this->keys = $keys;
        $this->grades = $grades;
        $this->completions = [0 => self::COURSE] + $completions;
        $this->attempts = $attempts;
        $this->attempted = $attempted;
    }

    /**
     * Modules that carry our keys.
     *
     * @param int $courseid
     * @return \stdClass[]
     */
    private static function modules(int $courseid): array {
        global $DB;
        $sql = "SELECT cm.id, cm.instance, cm.completion, md.name AS modname, m.extkey
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid AND cm.deletioninprogress = 0
                  JOIN {modules} md ON md.id = cm.module
                 WHERE m.courseid = ? AND m.kind = 'module'
              ORDER BY cm.id";
        return $DB->get_records_sql($sql, [$courseid]);
    }

    /**
     * The gradebook items we report: the course total and our modules' own.
     *
     * @param int $courseid
     * @return \stdClass[]
     */
    private static function graded(int $courseid): array {
        global $DB;
        $sql = "SELECT gi.id, gi.itemtype, gi.grademin, gi.grademax, gi.hidden, gi.locked, gi.calculation, m.extkey
                  FROM {grade_items} gi
             LEFT JOIN {modules} md ON md.name = gi.itemmodule
             LEFT JOIN {course_modules} cm ON cm.course = gi.courseid AND cm.module = md.id AND cm.instance = gi.iteminstance
             LEFT JOIN {local_lmstoolkit_map} m ON m.courseid = gi.courseid AND m.kind = 'module' AND m.instanceid = cm.id
                 WHERE gi.courseid = :courseid AND gi.gradetype = :value
                       AND (gi.itemtype = 'course'
                            OR (gi.itemtype = 'mod' AND m.id IS NOT NULL AND " . kinds::sql_is_grade('gi') . '))
              ORDER BY gi.id';
        return $DB->get_records_sql($sql, ['courseid' => $courseid, 'value' => GRADE_TYPE_VALUE]);
    }
}
