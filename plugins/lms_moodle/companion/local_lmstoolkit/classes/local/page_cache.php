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
 * What Moodle's caches hold of a course page, where it must not outlive a transaction that was undone.
 *
 * Inside a transaction Moodle already caches the page under its coming revision. A rollback takes the revision back, but not
 * what is cached; and Moodle serves whatever is at least as new as the revision it asks for. A page with activities that were
 * never made would then fail for every learner.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class page_cache {
    /**
     * Forget what a request has left that died in the middle of its transaction, if any has.
     *
     * @param int $courseid
     */
    public static function forget_undone(int $courseid): void {
        if (self::is_ahead($courseid)) {
            self::forget($courseid);
        }
    }

    /**
     * Whether the cache holds a page that is newer than the database knows.
     *
     * @param int $courseid
     * @return bool
     */
    public static function is_ahead(int $courseid): bool {
        global $DB;
        $revision = (int) $DB->get_field('course', 'cacherev', ['id' => $courseid], MUST_EXIST);
        $found = null;
        \cache::make('core', 'coursemodinfo')->get_versioned($courseid, $revision, IGNORE_MISSING, $found);
        return $found !== null && (int) $found > $revision;
    }

    /**
     * Forget everything that is cached of a course page.
     *
     * @param int $courseid
     */
    public static function forget(int $courseid): void {
        $cache = \cache::make('core', 'coursemodinfo');
        $cache->acquire_lock($courseid);
        try {
            $cache->delete($courseid);
        } finally {
            $cache->release_lock($courseid);
        }
        \cache::make('core', 'groupdata')->delete($courseid);
        rebuild_course_cache($courseid, true);
    }
}
