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

use local_lmstoolkit\local\backup_restorer;
use local_lmstoolkit\local\course_lock;
use local_lmstoolkit\local\job;
use local_lmstoolkit\local\package;
use local_lmstoolkit\local\payload_checks;

/**
 * Restores an uploaded backup into a new course, in the task queue.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class restore_backup extends payload_function {
    /** @var int Longest full name of a course in Moodle 4.5, in characters. */
    private const FULLNAME = 254;

    #[\Override]
    protected static function types(): array {
        return [
            'draftitemid' => 'id',
            'sha256' => 'sha256',
            'categoryid' => 'id',
            'idnumber' => 'idnumber',
            'shortname' => 'line',
            'fullname' => 'line',
        ];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $DB;
        if (!$DB->record_exists('course_categories', ['id' => $payload['categoryid']])) {
            throw new \moodle_exception('unknowncategory', '', '', $payload['categoryid']);
        }
        $context = \context_coursecat::instance($payload['categoryid']);
        self::validate_context($context);
        require_all_capabilities(
            ['local/lmstoolkit:deploy', 'moodle/course:create', 'moodle/restore:restorecourse', 'moodle/restore:uploadfile'],
            $context
        );
        payload_checks::nonempty($payload['idnumber'], 'idnumber');
        payload_checks::length($payload['fullname'], self::FULLNAME, 'fullname');
        return course_lock::alone('restore', fn() => self::queue($payload));
    }

    /**
     * Queue the order, or find it among those that were given before.
     *
     * @param array $order
     * @return array
     */
    private static function queue(array $order): array {
        job::give_up_dead();
        $known = job::repeated($order['idnumber'], $order['sha256']);
        return ['outcome' => 'queued', 'job' => $known ? (int) $known->id : self::create($order)];
    }

    /**
     * Queue a new order.
     *
     * @param array $order
     * @return int the job's id
     */
    private static function create(array $order): int {
        global $DB, $USER;
        $package = package::from_draft($order['draftitemid'], $order['sha256']);
        (new backup_restorer((object) $order, (int) $USER->id))->check_names();
        if (job::is_pending($order['idnumber'])) {
            throw new \moodle_exception('courseidnumbertaken', '', '', $order['idnumber']);
        }
        $transaction = $DB->start_delegated_transaction();
        $job = job::create($order, $package->file);
        $task = new \local_lmstoolkit\task\restore_backup();
        $names = array_intersect_key($order, array_flip(['categoryid', 'idnumber', 'shortname', 'fullname']));
        $task->set_custom_data(['job' => $job] + $names);
        $task->set_userid($USER->id);
        \core\task\manager::queue_adhoc_task($task);
        $transaction->allow_commit();
        return $job;
    }
}
