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
 * What has changed since a cursor is told as it is now, once it has settled.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\get_changes
 * @covers     \local_lmstoolkit\local\results\changes
 * @covers     \local_lmstoolkit\local\outbox
 * @covers     \local_lmstoolkit\results_observer
 */
final class get_changes_test extends companion_testcase {
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
     * Grade a learner.
     *
     * @param int $cmid
     * @param int $userid
     * @param float|null $points
     */
    private function grade(int $cmid, int $userid, ?float $points): void {
        $instance = get_coursemodule_from_id('assign', $cmid)->instance;
        $grade = (object) ['userid' => $userid, 'rawgrade' => $points];
        grade_update('mod/assign', $this->course->id, 'mod', 'assign', $instance, 0, $grade);
    }

    /**
     * Several changes of one grade are one row, of the grade that is there now; afterwards there is nothing.
     */
    public function test_a_grade_that_changed_is_told_once_as_it_is_now(): void {
        $cmid = $this->apply_module('assign')['id'];
        $learner = $this->learner();
        $this->learner();
        $cursor = $this->cursor();
        $this->assertSame([], $this->changes($cursor)['grades']);
        $this->grade($cmid, (int) $learner->id, 5);
        $this->grade($cmid, (int) $learner->id, 18);

        $changes = $this->changes($cursor);
        $ours = array_values(array_filter($changes['grades'], fn($row) => $changes['items'][$row[1]] === 'activity:one'));
        $this->assertCount(1, $ours);
        $this->assertEquals([(int) $learner->id, 18.0], [$ours[0][0], $ours[0][2]]);
        $this->assertGreaterThan($cursor, $changes['cursor']);
        $this->assertSame([], $this->changes($changes['cursor'])['grades']);
    }

    /**
     * Somebody new is told with their name; somebody who has left is gone.
     */
    public function test_who_comes_and_who_goes_is_told(): void {
        global $DB;
        $this->apply_module('assign');
        $cursor = $this->cursor();
        $learner = $this->learner();
        $changes = $this->changes($cursor);
        $this->assertSame([(int) $learner->id], array_column($changes['users'], 0));

        $instance = $DB->get_record('enrol', ['courseid' => $this->course->id, 'enrol' => 'manual']);
        enrol_get_plugin('manual')->unenrol_user($instance, $learner->id);
        $gone = $this->changes($changes['cursor'])['gone'];
        $this->assertContains((int) $learner->id, array_map('intval', array_column($gone, 1)));
    }

    /**
     * Nothing is noted of courses that are not ours.
     */
    public function test_other_courses_leave_no_trace(): void {
        global $DB;
        $other = $this->getDataGenerator()->create_course();
        $this->getDataGenerator()->create_and_enrol($other, 'student');
        $this->assertSame(0, $DB->count_records('local_lmstoolkit_outbox', ['courseid' => $other->id]));
    }

    /**
     * A cursor that was pruned, or that this site has never given, is refused.
     */
    public function test_a_cursor_that_cannot_be_continued_is_refused(): void {
        global $DB;
        $cmid = $this->apply_module('assign')['id'];
        $cursor = $this->cursor();
        $this->grade($cmid, (int) $this->learner()->id, 5);
        $newest = (int) $DB->get_field_sql('SELECT MAX(id) FROM {local_lmstoolkit_outbox}');
        $this->assert_refused('cursorexpired', fn() => $this->changes($newest + 1000000));

        $DB->set_field('local_lmstoolkit_outbox', 'timecreated', time() - 31 * DAYSECS);
        (new \local_lmstoolkit\task\prune_outbox())->execute();
        $this->assertSame(0, $DB->count_records('local_lmstoolkit_outbox'));
        $this->assert_refused('cursorexpired', fn() => $this->changes(min($cursor, $newest - 1)));
    }
}
