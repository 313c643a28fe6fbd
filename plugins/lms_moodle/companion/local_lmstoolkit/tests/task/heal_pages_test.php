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

namespace local_lmstoolkit\task;

use local_lmstoolkit\tests\companion_testcase;

/**
 * A page that died in the middle of a deployment comes back by itself.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\task\heal_pages
 * @covers     \local_lmstoolkit\local\page_cache
 */
final class heal_pages_test extends companion_testcase {
    /**
     * Only pages of ours that are cached ahead of the database are forgotten.
     */
    public function test_a_page_cached_ahead_is_forgotten_and_others_stay(): void {
        global $DB;
        $this->apply_module('page');
        $other = $this->getDataGenerator()->create_course();
        $revision = fn($course) => (int) $DB->get_field('course', 'cacherev', ['id' => $course->id]);
        $ours = $revision($this->course);
        $theirs = $revision($other);
        (new heal_pages())->execute();
        $this->assertSame($ours, $revision($this->course), 'nothing to heal');

        foreach ([$this->course, $other] as $course) {
            get_fast_modinfo($course->id);
            $cache = \cache::make('core', 'coursemodinfo');
            $cached = $cache->get_versioned($course->id, $revision($course));
            $cache->acquire_lock($course->id);
            $cache->set_versioned($course->id, $revision($course) + 5, $cached);
            $cache->release_lock($course->id);
        }
        (new heal_pages())->execute();
        $this->assertGreaterThan($ours, $revision($this->course));
        $this->assertSame($theirs, $revision($other));
        $this->assertCount(1, get_fast_modinfo($this->course->id)->get_cms());
    }
}
