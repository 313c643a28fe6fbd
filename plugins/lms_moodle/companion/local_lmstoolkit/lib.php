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

/**
 * Callbacks of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

/**
 * Lets one deployment at a time create courses and categories.
 *
 * Moodle looks whether an ID number is taken and then inserts, with no index to hold it: two deployments at once would
 * make two courses of one edition. Only callers with our capability are affected.
 *
 * @param \stdClass $function the web-service function about to run
 * @param array $params its parameters
 * @return mixed what the function returns, or false to let Moodle run it
 */
function local_lmstoolkit_override_webservice_execution($function, $params) {
    $guarded = ['core_course_create_courses', 'core_course_create_categories'];
    if (!in_array($function->name, $guarded, true) || !has_capability('local/lmstoolkit:deploy', \context_system::instance())) {
        return false;
    }
    $run = fn() => call_user_func_array([$function->classname, $function->methodname], array_values($params));
    return \local_lmstoolkit\local\course_lock::alone('create', $run);
}

/**
 * What of this site's health Moodle's report System status shows.
 *
 * @return \core\check\check[]
 */
function local_lmstoolkit_status_checks(): array {
    $check = fn($name) => new \local_lmstoolkit\check\health_check($name);
    return array_map($check, \local_lmstoolkit\local\health::names());
}
