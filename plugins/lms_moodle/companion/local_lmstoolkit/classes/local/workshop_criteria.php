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
 * The criteria of a peer assessment: what Moodle calls aspects of the accumulative strategy.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class workshop_criteria {
    /** @var string */
    private const TABLE = 'workshopform_accumulative';

    /**
     * The criteria of some workshops.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => list of [key, title, points]
     */
    public static function read(array $cms): array {
        global $DB;
        $cmids = array_column($cms, 'id', 'instance');
        $keys = array_map('array_flip', parts::of(array_keys($cms)));
        $found = array_fill_keys(array_keys($cms), []);
        foreach ($DB->get_records_list(self::TABLE, 'workshopid', array_keys($cmids), 'workshopid, sort, id') as $row) {
            $cmid = $cmids[$row->workshopid];
            if ($cms[$cmid]->record->strategy === 'accumulative') {
                $found[$cmid][] = [
                    'key' => (string) ($keys[$cmid][$row->id] ?? ''),
                    'title' => (string) $row->description,
                    'points' => (float) $row->grade,
                ];
            }
        }
        return $found;
    }

    /**
     * Make these the criteria, keeping those there: judgements hang on them.
     *
     * @param \stdClass $cm
     * @param array $criteria
     */
    public static function apply(\stdClass $cm, array $criteria): void {
        global $DB;
        $ids = parts::of([$cm->id])[$cm->id];
        $there = $DB->get_records(self::TABLE, ['workshopid' => $cm->instance]);
        $kept = [];
        foreach ($criteria as $index => $criterion) {
            $record = (object) [
                'workshopid' => $cm->instance,
                'sort' => $index + 1,
                'description' => $criterion['title'],
                'descriptionformat' => FORMAT_PLAIN,
                'grade' => (int) $criterion['points'],
                'weight' => 1,
            ];
            $id = $ids[$criterion['key']] ?? 0;
            if (isset($there[$id])) {
                $record->id = $id;
                $DB->update_record(self::TABLE, $record);
            } else {
                $id = $DB->insert_record(self::TABLE, $record);
            }
            $kept[$criterion['key']] = (int) $id;
        }
        self::remove($cm, array_diff(array_keys($there), $kept));
        parts::save((int) $cm->id, $kept);
    }

    /**
     * Delete criteria with the judgements by them.
     *
     * @param \stdClass $cm
     * @param int[] $ids
     */
    private static function remove(\stdClass $cm, array $ids): void {
        global $DB;
        foreach ($ids as $id) {
            $DB->delete_records('workshop_grades', ['strategy' => 'accumulative', 'dimensionid' => $id]);
            get_file_storage()->delete_area_files($cm->contextid, 'workshopform_accumulative', 'description', $id);
            $DB->delete_records(self::TABLE, ['id' => $id]);
        }
    }

    /**
     * Whether more than the wording changes.
     *
     * @param \stdClass $cm
     * @param array $criteria
     * @return bool
     */
    public static function differ_in_points(\stdClass $cm, array $criteria): bool {
        $there = array_column(self::read([$cm->id => $cm])[$cm->id], 'points', 'key');
        return !same::values(array_column($criteria, 'points', 'key'), $there);
    }
}
