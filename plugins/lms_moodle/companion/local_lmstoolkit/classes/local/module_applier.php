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

use core_grades\component_gradeitems;

/**
 * Creates or updates one activity, found by its key: compares first, writes only what differs, and nothing on a dry run.
 *
 * What is common to all kinds is here; what belongs to one is in its class of kind.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class module_applier {
    /** @var string[] Fields whose change needs no more than moving the module. */
    private const PLACE = ['section_key', 'position'];

    /** @var string[] The fields that are compared with what is there; package and files have rules of their own. */
    private const COMPARED = [
        'section_key', 'position', 'name', 'intro', 'visible', 'availability', 'completion', 'group_mode', 'grouping_key',
        'max_points', 'pass_mark_percent', 'settings',
    ];

    /**
     * For one kind of activity in one course.
     *
     * @param \stdClass $course
     * @param kind\activity $kind
     */
    public function __construct(
        /** @var \stdClass The course, as Moodle stores it. */
        private readonly \stdClass $course,
        /** @var kind\activity The kind. */
        private readonly kind\activity $kind
    ) {
    }

    /**
     * Bring the activity to what is declared.
     *
     * @param array $declared as declaration::of() checked it
     * @return array outcome and id
     * @throws \moodle_exception every error of the contract
     */
    public function apply(array $declared): array {
        $section = map::section($this->course->id, $declared['section_key']);
        if (!$section) {
            throw new \moodle_exception('sectionnotfound', 'local_lmstoolkit', '', $declared['section_key']);
        }
        availability::encode($this->course->id, $declared['availability']); // Every key must be known.
        $this->grouping_id($declared);
        file_set::check_draft($declared['files']);
        $package = $this->package($declared);
        $known = map::module($this->course->id, $declared['key']);
        return $known
            ? $this->update($known, $section, $declared, $package)
            : $this->create($section, $declared, $package);
    }

    /**
     * The uploaded package, read and found fit.
     *
     * @param array $declared
     * @return package|null
     */
    private function package(array $declared): ?package {
        if (!$declared['package']) {
            return null;
        }
        $package = package::from_draft($declared['package']['draftitemid'], $declared['package']['sha256']);
        $this->kind->check_package($package);
        return $package;
    }

    /**
     * Add the activity to its section.
     *
     * @param \stdClass $section
     * @param array $declared
     * @param package|null $package
     * @return array
     */
    private function create(\stdClass $section, array $declared, ?package $package): array {
        if ($this->kind->takes_package() && !$package) {
            throw payload::invalid(get_string('payload_nopackage', 'local_lmstoolkit'));
        }
        if (!empty($declared['files']['content']) && !$declared['files']['draftitemid']) {
            throw payload::invalid(get_string('payload_nofiles', 'local_lmstoolkit'));
        }
        [, , , , $data] = prepare_new_moduleinfo_data($this->course, $this->kind->modname(), $section->section);
        if ($declared['dryrun']) {
            return ['outcome' => 'created', 'id' => null];
        }
        $order = new module_order((int) $this->course->id);
        $data->beforemod = $order->before((int) $section->id, $declared['position'] ?? PHP_INT_MAX, 0);
        $data->add = $this->kind->modname(); // Moodle then gives a new gradebook item its weight.
        $data->visibleoncoursepage = 1;
        $data->showdescription = 0;
        $data->cmidnumber = $declared['key'];
        $this->kind->fill_once($data, $this->course);
        $this->fill($data, $section, $declared);
        $this->fill_completion($data, $declared['completion']);
        $this->fill_pass_mark($data, $declared);
        $cmid = (int) add_moduleinfo($data, $this->course)->coursemodule;
        map::save($this->course->id, 'module', $declared['key'], $cmid);
        $changed = [...array_keys($declared['settings']), 'package', 'files'];
        $this->finish($cmid, $section, $declared, $changed, $package);
        return ['outcome' => 'created', 'id' => $cmid];
    }

    /**
     * Change what differs, in place: course module, instance and what learners did stay.
     *
     * @param \stdClass $known the map's record
     * @param \stdClass $section
     * @param array $declared
     * @param package|null $package
     * @return array
     */
    private function update(\stdClass $known, \stdClass $section, array $declared, ?package $package): array {
        $this->check_kind($known, $declared);
        $reader = new module_reader((int) $this->course->id);
        $cm = $reader->cm((int) $known->id);
        $there = $reader->one($cm);
        $order = new module_order((int) $this->course->id);
        $stays = $there['section_key'] === $declared['section_key'];
        $position = $declared['position'] ?? ($stays ? $there['position'] : PHP_INT_MAX);
        $declared['position'] = $order->attainable((int) $section->id, $position, (int) $cm->id);
        $declared['settings'] = $this->kind->attainable($declared['settings'], $cm);
        $package = $package && $package->sha256 !== $there['package_sha256'] ? $package : null;
        $changed = $this->changed($declared, $there, $package);
        if ($known->retired) {
            $changed[] = 'section_key'; // It comes back from behind the others.
        }
        $details = array_merge($changed, same::differing($declared['settings'], $there['settings']));
        $this->refuse_losses($cm, $declared, $details, $package);
        if ($changed && !$declared['dryrun']) {
            $this->write($cm, $section, $declared, $details, $package);
        }
        return ['outcome' => $changed ? 'updated' : 'unchanged', 'id' => (int) $cm->id];
    }

    /**
     * Refuse to make an activity into one of another kind.
     *
     * @param \stdClass $known
     * @param array $declared
     */
    private function check_kind(\stdClass $known, array $declared): void {
        if ($known->modname !== $declared['modname']) {
            $what = ['key' => $declared['key'], 'there' => $known->modname, 'declared' => $declared['modname']];
            throw payload::invalid(get_string('payload_otherkind', 'local_lmstoolkit', $what));
        }
    }

    /**
     * The fields that differ.
     *
     * @param array $declared
     * @param array $there
     * @param package|null $package
     * @return string[]
     */
    private function changed(array $declared, array $there, ?package $package): array {
        $changed = same::differing(array_intersect_key($declared, array_flip(self::COMPARED)), $there);
        if ($package) {
            $changed[] = 'package';
        }
        $content = $declared['files']['content'] ?? [];
        $stored = $there['files']['content'] ?? [];
        $opens = $this->kind->shows_first_file() && array_key_first($content) !== array_key_first($stored);
        if (!same::values($content, $stored) || $opens) {
            $changed[] = 'files';
        }
        return $changed;
    }

    /**
     * Refuse what would take something from learners.
     *
     * @param \stdClass $cm
     * @param array $declared
     * @param string[] $changed
     * @param package|null $package
     * @throws \moodle_exception trackloss, completionreset
     */
    private function refuse_losses(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        global $DB;
        $this->kind->refuse_loss($cm, $declared, $changed, $package);
        if ($declared['allow_track_loss'] || !in_array('completion', $changed, true)) {
            return;
        }
        // Moodle applies a new rule by wiping every state and computing it again: the dates are lost.
        $done = $DB->count_records_select(
            'course_modules_completion',
            'coursemoduleid = ? AND completionstate <> ?',
            [$cm->id, COMPLETION_INCOMPLETE]
        );
        if ($done) {
            throw new \moodle_exception('completionreset', 'local_lmstoolkit', '', $done);
        }
    }

    /**
     * Write an update.
     *
     * @param \stdClass $cm
     * @param \stdClass $section
     * @param array $declared
     * @param string[] $changed
     * @param package|null $package
     */
    private function write(\stdClass $cm, \stdClass $section, array $declared, array $changed, ?package $package): void {
        map::set_retired((int) $this->course->id, $declared['key'], false);
        if (array_intersect(self::PLACE, $changed)) {
            $before = (new module_order((int) $this->course->id))
                ->before((int) $section->id, $declared['position'], (int) $cm->id);
            $plain = get_coursemodule_from_id($cm->modname, $cm->id, $this->course->id, false, MUST_EXIST);
            moveto_module($plain, $section, $before);
        }
        if (array_diff($changed, ['position'])) {
            $plain = get_coursemodule_from_id($cm->modname, $cm->id, $this->course->id, false, MUST_EXIST);
            [$plain, , , $data] = get_moduleinfo_data($plain, $this->course);
            $this->kind->keep($data, $cm);
            $this->fill($data, $section, $declared);
            $this->fill_pass_mark($data, $declared);
            if (in_array('completion', $changed, true)) {
                $this->fill_completion($data, $declared['completion']);
                $data->completionunlocked = 1;
                outbox::note_upheaval((int) $this->course->id); // Moodle tells nobody which completions it deletes.
            }
            update_moduleinfo($plain, $data, $this->course);
            $this->finish((int) $cm->id, $section, $declared, $changed, $package);
        }
    }

    /**
     * What is declared, besides completion and the pass mark.
     *
     * @param \stdClass $data as Moodle's form would send it
     * @param \stdClass $section
     * @param array $declared
     */
    private function fill(\stdClass $data, \stdClass $section, array $declared): void {
        $data->name = $declared['name'];
        $data->introeditor['text'] = $declared['intro'];
        $data->introeditor['format'] = FORMAT_HTML;
        $data->visible = (int) ($section->visible && $declared['visible']);
        $data->groupmode = array_search($declared['group_mode'], module_reader::GROUP_MODES, true);
        $data->groupingid = $this->grouping_id($declared);
        $availability = availability::encode($this->course->id, $declared['availability']);
        $data->availabilityconditionsjson = $availability ?? '';
        $this->kind->fill($data, $declared);
    }

    /**
     * The grouping that is declared.
     *
     * @param array $declared
     * @return int 0 for none
     * @throws \moodle_exception keynotfound
     */
    private function grouping_id(array $declared): int {
        return $declared['grouping_key'] === null
            ? 0
            : map::require_id((int) $this->course->id, 'grouping', $declared['grouping_key']);
    }

    /**
     * What completes the activity.
     *
     * @param \stdClass $data
     * @param string $word
     */
    private function fill_completion(\stdClass $data, string $word): void {
        foreach (completion_rule::columns($this->kind, $word) as $column => $value) {
            $data->$column = $value;
        }
        $data->completionexpected ??= 0;
    }

    /**
     * The pass grade. Those that Moodle's form shows are formatted for people, with a decimal comma where the language has
     * one: none of them may go back as it came.
     *
     * @param \stdClass $data
     * @param array $declared
     */
    private function fill_pass_mark(\stdClass $data, array $declared): void {
        if (!$this->kind->is_gradable()) {
            return;
        }
        $component = 'mod_' . $this->kind->modname();
        $field = fn(int $number) => component_gradeitems::get_field_name_for_itemnumber($component, $number, 'gradepass');
        foreach (array_keys(component_gradeitems::get_itemname_mapping_for_component($component)) ?: [0] as $number) {
            unset($data->{$field($number)});
        }
        $data->{$field($this->kind->grade_item_number())} = $declared['pass_mark_percent'] / 100 * (float) $declared['max_points'];
    }

    /**
     * What Moodle's form cannot say.
     *
     * @param int $cmid
     * @param \stdClass $section
     * @param array $declared
     * @param string[] $changed
     * @param package|null $package
     */
    private function finish(int $cmid, \stdClass $section, array $declared, array $changed, ?package $package): void {
        global $DB;
        $reader = new module_reader((int) $this->course->id);
        $cm = $reader->cm($cmid);
        if ($this->kind->file_area() && in_array('files', $changed, true)) {
            $component = 'mod_' . $this->kind->modname();
            file_set::store((int) $cm->contextid, $component, $this->kind->file_area(), $declared['files']);
        }
        $this->kind->after($cm, $declared, $changed, $package);
        // A course that forces a group mode keeps Moodle from storing another one.
        set_coursemodule_groupmode($cmid, array_search($declared['group_mode'], module_reader::GROUP_MODES, true));
        if (!$section->visible) {
            $DB->set_field('course_modules', 'visibleold', (int) $declared['visible'], ['id' => $cmid]);
        }
        if ($package) {
            $cm = $reader->cm($cmid);
            $print = $this->kind->fingerprints([$cmid => $cm])[$cmid];
            map::save((int) $this->course->id, 'module', $declared['key'], $cmid, $package->sha256, $print);
        }
        rebuild_course_cache($this->course->id, true);
    }
}
