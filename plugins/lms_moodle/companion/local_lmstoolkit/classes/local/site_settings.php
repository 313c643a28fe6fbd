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
 * What a site is set to, as far as it can stand in the way of a deployment.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class site_settings {
    /**
     * The settings that get_info tells.
     *
     * @param \context_system $context
     * @return array
     */
    public static function of(\context_system $context): array {
        global $CFG;
        $roles = [];
        foreach (get_assignable_roles(\context_course::instance(SITEID), ROLENAME_SHORT) as $id => $shortname) {
            $roles[$shortname] = (int) $id;
        }
        return [
            'roles' => (object) $roles,
            'missing_capabilities' => service_account::missing_capabilities($context),
            'server_time' => time(),
            'max_input_vars' => (int) ini_get('max_input_vars'),
            'upload_max_filesize' => (int) get_real_size(ini_get('upload_max_filesize')),
            'post_max_size' => (int) get_real_size(ini_get('post_max_size')),
            'site_max_bytes' => (int) $CFG->maxbytes,
            'maintenance' => !empty($CFG->maintenance_enabled),
            'debugdisplay' => !empty($CFG->debugdisplay),
            'last_cron' => (int) get_config('tool_task', 'lastcronstart'),
            'multilang' => self::multilang(),
        ];
    }

    /**
     * Where the filter for texts in several languages is applied everywhere on the site.
     *
     * @return string headings, and in texts; content, in texts alone; or off
     */
    public static function multilang(): string {
        global $CFG;
        require_once($CFG->libdir . '/filterlib.php');
        $state = filter_get_global_states()['multilang'] ?? null;
        if (!$state || (int) $state->active !== TEXTFILTER_ON) {
            return 'off';
        }
        return isset(filter_get_string_filters()['multilang']) ? 'headings' : 'content';
    }
}
