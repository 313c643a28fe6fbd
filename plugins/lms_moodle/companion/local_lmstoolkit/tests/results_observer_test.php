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

namespace local_lmstoolkit;

use local_lmstoolkit\local\course_lock;
use local_lmstoolkit\local\outbox;
use local_lmstoolkit\tests\companion_testcase;

/**
 * What Moodle says too little about is told all the same, and what it keeps to itself has the course read again.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\results_observer
 * @covers     \local_lmstoolkit\local\outbox
 * @covers     \local_lmstoolkit\local\results\quiz_attempts
 */
final class results_observer_test extends companion_testcase {
    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        set_config('outboxlag', 0, 'local_lmstoolkit');
    }

    /**
     * The cursor to go on from.
     *
     * @return int
     */
    private function cursor(): int {
        return $this->ask('get_snapshot', ['kind' => 'users', 'after' => null, 'limit' => 5000])['cursor'];
    }

    /**
     * Changes since a cursor.
     *
     * @param int $cursor
     * @return array
     */
    private function changes(int $cursor): array {
        return $this->ask('get_changes', ['cursor' => $cursor, 'limit' => 5000]);
    }

    /**
     * A quiz of ours.
     *
     * @return int id of the course module
     */
    private function quiz(): int {
        return $this->apply_module('quiz', ['package' => $this->uploaded(self::questions('Q1'), 'questions.xml')])['id'];
    }

    /**
     * An attempt of a new learner at our quiz.
     *
     * @param int $cmid
     * @param string $state
     * @return \stdClass
     */
    private function attempt(int $cmid, string $state): \stdClass {
        global $DB;
        $attempt = (object) [
            'quiz' => get_coursemodule_from_id('quiz', $cmid)->instance,
            'userid' => $this->learner()->id,
            'attempt' => 1,
            'uniqueid' => 700000 + $cmid,
            'layout' => '1,0',
            'state' => $state,
            'timestart' => $state === 'notstarted' ? 0 : time(),
            'timemodified' => time(),
        ];
        $attempt->id = $DB->insert_record('quiz_attempts', $attempt);
        return $attempt;
    }

    /**
     * A question graded by hand changes the attempt of the learner, whom Moodle's event does not name.
     */
    public function test_a_question_graded_by_hand_is_told_of_whose_attempt_it_is(): void {
        $cmid = $this->quiz();
        $attempt = $this->attempt($cmid, 'finished');
        $cursor = $this->cursor();
        \mod_quiz\event\question_manually_graded::create([
            'objectid' => 1,
            'courseid' => $this->course->id,
            'context' => \context_module::instance($cmid),
            'other' => ['quizid' => $attempt->quiz, 'attemptid' => $attempt->id, 'slot' => 1],
        ])->trigger();
        $this->assertSame([[(int) $attempt->userid, 'finished']], $this->told($this->changes($cursor)));
    }

    /**
     * An attempt whose time has run out is told with its new state.
     */
    public function test_an_attempt_that_became_overdue_is_told(): void {
        $cmid = $this->quiz();
        $attempt = $this->attempt($cmid, 'overdue');
        $cursor = $this->cursor();
        \mod_quiz\event\attempt_becameoverdue::create([
            'objectid' => $attempt->id,
            'relateduserid' => $attempt->userid,
            'courseid' => $this->course->id,
            'context' => \context_module::instance($cmid),
            'other' => ['submitterid' => null, 'quizid' => $attempt->quiz],
        ])->trigger();
        $this->assertSame([[(int) $attempt->userid, 'overdue']], $this->told($this->changes($cursor)));
    }

    /**
     * An attempt that Moodle 5 prepares before the quiz opens is none yet.
     */
    public function test_a_prepared_attempt_is_none(): void {
        $this->attempt($this->quiz(), 'notstarted');
        $this->assertSame([], $this->ask('get_snapshot', ['kind' => 'attempts', 'after' => null, 'limit' => 5000])['rows']);
    }

    /**
     * A new rule of completion wipes what was completed, without a word of Moodle about whom.
     */
    public function test_a_new_rule_of_completion_has_the_course_read_again(): void {
        $this->apply_module('assign', ['completion' => 'manual']);
        $this->learner();
        $cursor = $this->cursor();
        $this->apply_module('assign', ['completion' => 'viewed']);
        $this->assert_refused('cursorexpired', fn() => $this->changes($cursor));

        $cursor = $this->cursor();
        $rule = ['completed' => ['activity:one'], 'pass_mark_percent' => null, 'allow_completion_reset' => false];
        $this->ask('apply_completion', $rule + ['dryrun' => false]);
        $this->assert_refused('cursorexpired', fn() => $this->changes($cursor));
    }

    /**
     * A course that is deleted takes its learners' notes with it, and the cursor of no other course.
     */
    public function test_a_deleted_course_leaves_other_cursors_good(): void {
        global $DB;
        $this->preventResetByRollback(); // The recycle bin backs the course up.
        $this->apply_module('assign');
        $kept = $this->course;
        $this->setAdminUser();
        $deleted = $this->getDataGenerator()->create_course(['numsections' => 0]);
        $this->setUser($this->account);
        $this->course = $deleted;
        $this->ask('apply_section', ['key' => 'section:two', 'position' => 1, 'name' => 'Two', 'summary' => '', 'dryrun' => false]);
        $this->learner();
        $this->course = $kept;
        $cursor = $this->cursor();
        $this->setAdminUser();
        delete_course($deleted->id, false);
        $this->setUser($this->account);

        $this->assertGreaterThanOrEqual($cursor, $this->changes($cursor)['cursor']);
        $rows = $DB->get_records('local_lmstoolkit_outbox', ['courseid' => $deleted->id]);
        $this->assertSame(['0'], array_values(array_map(fn($row) => (string) $row->userid, $rows)));
    }

    /**
     * What was noted in a long transaction is seen late: a pull may have gone by, so the course is read again.
     */
    public function test_a_long_step_has_the_course_read_again(): void {
        $this->apply_section();
        $this->learner();
        $id = (int) $this->course->id;
        $cursor = $this->cursor();
        $work = function () use ($id) {
            outbox::note($id, outbox::GRADE, (int) $this->account->id, 1);
            sleep(1);
        };
        set_config('outboxlag', 60, 'local_lmstoolkit');
        course_lock::hold($id, $work);
        $this->changes($cursor);

        set_config('outboxlag', 0, 'local_lmstoolkit');
        course_lock::hold($id, $work);
        $this->assert_refused('cursorexpired', fn() => $this->changes($cursor));
    }

    /**
     * A course is deployed before anybody is in it: nothing needs to be read again then.
     */
    public function test_what_happens_before_anybody_is_there_needs_no_reading(): void {
        global $DB;
        $this->apply_module('assign', ['completion' => 'manual']);
        $this->apply_module('assign', ['completion' => 'viewed']);
        $rule = ['completed' => ['activity:one'], 'pass_mark_percent' => null, 'allow_completion_reset' => false];
        $this->ask('apply_completion', $rule + ['dryrun' => false]);
        outbox::note_late((int) $this->course->id, time() - MINSECS);
        $this->assertFalse($DB->record_exists('local_lmstoolkit_outbox', ['kind' => outbox::ALL]));
    }

    /**
     * Whose attempts are told, in which state.
     *
     * @param array $changes
     * @return array
     */
    private function told(array $changes): array {
        return array_map(fn($row) => [$row[0], $row[3]], $changes['attempts']);
    }
}
