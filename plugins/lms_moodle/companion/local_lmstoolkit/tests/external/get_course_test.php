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
 * A course is found by its ID number and shows what is ours in it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\get_course
 * @covers     \local_lmstoolkit\local\course_reader
 * @covers     \local_lmstoolkit\local\module_reader
 * @covers     \local_lmstoolkit\local\map
 */
final class get_course_test extends companion_testcase {
    /**
     * Without a course of that number there is none.
     */
    public function test_an_unknown_course_is_null(): void {
        $this->assertNull($this->call('get_course', ['idnumber' => 'nowhere'])['course']);
        $this->assertNull($this->call('get_course', ['idnumber' => ''])['course']);
    }

    /**
     * What teachers add by hand is not listed.
     */
    public function test_only_what_carries_a_key_is_listed(): void {
        $this->apply_module('page');
        $this->getDataGenerator()->create_module('page', ['course' => $this->course->id]);
        $course = $this->read();
        $this->assertSame((int) $this->course->id, $course['id']);
        $this->assertSame(['section:one'], array_column($course['sections'], 'key'));
        $this->assertSame(['activity:one'], array_column($course['modules'], 'key'));
        $this->assertNull($course['gradebook']);
        $this->assertNull($course['completion']);
    }

    /**
     * A learner of the course may not read how it is made.
     */
    public function test_learners_may_not_read_it(): void {
        $this->setUser($this->learner());
        $this->expectException(\required_capability_exception::class);
        $this->read();
    }
}
