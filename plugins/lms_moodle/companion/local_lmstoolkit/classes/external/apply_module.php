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
use local_lmstoolkit\local\declaration;
use local_lmstoolkit\local\kinds;
use local_lmstoolkit\local\module_applier;

/**
 * Creates or updates one activity of a course, in place, keeping what learners did.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class apply_module extends payload_function {
    #[\Override]
    protected static function types(): array {
        return declaration::types();
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->dirroot . '/course/modlib.php');
        require_once($CFG->libdir . '/gradelib.php');
        require_once($CFG->libdir . '/completionlib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        require_all_capabilities(['local/lmstoolkit:deploy', 'moodle/course:manageactivities'], $context);
        $kind = kinds::of($payload['modname']);
        $declared = declaration::of($payload, $kind);
        require_all_capabilities(
            [
                "mod/{$payload['modname']}:addinstance",
                'moodle/course:activityvisibility',
                ...$kind->capabilities($declared),
            ],
            $context
        );
        return course_lock::hold($course->id, fn() => (new module_applier($course, $kind))->apply($declared));
    }
}
