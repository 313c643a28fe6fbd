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

namespace local_lmstoolkit\local\results;

use local_lmstoolkit\local\outbox;

/**
 * Reads all results of a course, a page at a time, one kind after the other; a page never splits a learner.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class snapshot {
    /** @var string[] What can be read, in the order in which it is best read. */
    public const KINDS = ['users', 'grades', 'completions', 'attempts'];

    /** @var int Attempts that a learner is expected to have at one module; a page of many more is only larger. */
    private const USUAL_ATTEMPTS = 4;

    /** @var items What there is. */
    private readonly items $items;

    /** @var learners Who there is. */
    private readonly learners $learners;

    /**
     * Of one course, as it is now.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int The course. */
        private readonly int $courseid
    ) {
        $this->items = new items($courseid);
        $this->learners = new learners($courseid);
    }

    /**
     * One page. Moodle first finishes a recalculation that is due, as opening the gradebook would.
     *
     * @param string $kind
     * @param int|null $after the last user of the page before, null for the first page
     * @param int $limit rows
     * @return array
     */
    public function page(string $kind, ?int $after, int $limit): array {
        grade_regrade_final_grades($this->courseid); // Does nothing where nothing is due.
        $cursor = outbox::settled(); // Before the first row: what changes while we read is read again as a change.
        $upheaval = outbox::last_upheaval($this->courseid, $cursor);
        [$rows, $last] = $kind === 'users' ? $this->users((int) $after, $limit) : $this->others($kind, (int) $after, $limit);
        return [
            'items' => $this->items->keys,
            'rows' => $rows,
            'after' => $last === null ? null : (string) $last,
            // From behind a reset, or its row would ask for another reading; what settles before it may then be missed.
            'cursor' => $upheaval,
            'server_time' => time(),
            'needs_regrade' => $upheaval > $cursor || grade_needs_regrade_final_grades($this->courseid),
        ];
    }

    /**
     * Learners.
     *
     * @param int $after
     * @param int $limit
     * @return array rows, and the last user's id unless there is nobody behind
     */
    private function users(int $after, int $limit): array {
        $rows = $this->learners->page($after, $limit + 1);
        $page = array_slice($rows, 0, $limit);
        return [$page, count($rows) > $limit ? end($page)[0] : null];
    }

    /**
     * What learners have, of as many learners as surely fit.
     *
     * @param string $kind
     * @param int $after
     * @param int $limit
     * @return array rows, and the last user's id unless there is nobody behind
     */
    private function others(string $kind, int $after, int $limit): array {
        $each = match ($kind) {
            'grades' => count($this->items->grades),
            'completions' => count($this->items->completions),
            'attempts' => count($this->items->attempted) * self::USUAL_ATTEMPTS,
        };
        if (!$each) {
            return [[], null];
        }
        $people = max(1, intdiv($limit, $each));
        $userids = $this->learners->ids($after, $people + 1);
        $more = count($userids) > $people;
        $userids = array_slice($userids, 0, $people);
        $rows = match ($kind) {
            'grades' => iterator_to_array((new grades($this->courseid, $this->items))->of_users($userids), false),
            'completions' => iterator_to_array((new completions($this->courseid, $this->items))->of_users($userids), false),
            'attempts' => (new attempts($this->items))->of_users($userids),
        };
        return [$rows, $more ? end($userids) : null];
    }
}
