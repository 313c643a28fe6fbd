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
 * Finds what is ours in the gradebook of a course: the total, the categories that carry keys, the items of our modules.
 *
 * One item of a module counts, the one whose grades we report; others that it has, like that of the reviews of a workshop,
 * weigh nothing.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class gradebook {
    /** @var float Moodle stores weights and marks with five decimals. */
    private const PRECISION = 0.00001;

    /**
     * The course total with its category, if Moodle has made them yet.
     *
     * @param int $courseid
     * @return \stdClass|null the category's record, with gradepass and grademax of its item
     */
    public static function total(int $courseid): ?\stdClass {
        global $DB;
        $sql = "SELECT gc.*, gi.gradepass, gi.grademin, gi.grademax, gi.gradetype
                  FROM {grade_categories} gc
                  JOIN {grade_items} gi ON gi.courseid = gc.courseid AND gi.itemtype = 'course' AND gi.iteminstance = gc.id
                 WHERE gc.courseid = ? AND gc.parent IS NULL";
        return $DB->get_record_sql($sql, [$courseid], IGNORE_MULTIPLE) ?: null;
    }

    /**
     * Our categories.
     *
     * @param int $courseid
     * @return \stdClass[] key => the category's record, with the weight of its item
     */
    public static function categories(int $courseid): array {
        global $DB;
        $sql = "SELECT m.extkey, gc.*, gi.aggregationcoef AS weight
                  FROM {local_lmstoolkit_map} m
                  JOIN {grade_categories} gc ON gc.id = m.instanceid AND gc.courseid = m.courseid
                  JOIN {grade_items} gi ON gi.courseid = gc.courseid AND gi.itemtype = 'category' AND gi.iteminstance = gc.id
                 WHERE m.courseid = ? AND m.kind = 'category'";
        return $DB->get_records_sql($sql, [$courseid]);
    }

    /**
     * The items of our modules, those that count and the others.
     *
     * @param int $courseid
     * @return \stdClass[] item id => extkey, counts, categoryid and weight
     */
    public static function items(int $courseid): array {
        global $DB;
        $counts = kinds::sql_is_grade('gi');
        $sql = "SELECT gi.id, gi.categoryid, gi.aggregationcoef AS weight, m.extkey, CASE WHEN $counts THEN 1 ELSE 0 END AS counts
                  FROM {grade_items} gi
                  JOIN {modules} md ON md.name = gi.itemmodule
                  JOIN {course_modules} cm ON cm.course = gi.courseid AND cm.module = md.id AND cm.instance = gi.iteminstance
                       AND cm.deletioninprogress = 0
                  JOIN {local_lmstoolkit_map} m ON m.courseid = gi.courseid AND m.kind = 'module' AND m.instanceid = cm.id
                 WHERE gi.courseid = :courseid AND gi.itemtype = 'mod' AND gi.outcomeid IS NULL AND gi.gradetype <> :none
              ORDER BY gi.sortorder";
        return $DB->get_records_sql($sql, ['courseid' => $courseid, 'none' => GRADE_TYPE_NONE]);
    }

    /**
     * How many of the lowest grades Moodle must drop to keep so many of the highest.
     *
     * A stock Moodle forbids every course to keep the highest (grade_keephigh is forced to 0), but lets it drop the lowest.
     * It is the same here, where empty grades count and so every grade is there.
     *
     * @param int $categoryid
     * @param int $keephighest 0 for all
     * @return int
     */
    public static function drops(int $categoryid, int $keephighest): int {
        return $keephighest ? max(0, self::size($categoryid) - $keephighest) : 0;
    }

    /**
     * How many grades a category is made of.
     *
     * @param int $categoryid
     * @return int
     */
    private static function size(int $categoryid): int {
        return count(\grade_category::fetch(['id' => $categoryid])->load_grade_item()->depends_on());
    }

    /**
     * How many of the highest grades are kept where so many of the lowest are dropped.
     *
     * @param \stdClass $category
     * @return int 0 for all
     */
    public static function keeps(\stdClass $category): int {
        return $category->droplow ? max(0, self::size((int) $category->id) - $category->droplow) : 0;
    }

    /**
     * Whether a category is a weighted mean in which empty grades count.
     *
     * @param \stdClass $category
     * @return bool
     */
    public static function is_weighted_mean(\stdClass $category): bool {
        return (int) $category->aggregation === GRADE_AGGREGATE_WEIGHTED_MEAN
            && !$category->aggregateonlygraded && !$category->keephigh;
    }

    /**
     * Whether two weights or marks are the same to Moodle.
     *
     * @param float $one
     * @param float $other
     * @return bool
     */
    public static function is_same(float $one, float $other): bool {
        return abs($one - $other) < self::PRECISION;
    }
}
