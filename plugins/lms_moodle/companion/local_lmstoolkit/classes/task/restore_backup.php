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

use local_lmstoolkit\local\backup_restorer;
use local_lmstoolkit\local\job;

/**
 * Restores one backup in the task queue, on behalf of who ordered it, and notes how it went.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class restore_backup extends \core\task\adhoc_task {
    #[\Override]
    public function get_name(): string {
        return get_string('taskrestore', 'local_lmstoolkit');
    }

    #[\Override]
    public function retry_until_success(): bool {
        return false; // A backup that cannot be restored will not be so tomorrow.
    }

    #[\Override]
    public function execute(): void {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/course/lib.php');
        require_once($CFG->dirroot . '/backup/util/includes/restore_includes.php');
        $order = $this->get_custom_data();
        $job = job::get((int) $order->job);
        $backup = job::backup((int) $order->job);
        if (!$job || !$backup) {
            return; // It has been done.
        }
        $this->clear_away($job);
        $restorer = new backup_restorer($order, (int) $this->get_userid());
        $courseid = null;
        try {
            $courseid = $restorer->make_course();
            job::note((int) $job->id, 'running', $courseid);
            $restorer->restore($courseid, $backup);
            job::note((int) $job->id, 'done', $courseid);
        } catch (\Throwable $error) {
            mtrace_exception($error);
            if ($DB->is_transaction_started()) {
                abort_all_db_transactions();
            }
            $job->courseid = $courseid;
            job::fail($job, \core_text::substr($error->getMessage(), 0, 1000));
        }
        job::forget_backup((int) $job->id);
    }

    /**
     * Delete what a run left that ended in the middle, as when the server was switched off.
     *
     * @param \stdClass $job
     */
    private function clear_away(\stdClass $job): void {
        if ($job->courseid) {
            delete_course((int) $job->courseid, false);
            job::note((int) $job->id, 'running');
        }
    }
}
