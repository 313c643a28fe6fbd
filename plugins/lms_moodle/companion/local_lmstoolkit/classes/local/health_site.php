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
 * What courses of the toolkit need of a site that lets us in.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_site {
    /**
     * Whether companion and Moodle fit, and the upgrade was run to its end.
     *
     * @return health_result
     */
    public static function versions(): health_result {
        global $CFG;
        $plugin = \core_plugin_manager::instance()->get_plugin_info('local_lmstoolkit');
        $given = ['companion' => $plugin->release, 'moodle' => $CFG->release];
        if ((string) $plugin->versiondb !== (string) $plugin->versiondisk) {
            return health_result::error('versions_upgrade', '/admin/index.php', $given);
        }
        [$oldest, $newest] = $plugin->pluginsupported;
        return $CFG->branch >= $oldest && $CFG->branch <= $newest
            ? health_result::ok('versions_ok', $given)
            : health_result::warning('versions_untested', '/admin/plugins.php', $given);
    }

    /**
     * Whether cron runs: completions, restores and the changes' retention wait for it.
     *
     * @return health_result
     */
    public static function cron(): health_result {
        $last = site_checks::last_cron();
        $given = ['last' => $last ? userdate($last) : get_string('never')];
        return site_checks::is_cron_fresh()
            ? health_result::ok('cron_ok', $given)
            : health_result::warning('cron_late', '/admin/tool/task/scheduledtasks.php', $given);
    }

    /**
     * Whether anything can be completed.
     *
     * @return health_result
     */
    public static function completion(): health_result {
        return site_checks::tracks_completion()
            ? health_result::ok('completion_ok')
            : health_result::warning('completion_off', '/admin/settings.php?section=optionalsubsystems');
    }

    /**
     * Whether the kinds of activity that courses use are enabled.
     *
     * @return health_result
     */
    public static function activities(): health_result {
        if (!site_checks::has_scorm()) {
            return health_result::warning('activities_scorm', '/admin/modules.php');
        }
        $disabled = array_diff(kinds::NAMES, kinds::enabled());
        $names = array_map(fn($name) => get_string('pluginname', "mod_$name"), $disabled);
        return $disabled
            ? health_result::info('activities_some', '/admin/modules.php', ['kinds' => implode(', ', $names)])
            : health_result::ok('activities_ok');
    }

    /**
     * Whether people can be enrolled.
     *
     * @return health_result
     */
    public static function enrolment(): health_result {
        return site_checks::enrols_manually()
            ? health_result::ok('enrolment_ok')
            : health_result::warning('enrolment_off', '/admin/settings.php?section=manageenrols');
    }

    /**
     * Whether anybody is graded.
     *
     * @return health_result
     */
    public static function gradebookroles(): health_result {
        return site_checks::has_graded_roles()
            ? health_result::ok('gradebookroles_ok')
            : health_result::warning('gradebookroles_none', '/admin/settings.php?section=gradessettings');
    }

    /**
     * Whether texts in several languages are shown in one, where courses of the toolkit have such texts.
     *
     * @return health_result
     */
    public static function multilang(): health_result {
        $courses = site_settings::multilang() === 'headings' ? 0 : self::multilingual_courses();
        return $courses
            ? health_result::warning('multilang_off', '/admin/filters.php', ['courses' => $courses])
            : health_result::ok('multilang_ok');
    }

    /**
     * Whether debug messages stay out of answers.
     *
     * @return health_result
     */
    public static function debugdisplay(): health_result {
        global $CFG;
        return empty($CFG->debugdisplay)
            ? health_result::ok('debugdisplay_ok')
            : health_result::warning('debugdisplay_on', '/admin/settings.php?section=debugging');
    }

    /**
     * How many of our courses name things in several languages at once.
     *
     * @return int
     */
    private static function multilingual_courses(): int {
        global $DB;
        $sql = "SELECT COUNT(DISTINCT c.id)
                  FROM {course} c
                  JOIN {local_lmstoolkit_map} m ON m.courseid = c.id
                  JOIN {course_sections} s ON s.course = c.id
                 WHERE " . $DB->sql_like('c.fullname', '?') . ' OR ' . $DB->sql_like('s.name', '?');
        return $DB->count_records_sql($sql, ['%class="multilang"%', '%class="multilang"%']);
    }
}
