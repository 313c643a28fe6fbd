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
 * Creates or updates one section of a course, found by its key.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class section_applier {
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
     * Bring the section to what is declared.
     *
     * @param array $declared key, position, name, summary, visible, availability, dryrun
     * @return array outcome and id
     * @throws \moodle_exception keynotfound
     */
    public function apply(array $declared): array {
        $declared['availability'] = availability::of($declared['availability'], 'availability');
        $availability = availability::encode((int) $this->course->id, $declared['availability']);
        $section = map::section($this->course->id, $declared['key']);
        if (!$section) {
            return [
                'outcome' => 'created',
                'id' => $declared['dryrun'] ? null : $this->create($declared, $availability),
            ];
        }
        $position = min($declared['position'], $this->last_position());
        $moves = (int) $section->section !== $position;
        $edits = $this->differs($section, $declared);
        if (!$declared['dryrun']) {
            if ($edits) {
                $this->write((int) $section->id, $declared, $availability);
            }
            if ($moves) {
                move_section_to($this->course, (int) $section->section, $position, true);
            }
        }
        return ['outcome' => $moves || $edits ? 'updated' : 'unchanged', 'id' => (int) $section->id];
    }

    /**
     * Whether anything but the position differs.
     *
     * @param \stdClass $section
     * @param array $declared
     * @return bool
     */
    private function differs(\stdClass $section, array $declared): bool {
        $courseid = (int) $this->course->id;
        $there = [
            'name' => (string) $section->name,
            'summary' => (string) $section->summary,
            'visible' => (bool) $section->visible,
            'availability' => availability::decode(
                $section->availability,
                map::keys($courseid, 'module'),
                map::keys($courseid, 'group')
            ),
        ];
        return (bool) same::differing(array_intersect_key($declared, $there), $there);
    }

    /**
     * A new section at its position, or at the end when the page is not that long yet.
     *
     * @param array $declared
     * @param string|null $availability
     * @return int its id
     */
    private function create(array $declared, ?string $availability): int {
        $this->show_dates_on_a_new_page();
        $position = min($declared['position'], $this->last_position() + 1);
        $section = \core_courseformat\formatactions::section($this->course)->create($position);
        $this->write((int) $section->id, $declared, $availability);
        map::save($this->course->id, 'section', $declared['key'], (int) $section->id);
        return (int) $section->id;
    }

    /**
     * With the first section, let the page tell when things open and are due: core's web service cannot set that.
     *
     * Teachers may switch it off afterwards.
     */
    private function show_dates_on_a_new_page(): void {
        if (!$this->course->showactivitydates && !map::keys((int) $this->course->id, 'section')) {
            update_course((object) ['id' => $this->course->id, 'showactivitydates' => 1]);
        }
    }

    /**
     * Store all but the position. Hiding a section hides its modules; showing it gives each its own visibility back.
     *
     * @param int $sectionid
     * @param array $declared
     * @param string|null $availability
     */
    private function write(int $sectionid, array $declared, ?string $availability): void {
        $info = get_fast_modinfo($this->course->id)->get_section_info_by_id($sectionid, MUST_EXIST);
        \core_courseformat\formatactions::section($this->course)->update($info, [
            'name' => $declared['name'],
            'summary' => $declared['summary'],
            'summaryformat' => FORMAT_HTML,
            'visible' => (int) $declared['visible'],
            'availability' => $availability,
        ]);
    }

    /**
     * The position of the last section that stands on the page by itself; subsections come after it.
     *
     * @return int
     */
    private function last_position(): int {
        global $DB;
        return (int) $DB->get_field_sql(
            'SELECT MAX(section) FROM {course_sections} WHERE course = ? AND component IS NULL',
            [$this->course->id]
        );
    }
}
