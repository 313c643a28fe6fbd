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
 * What on this site would stand in the way of a deployment or a pull.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class site_checks {
    /**
     * Every check, with a detail for the administrator.
     *
     * @return array list of [check, ok, detail]
     */
    public static function all(): array {
        $last = self::last_cron();
        return [
            self::check('cron', self::is_cron_fresh(), $last ? userdate($last) : get_string('never')),
            self::check('completion', self::tracks_completion()),
            self::check('scorm', self::has_scorm()),
            self::check('manualenrolment', self::enrols_manually()),
            self::check('gradebookroles', self::has_graded_roles()),
            self::check('assignstudent', self::can_assign_student()),
        ];
    }

    /**
     * When cron started last.
     *
     * @return int seconds since 1970, 0 for never
     */
    public static function last_cron(): int {
        return (int) get_config('tool_task', 'lastcronstart');
    }

    /**
     * Whether cron has run within the last hour.
     *
     * @return bool
     */
    public static function is_cron_fresh(): bool {
        return self::last_cron() > time() - HOURSECS;
    }

    /**
     * Whether the site tracks completion.
     *
     * @return bool
     */
    public static function tracks_completion(): bool {
        global $CFG;
        return !empty($CFG->enablecompletion);
    }

    /**
     * Whether the SCORM activity is enabled.
     *
     * @return bool
     */
    public static function has_scorm(): bool {
        return in_array('scorm', kinds::enabled(), true);
    }

    /**
     * Whether manual enrolment is enabled.
     *
     * @return bool
     */
    public static function enrols_manually(): bool {
        return enrol_is_enabled('manual');
    }

    /**
     * Whether the gradebook lists a role.
     *
     * @return bool
     */
    public static function has_graded_roles(): bool {
        global $CFG;
        return !empty($CFG->gradebookroles);
    }

    /**
     * The role that learners get.
     *
     * @return int|null
     */
    public static function student_roleid(): ?int {
        global $DB;
        $id = $DB->get_field('role', 'id', ['shortname' => 'student']);
        return $id ? (int) $id : null;
    }

    /**
     * Whether the caller may make somebody a student.
     *
     * @return bool
     */
    private static function can_assign_student(): bool {
        $roleid = self::student_roleid();
        return $roleid && user_can_assign(\context_system::instance(), $roleid);
    }

    /**
     * One check.
     *
     * @param string $name
     * @param bool $ok
     * @param string|null $what
     * @return array
     */
    private static function check(string $name, bool $ok, ?string $what = null): array {
        return ['check' => $name, 'ok' => $ok, 'detail' => get_string('check_' . $name, 'local_lmstoolkit', $what)];
    }
}
