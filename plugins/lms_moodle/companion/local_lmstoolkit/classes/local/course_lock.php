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
 * One writer per course, whose step is done wholly or not at all. Without the lock, two requests that add to one
 * section at the same time lose modules.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class course_lock {
    /** @var int Seconds to wait for another deployment. */
    private const WAIT = 20;

    /** @var int Seconds after which a lock of a dead request is ignored, where the lock type supports it. */
    private const LIFETIME = 1800;

    /**
     * Change a course as its only writer, wholly or not at all.
     *
     * @param int $courseid
     * @param callable $work
     * @return mixed what the work returns
     * @throws \moodle_exception lockbusy
     */
    public static function hold(int $courseid, callable $work): mixed {
        return self::alone("course-$courseid", fn() => self::wholly($courseid, $work));
    }

    /**
     * Do some work while nobody else does work of that name.
     *
     * @param string $name
     * @param callable $work
     * @return mixed what the work returns
     * @throws \moodle_exception lockbusy
     */
    public static function alone(string $name, callable $work): mixed {
        $lock = \core\lock\lock_config::get_lock_factory('local_lmstoolkit')->get_lock($name, self::WAIT, self::LIFETIME);
        if (!$lock) {
            throw new \moodle_exception('lockbusy', 'local_lmstoolkit');
        }
        try {
            return $work();
        } finally {
            $lock->release();
        }
    }

    /**
     * Do some work in one transaction.
     *
     * @param int $courseid
     * @param callable $work
     * @return mixed what the work returns
     */
    private static function wholly(int $courseid, callable $work): mixed {
        global $DB;
        page_cache::forget_undone($courseid);
        $began = time();
        $transaction = $DB->start_delegated_transaction();
        try {
            $result = $work();
            $transaction->allow_commit();
        } catch (\Throwable $error) {
            self::undo($transaction, $error);
            page_cache::forget($courseid);
            throw $error;
        }
        outbox::note_late($courseid, $began);
        return $result;
    }

    /**
     * Roll back, also what a function of Moodle may have left open inside our transaction.
     *
     * @param \moodle_transaction $transaction
     * @param \Throwable $error
     */
    private static function undo(\moodle_transaction $transaction, \Throwable $error): void {
        global $DB;
        try {
            $transaction->rollback($error);
        } catch (\Throwable $again) {
            // It always raises the error again; our caller does that once the cache is right.
            if ($DB->is_transaction_started()) {
                abort_all_db_transactions();
            }
        }
    }
}
