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

use local_lmstoolkit\tests\companion_testcase;

/**
 * One writer per course, whose step is done wholly or not at all.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\local\course_lock
 * @covers     \local_lmstoolkit\local\page_cache
 */
final class course_lock_test extends companion_testcase {
    /**
     * What an error leaves half done is undone, in the database and on the cached page.
     */
    public function test_a_step_that_fails_is_undone(): void {
        $this->preventResetByRollback();
        $this->apply_module('page');
        $id = (int) $this->course->id;
        $half = function () {
            $this->getDataGenerator()->create_module('page', ['course' => $this->course->id, 'name' => 'Half']);
            get_fast_modinfo($this->course->id)->get_cms(); // Somebody looks at the page meanwhile.
            throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', 'activity:none');
        };
        try {
            course_lock::hold($id, $half);
            $this->fail('the error was swallowed');
        } catch (\moodle_exception $error) {
            $this->assertSame('keynotfound', $error->errorcode);
        }
        $names = array_map(fn($cm) => $cm->name, array_values(get_fast_modinfo($id)->get_cms()));
        $this->assertSame(['Élan & début'], $names);
        $this->assertSame('done', course_lock::hold($id, fn() => 'done'), 'the lock is free again');
    }

    /**
     * A page that died in the middle of its transaction leaves the cache of the page ahead of the database.
     */
    public function test_a_page_cached_by_a_request_that_died_is_forgotten(): void {
        global $DB;
        $id = (int) $this->course->id;
        get_fast_modinfo($id);
        $revision = (int) $DB->get_field('course', 'cacherev', ['id' => $id]);
        $cache = \cache::make('core', 'coursemodinfo');
        $ahead = $cache->get_versioned($id, $revision);
        $cache->acquire_lock($id);
        $cache->set_versioned($id, $revision + 1, $ahead);
        $cache->release_lock($id);

        $this->assertTrue(page_cache::is_ahead($id));
        page_cache::forget_undone($id);
        $this->assertFalse(page_cache::is_ahead($id));
        page_cache::forget_undone($id);
        $this->assertGreaterThan($revision, (int) $DB->get_field('course', 'cacherev', ['id' => $id]));
    }
}
