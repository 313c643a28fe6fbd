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
 * What completes a course is compared first, because setting it wipes what learners have completed.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_completion
 * @covers     \local_lmstoolkit\local\completion_applier
 * @covers     \local_lmstoolkit\local\completion_reader
 */
final class apply_completion_test extends companion_testcase {
    /** @var array One module and a mark. */
    private const DECLARED = [
        'completed' => ['activity:one'],
        'pass_mark_percent' => 60,
        'allow_completion_reset' => false,
        'dryrun' => false,
    ];

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->apply_module('page', ['completion' => 'viewed']);
    }

    /**
     * Set once, read back, then left alone.
     */
    public function test_criteria_are_set_and_left_alone(): void {
        $this->assertSame('created', $this->ask('apply_completion', self::DECLARED)['outcome']);
        $this->assertEquals(['completed' => ['activity:one'], 'pass_mark_percent' => 60], $this->read()['completion']);
        $this->assertSame('unchanged', $this->ask('apply_completion', self::DECLARED)['outcome']);
        $mark = ['pass_mark_percent' => null] + self::DECLARED;
        $this->assertSame('updated', $this->ask('apply_completion', $mark)['outcome']);
    }

    /**
     * Learners who are done keep their date, unless that is allowed to be wiped.
     */
    public function test_a_change_under_learners_who_are_done_is_refused(): void {
        global $DB;
        $this->ask('apply_completion', self::DECLARED);
        $learner = $this->learner();
        (new \completion_completion(['course' => $this->course->id, 'userid' => $learner->id]))->mark_complete(1700000000);
        $changed = ['pass_mark_percent' => 50] + self::DECLARED;

        $error = $this->assert_refused('completionreset', fn() => $this->ask('apply_completion', $changed));
        $this->assertStringContainsString('1 learner(s)', $error->getMessage());
        $where = ['course' => $this->course->id, 'userid' => $learner->id];
        $date = fn() => $DB->get_field('course_completions', 'timecompleted', $where);
        $this->assertEquals(1700000000, $date());
        $this->assertSame('unchanged', $this->ask('apply_completion', self::DECLARED)['outcome']);

        $this->assertSame('updated', $this->ask('apply_completion', ['allow_completion_reset' => true] + $changed)['outcome']);
        $this->assertNotEquals(1700000000, $date());
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $unknown = ['completed' => ['activity:none']] + self::DECLARED;
        $this->assert_refused('keynotfound', fn() => $this->ask('apply_completion', $unknown));
        $this->apply_module('label', ['key' => 'activity:text']);
        $untracked = ['completed' => ['activity:text']] + self::DECLARED;
        $this->assert_refused('payloadinvalid', fn() => $this->ask('apply_completion', $untracked));
    }
}
