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

/**
 * Reads stored grades as rows, without Moodle's objects: a course has hundreds of thousands of them.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class grades {
    /** @var int A teacher set it by hand in the gradebook. */
    public const OVERRIDDEN = 1;

    /** @var int Learners do not see it. */
    public const HIDDEN = 2;

    /** @var int It does not count in totals. */
    public const EXCLUDED = 4;

    /** @var int It does not change any more. */
    public const LOCKED = 8;

    /** @var int Moodle's release of its grade ranges up to which a frozen gradebook keeps the old ones. */
    private const OLD_RANGES = 20150627;

    /** @var bool Whether every grade has a range of its own in this course. */
    private readonly bool $ownranges;

    /** @var bool Whether the gradebook is frozen in how Moodle calculated long ago. */
    private readonly bool $frozen;

    /**
     * For one course.
     *
     * @param int $courseid
     * @param items $items
     */
    public function __construct(
        int $courseid,
        /** @var items What there is. */
        private readonly items $items
    ) {
        global $CFG;
        $setting = grade_get_setting($courseid, 'minmaxtouse', $CFG->grade_minmaxtouse);
        $this->ownranges = (int) $setting === GRADE_MIN_MAX_FROM_GRADE_GRADE;
        $freeze = (int) ($CFG->{"gradebook_calculations_freeze_$courseid"} ?? 0);
        $this->frozen = $freeze && $freeze <= self::OLD_RANGES;
    }

    /**
     * All grades of some users.
     *
     * @param int[] $userids
     * @return \Generator user id, gradebook item id => row
     */
    public function of_users(array $userids): \Generator {
        yield from $this->read($userids, array_keys($this->items->grades));
    }

    /**
     * The grades of some users in some items.
     *
     * @param int[] $userids
     * @param int[] $itemids
     * @return \Generator [user id, gradebook item id] => row
     */
    public function read(array $userids, array $itemids): \Generator {
        global $DB;
        if (!$userids || !$itemids) {
            return;
        }
        [$initems, $itemparams] = $DB->get_in_or_equal($itemids, SQL_PARAMS_NAMED, 'item');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $fields = 'id, itemid, userid, finalgrade, rawgrademin, rawgrademax, timemodified, overridden, hidden, excluded, locked';
        $select = "userid $inusers AND itemid $initems";
        $found = $DB->get_recordset_select('grade_grades', $select, $itemparams + $userparams, '', $fields);
        foreach ($found as $grade) {
            // Moodle makes empty grades when it adds up totals, and tells nobody: there is nothing in them.
            if ($grade->finalgrade === null && !$grade->overridden && !$grade->excluded) {
                continue;
            }
            yield [(int) $grade->userid, (int) $grade->itemid] => $this->row($grade);
        }
        $found->close();
    }

    /**
     * How many users have a grade in an item.
     *
     * @param int $itemid
     * @param int $most
     * @return int[] user ids, one more than $most where there are more
     */
    public static function graded_users(int $itemid, int $most): array {
        global $DB;
        return array_map('intval', array_values($DB->get_records_menu('grade_grades', ['itemid' => $itemid], '', 'id, userid', 0, $most + 1)));
    }

    /**
     * One grade.
     *
     * @param \stdClass $grade of grade_grades
     * @return array user, place of the item, score, lowest, highest, when, flags
     */
    private function row(\stdClass $grade): array {
        [$place, $item] = $this->items->grades[$grade->itemid];
        $own = $this->has_own_range($item);
        $flags = ($grade->overridden ? self::OVERRIDDEN : 0)
            | (self::is_hidden($grade) || self::is_hidden($item) ? self::HIDDEN : 0)
            | ($grade->excluded ? self::EXCLUDED : 0)
            | ($grade->locked || $item->locked ? self::LOCKED : 0);
        return [
            (int) $grade->userid,
            $place,
            $grade->finalgrade === null ? null : (float) $grade->finalgrade,
            (float) ($own ? $grade->rawgrademin : $item->grademin),
            (float) ($own ? $grade->rawgrademax : $item->grademax),
            $grade->timemodified ? (int) $grade->timemodified : null,
            $flags,
        ];
    }

    /**
     * Whether the range of a grade is stored with it: that of a total, as it depends on what a user is graded in.
     *
     * See grade_grade::get_grade_min_and_max().
     *
     * @param \stdClass $item of grade_items
     * @return bool
     */
    private function has_own_range(\stdClass $item): bool {
        $aggregates = $item->itemtype === 'course' && ($this->frozen || (string) $item->calculation === '');
        return $aggregates || $this->ownranges;
    }

    /**
     * Whether a grade or an item is hidden, for ever or until a time to come.
     *
     * @param \stdClass $record
     * @return bool
     */
    private static function is_hidden(\stdClass $record): bool {
        return (int) $record->hidden === 1 || (int) $record->hidden > time();
    }
}
