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

namespace local_lmstoolkit\task;

use local_lmstoolkit\local\course_lock;
use local_lmstoolkit\local\page_cache;

/**
 * Gives learners their course page back after a deployment that died in the middle of a step, when nobody deploys again.
 *
 * The database undoes such a step by itself; what Moodle has cached of it would stay until the next change of the page.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class heal_pages extends \core\task\scheduled_task {
    #[\Override]
    public function get_name(): string {
        return get_string('taskhealpages', 'local_lmstoolkit');
    }

    #[\Override]
    public function execute(): void {
        global $DB;
        $sql = 'SELECT DISTINCT c.id FROM {course} c JOIN {local_lmstoolkit_map} m ON m.courseid = c.id';
        foreach ($DB->get_fieldset_sql($sql) as $courseid) {
            if (page_cache::is_ahead((int) $courseid)) {
                self::heal((int) $courseid);
            }
        }
    }

    /**
     * Forget the cached page of one course, unless somebody is writing to it: then it may well be ahead.
     *
     * @param int $courseid
     */
    private static function heal(int $courseid): void {
        try {
            course_lock::alone("course-$courseid", fn() => page_cache::forget_undone($courseid));
        } catch (\moodle_exception $busy) {
            if ($busy->errorcode !== 'lockbusy') {
                throw $busy;
            }
        }
    }
}
