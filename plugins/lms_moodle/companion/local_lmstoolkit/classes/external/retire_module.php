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
use local_lmstoolkit\local\module_retirer;

/**
 * Hides one activity that is no longer declared, or deletes it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class retire_module extends payload_function {
    #[\Override]
    protected static function types(): array {
        return ['courseid' => 'id', 'key' => 'module', 'delete' => 'flag', 'allow_track_loss' => 'flag', 'dryrun' => 'flag'];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->libdir . '/completionlib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        require_all_capabilities(
            ['local/lmstoolkit:deploy', 'moodle/course:manageactivities', 'moodle/course:activityvisibility'],
            $context
        );
        $answer = course_lock::hold($course->id, fn() => (new module_retirer($course))->retire($payload));
        module_retirer::finish((int) $course->id, $answer['id']);
        return $answer;
    }
}
