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
 * Reads stored completions as rows: of modules, and of the course itself.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class completions {
    /** @var int[] Moodle's states in ours (incomplete, complete, passed, failed); 4 is a failure hidden from the learner. */
    private const STATES = [0, 1, 2, 3, 3];

    /**
     * Of one course.
     *
     * @param int $courseid
     * @param items $items
     */
    public function __construct(
        /** @var int The course. */
        private readonly int $courseid,
        /** @var items What there is. */
        private readonly items $items
    ) {
    }

    /**
     * All completions of some users.
     *
     * @param int[] $userids
     * @return \Generator [user id, course module id or 0] => row
     */
    public function of_users(array $userids): \Generator {
        yield from $this->read($userids, array_keys($this->items->completions));
    }

    /**
     * The completions of some users in some modules, 0 for the course.
     *
     * @param int[] $userids
     * @param int[] $cmids
     * @return \Generator [user id, course module id or 0] => row
     */
    public function read(array $userids, array $cmids): \Generator {
        if (!$userids) {
            return;
        }
        $modules = array_filter($cmids);
        if ($modules) {
            yield from $this->of_modules($userids, $modules);
        }
        if (count($modules) < count($cmids)) {
            yield from $this->of_course($userids);
        }
    }

    /**
     * Of modules.
     *
     * @param int[] $userids
     * @param int[] $cmids
     * @return \Generator
     */
    private function of_modules(array $userids, array $cmids): \Generator {
        global $DB;
        [$inmodules, $moduleparams] = $DB->get_in_or_equal($cmids, SQL_PARAMS_NAMED, 'cm');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $fields = 'id, coursemoduleid, userid, completionstate, timemodified';
        $select = "userid $inusers AND coursemoduleid $inmodules";
        $found = $DB->get_recordset_select('course_modules_completion', $select, $moduleparams + $userparams, '', $fields);
        foreach ($found as $one) {
            $state = self::STATES[(int) $one->completionstate];
            if ($state) {
                $place = $this->items->completions[(int) $one->coursemoduleid];
                $row = [(int) $one->userid, $place, $state, (int) $one->timemodified];
                yield [(int) $one->userid, (int) $one->coursemoduleid] => $row;
            }
        }
        $found->close();
    }

    /**
     * Of the course.
     *
     * @param int[] $userids
     * @return \Generator
     */
    private function of_course(array $userids): \Generator {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $select = "course = :courseid AND timecompleted IS NOT NULL AND userid $in";
        $params['courseid'] = $this->courseid;
        $found = $DB->get_recordset_select('course_completions', $select, $params, '', 'id, userid, timecompleted');
        foreach ($found as $one) {
            yield [(int) $one->userid, 0] => [(int) $one->userid, items::COURSE, 1, (int) $one->timecompleted];
        }
        $found->close();
    }
}
