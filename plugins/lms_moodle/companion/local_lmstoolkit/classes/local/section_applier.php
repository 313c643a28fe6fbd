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
     * @param array $declared key, position, name, summary, dryrun
     * @return array outcome and id
     */
    public function apply(array $declared): array {
        $section = map::section($this->course->id, $declared['key']);
        if (!$section) {
            return ['outcome' => 'created', 'id' => $declared['dryrun'] ? null : $this->create($declared)];
        }
        $position = min($declared['position'], $this->last_position());
        $moves = (int) $section->section !== $position;
        $edits = $section->name !== $declared['name'] || $section->summary !== $declared['summary'];
        if (!$declared['dryrun']) {
            if ($edits) {
                $this->write((int) $section->id, $declared);
            }
            if ($moves) {
                move_section_to($this->course, (int) $section->section, $position, true);
            }
        }
        return ['outcome' => $moves || $edits ? 'updated' : 'unchanged', 'id' => (int) $section->id];
    }

    /**
     * A new section at its position, or at the end when the page is not that long yet.
     *
     * @param array $declared
     * @return int its id
     */
    private function create(array $declared): int {
        $position = min($declared['position'], $this->last_position() + 1);
        $section = \core_courseformat\formatactions::section($this->course)->create($position);
        $this->write((int) $section->id, $declared);
        map::save($this->course->id, 'section', $declared['key'], (int) $section->id);
        return (int) $section->id;
    }

    /**
     * Store name and summary.
     *
     * @param int $sectionid
     * @param array $declared
     */
    private function write(int $sectionid, array $declared): void {
        $info = get_fast_modinfo($this->course->id)->get_section_info_by_id($sectionid, MUST_EXIST);
        \core_courseformat\formatactions::section($this->course)->update($info, [
            'name' => $declared['name'],
            'summary' => $declared['summary'],
            'summaryformat' => FORMAT_HTML,
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
