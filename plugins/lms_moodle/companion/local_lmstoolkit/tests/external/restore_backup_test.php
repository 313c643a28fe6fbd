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

use local_lmstoolkit\tests\companion_testcase;

/**
 * A backup becomes a course in the task queue, and a job says how it went.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\restore_backup
 * @covers     \local_lmstoolkit\external\get_job
 * @covers     \local_lmstoolkit\local\job
 * @covers     \local_lmstoolkit\local\backup_restorer
 * @covers     \local_lmstoolkit\task\restore_backup
 */
final class restore_backup_test extends companion_testcase {
    /**
     * An order for some bytes.
     *
     * @param string $bytes
     * @param array $fields that differ
     * @return array
     */
    private function order(string $bytes, array $fields = []): array {
        return $fields + $this->uploaded($bytes, 'backup.mbz') + [
            'categoryid' => (int) $this->course->category,
            'idnumber' => 'restored',
            'shortname' => 'restored',
            'fullname' => 'Restored é',
        ];
    }

    /**
     * A backup of the course with a page in it.
     *
     * @return string its bytes
     */
    private function backup(): string {
        global $CFG;
        require_once($CFG->dirroot . '/backup/util/includes/backup_includes.php');
        $this->apply_module('page');
        $this->setAdminUser();
        $controller = new \backup_controller(
            \backup::TYPE_1COURSE,
            $this->course->id,
            \backup::FORMAT_MOODLE,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            get_admin()->id
        );
        $controller->execute_plan();
        $bytes = $controller->get_results()['backup_destination']->get_content();
        $controller->destroy();
        $this->setUser($this->account);
        return $bytes;
    }

    /**
     * Run what is queued, as cron does.
     */
    private function run_queue(): void {
        ob_start();
        $this->runAdhocTasks(\local_lmstoolkit\task\restore_backup::class);
        ob_end_clean();
        $this->setUser($this->account);
    }

    /**
     * The course is there, under the ordered names, with what was in the backup.
     */
    public function test_a_backup_becomes_a_course(): void {
        global $DB;
        $this->preventResetByRollback(); // Temporary tables of a backup end a transaction on some databases.
        $bytes = $this->backup();
        $queued = $this->call('restore_backup', $this->order($bytes));
        $this->assertSame('queued', $queued['outcome']);
        $this->assertSame('queued', $this->call('get_job', ['job' => $queued['job']])['state']);
        $this->assertSame($queued, $this->call('restore_backup', $this->order($bytes)), 'an order that is given twice is one');

        $this->run_queue();
        $done = $this->call('get_job', ['job' => $queued['job']]);
        $this->assertSame(['done', ''], [$done['state'], $done['detail']]);
        $course = $DB->get_record('course', ['id' => $done['courseid']]);
        $this->assertSame(['restored', 'Restored é'], [$course->idnumber, $course->fullname]);
        $names = array_map(fn($cm) => $cm->name, get_fast_modinfo($course)->get_cms());
        $this->assertContains('Élan & début', $names);
    }

    /**
     * What is no backup fails, says so, and leaves no course behind.
     */
    public function test_what_is_no_backup_fails_and_leaves_nothing(): void {
        global $DB;
        $this->preventResetByRollback();
        $queued = $this->call('restore_backup', $this->order(self::zip(['readme.txt' => 'no backup'])));
        $this->run_queue();
        $failed = $this->call('get_job', ['job' => $queued['job']]);
        $this->assertSame(['failed', null], [$failed['state'], $failed['courseid']]);
        $this->assertStringContainsString('cannot be restored', $failed['detail']);
        $this->assertFalse($DB->record_exists('course', ['idnumber' => 'restored']));
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $refused = fn($code, $order) => $this->assert_refused($code, fn() => $this->call('restore_backup', $order));
        $refused('unknowncategory', $this->order('a', ['categoryid' => 987654321]));
        $refused('payloadinvalid', $this->order('a', ['idnumber' => '']));
        $refused('packagemismatch', $this->order('a', ['sha256' => str_repeat('0', 64)]));
        $refused('courseidnumbertaken', $this->order('a', ['idnumber' => 'toolkit-one']));
        $refused('shortnametaken', $this->order('a', ['shortname' => $this->course->shortname]));
        $this->assert_refused('jobnotfound', fn() => $this->call('get_job', ['job' => 987654321]));
    }
}
