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
 * Reads grades and completions of a course, a page of learners at a time, in a fixed number of queries.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class results_reader {
    /** @var string[] Moodle's completion states in the toolkit's words; 4 is a failure hidden from the learner. */
    private const STATES = ['incomplete', 'complete', 'passed', 'failed', 'failed'];

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
     * One page. The first one has Moodle finish a recalculation that is due, as opening the gradebook would.
     *
     * @param int $after the last user of the page before, 0 for the first page
     * @param int $limit users
     * @return array
     */
    public function page(int $after, int $limit): array {
        if (!$after) {
            grade_regrade_final_grades($this->course->id);
        }
        $users = $this->users($after, $limit + 1);
        $more = count($users) > $limit;
        $users = array_slice($users, 0, $limit);
        $userids = array_column($users, 'id');
        return [
            'users' => $users,
            'grades' => $userids ? $this->grades($userids) : [],
            'completions' => $userids ? [...$this->module_completions($userids), ...$this->course_completions($userids)] : [],
            'after' => $more ? (int) end($userids) : null,
            'server_time' => time(),
            'needs_regrade' => (bool) grade_needs_regrade_final_grades($this->course->id),
        ];
    }

    /**
     * Active learners, that is users with a role that the gradebook lists, in order of their ids.
     *
     * @param int $after
     * @param int $limit
     * @return array
     */
    private function users(int $after, int $limit): array {
        global $CFG, $DB;
        $context = \context_course::instance($this->course->id);
        [$enrolled, $params] = get_enrolled_sql($context, '', 0, true);
        [$roles, $roleparams] = $DB->get_in_or_equal(explode(',', $CFG->gradebookroles), SQL_PARAMS_NAMED, 'role');
        [$contexts, $contextparams] = $DB->get_in_or_equal($context->get_parent_context_ids(true), SQL_PARAMS_NAMED, 'ctx');
        $sql = "SELECT u.id, u.username, u.email, u.firstname, u.lastname, u.idnumber
                  FROM {user} u
                  JOIN ($enrolled) e ON e.id = u.id
                 WHERE u.deleted = 0 AND u.id > :after
                       AND EXISTS (SELECT 1
                                     FROM {role_assignments} ra
                                    WHERE ra.userid = u.id AND ra.roleid $roles AND ra.contextid $contexts)
              ORDER BY u.id";
        $params += $roleparams + $contextparams + ['after' => $after];
        return array_map(
            fn($user) => ['id' => (int) $user->id] + (array) $user,
            array_values($DB->get_records_sql($sql, $params, 0, $limit))
        );
    }

    /**
     * The gradebook items we report: the course total and our modules' own.
     *
     * @return array grade item id => [key, \grade_item]
     */
    private function items(): array {
        global $DB;
        $sql = "SELECT gi.*, m.extkey
                  FROM {grade_items} gi
             LEFT JOIN {modules} md ON md.name = gi.itemmodule
             LEFT JOIN {course_modules} cm ON cm.course = gi.courseid AND cm.module = md.id AND cm.instance = gi.iteminstance
             LEFT JOIN {local_lmstoolkit_map} m ON m.courseid = gi.courseid AND m.kind = 'module' AND m.instanceid = cm.id
                 WHERE gi.courseid = :courseid AND gi.gradetype = :value
                       AND (gi.itemtype = 'course'
                            OR (gi.itemtype = 'mod' AND m.id IS NOT NULL AND " . kinds::sql_is_grade('gi') . '))';
        $found = [];
        foreach ($DB->get_records_sql($sql, ['courseid' => $this->course->id, 'value' => GRADE_TYPE_VALUE]) as $record) {
            $key = $record->itemtype === 'course' ? 'total' : $record->extkey;
            unset($record->extkey);
            $found[$record->id] = [$key, new \grade_item($record, false)];
        }
        return $found;
    }

    /**
     * A grade of every user in every item, with no score where nothing is graded.
     *
     * @param int[] $userids
     * @return array
     */
    private function grades(array $userids): array {
        global $DB;
        $items = $this->items();
        if (!$items) {
            return [];
        }
        [$initems, $itemparams] = $DB->get_in_or_equal(array_keys($items), SQL_PARAMS_NAMED, 'item');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $stored = [];
        $select = "itemid $initems AND userid $inusers";
        foreach ($DB->get_records_select('grade_grades', $select, $itemparams + $userparams) as $record) {
            $stored[$record->userid][$record->itemid] = $record;
        }
        $grades = [];
        foreach ($userids as $userid) {
            foreach ($items as $itemid => [$key, $item]) {
                $grades[] = ['userid' => (int) $userid, 'item' => $key] + $this->grade($item, $stored[$userid][$itemid] ?? null);
            }
        }
        return $grades;
    }

    /**
     * One grade.
     *
     * @param \grade_item $item
     * @param \stdClass|null $record of grade_grades
     * @return array
     */
    private function grade(\grade_item $item, ?\stdClass $record): array {
        if (!$record) {
            return ['score' => null, 'min' => (float) $item->grademin, 'max' => (float) $item->grademax, 'graded_at' => null,
                'overridden' => false, 'hidden' => (bool) $item->is_hidden()];
        }
        $grade = new \grade_grade($record, false);
        $grade->grade_item = $item;
        return [
            'score' => $grade->finalgrade === null ? null : (float) $grade->finalgrade,
            // Totals have a range of their own per user; grade_grade knows which applies.
            'min' => (float) $grade->get_grade_min(),
            'max' => (float) $grade->get_grade_max(),
            'graded_at' => $grade->timemodified ? (int) $grade->timemodified : null,
            'overridden' => (bool) $grade->is_overridden(),
            'hidden' => (bool) $grade->is_hidden(),
        ];
    }

    /**
     * The completion of every user in every module of ours that tracks it.
     *
     * @param int[] $userids
     * @return array
     */
    private function module_completions(array $userids): array {
        global $DB;
        $sql = "SELECT cm.id, m.extkey
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid AND cm.deletioninprogress = 0
                 WHERE m.courseid = ? AND m.kind = 'module' AND cm.completion > 0
              ORDER BY cm.id";
        $keys = $DB->get_records_sql_menu($sql, [$this->course->id]);
        if (!$keys) {
            return [];
        }
        [$inmodules, $moduleparams] = $DB->get_in_or_equal(array_keys($keys), SQL_PARAMS_NAMED, 'cm');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $stored = [];
        $select = "coursemoduleid $inmodules AND userid $inusers";
        foreach ($DB->get_records_select('course_modules_completion', $select, $moduleparams + $userparams) as $record) {
            $stored[$record->userid][$record->coursemoduleid] = $record;
        }
        $completions = [];
        foreach ($userids as $userid) {
            foreach ($keys as $cmid => $key) {
                $completions[] = $this->completion((int) $userid, $key, $stored[$userid][$cmid] ?? null);
            }
        }
        return $completions;
    }

    /**
     * One completion of a module.
     *
     * @param int $userid
     * @param string $key
     * @param \stdClass|null $record of course_modules_completion
     * @return array
     */
    private function completion(int $userid, string $key, ?\stdClass $record): array {
        $state = self::STATES[$record->completionstate ?? COMPLETION_INCOMPLETE];
        return [
            'userid' => $userid,
            'item' => $key,
            'state' => $state,
            'completed_at' => $state === 'incomplete' ? null : (int) $record->timemodified,
        ];
    }

    /**
     * The completion of the course itself, of every user.
     *
     * @param int[] $userids
     * @return array
     */
    private function course_completions(array $userids): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $select = "course = :courseid AND timecompleted IS NOT NULL AND userid $in";
        $params['courseid'] = $this->course->id;
        $done = $DB->get_records_select_menu('course_completions', $select, $params, '', 'userid, timecompleted');
        return array_map(fn($userid) => [
            'userid' => (int) $userid,
            'item' => 'course',
            'state' => isset($done[$userid]) ? 'complete' : 'incomplete',
            'completed_at' => isset($done[$userid]) ? (int) $done[$userid] : null,
        ], $userids);
    }
}
