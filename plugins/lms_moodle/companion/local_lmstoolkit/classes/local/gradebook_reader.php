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

/**
 * Reads the set-up of a gradebook.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class gradebook_reader {
    /**
     * In the shape of apply_gradebook.
     *
     * @param \stdClass $course
     * @return array|null null until it was applied, or when somebody has changed how the total is calculated
     */
    public static function of(\stdClass $course): ?array {
        global $CFG;
        require_once($CFG->libdir . '/gradelib.php');
        $courseid = (int) $course->id;
        $declared = setup::of($courseid, 'gradebook');
        $total = gradebook::total($courseid);
        if (!$declared || !$total || !self::is_over_hundred($total)) {
            return null;
        }
        return [
            'pass_mark_percent' => self::number($declared['pass_mark_percent'], (float) $total->gradepass),
            'categories' => self::categories($courseid, (int) $total->id, $declared['categories']),
            'items' => self::items($courseid, (int) $total->id, $declared['items']),
        ];
    }

    /**
     * Whether the total is the weighted mean over 100 that we make of it.
     *
     * @param \stdClass $total
     * @return bool
     */
    private static function is_over_hundred(\stdClass $total): bool {
        return gradebook::is_weighted_mean($total) && !$total->droplow && (int) $total->gradetype === GRADE_TYPE_VALUE
            && gradebook::is_same((float) $total->grademin, 0) && gradebook::is_same((float) $total->grademax, 100);
    }

    /**
     * The declared categories that are there and are calculated as declared.
     *
     * @param int $courseid
     * @param int $totalid
     * @param array $declared
     * @return array
     */
    private static function categories(int $courseid, int $totalid, array $declared): array {
        $found = gradebook::categories($courseid);
        $there = [];
        foreach ($declared as $category) {
            $record = $found[$category['key']] ?? null;
            if ($record && (int) $record->parent === $totalid && gradebook::is_weighted_mean($record)) {
                $there[] = [
                    'key' => $category['key'],
                    'name' => $record->fullname,
                    'weight' => self::number($category['weight'], (float) $record->weight),
                    'keep_highest' => self::keep_highest($record, $category['keep_highest']),
                ];
            }
        }
        return $there;
    }

    /**
     * How many grades are kept; the declared number where it comes to the same.
     *
     * @param \stdClass $record
     * @param int $declared
     * @return int
     */
    private static function keep_highest(\stdClass $record, int $declared): int {
        $issame = gradebook::drops((int) $record->id, $declared) === (int) $record->droplow;
        return $issame ? $declared : gradebook::keeps($record);
    }

    /**
     * The items of our modules that are declared or count. The category of one that somebody moved elsewhere is empty.
     *
     * @param int $courseid
     * @param int $totalid
     * @param array $declared
     * @return array
     */
    private static function items(int $courseid, int $totalid, array $declared): array {
        $places = [$totalid => null];
        foreach (gradebook::categories($courseid) as $key => $record) {
            $places[$record->id] = $key;
        }
        $weights = array_column($declared, 'weight', 'key');
        $there = [];
        foreach (gradebook::items($courseid) as $item) {
            $weight = self::number($weights[$item->extkey] ?? 0, (float) $item->weight);
            if ($item->counts && ($weight > 0 || isset($weights[$item->extkey]))) {
                $place = array_key_exists($item->categoryid, $places) ? $places[$item->categoryid] : '';
                $there[$item->extkey] = ['key' => $item->extkey, 'category_key' => $place, 'weight' => $weight];
            }
        }
        return array_map(fn($key) => $there[$key], setup::ordered(array_keys($there), array_keys($weights)));
    }

    /**
     * The declared number where Moodle has it with five decimals, else Moodle's.
     *
     * @param int|float $declared
     * @param float $there
     * @return int|float
     */
    private static function number(int|float $declared, float $there): int|float {
        return gradebook::is_same((float) $declared, $there) ? $declared : $there;
    }
}
