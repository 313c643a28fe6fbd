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
use local_lmstoolkit\local\enrolment_applier;
use local_lmstoolkit\local\payload;

/**
 * Makes the enrolment methods of a course as declared.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class apply_enrolment extends payload_function {
    #[\Override]
    protected static function types(): array {
        return [
            'courseid' => 'id',
            'methods' => payload::list_of(payload::object_of([
                'key' => 'enrolment',
                'kind' => payload::choice(['manual', 'self', 'cohort']),
                'role' => 'part',
                'cohort' => payload::nullable('idnumber'),
                'group_key' => payload::nullable('group'),
                'starts_at' => 'time',
                'ends_at' => 'time',
            ]), 50),
            'dryrun' => 'flag',
        ];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php'); // A way in may let a cohort in at once, and greet people.
        require_once($CFG->libdir . '/enrollib.php');
        require_once($CFG->dirroot . '/cohort/lib.php');
        require_once($CFG->dirroot . '/group/lib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        $kinds = array_unique(array_column($payload['methods'], 'kind'));
        require_all_capabilities(
            [
                'local/lmstoolkit:deploy',
                'moodle/course:enrolconfig',
                ...array_map(fn($kind) => "enrol/$kind:config", $kinds),
            ],
            $context
        );
        $kinds = array_count_values(array_column($payload['methods'], 'kind'));
        if (($kinds['manual'] ?? 0) > 1) {
            $type = get_string('payload_type_onemanual', 'local_lmstoolkit');
            throw \local_lmstoolkit\local\payload_checks::unfit('methods', $type);
        }
        return course_lock::hold(
            $course->id,
            fn() => (new enrolment_applier($course))->apply(['methods' => $payload['methods']], $payload['dryrun'])
        );
    }
}
