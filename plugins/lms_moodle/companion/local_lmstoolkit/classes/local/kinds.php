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
 * The kinds of activity that the companion can create.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class kinds {
    /** @var string[] Moodle's names. */
    public const NAMES = [
        'scorm', 'imscp', 'page', 'label', 'url', 'resource', 'forum', 'quiz', 'assign', 'workshop', 'feedback', 'bigbluebuttonbn',
    ];

    /**
     * Those that this site has enabled.
     *
     * @return string[]
     */
    public static function enabled(): array {
        $enabled = \core_plugin_manager::instance()->get_enabled_plugins('mod') ?? [];
        return array_values(array_filter(self::NAMES, fn($name) => array_key_exists($name, $enabled)));
    }

    /**
     * One kind, with Moodle's functions for it loaded.
     *
     * @param string $modname
     * @return kind\activity
     * @throws \moodle_exception modulemissing
     */
    public static function of(string $modname): kind\activity {
        if (!in_array($modname, self::enabled(), true)) {
            throw new \moodle_exception('modulemissing', 'local_lmstoolkit', '', $modname);
        }
        return self::loaded($modname);
    }

    /**
     * One kind, also when the site has disabled it since: what is there can be read.
     *
     * @param string $modname
     * @return kind\activity|null null for a kind that is not ours
     */
    public static function known(string $modname): ?kind\activity {
        return in_array($modname, self::NAMES, true) ? self::loaded($modname) : null;
    }

    /**
     * The SQL condition that a gradebook item is the one we report for its module.
     *
     * @param string $alias of grade_items
     * @return string
     */
    public static function sql_is_grade(string $alias): string {
        $exceptions = [];
        foreach (self::NAMES as $name) {
            $number = self::loaded($name, false)->grade_item_number();
            if ($number) {
                $exceptions[] = "WHEN '$name' THEN $number";
            }
        }
        return "$alias.itemnumber = CASE $alias.itemmodule " . implode(' ', $exceptions) . ' ELSE 0 END';
    }

    /**
     * A kind.
     *
     * @param string $modname
     * @param bool $load whether Moodle's functions for it are needed
     * @return kind\activity
     */
    private static function loaded(string $modname, bool $load = true): kind\activity {
        $class = "\\local_lmstoolkit\\local\\kind\\$modname";
        $kind = new $class();
        if ($load) {
            $kind->load();
        }
        return $kind;
    }
}
