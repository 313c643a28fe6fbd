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
 * A restore that waits in the task queue, runs or has ended.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class job {
    /** @var string */
    private const TABLE = 'local_lmstoolkit_job';

    /** @var string[] Where the backup waits: a file area of the system that nobody can open from outside. */
    private const AREA = ['component' => 'local_lmstoolkit', 'filearea' => 'backup', 'filepath' => '/'];

    /**
     * A job by its id.
     *
     * @param int $id
     * @return \stdClass|null
     */
    public static function get(int $id): ?\stdClass {
        global $DB;
        return $DB->get_record(self::TABLE, ['id' => $id]) ?: null;
    }

    /**
     * Give up jobs whose process has died. Moodle's converter of cartridges stops the whole process when it fails.
     *
     * A task that is cut off in any other way, as when the server is switched off, is started again by the queue.
     */
    public static function give_up_dead(): void {
        global $CFG, $DB;
        $jobs = $DB->get_records_list(self::TABLE, 'state', ['queued', 'running']);
        foreach (\core\task\manager::get_adhoc_tasks(\local_lmstoolkit\task\restore_backup::class) as $task) {
            if ($task->get_attempts_available() > 0) {
                unset($jobs[$task->get_custom_data()->job]);
            }
        }
        foreach ($jobs as $job) {
            // Unless it has ended in the meantime, and its task with it.
            if (in_array(self::get((int) $job->id)->state, ['queued', 'running'], true)) {
                require_once($CFG->dirroot . '/course/lib.php');
                self::fail($job, get_string('backup_stopped', 'local_lmstoolkit'));
            }
        }
    }

    /**
     * Take the half-made course and the backup away and note why.
     *
     * @param \stdClass $job with the id of the course, if there is one
     * @param string $why
     */
    public static function fail(\stdClass $job, string $why): void {
        if ($job->courseid) {
            delete_course((int) $job->courseid, false);
        }
        self::note((int) $job->id, 'failed', null, $why);
        self::forget_backup((int) $job->id);
    }

    /**
     * The job of an order that was given before: the same backup into a course of the same ID number.
     *
     * @param string $idnumber
     * @param string $sha256
     * @return \stdClass|null null also when it has failed, or its course is gone
     */
    public static function repeated(string $idnumber, string $sha256): ?\stdClass {
        global $DB;
        $sql = "SELECT j.*
                  FROM {local_lmstoolkit_job} j
             LEFT JOIN {course} c ON c.id = j.courseid
                 WHERE j.idnumber = :idnumber AND j.sha256 = :sha256
                       AND (j.state IN ('queued', 'running') OR (j.state = 'done' AND c.id IS NOT NULL))
              ORDER BY j.id DESC";
        return $DB->get_record_sql($sql, ['idnumber' => $idnumber, 'sha256' => $sha256], IGNORE_MULTIPLE) ?: null;
    }

    /**
     * Whether a course of that ID number is waiting to be made from another backup.
     *
     * @param string $idnumber
     * @return bool
     */
    public static function is_pending(string $idnumber): bool {
        global $DB;
        $select = "idnumber = :idnumber AND state IN ('queued', 'running')";
        return $DB->record_exists_select(self::TABLE, $select, ['idnumber' => $idnumber]);
    }

    /**
     * A new job with its backup.
     *
     * @param array $order categoryid, idnumber, sha256
     * @param \stored_file $file
     * @return int its id
     */
    public static function create(array $order, \stored_file $file): int {
        global $DB;
        $record = ['state' => 'queued', 'timecreated' => time(), 'timemodified' => time()];
        $record += array_intersect_key($order, ['categoryid' => true, 'idnumber' => true, 'sha256' => true]);
        $id = (int) $DB->insert_record(self::TABLE, (object) $record);
        $place = self::AREA + ['contextid' => \context_system::instance()->id, 'itemid' => $id, 'filename' => 'backup'];
        get_file_storage()->create_file_from_storedfile($place, $file);
        return $id;
    }

    /**
     * Note how it is doing.
     *
     * @param int $id
     * @param string $state
     * @param int|null $courseid
     * @param string $detail
     */
    public static function note(int $id, string $state, ?int $courseid = null, string $detail = ''): void {
        global $DB;
        $record = ['id' => $id, 'state' => $state, 'courseid' => $courseid, 'detail' => $detail, 'timemodified' => time()];
        $DB->update_record(self::TABLE, (object) $record);
    }

    /**
     * The backup of a job.
     *
     * @param int $id
     * @return \stored_file|null null once it has been used
     */
    public static function backup(int $id): ?\stored_file {
        $contextid = \context_system::instance()->id;
        return get_file_storage()->get_file($contextid, self::AREA['component'], self::AREA['filearea'], $id, '/', 'backup') ?: null;
    }

    /**
     * Delete the backup of a job.
     *
     * @param int $id
     */
    public static function forget_backup(int $id): void {
        $contextid = \context_system::instance()->id;
        get_file_storage()->delete_area_files($contextid, self::AREA['component'], self::AREA['filearea'], $id);
    }
}
