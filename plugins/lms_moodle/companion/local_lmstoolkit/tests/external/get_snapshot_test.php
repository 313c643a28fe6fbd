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
 * All results of a course are read, a page at a time.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\get_snapshot
 * @covers     \local_lmstoolkit\local\results\snapshot
 * @covers     \local_lmstoolkit\local\results\grades
 * @covers     \local_lmstoolkit\local\results\completions
 * @covers     \local_lmstoolkit\local\results\learners
 * @covers     \local_lmstoolkit\local\results\items
 */
final class get_snapshot_test extends companion_testcase {
    /**
     * Read one kind to its end.
     *
     * @param string $kind
     * @param int $limit
     * @return array the rows, with the keys of items instead of their numbers
     */
    private function rows(string $kind, int $limit = 5000): array {
        $rows = [];
        $after = null;
        do {
            $page = $this->ask('get_snapshot', ['kind' => $kind, 'after' => $after, 'limit' => $limit]);
            foreach ($page['rows'] as $row) {
                $rows[] = $kind === 'users' ? $row : [$row[0], $page['items'][$row[1]], ...array_slice($row, 2)];
            }
            $after = $page['after'];
        } while ($after !== null);
        return $rows;
    }

    /**
     * Learners, in pages, with what they have been given.
     */
    public function test_learners_and_their_grades_are_read_in_pages(): void {
        $cmid = $this->apply_module('assign', ['completion' => 'graded'])['id'];
        $learners = array_map(fn() => $this->learner(), range(1, 3));
        $cm = get_coursemodule_from_id('assign', $cmid);
        $grades = [(object) ['userid' => $learners[1]->id, 'rawgrade' => 15]];
        grade_update('mod/assign', $this->course->id, 'mod', 'assign', $cm->instance, 0, $grades[0]);
        grade_regrade_final_grades($this->course->id);

        $ids = array_map(fn($learner) => (int) $learner->id, $learners);
        $this->assertSame($ids, array_column($this->rows('users', 1), 0));
        $grade = array_values(array_filter($this->rows('grades', 1), fn($row) => $row[1] === 'activity:one'));
        $given = array_values(array_filter($grade, fn($row) => $row[2] !== null));
        $this->assertCount(1, $given);
        $this->assertEquals([$ids[1], 'activity:one', 15, 0, 20], array_slice($given[0], 0, 5));
        $done = array_filter($this->rows('completions'), fn($row) => $row[1] === 'activity:one' && $row[2] > 0);
        $this->assertSame([$ids[1]], array_column($done, 0));
    }

    /**
     * The right to read results is its own.
     */
    public function test_the_right_to_read_results_is_needed(): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']);
        unassign_capability('local/lmstoolkit:readresults', $role);
        accesslib_clear_all_caches_for_unit_testing();
        $this->expectException(\required_capability_exception::class);
        $this->rows('users');
    }
}
