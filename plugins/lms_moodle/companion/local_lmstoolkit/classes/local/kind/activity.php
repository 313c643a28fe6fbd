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

namespace local_lmstoolkit\local\kind;

use local_lmstoolkit\local\package;
use local_lmstoolkit\local\payload;

/**
 * One kind of activity: its own settings, how they are stored, read back and guarded. What all kinds share is in module_applier.
 *
 * A $cm is a record of course_modules with modname, contextid, and the activity's own record as record.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
abstract class activity {
    /**
     * Moodle's name of the kind.
     *
     * @return string
     */
    abstract public function modname(): string;

    /**
     * Load the functions of this kind.
     */
    public function load(): void {
        global $CFG;
        require_once($CFG->dirroot . '/mod/' . $this->modname() . '/lib.php');
    }

    /**
     * The keys of the settings and their types.
     *
     * @return array
     */
    public function settings_types(): array {
        return [];
    }

    /**
     * What must hold between the parts of a declaration.
     *
     * @param array $declared
     * @throws \moodle_exception payloadinvalid
     */
    public function check(array $declared): void {
    }

    /**
     * The words for what can complete it.
     *
     * @return string[]
     */
    public function completions(): array {
        return ['none', 'manual', 'viewed'];
    }

    /**
     * The activity's own columns behind a word.
     *
     * @return array word => [column => value]
     */
    public function completion_columns(): array {
        return [];
    }

    /**
     * The value of such a column when no rule uses it.
     *
     * @param string $column
     * @return int|null
     */
    public function unset_completion(string $column): ?int {
        return 0;
    }

    /**
     * Columns of rules that we have no word for; where one is set, the rule was made by hand.
     *
     * @return string[]
     */
    public function foreign_completion_columns(): array {
        return [];
    }

    /**
     * Whether it can be graded.
     *
     * @return bool
     */
    public function is_gradable(): bool {
        return false;
    }

    /**
     * Which of its gradebook items is the grade.
     *
     * @return int
     */
    public function grade_item_number(): int {
        return 0;
    }

    /**
     * Whether its grade can have this maximum.
     *
     * @param float|null $points
     * @return bool
     */
    public function can_have(?float $points): bool {
        return $this->is_gradable() || $points === null;
    }

    /**
     * The best possible grade.
     *
     * @param \stdClass $record of the activity
     * @return float|null null when it is not graded
     */
    public function max_points(\stdClass $record): ?float {
        return null;
    }

    /**
     * Whether it is made from an uploaded package.
     *
     * @return bool
     */
    public function takes_package(): bool {
        return false;
    }

    /**
     * Read an uploaded package, so that nothing is changed when it is unfit.
     *
     * @param package $package
     */
    public function check_package(package $package): void {
    }

    /**
     * The file area for declared files.
     *
     * @return string|null
     */
    public function file_area(): ?string {
        return null;
    }

    /**
     * Whether the first declared file is the one that opens.
     *
     * @return bool
     */
    public function shows_first_file(): bool {
        return false;
    }

    /**
     * Rights needed in the course besides mod/…:addinstance and moodle/course:manageactivities.
     *
     * @param array $declared
     * @return string[]
     */
    public function capabilities(array $declared): array {
        return [];
    }

    /**
     * The declared settings as far as they can still be had; what learners did may stand against a part of them.
     *
     * @param array $settings
     * @param \stdClass $cm
     * @return array
     */
    public function attainable(array $settings, \stdClass $cm): array {
        return $settings;
    }

    /**
     * Settings of a new activity that are nobody's declaration. Teachers may change them later; we do not set them again.
     *
     * @param \stdClass $data as Moodle's form would send it
     * @param \stdClass $course
     */
    public function fill_once(\stdClass $data, \stdClass $course): void {
    }

    /**
     * Settings of an existing activity that its form would send again, and that would be wiped otherwise.
     *
     * @param \stdClass $data
     * @param \stdClass $cm
     */
    public function keep(\stdClass $data, \stdClass $cm): void {
    }

    /**
     * What is declared.
     *
     * @param \stdClass $data
     * @param array $declared
     */
    public function fill(\stdClass $data, array $declared): void {
    }

    /**
     * What Moodle's form cannot say, after the activity was saved.
     *
     * @param \stdClass $cm
     * @param array $declared
     * @param string[] $changed keys of the settings that differed, and package
     * @param package|null $package a new one
     */
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
    }

    /**
     * Refuse what would take something from learners.
     *
     * @param \stdClass $cm
     * @param array $declared
     * @param string[] $changed
     * @param package|null $package
     * @throws \moodle_exception trackloss
     */
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
    }

    /**
     * The settings of some activities, in a fixed number of queries.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => settings
     */
    public function settings(array $cms): array {
        return array_map(fn() => [], $cms);
    }

    /**
     * How many users have an attempt, a submission or a post.
     *
     * @param \stdClass[] $cms cmid => …
     * @return int[] cmid => learners; those without may be left out
     */
    public function learners(array $cms): array {
        return [];
    }

    /**
     * The items of packages, with the learners who have tracks there.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => list of [identifier, title, learners]
     */
    public function items(array $cms): array {
        return [];
    }

    /**
     * By what the activity shows whether the package we applied is still there.
     *
     * @param \stdClass[] $cms cmid => …
     * @return string[] cmid => 40 characters
     */
    public function fingerprints(array $cms): array {
        return [];
    }

    /**
     * Counts from a query with the columns instance and learners.
     *
     * @param \stdClass[] $cms
     * @param string $sql with {in} where the instances go
     * @param string $column that holds the instance
     * @return int[] cmid => learners
     */
    protected function count(array $cms, string $sql, string $column): array {
        global $DB;
        $instances = array_column($cms, 'instance', 'id');
        if (!$instances) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal(array_values($instances));
        $counts = $DB->get_records_sql_menu(str_replace('{in}', "$column $in", $sql), $params);
        return array_map(fn($instance) => (int) ($counts[$instance] ?? 0), $instances);
    }

    /**
     * Refuse a declaration.
     *
     * @param string $key
     * @param string $type name of a language string payload_type_…
     * @param string|null $what for that string
     * @return \moodle_exception
     */
    protected function unfit(string $key, string $type, ?string $what = null): \moodle_exception {
        $type = get_string('payload_type_' . $type, 'local_lmstoolkit', $what);
        return payload::invalid(get_string('payload_type', 'local_lmstoolkit', ['key' => $key, 'type' => $type]));
    }

    /**
     * Refuse because learners would lose something.
     *
     * @param string $what name of a language string
     * @param int $learners
     * @return \moodle_exception
     */
    protected function loss(string $what, int $learners): \moodle_exception {
        $title = get_string($what, 'local_lmstoolkit');
        $item = get_string('trackloss_item', 'local_lmstoolkit', ['title' => $title, 'learners' => $learners]);
        return new \moodle_exception('trackloss', 'local_lmstoolkit', '', $item);
    }
}
