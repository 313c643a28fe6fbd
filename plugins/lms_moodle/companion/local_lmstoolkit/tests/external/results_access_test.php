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
 * Results are told to those alone who may read them, and of the learners of one course alone.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\local\access
 * @covers     \local_lmstoolkit\local\results\learners
 */
final class results_access_test extends companion_testcase {
    /** @var string[] What can be read. */
    private const KINDS = ['users', 'grades', 'completions', 'attempts'];

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        set_config('outboxlag', 0, 'local_lmstoolkit');
    }

    /**
     * One kind of results.
     *
     * @param string $kind
     * @return array
     */
    private function snapshot(string $kind): array {
        return $this->ask('get_snapshot', ['kind' => $kind, 'after' => null, 'limit' => 5000]);
    }

    /**
     * Grade somebody.
     *
     * @param int $cmid
     * @param int $userid
     */
    private function grade(int $cmid, int $userid): void {
        $instance = get_coursemodule_from_id('assign', $cmid)->instance;
        $grade = (object) ['userid' => $userid, 'rawgrade' => 5];
        grade_update('mod/assign', $this->course->id, 'mod', 'assign', $instance, 0, $grade);
    }

    /**
     * Neither function answers somebody who lacks one of the rights, hidden grades included.
     */
    public function test_each_right_is_needed(): void {
        global $DB;
        $this->apply_section();
        $role = $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']);
        $calls = [
            fn() => $this->snapshot('users'),
            fn() => $this->ask('get_changes', ['cursor' => 0, 'limit' => 5000]),
        ];
        foreach (['local/lmstoolkit:readresults', 'moodle/grade:viewall', 'moodle/grade:viewhidden'] as $capability) {
            assign_capability($capability, CAP_PREVENT, $role, \context_system::instance(), true);
            foreach ($calls as $call) {
                $this->assert_refused('nopermissions', $call);
            }
            assign_capability($capability, CAP_ALLOW, $role, \context_system::instance(), true);
        }
        $this->assertSame([], $this->snapshot('users')['rows']);
    }

    /**
     * Who is no learner of the course, not yet or no longer, is not told, whatever they have been given.
     */
    public function test_nobody_but_its_active_learners_is_told(): void {
        global $DB;
        $cmid = $this->apply_module('assign', ['completion' => 'graded'])['id'];
        $enrol = fn($role, $from, $until, $status) => $this->getDataGenerator()
            ->create_and_enrol($this->course, $role, null, 'manual', $from, $until, $status);
        $learner = $this->learner();
        $others = [
            $enrol('editingteacher', 0, 0, ENROL_USER_ACTIVE),
            $enrol('student', 0, 0, ENROL_USER_SUSPENDED),
            $enrol('student', time() + DAYSECS, 0, ENROL_USER_ACTIVE),
            $enrol('student', 0, time() - DAYSECS, ENROL_USER_ACTIVE),
            $deleted = $this->learner(),
            $this->getDataGenerator()->create_user(),
        ];
        $DB->set_field('user', 'deleted', 1, ['id' => $deleted->id]);
        $cursor = $this->snapshot('users')['cursor'];
        foreach ([$learner, ...$others] as $user) {
            $this->grade($cmid, (int) $user->id);
        }

        $changes = $this->ask('get_changes', ['cursor' => $cursor, 'limit' => 5000]);
        foreach (self::KINDS as $kind) {
            $told = array_column([...$this->snapshot($kind)['rows'], ...$changes[$kind]], 0);
            $this->assertSame([], array_diff($told, [(int) $learner->id]), $kind);
        }
        $this->assertNotSame([], $changes['grades']);
        $this->assertSame([], $changes['gone']);
    }

    /**
     * What a learner has in another course is not told of this one.
     */
    public function test_nothing_of_another_course_is_told(): void {
        global $DB;
        $this->apply_module('assign', ['completion' => 'graded']);
        $learner = $this->learner();
        $this->setAdminUser();
        $mine = $this->course;
        $this->course = $this->getDataGenerator()->create_course(['enablecompletion' => 1, 'numsections' => 0]);
        $this->setUser($this->account);
        $this->getDataGenerator()->enrol_user($learner->id, $this->course->id, 'student');
        $this->ask('apply_section', ['key' => 'section:one', 'position' => 1, 'name' => 'One', 'summary' => '', 'dryrun' => false]);
        $foreign = $this->ask('apply_module', $this->declared('assign', ['completion' => 'graded']))['id'];
        [$theirs, $this->course] = [$this->course, $mine];
        $cursor = $this->snapshot('users')['cursor'];
        $this->course = $theirs;
        $this->grade($foreign, (int) $learner->id);
        $DB->insert_record('course_completions', ['userid' => $learner->id, 'course' => $theirs->id, 'timecompleted' => 7]);

        $this->assertNotSame([], $this->snapshot('grades')['rows']);
        $this->assertCount(2, $this->snapshot('completions')['rows']);
        $this->course = $mine;
        $changes = $this->ask('get_changes', ['cursor' => $cursor, 'limit' => 5000]);
        foreach (['grades', 'completions', 'attempts'] as $kind) {
            $this->assertSame([], $this->snapshot($kind)['rows'], $kind);
            $this->assertSame([], $changes[$kind], $kind);
        }
    }
}
