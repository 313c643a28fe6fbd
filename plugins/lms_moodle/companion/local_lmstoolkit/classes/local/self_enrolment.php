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
 * Puts people who enrol themselves into the group that their way in names; Moodle itself does so for cohorts only.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class self_enrolment {
    /**
     * Put one new participant into the group, if there is one.
     *
     * @param int $courseid
     * @param int $enrolmentid id in user_enrolments
     * @param int $userid
     */
    public static function put_into_group(int $courseid, int $enrolmentid, int $userid): void {
        global $CFG, $DB;
        $instanceid = (int) $DB->get_field('user_enrolments', 'enrolid', ['id' => $enrolmentid]);
        $key = map::keys($courseid, 'enrolment')[$instanceid] ?? null;
        if ($key === null) {
            return;
        }
        $groups = array_column(setup::of($courseid, 'enrolment')['methods'] ?? [], 'group_key', 'key');
        $groupid = isset($groups[$key]) ? map::id($courseid, 'group', $groups[$key]) : null;
        if ($groupid) {
            require_once($CFG->dirroot . '/group/lib.php');
            groups_add_member($groupid, $userid);
        }
    }
}
