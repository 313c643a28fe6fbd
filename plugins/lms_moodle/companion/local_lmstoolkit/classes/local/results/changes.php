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
 * Reads what has changed about the results of a course since a cursor: not what happened, but what is there now.
 *
 * Rows of the outbox that are not settled yet are answered as well, but the cursor stays before them: the next pull
 * answers them once more, together with what was committed late. So nothing waits, and nothing is missed.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class changes {
    /** @var items What there is. */
    private readonly items $items;

    /** @var array What changed: kind => [user id => [thing => true]] */
    private array $changed = [];

    /** @var array user id => row, of those changes that are about learners */
    private array $learners = [];

    /** @var int[] Learners of whom everything is told. */
    private array $whole = [];

    /** @var array What is told. */
    private array $answer = ['users' => [], 'grades' => [], 'completions' => [], 'attempts' => [], 'gone' => []];

    /**
     * Of one course.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int The course. */
        private readonly int $courseid
    ) {
    }

    /**
     * One page.
     *
     * @param int $cursor
     * @param int $limit rows, of the outbox and of what it stands for
     * @return array
     * @throws \moodle_exception cursorexpired where the course has to be read from the start
     */
    public function page(int $cursor, int $limit): array {
        outbox::require_known($cursor);
        grade_regrade_final_grades($this->courseid); // Does nothing where nothing is due.
        $settled = outbox::settled(); // Before the rows are read: what is settled is among them.
        $rows = outbox::after($this->courseid, $cursor, $limit + 1);
        $page = $this->fitting($rows, $limit);
        [$next, $more] = self::next($rows, count($page), $cursor, $settled);
        if ($page) {
            $this->collect($page);
            $this->tell();
        }
        return [
            'items' => $page ? $this->items->keys : [],
            ...$this->answer,
            'cursor' => $next,
            'more' => $more,
            'server_time' => time(),
            'needs_regrade' => (bool) grade_needs_regrade_final_grades($this->courseid),
        ];
    }

    /**
     * As many rows as stand for no more than the limit, but at least one.
     *
     * @param \stdClass[] $rows
     * @param int $limit
     * @return \stdClass[]
     */
    private function fitting(array $rows, int $limit): array {
        if (!$rows) {
            return [];
        }
        if (in_array(outbox::ALL, array_column($rows, 'kind'), true)) {
            throw outbox::expired();
        }
        $this->items = new items($this->courseid);
        $everything = 1 + count($this->items->grades) + count($this->items->completions) + count($this->items->attempted);
        $seen = [];
        $size = 0;
        foreach ($rows as $index => $row) {
            $same = "$row->kind $row->userid $row->thing";
            $size += isset($seen[$same]) ? 0 : match ($row->kind) {
                outbox::USER => $everything,
                outbox::ITEM => $this->graded_in((int) $row->thing, $limit),
                default => 1,
            };
            $seen[$same] = true;
            if ($index && ($size > $limit || $index >= $limit)) {
                return array_slice($rows, 0, $index);
            }
        }
        return $rows;
    }

    /**
     * How many rows a changed gradebook item stands for.
     *
     * @param int $itemid
     * @param int $limit
     * @return int
     * @throws \moodle_exception cursorexpired when they are too many for one page
     */
    private function graded_in(int $itemid, int $limit): int {
        if (!isset($this->items->grades[$itemid])) {
            return 0;
        }
        $users = grades::graded_users($itemid, $limit);
        if (count($users) > $limit) {
            throw outbox::expired();
        }
        foreach ($users as $userid) {
            $this->changed[outbox::GRADE][$userid][$itemid] = true;
        }
        return count($users);
    }

    /**
     * Where to go on from.
     *
     * @param \stdClass[] $rows those above the cursor, at least one more than are answered if there are more
     * @param int $answered how many of them are
     * @param int $cursor
     * @param int $settled
     * @return array the cursor, and whether there is more to be asked for now
     */
    private static function next(array $rows, int $answered, int $cursor, int $settled): array {
        $before = outbox::settled_before();
        foreach (array_slice($rows, 0, $answered) as $row) {
            if ($row->timecreated > $before) {
                return [max($cursor, min((int) $row->id - 1, $settled)), false];
            }
            $cursor = (int) $row->id;
        }
        return $answered < count($rows) ? [$cursor, true] : [max($cursor, $settled), false];
    }

    /**
     * Sort the rows by what they are about; those that say the same become one.
     *
     * @param \stdClass[] $page
     */
    private function collect(array $page): void {
        foreach ($page as $row) {
            $this->changed[$row->kind][(int) $row->userid][(int) $row->thing] = true;
        }
        unset($this->changed[outbox::ITEM]); // Became grades already.
        $userids = array_unique(array_merge(...array_map(array_keys(...), array_values($this->changed ?: [[]]))));
        $this->learners = (new learners($this->courseid))->among($userids);
        $this->whole = array_keys(array_intersect_key($this->changed[outbox::USER] ?? [], $this->learners));
    }

    /**
     * Read what is there now.
     */
    private function tell(): void {
        foreach (array_keys($this->changed[outbox::USER] ?? []) as $userid) {
            if (!isset($this->learners[$userid])) {
                $this->answer['gone'][] = ['user', $userid, ''];
            }
        }
        $named = ($this->changed[outbox::USER] ?? []) + ($this->changed[outbox::PROFILE] ?? []);
        $this->answer['users'] = array_values(array_intersect_key($this->learners, $named));
        $this->tell_stored('grade', 'grades', $this->items->grades, new grades($this->courseid, $this->items));
        $this->tell_stored('completion', 'completions', $this->items->completions, new completions($this->courseid, $this->items));
        $this->tell_attempts();
    }

    /**
     * Grades or completions: the rows that are there, and which are not.
     *
     * @param string $kind
     * @param string $name in the answer
     * @param array $known thing => … of those we report
     * @param grades|completions $reader
     */
    private function tell_stored(string $kind, string $name, array $known, grades|completions $reader): void {
        $asked = $this->asked($kind, $known);
        $rows = iterator_to_array($reader->of_users($this->whole), false);
        $things = array_keys(array_replace([], ...array_values($asked)));
        foreach ($reader->read(array_diff(array_keys($asked), $this->whole), $things) as $of => $row) {
            [$userid, $thing] = $of;
            if (isset($asked[$userid][$thing])) {
                $rows[] = $row;
                unset($asked[$userid][$thing]);
            }
        }
        $there = [];
        foreach ($rows as $row) {
            $there[$row[0]][$row[1]] = true;
        }
        foreach ($asked as $userid => $absent) {
            foreach (array_keys($absent) as $thing) {
                $place = is_array($known[$thing]) ? $known[$thing][0] : $known[$thing];
                if (!isset($there[$userid][$place])) {
                    $this->answer['gone'][] = [$kind, $userid, $this->items->keys[$place]];
                }
            }
        }
        $this->answer[$name] = $rows;
    }

    /**
     * Attempts. One that was deleted is not known by its number any more, so all of them are told again.
     */
    private function tell_attempts(): void {
        $deleted = $this->asked(outbox::NO_ATTEMPT, $this->items->attempted);
        foreach ($deleted as $userid => $cmids) {
            foreach (array_keys($cmids) as $cmid) {
                [$modname, $instance] = $this->items->attempted[$cmid];
                $key = $this->items->keys[$this->items->attempts[$modname][$instance]];
                $this->answer['gone'][] = ['attempt', $userid, $key];
            }
        }
        $reader = new attempts($this->items);
        $rows = $reader->of_users($this->whole);
        $asked = $deleted;
        foreach ($this->asked(outbox::ATTEMPT, $this->items->attempted) as $userid => $cmids) {
            $asked[$userid] = ($asked[$userid] ?? []) + $cmids;
        }
        foreach (array_diff_key($asked, array_flip($this->whole)) as $userid => $cmids) {
            array_push($rows, ...$reader->read([$userid], array_keys($cmids)));
        }
        $this->answer['attempts'] = $rows;
    }

    /**
     * What changed of learners, in what we report.
     *
     * @param string $kind
     * @param array $known thing => …
     * @return array user id => [thing => true]
     */
    private function asked(string $kind, array $known): array {
        $ofours = array_map(
            fn($things) => array_intersect_key($things, $known),
            array_intersect_key($this->changed[$kind] ?? [], $this->learners)
        );
        return array_filter($ofours);
    }
}
