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

use local_lmstoolkit\local\job;

/**
 * Says how a restore is doing.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class get_job extends payload_function {
    #[\Override]
    protected static function types(): array {
        return ['job' => 'id'];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        $job = job::get($payload['job']);
        $context = $job ? \context_coursecat::instance($job->categoryid, IGNORE_MISSING) : false;
        $context = $context ?: \context_system::instance();
        self::validate_context($context);
        require_capability('local/lmstoolkit:deploy', $context);
        if (!$job) {
            throw new \moodle_exception('jobnotfound', 'local_lmstoolkit', '', $payload['job']);
        }
        job::give_up_dead();
        $job = job::get($payload['job']);
        return [
            'state' => $job->state,
            'courseid' => $job->courseid === null ? null : (int) $job->courseid,
            'detail' => (string) $job->detail,
        ];
    }
}
