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
 * The health check: everything on this site that lms-toolkit needs, one question at a time.
 *
 * The page of the plugin and Moodle's own report System status show it; the toolkit's doctor asks much of the same from afar.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health {
    /** @var array The class that answers each question, in the order in which an administrator would solve them. */
    private const CHECKS = [
        'versions' => health_site::class,
        'webservices' => health_access::class,
        'rest' => health_access::class,
        'https' => health_access::class,
        'service' => health_access::class,
        'account' => health_access::class,
        'role' => health_access::class,
        'token' => health_access::class,
        'cron' => health_site::class,
        'uploads' => health_limits::class,
        'inputvars' => health_limits::class,
        'completion' => health_site::class,
        'activities' => health_site::class,
        'enrolment' => health_site::class,
        'gradebookroles' => health_site::class,
        'multilang' => health_site::class,
        'debugdisplay' => health_site::class,
    ];

    /**
     * The names of the checks.
     *
     * @return string[]
     */
    public static function names(): array {
        return array_keys(self::CHECKS);
    }

    /**
     * Ask one question.
     *
     * @param string $name one of the names
     * @return health_result
     */
    public static function examine(string $name): health_result {
        return call_user_func([self::CHECKS[$name], $name]);
    }

    /**
     * Ask everything.
     *
     * @return health_result[] by name
     */
    public static function all(): array {
        $names = self::names();
        return array_combine($names, array_map(self::examine(...), $names));
    }
}
