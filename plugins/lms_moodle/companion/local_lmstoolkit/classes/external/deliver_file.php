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
use local_lmstoolkit\local\learner_file;
use local_lmstoolkit\local\package;
use local_lmstoolkit\local\payload;

/**
 * Puts a PDF into the private files of a learner of a course, or takes it away again.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class deliver_file extends payload_function {
    #[\Override]
    protected static function types(): array {
        $sent = payload::object_of(['draftitemid' => 'id', 'sha256' => 'sha256']);
        return ['courseid' => 'id', 'userid' => 'id', 'filename' => 'pdfname', 'file' => payload::nullable($sent)];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        require_once($CFG->libdir . '/filelib.php');
        $course = access::course($payload['courseid']);
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        require_capability('local/lmstoolkit:deliver', $context);
        $file = new learner_file((int) $course->id, $payload['userid'], $payload['filename']);
        return ['outcome' => course_lock::alone(
            "files-{$payload['userid']}",
            fn() => $payload['file'] ? self::deliver($file, $payload['file']) : $file->remove()
        )];
    }

    /**
     * Deliver what was uploaded, of which no copy stays in the caller's draft area.
     *
     * @param learner_file $file
     * @param array $sent draftitemid and sha256
     * @return string the outcome
     */
    private static function deliver(learner_file $file, array $sent): string {
        global $USER;
        $package = package::from_draft($sent['draftitemid'], $sent['sha256']);
        $outcome = $file->deliver($package->file);
        get_file_storage()->delete_area_files(\context_user::instance($USER->id)->id, 'user', 'draft', $package->draftitemid);
        return $outcome;
    }
}
