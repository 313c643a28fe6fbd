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
 * Reads the enrolment methods that carry our keys.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class enrolment_reader {
    /**
     * The `methods` of apply_enrolment that let people in, in the order in which they were declared.
     *
     * @param \stdClass $course
     * @return array
     */
    public static function of(\stdClass $course): array {
        $courseid = (int) $course->id;
        $declared = setup::of($courseid, 'enrolment')['methods'] ?? [];
        $instances = self::instances($courseid);
        $there = [];
        foreach ($declared as $method) {
            $instance = $instances[$method['key']] ?? null;
            if ($instance && self::is_open($instance)) {
                $there[] = self::method($instance, $method, map::keys($courseid, 'group'));
            }
        }
        return $there;
    }

    /**
     * The instances that carry keys and still exist.
     *
     * @param int $courseid
     * @return \stdClass[] key => record of enrol, with the names of its role and cohort
     */
    public static function instances(int $courseid): array {
        global $DB;
        $sql = "SELECT m.extkey, e.*, r.shortname AS rolename, c.idnumber AS cohortname
                  FROM {local_lmstoolkit_map} m
                  JOIN {enrol} e ON e.id = m.instanceid AND e.courseid = m.courseid
             LEFT JOIN {role} r ON r.id = e.roleid
             LEFT JOIN {cohort} c ON c.id = CASE e.enrol WHEN 'cohort' THEN e.customint1 WHEN 'self' THEN e.customint5 ELSE 0 END
                 WHERE m.courseid = ? AND m.kind = 'enrolment'";
        return $DB->get_records_sql($sql, [$courseid]);
    }

    /**
     * Whether people can come in that way.
     *
     * @param \stdClass $instance
     * @return bool
     */
    public static function is_open(\stdClass $instance): bool {
        $takesnew = $instance->enrol !== 'self' || $instance->customint6;
        return (int) $instance->status === ENROL_INSTANCE_ENABLED && $takesnew;
    }

    /**
     * One method in the shape of the payload.
     *
     * @param \stdClass $instance
     * @param array $declared
     * @param string[] $groups group id => key
     * @return array
     */
    private static function method(\stdClass $instance, array $declared, array $groups): array {
        $group = match ($instance->enrol) {
            'cohort' => $groups[$instance->customint2] ?? null,
            'self' => $declared['group_key'], // Moodle has no such setting; our observer puts people there.
            default => null,
        };
        return [
            'key' => $declared['key'],
            'kind' => $instance->enrol,
            'role' => (string) $instance->rolename,
            'cohort' => $instance->cohortname,
            'group_key' => $group,
            'starts_at' => (int) $instance->enrolstartdate,
            'ends_at' => (int) $instance->enrolenddate,
        ];
    }
}
