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
use local_lmstoolkit\local\results\changes;

/**
 * Reads what has changed about the results of a course since a cursor.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class get_changes extends payload_function {
    #[\Override]
    protected static function types(): array {
        return ['courseid' => 'id', 'cursor' => 'cursor', 'limit' => 'rows'];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        $course = access::results($payload['courseid']);
        return (new changes((int) $course->id))->page($payload['cursor'], $payload['limit']);
    }
}
