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
 * Sets up the gradebook of a course: total, categories, weights. Compares first: an unchanged one is not recalculated.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class gradebook_applier {
    /**
     * For one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass The course, as Moodle stores it. */
        private readonly \stdClass $course
    ) {
    }

    /**
     * Bring the gradebook to what is declared.
     *
     * @param array $declared pass_mark_percent, categories, items
     * @param bool $dryrun
     * @return array outcome and id
     * @throws \moodle_exception keynotfound, payloadinvalid, settingforced
     */
    public function apply(array $declared, bool $dryrun): array {
        $courseid = (int) $this->course->id;
        $this->check_keys($declared);
        $this->check_forced();
        $isknown = setup::of($courseid, 'gradebook') !== null;
        $changed = !$isknown || !setup::is_same($declared, gradebook_reader::of($this->course))
            || $this->stray_items($declared) || $this->vanished_categories($declared);
        if ($changed && !$dryrun) {
            $this->write($declared);
        }
        return ['outcome' => $changed ? ($isknown ? 'updated' : 'created') : 'unchanged', 'id' => $courseid];
    }

    /**
     * Every key that is named must be there, or declared beside it.
     *
     * @param array $declared
     */
    private function check_keys(array $declared): void {
        $courseid = (int) $this->course->id;
        $categories = array_column($declared['categories'], 'key');
        $graded = array_column(array_filter(gradebook::items($courseid), fn($item) => $item->counts), 'extkey');
        foreach ($declared['items'] as $index => $item) {
            if ($item['category_key'] !== null && !in_array($item['category_key'], $categories, true)) {
                throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $item['category_key']);
            }
            map::require_id($courseid, 'module', $item['key']);
            if (!in_array($item['key'], $graded, true)) {
                throw payload_checks::unfit("items[$index].key", get_string('payload_type_gradedmodule', 'local_lmstoolkit'));
            }
        }
    }

    /**
     * A site can force what every gradebook does; Moodle would then store something else without a word.
     *
     * @throws \moodle_exception settingforced
     */
    private function check_forced(): void {
        global $CFG;
        $needed = ['aggregation' => GRADE_AGGREGATE_WEIGHTED_MEAN, 'aggregateonlygraded' => 0, 'keephigh' => 0];
        foreach ($needed as $name => $value) {
            $isforced = (int) ($CFG->{"grade_{$name}_flag"} ?? 0) & 1;
            if ($isforced && (int) $CFG->{"grade_$name"} !== $value) {
                throw new \moodle_exception('settingforced', 'local_lmstoolkit', '', "grade_$name");
            }
        }
        if ((int) ($CFG->grade_droplow_flag ?? 0) & 1) {
            throw new \moodle_exception('settingforced', 'local_lmstoolkit', '', 'grade_droplow');
        }
    }

    /**
     * Items of ours that count and should not, or would be taken for the best of a category: those of modules that are
     * not declared, and what a module has besides the item that counts.
     *
     * @param array $declared
     * @return \stdClass[]
     */
    private function stray_items(array $declared): array {
        $keys = array_column($declared['items'], 'key');
        $categories = array_column(gradebook::categories((int) $this->course->id), 'id');
        return array_filter(
            gradebook::items((int) $this->course->id),
            fn($item) => (!$item->counts || !in_array($item->extkey, $keys, true))
                && ((float) $item->weight > 0 || in_array($item->categoryid, $categories))
        );
    }

    /**
     * Categories of ours that are no longer declared and hold nothing but what is ours.
     *
     * @param array $declared
     * @return \stdClass[] key => record
     */
    private function vanished_categories(array $declared): array {
        global $DB;
        $ours = gradebook::items((int) $this->course->id);
        $gone = array_diff_key(gradebook::categories((int) $this->course->id), array_column($declared['categories'], null, 'key'));
        return array_filter($gone, function ($category) use ($DB, $ours) {
            $items = $DB->get_records_menu('grade_items', ['categoryid' => $category->id], '', 'id, itemtype');
            return !array_diff_key($items, $ours) && !$DB->record_exists('grade_categories', ['parent' => $category->id]);
        });
    }

    /**
     * Write what differs.
     *
     * @param array $declared
     */
    private function write(array $declared): void {
        $courseid = (int) $this->course->id;
        $total = $this->write_total($declared);
        $places = [];
        foreach ($declared['categories'] as $category) {
            $places[$category['key']] = $this->write_category($category, $total);
        }
        foreach (array_keys($this->stray_items($declared)) as $itemid) {
            $this->write_item((int) $itemid, (int) $total->id, 0);
        }
        $counting = array_column(array_filter(gradebook::items($courseid), fn($item) => $item->counts), 'id', 'extkey');
        foreach ($declared['items'] as $item) {
            $place = $item['category_key'] === null ? (int) $total->id : $places[$item['category_key']];
            $this->write_item((int) $counting[$item['key']], $place, (float) $item['weight']);
        }
        foreach ($declared['categories'] as $category) {
            $drops = gradebook::drops($places[$category['key']], $category['keep_highest']);
            $this->write_fields(\grade_category::fetch(['id' => $places[$category['key']]]), ['droplow' => $drops]);
        }
        foreach ($this->vanished_categories($declared) as $category) {
            \grade_category::fetch(['id' => $category->id])->delete('local_lmstoolkit');
            map::forget('category', (int) $category->id);
        }
        setup::save($courseid, 'gradebook', $declared);
    }

    /**
     * The course total: a weighted mean over 100 in which empty grades count.
     *
     * @param array $declared
     * @return \grade_category
     */
    private function write_total(array $declared): \grade_category {
        $category = \grade_category::fetch_course_category($this->course->id);
        $this->write_mean($category, ['droplow' => 0]);
        $item = $category->load_grade_item();
        $this->write_fields($item, [
            'gradetype' => GRADE_TYPE_VALUE,
            'grademin' => 0,
            'grademax' => 100,
            'gradepass' => $declared['pass_mark_percent'],
        ]);
        return $category;
    }

    /**
     * One category, found by its key, else by the ID number of its item, which is the key.
     *
     * @param array $declared key, name, weight, keep_highest
     * @param \grade_category $total
     * @return int its id
     */
    private function write_category(array $declared, \grade_category $total): int {
        $courseid = (int) $this->course->id;
        $known = map::id($courseid, 'category', $declared['key']);
        $category = $known ? \grade_category::fetch(['id' => $known, 'courseid' => $courseid]) : false;
        $category = $category ?: $this->adoptable($declared['key']);
        if (!$category) {
            $category = new \grade_category(['courseid' => $courseid, 'fullname' => $declared['name']], false);
            $category->parent = $total->id;
            $category->aggregation = GRADE_AGGREGATE_WEIGHTED_MEAN;
            $category->aggregateonlygraded = 0;
            $category->insert('local_lmstoolkit');
        }
        if ((int) $category->parent !== (int) $total->id) {
            $category->set_parent($total->id, 'local_lmstoolkit');
        }
        $this->write_mean($category, [], $declared['name']);
        $item = $category->load_grade_item();
        $this->write_fields($item, ['aggregationcoef' => $declared['weight']]);
        if ((string) $item->idnumber !== $declared['key']) {
            $item->idnumber = $declared['key'];
            $item->update('local_lmstoolkit');
        }
        if ((int) $category->id !== $known) {
            map::save($courseid, 'category', $declared['key'], (int) $category->id);
        }
        return (int) $category->id;
    }

    /**
     * A category that a copy of a course of ours has.
     *
     * @param string $key
     * @return \grade_category|null
     */
    private function adoptable(string $key): ?\grade_category {
        $where = ['courseid' => $this->course->id, 'itemtype' => 'category', 'idnumber' => $key];
        $items = \grade_item::fetch_all($where) ?: [];
        $item = reset($items);
        return $item ? \grade_category::fetch(['id' => $item->iteminstance]) ?: null : null;
    }

    /**
     * Make a category a weighted mean in which empty grades count.
     *
     * @param \grade_category $category
     * @param array $fields more numbers to store
     * @param string|null $name null to leave the name
     */
    private function write_mean(\grade_category $category, array $fields, ?string $name = null): void {
        $fields += ['aggregation' => GRADE_AGGREGATE_WEIGHTED_MEAN, 'aggregateonlygraded' => 0, 'keephigh' => 0];
        $isnamed = $name === null || $category->fullname === $name;
        $category->fullname = $name ?? $category->fullname;
        if (!$this->write_fields($category, $fields) && !$isnamed) {
            $category->update('local_lmstoolkit');
        }
    }

    /**
     * One item of ours.
     *
     * @param int $itemid
     * @param int $categoryid
     * @param float $weight
     */
    private function write_item(int $itemid, int $categoryid, float $weight): void {
        $item = \grade_item::fetch(['id' => $itemid]);
        if ((int) $item->categoryid !== $categoryid) {
            $item->set_parent($categoryid);
        }
        $this->write_fields($item, ['aggregationcoef' => $weight]);
    }

    /**
     * Store numbers that differ; Moodle then marks what is to be calculated again.
     *
     * @param \grade_object $object
     * @param array $fields
     * @return bool whether there were any
     */
    private function write_fields(\grade_object $object, array $fields): bool {
        $differing = array_filter(
            $fields,
            fn($value, $name) => !gradebook::is_same((float) $object->$name, (float) $value),
            ARRAY_FILTER_USE_BOTH
        );
        foreach ($differing as $name => $value) {
            $object->$name = $value;
        }
        if ($differing) {
            $object->update('local_lmstoolkit');
        }
        return (bool) $differing;
    }
}
