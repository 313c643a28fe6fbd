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

/**
 * Who is a learner of a course: active enrolment, and a role that the gradebook lists, there or above.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class learners {
    /** @var string What is told of somebody. */
    private const FIELDS = 'u.id, u.username, u.email, u.firstname, u.lastname, u.idnumber';

    /**
     * For one course.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int The course. */
        private readonly int $courseid
    ) {
    }

    /**
     * The next learners by id.
     *
     * @param int $after the last one of the page before, 0 for the first page
     * @param int $limit
     * @return int[] user ids
     */
    public function ids(int $after, int $limit): array {
        global $DB;
        [$where, $params] = $this->where('ue.userid > :after', ['after' => $after]);
        $sql = "SELECT DISTINCT u.id $where ORDER BY u.id";
        return array_map('intval', array_keys($DB->get_records_sql($sql, $params, 0, $limit)));
    }

    /**
     * The next learners by id, with what is told of them.
     *
     * @param int $after
     * @param int $limit
     * @return array rows
     */
    public function page(int $after, int $limit): array {
        global $DB;
        [$where, $params] = $this->where('ue.userid > :after', ['after' => $after]);
        $sql = 'SELECT DISTINCT ' . self::FIELDS . " $where ORDER BY u.id";
        return self::rows($DB->get_records_sql($sql, $params, 0, $limit));
    }

    /**
     * Those of some users that are learners.
     *
     * @param int[] $userids
     * @return array user id => row
     */
    public function among(array $userids): array {
        global $DB;
        if (!$userids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        [$where, $params] = $this->where("ue.userid $in", $params);
        return array_column(self::rows($DB->get_records_sql('SELECT DISTINCT ' . self::FIELDS . " $where", $params)), null, 0);
    }

    /**
     * Tables and conditions. Starts from the enrolments, whose index is by way in and user: a page costs what it shows.
     *
     * @param string $condition
     * @param array $params of the condition
     * @return array SQL, params
     */
    private function where(string $condition, array $params): array {
        global $CFG, $DB;
        $context = \context_course::instance($this->courseid);
        $enrols = $DB->get_fieldset_select('enrol', 'id', 'courseid = ? AND status = ?', [$this->courseid, ENROL_INSTANCE_ENABLED]);
        [$ways, $wayparams] = $DB->get_in_or_equal($enrols ?: [0], SQL_PARAMS_NAMED, 'enrol');
        $graded = array_filter(explode(',', $CFG->gradebookroles));
        [$roles, $roleparams] = $DB->get_in_or_equal($graded ?: [0], SQL_PARAMS_NAMED, 'role');
        [$contexts, $contextparams] = $DB->get_in_or_equal($context->get_parent_context_ids(true), SQL_PARAMS_NAMED, 'ctx');
        $sql = "FROM {user_enrolments} ue
                JOIN {user} u ON u.id = ue.userid AND u.deleted = 0
               WHERE ue.enrolid $ways AND $condition AND ue.status = :active
                     AND ue.timestart <= :now1 AND (ue.timeend = 0 OR ue.timeend > :now2)
                     AND EXISTS (SELECT 1
                                   FROM {role_assignments} ra
                                  WHERE ra.userid = ue.userid AND ra.roleid $roles AND ra.contextid $contexts)";
        $now = ['active' => ENROL_USER_ACTIVE, 'now1' => time(), 'now2' => time()];
        return [$sql, $params + $wayparams + $roleparams + $contextparams + $now];
    }

    /**
     * Records as rows.
     *
     * @param \stdClass[] $records
     * @return array
     */
    private static function rows(array $records): array {
        return array_map(
            fn($user) => [(int) $user->id, $user->username, $user->email, $user->firstname, $user->lastname, (string) $user->idnumber],
            array_values($records)
        );
    }
}
