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
 * The gradebook counts as declared, what is missing included.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_gradebook
 * @covers     \local_lmstoolkit\local\gradebook_applier
 * @covers     \local_lmstoolkit\local\gradebook_reader
 * @covers     \local_lmstoolkit\local\gradebook
 */
final class apply_gradebook_test extends companion_testcase {
    /** @var array An essay category of 40 %, of which the best counts, and an exam of 60 %. */
    private const DECLARED = [
        'pass_mark_percent' => 62.5,
        'categories' => [['key' => 'category:essays', 'name' => 'Essays', 'weight' => 40, 'keep_highest' => 1]],
        'items' => [
            ['key' => 'activity:one', 'category_key' => 'category:essays', 'weight' => 1],
            ['key' => 'activity:two', 'category_key' => 'category:essays', 'weight' => 1],
            ['key' => 'activity:exam', 'category_key' => null, 'weight' => 60],
        ],
        'dryrun' => false,
    ];

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        foreach (['activity:one', 'activity:two', 'activity:exam'] as $key) {
            $this->apply_module('assign', ['key' => $key, 'position' => 99]);
        }
    }

    /**
     * Set up once, read back, then left alone.
     */
    public function test_a_gradebook_is_set_up_left_alone_and_changed(): void {
        $this->assertSame('created', $this->ask('apply_gradebook', self::DECLARED)['outcome']);
        $this->assertEquals(array_diff_key(self::DECLARED, ['dryrun' => 0]), $this->read()['gradebook']);
        $this->assertSame('unchanged', $this->ask('apply_gradebook', self::DECLARED)['outcome']);
        $changed = ['pass_mark_percent' => 50] + self::DECLARED;
        $this->assertSame('updated', $this->ask('apply_gradebook', $changed)['outcome']);
        $total = \grade_item::fetch_course_item($this->course->id);
        $this->assertEquals([100, 50], [(float) $total->grademax, (float) $total->gradepass]);
    }

    /**
     * What is not graded counts as nothing, and only the better essay counts.
     */
    public function test_the_total_is_what_was_declared(): void {
        $this->ask('apply_gradebook', self::DECLARED);
        $learner = $this->learner();
        foreach (['activity:one' => 10, 'activity:two' => 20] as $key => $points) {
            $cm = get_coursemodule_from_id('assign', $this->module($key)['id']);
            \grade_item::fetch(['itemmodule' => 'assign', 'iteminstance' => $cm->instance, 'courseid' => $this->course->id])
                ->update_final_grade($learner->id, $points, 'test');
        }
        grade_regrade_final_grades($this->course->id);
        $total = \grade_item::fetch_course_item($this->course->id)->get_final($learner->id);
        $this->assertEqualsWithDelta(40, $total->finalgrade, 0.0001);
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $nocategory = ['categories' => []] + self::DECLARED;
        $this->assert_refused('keynotfound', fn() => $this->ask('apply_gradebook', $nocategory));
        $this->apply_module('label', ['key' => 'activity:text']);
        $ungraded = ['items' => [['key' => 'activity:text', 'category_key' => null, 'weight' => 1]]] + self::DECLARED;
        $this->assert_refused('payloadinvalid', fn() => $this->ask('apply_gradebook', $ungraded));
        set_config('grade_aggregation', GRADE_AGGREGATE_MEAN);
        set_config('grade_aggregation_flag', 1); // Forced on every course.
        $this->assert_refused('settingforced', fn() => $this->ask('apply_gradebook', self::DECLARED));
    }
}
