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

use local_lmstoolkit\tests\companion_testcase;

/**
 * Keys whose thing is gone are forgotten, and can be used again.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\observer
 * @covers     \local_lmstoolkit\local\map
 * @covers     \local_lmstoolkit\local\parts
 * @covers     \local_lmstoolkit\local\setup
 */
final class observer_test extends companion_testcase {
    /**
     * What somebody deletes by hand is made again by the next deployment.
     */
    public function test_a_key_is_free_once_its_thing_is_deleted(): void {
        $cmid = $this->apply_module('page')['id'];
        course_delete_module($cmid);
        $this->assertNull($this->module());
        $again = $this->apply_module('page');
        $this->assertSame('created', $again['outcome']);
        $this->assertNotSame($cmid, $again['id']);
    }

    /**
     * Nothing of a deleted course stays behind.
     */
    public function test_nothing_of_a_deleted_course_stays(): void {
        global $DB;
        $this->preventResetByRollback(); // The recycle bin backs the course up.
        $this->apply_module('forum', ['settings' => [
            'type' => 'discussion', 'due_at' => 0, 'closes_at' => 0,
            'prompts' => [['key' => 'hello', 'subject' => 'Hello', 'message' => '<p>Who?</p>']],
        ]]);
        $this->ask('apply_groups', ['groups' => [['key' => 'group:a', 'name' => 'A']], 'groupings' => [], 'dryrun' => false]);
        $this->setAdminUser();
        delete_course($this->course->id, false);
        foreach (['map', 'part', 'setup'] as $table) {
            $this->assertSame(0, $DB->count_records("local_lmstoolkit_$table"), $table);
        }
    }
}
