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

namespace local_lmstoolkit\external;

use local_lmstoolkit\local\access;
use local_lmstoolkit\local\course_lock;
use local_lmstoolkit\local\group_applier;
use local_lmstoolkit\local\payload;
use local_lmstoolkit\local\payload_checks;

/**
 * Makes the groups and groupings of a course as declared.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class apply_groups extends payload_function {
    /** @var int Longest name of a group in Moodle's table, in characters. */
    private const NAME = 254;

    #[\Override]
    protected static function types(): array {
        return [
            'courseid' => 'id',
            'groups' => payload::list_of(payload::object_of(['key' => 'group', 'name' => 'line']), 1000),
            'groupings' => payload::list_of(payload::object_of([
                'key' => 'grouping',
                'name' => 'line',
                'group_keys' => payload::list_of('group', 1000),
            ])),
            'dryrun' => 'flag',
        ];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->dirroot . '/group/lib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        require_all_capabilities(['local/lmstoolkit:deploy', 'moodle/course:managegroups'], $context);
        foreach ($payload['groups'] as $index => $group) {
            payload_checks::length($group['name'], self::NAME, "groups[$index].name");
        }
        $declared = array_intersect_key($payload, ['groups' => true, 'groupings' => true]);
        return course_lock::hold(
            $course->id,
            fn() => (new group_applier($course))->apply($declared, $payload['dryrun'])
        );
    }
}
