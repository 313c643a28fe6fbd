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
use local_lmstoolkit\local\gradebook_applier;
use local_lmstoolkit\local\payload;

/**
 * Sets up the categories, weights and pass mark of the gradebook of a course.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class apply_gradebook extends payload_function {
    #[\Override]
    protected static function types(): array {
        return [
            'courseid' => 'id',
            'pass_mark_percent' => 'percent',
            'categories' => payload::list_of(payload::object_of([
                'key' => 'category',
                'name' => 'line',
                'weight' => 'points',
                'keep_highest' => 'count',
            ])),
            'items' => payload::list_of(payload::object_of([
                'key' => 'module',
                'category_key' => payload::nullable('category'),
                'weight' => 'points',
            ]), 1000),
            'dryrun' => 'flag',
        ];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        require_all_capabilities(['local/lmstoolkit:deploy', 'moodle/grade:manage'], $context);
        $declared = array_diff_key($payload, ['courseid' => true, 'dryrun' => true]);
        return course_lock::hold(
            $course->id,
            fn() => (new gradebook_applier($course))->apply($declared, $payload['dryrun'])
        );
    }
}
