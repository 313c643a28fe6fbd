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
 * Remembers which part of a module carries which key: a discussion of a forum, a criterion of a rubric, a question of a survey.
 *
 * Keys are the author's own and unique in their module; each kind of module keeps one sort of part.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class parts {
    /** @var string */
    private const TABLE = 'local_lmstoolkit_part';

    /**
     * The parts of some modules.
     *
     * @param int[] $cmids
     * @return array cmid => [key => id of the part]
     */
    public static function of(array $cmids): array {
        global $DB;
        $parts = array_fill_keys($cmids, []);
        foreach ($DB->get_records_list(self::TABLE, 'cmid', $cmids, 'id') as $record) {
            $parts[$record->cmid][$record->extkey] = (int) $record->instanceid;
        }
        return $parts;
    }

    /**
     * Remember exactly these parts of a module.
     *
     * @param int $cmid
     * @param int[] $parts key => id of the part
     */
    public static function save(int $cmid, array $parts): void {
        global $DB;
        self::forget_module($cmid);
        foreach ($parts as $key => $id) {
            $DB->insert_record(self::TABLE, (object) ['cmid' => $cmid, 'extkey' => (string) $key, 'instanceid' => $id]);
        }
    }

    /**
     * Forget the parts of a module.
     *
     * @param int $cmid
     */
    public static function forget_module(int $cmid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['cmid' => $cmid]);
    }
}
