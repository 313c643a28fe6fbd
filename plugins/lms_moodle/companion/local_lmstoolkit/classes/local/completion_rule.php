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
 * What completes an activity, in the toolkit's words and in Moodle's columns.
 *
 * Moodle spreads a rule over the course module (tracking, viewed, graded, passed) and columns of the activity itself.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class completion_rule {
    /** @var string[] Every word of the contract. */
    public const WORDS = ['none', 'manual', 'viewed', 'posted', 'submitted', 'graded', 'passed', 'completed'];

    /**
     * The rule as Moodle's form would send it.
     *
     * @param kind\activity $kind
     * @param string $word
     * @return array column => value
     */
    public static function columns(kind\activity $kind, string $word): array {
        $own = $kind->completion_columns();
        $graded = !isset($own[$word]) && in_array($word, ['graded', 'passed'], true);
        $columns = [
            'completion' => match ($word) {
                'none' => COMPLETION_TRACKING_NONE,
                'manual' => COMPLETION_TRACKING_MANUAL,
                default => COMPLETION_TRACKING_AUTOMATIC,
            },
            'completionview' => $word === 'viewed' ? COMPLETION_VIEW_REQUIRED : COMPLETION_VIEW_NOT_REQUIRED,
            'completionusegrade' => (int) $graded,
            'completiongradeitemnumber' => $graded ? $kind->grade_item_number() : null,
            'completionpassgrade' => (int) ($graded && $word === 'passed'),
        ];
        // Columns of the activity's other rules are cleared.
        foreach (array_merge(...array_values($own)) as $column => $value) {
            $columns[$column] = $kind->unset_completion($column);
        }
        return ($own[$word] ?? []) + $columns;
    }

    /**
     * The word for what is stored; empty when somebody set a rule by hand that we have no word for.
     *
     * @param kind\activity $kind
     * @param \stdClass $cm with the activity's own record
     * @return string
     */
    public static function word(kind\activity $kind, \stdClass $cm): string {
        foreach ($kind->completions() as $word) {
            if (self::matches($kind, $cm, $word)) {
                return $word;
            }
        }
        return '';
    }

    /**
     * Whether what is stored is what a word stands for.
     *
     * @param kind\activity $kind
     * @param \stdClass $cm
     * @param string $word
     * @return bool
     */
    private static function matches(kind\activity $kind, \stdClass $cm, string $word): bool {
        $columns = self::columns($kind, $word);
        if ((int) $cm->completion !== $columns['completion']) {
            return false;
        }
        if ($columns['completion'] !== COMPLETION_TRACKING_AUTOMATIC) {
            return true; // Moodle keeps the rest of an earlier rule, and does not look at it.
        }
        $stored = fn(string $column) => property_exists($cm, $column) ? $cm->$column : ($cm->record->$column ?? null);
        $number = $cm->completiongradeitemnumber === null ? null : (int) $cm->completiongradeitemnumber;
        if ($number !== $columns['completiongradeitemnumber']) {
            return false;
        }
        unset($columns['completion'], $columns['completionusegrade'], $columns['completiongradeitemnumber']);
        foreach ($columns as $column => $value) {
            if ((int) $stored($column) !== (int) $value) {
                return false;
            }
        }
        foreach ($kind->foreign_completion_columns() as $column) {
            if (!empty($cm->record->$column)) {
                return false;
            }
        }
        return true;
    }
}
