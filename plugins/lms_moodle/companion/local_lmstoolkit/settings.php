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
 * The companion's pages in the site administration: its settings and its health check.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

if ($hassiteconfig) {
    $ADMIN->add('localplugins', new admin_category(
        'local_lmstoolkit_pages',
        new lang_string('pluginname', 'local_lmstoolkit')
    ));
    $settings = new admin_settingpage('local_lmstoolkit', new lang_string('settings', 'local_lmstoolkit'));
    if ($ADMIN->fulltree) {
        $settings->add(new admin_setting_configtext(
            'local_lmstoolkit/outboxdays',
            new lang_string('outboxdays', 'local_lmstoolkit'),
            new lang_string('outboxdays_desc', 'local_lmstoolkit'),
            '30',
            '/^[1-9][0-9]{0,2}$/',
            4
        ));
        $settings->add(new admin_setting_configtext(
            'local_lmstoolkit/outboxlag',
            new lang_string('outboxlag', 'local_lmstoolkit'),
            new lang_string('outboxlag_desc', 'local_lmstoolkit'),
            '5',
            '/^([0-9]|[1-5][0-9]|60)$/',
            4
        ));
    }
    $ADMIN->add('local_lmstoolkit_pages', $settings);
    $ADMIN->add('local_lmstoolkit_pages', new admin_externalpage(
        'local_lmstoolkit_health',
        new lang_string('health', 'local_lmstoolkit'),
        new moodle_url('/local/lmstoolkit/health.php')
    ));
    $settings = null; // It is in the tree; Moodle would add it once more.
}
