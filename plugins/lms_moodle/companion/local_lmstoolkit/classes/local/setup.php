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
 * Remembers what was declared of each thing that a course page has once: which keys, in which order, with which numbers.
 *
 * Moodle keeps no order of groups or criteria and rounds weights: without this, what is there would not compare equal.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class setup {
    /** @var string */
    private const TABLE = 'local_lmstoolkit_setup';

    /**
     * What was declared last.
     *
     * @param int $courseid
     * @param string $part groups, gradebook, completion or enrolment
     * @return array|null null until it was applied
     */
    public static function of(int $courseid, string $part): ?array {
        global $DB;
        $declared = $DB->get_field(self::TABLE, 'declared', ['courseid' => $courseid, 'part' => $part]);
        return $declared === false ? null : json_decode($declared, true, 32, JSON_THROW_ON_ERROR);
    }

    /**
     * Remember a declaration that is now there.
     *
     * @param int $courseid
     * @param string $part
     * @param array $declared
     */
    public static function save(int $courseid, string $part, array $declared): void {
        global $DB;
        $record = [
            'courseid' => $courseid,
            'part' => $part,
            'declared' => json_encode($declared, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR),
            'timemodified' => time(),
        ];
        $known = $DB->get_field(self::TABLE, 'id', ['courseid' => $courseid, 'part' => $part]);
        if ($known) {
            $DB->update_record(self::TABLE, (object) ($record + ['id' => $known]));
        } else {
            $DB->insert_record(self::TABLE, (object) $record);
        }
    }

    /**
     * Forget a course.
     *
     * @param int $courseid
     */
    public static function forget_course(int $courseid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['courseid' => $courseid]);
    }

    /**
     * Some keys, those that were declared first and in that order.
     *
     * @param string[] $keys
     * @param string[] $declared
     * @return string[]
     */
    public static function ordered(array $keys, array $declared): array {
        return [...array_intersect($declared, $keys), ...array_diff($keys, $declared)];
    }

    /**
     * Whether what is declared is there: numbers as Moodle can store them, lists in the same order.
     *
     * @param array $declared
     * @param array|null $there
     * @return bool
     */
    public static function is_same(array $declared, ?array $there): bool {
        return $there !== null && self::plain($declared) === self::plain($there);
    }

    /**
     * A value that compares by its content.
     *
     * @param mixed $value
     * @return mixed
     */
    private static function plain(mixed $value): mixed {
        if (!is_array($value)) {
            return is_int($value) || is_float($value) ? round((float) $value, 5) : $value;
        }
        ksort($value);
        return array_map(self::plain(...), $value);
    }
}
