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
 * Reads the groups and groupings that carry our keys.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class group_reader {
    /**
     * In the shape of apply_groups, in the order in which they were declared.
     *
     * @param \stdClass $course
     * @return array groups and groupings
     */
    public static function of(\stdClass $course): array {
        $courseid = (int) $course->id;
        $declared = setup::of($courseid, 'groups') ?? ['groups' => [], 'groupings' => []];
        $groups = self::records($courseid, 'group');
        $groupings = self::records($courseid, 'grouping');
        $inside = self::groups_of_groupings($courseid);
        $there = ['groups' => [], 'groupings' => []];
        foreach (array_column($declared['groups'], 'key') as $key) {
            if (isset($groups[$key])) {
                $there['groups'][] = ['key' => $key, 'name' => $groups[$key]->name];
            }
        }
        foreach ($declared['groupings'] as ['key' => $key, 'group_keys' => $order]) {
            if (isset($groupings[$key])) {
                $keys = setup::ordered($inside[$groupings[$key]->id] ?? [], $order);
                $there['groupings'][] = ['key' => $key, 'name' => $groupings[$key]->name, 'group_keys' => $keys];
            }
        }
        return $there;
    }

    /**
     * What carries a key and still exists.
     *
     * @param int $courseid
     * @param string $kind group or grouping
     * @return \stdClass[] key => id and name
     */
    public static function records(int $courseid, string $kind): array {
        global $DB;
        $sql = "SELECT m.extkey, g.id, g.name
                  FROM {local_lmstoolkit_map} m
                  JOIN {{$kind}s} g ON g.id = m.instanceid AND g.courseid = m.courseid
                 WHERE m.courseid = ? AND m.kind = ?";
        return $DB->get_records_sql($sql, [$courseid, $kind]);
    }

    /**
     * Our groups in each grouping.
     *
     * @param int $courseid
     * @return array grouping id => keys of groups
     */
    public static function groups_of_groupings(int $courseid): array {
        global $DB;
        $sql = "SELECT gg.id, gg.groupingid, m.extkey
                  FROM {groupings_groups} gg
                  JOIN {local_lmstoolkit_map} m ON m.courseid = ? AND m.kind = 'group' AND m.instanceid = gg.groupid
              ORDER BY gg.id";
        $inside = [];
        foreach ($DB->get_records_sql($sql, [$courseid]) as $record) {
            $inside[$record->groupingid][] = $record->extkey;
        }
        return $inside;
    }
}
