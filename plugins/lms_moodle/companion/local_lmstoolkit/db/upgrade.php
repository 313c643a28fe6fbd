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
 * Brings the tables of an earlier companion up to date.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

/**
 * Upgrade from an earlier version; what is known about courses stays.
 *
 * @param int $oldversion
 * @return bool
 */
function xmldb_local_lmstoolkit_upgrade($oldversion) {
    global $DB;
    $dbman = $DB->get_manager();

    if ($oldversion < 2026112201) {
        $table = new xmldb_table('local_lmstoolkit_map');
        $field = new xmldb_field('retired', XMLDB_TYPE_INTEGER, '1', null, XMLDB_NOTNULL, null, '0', 'instanceid');
        if (!$dbman->field_exists($table, $field)) {
            $dbman->add_field($table, $field);
        }
        foreach (['local_lmstoolkit_part', 'local_lmstoolkit_job'] as $name) {
            if (!$dbman->table_exists($name)) {
                $dbman->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', $name);
            }
        }
        upgrade_plugin_savepoint(true, 2026112201, 'local', 'lmstoolkit');
    }

    if ($oldversion < 2026112202) {
        if ($dbman->table_exists('local_lmstoolkit_job')) {
            $dbman->drop_table(new xmldb_table('local_lmstoolkit_job')); // Nothing has written to it before this version.
        }
        foreach (['local_lmstoolkit_setup', 'local_lmstoolkit_job'] as $name) {
            if (!$dbman->table_exists($name)) {
                $dbman->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', $name);
            }
        }
        upgrade_plugin_savepoint(true, 2026112202, 'local', 'lmstoolkit');
    }

    if ($oldversion < 2026112209) {
        if (!$dbman->table_exists('local_lmstoolkit_outbox')) {
            $dbman->install_one_table_from_xmldb_file(__DIR__ . '/install.xml', 'local_lmstoolkit_outbox');
        }
        upgrade_plugin_savepoint(true, 2026112209, 'local', 'lmstoolkit');
    }

    return true;
}
