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
 * Makes the groups and groupings of a course as declared. Who is in a group is not our business.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class group_applier {
    /**
     * For one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass The course, as Moodle stores it. */
        private readonly \stdClass $course
    ) {
    }

    /**
     * Bring groups and groupings to what is declared. Those no longer declared go, unless somebody or something needs them.
     *
     * @param array $declared groups and groupings
     * @param bool $dryrun
     * @return array outcome and ids
     * @throws \moodle_exception keynotfound
     */
    public function apply(array $declared, bool $dryrun): array {
        $courseid = (int) $this->course->id;
        $this->check($declared);
        $isknown = setup::of($courseid, 'groups') !== null;
        $left = $this->left_over($declared);
        $changed = !$isknown || array_filter($left) || !setup::is_same($declared, group_reader::of($this->course));
        if ($changed && !$dryrun) {
            $this->write($declared, $left);
        }
        $ids = fn(string $kind) => array_map(fn($found) => (int) $found->id, group_reader::records($courseid, $kind));
        $keys = array_flip([...array_column($declared['groups'], 'key'), ...array_column($declared['groupings'], 'key')]);
        return [
            'outcome' => $changed ? ($isknown ? 'updated' : 'created') : 'unchanged',
            'ids' => (object) array_intersect_key($ids('group') + $ids('grouping'), $keys),
        ];
    }

    /**
     * A grouping is made of groups that are declared beside it.
     *
     * @param array $declared
     */
    private function check(array $declared): void {
        $groups = array_column($declared['groups'], 'key');
        foreach ($declared['groupings'] as $index => $grouping) {
            payload_checks::unique($grouping['group_keys'], "groupings[$index].group_keys");
            foreach (array_diff($grouping['group_keys'], $groups) as $unknown) {
                throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $unknown);
            }
        }
    }

    /**
     * Groups without members and groupings that nothing uses, whose keys are no longer declared.
     *
     * @param array $declared
     * @return array kind => ids
     */
    private function left_over(array $declared): array {
        global $DB;
        $params = [$this->course->id];
        $sql = "SELECT m.extkey, m.instanceid
                  FROM {local_lmstoolkit_map} m
                  JOIN {groups} g ON g.id = m.instanceid AND g.courseid = m.courseid
                 WHERE m.courseid = ? AND m.kind = 'group'
                       AND NOT EXISTS (SELECT 1 FROM {groups_members} gm WHERE gm.groupid = g.id)";
        $groups = $DB->get_records_sql_menu($sql, $params);
        $sql = "SELECT m.extkey, m.instanceid
                  FROM {local_lmstoolkit_map} m
                  JOIN {groupings} g ON g.id = m.instanceid AND g.courseid = m.courseid
                 WHERE m.courseid = ? AND m.kind = 'grouping'
                       AND NOT EXISTS (SELECT 1 FROM {course_modules} cm WHERE cm.groupingid = g.id)
                       AND NOT EXISTS (SELECT 1 FROM {course} c WHERE c.defaultgroupingid = g.id)";
        $groupings = $DB->get_records_sql_menu($sql, $params);
        return [
            'group' => array_diff_key($groups, array_column($declared['groups'], null, 'key')),
            'grouping' => array_diff_key($groupings, array_column($declared['groupings'], null, 'key')),
        ];
    }

    /**
     * Write what differs.
     *
     * @param array $declared
     * @param array $left
     */
    private function write(array $declared, array $left): void {
        $courseid = (int) $this->course->id;
        $groups = [];
        foreach ($declared['groups'] as $group) {
            $groups[$group['key']] = $this->ensure('group', $group);
        }
        $inside = group_reader::groups_of_groupings($courseid);
        $keys = map::keys($courseid, 'group');
        foreach ($declared['groupings'] as $grouping) {
            $id = $this->ensure('grouping', $grouping);
            foreach (array_diff($grouping['group_keys'], $inside[$id] ?? []) as $key) {
                groups_assign_grouping($id, $groups[$key]);
            }
            foreach (array_diff($inside[$id] ?? [], $grouping['group_keys']) as $key) {
                groups_unassign_grouping($id, array_search($key, $keys, true));
            }
        }
        array_map(groups_delete_grouping(...), $left['grouping']);
        array_map(groups_delete_group(...), $left['group']);
        setup::save($courseid, 'groups', $declared);
    }

    /**
     * One group or grouping, found by its key, else by its ID number, which is the key: in a copy of a course it is all
     * that is left of ours.
     *
     * @param string $kind group or grouping
     * @param array $declared key and name
     * @return int its id
     */
    private function ensure(string $kind, array $declared): int {
        global $DB;
        ['key' => $key, 'name' => $name] = $declared;
        $courseid = (int) $this->course->id;
        $known = map::id($courseid, $kind, $key);
        $record = $known ? $DB->get_record("{$kind}s", ['id' => $known, 'courseid' => $courseid]) : false;
        $record = $record ?: $DB->get_record("{$kind}s", ['courseid' => $courseid, 'idnumber' => $key], '*', IGNORE_MULTIPLE);
        if (!$record) {
            $data = (object) ['courseid' => $courseid, 'name' => $name, 'idnumber' => $key];
            $id = (int) ($kind === 'group' ? groups_create_group($data) : groups_create_grouping($data));
        } else {
            $id = (int) $record->id;
            $this->rename($kind, $record, $name);
        }
        if ($id !== $known) {
            map::save($courseid, $kind, $key, $id);
        }
        return $id;
    }

    /**
     * Give a group or grouping another name.
     *
     * @param string $kind
     * @param \stdClass $record
     * @param string $name
     */
    private function rename(string $kind, \stdClass $record, string $name): void {
        if ($record->name === $name) {
            return;
        }
        $record->name = $name;
        if ($kind === 'group') {
            groups_update_group($record);
        } else {
            groups_update_grouping($record);
        }
    }
}
