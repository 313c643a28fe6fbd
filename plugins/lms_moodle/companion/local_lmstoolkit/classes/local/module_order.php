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
 * Where modules stand in their sections: counted among those that carry our keys and are not retired.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class module_order {
    /** @var array section id => list of cmids as on the page */
    private array $sequences = [];

    /** @var array cmid => section id, of modules that count */
    private array $counted = [];

    /**
     * For one course, as it is now.
     *
     * @param int $courseid
     */
    public function __construct(int $courseid) {
        global $DB;
        foreach ($DB->get_records_menu('course_sections', ['course' => $courseid], 'section', 'id, sequence') as $id => $sequence) {
            $this->sequences[$id] = array_map('intval', array_filter(explode(',', (string) $sequence)));
        }
        $sql = "SELECT cm.id, m.retired
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid AND cm.deletioninprogress = 0
                 WHERE m.courseid = ? AND m.kind = 'module'";
        $this->counted = array_filter($DB->get_records_sql_menu($sql, [$courseid]), fn($retired) => !$retired);
    }

    /**
     * The place of a module, from 1; retired ones come behind the others.
     *
     * @param int $sectionid
     * @param int $cmid
     * @return int
     */
    public function position(int $sectionid, int $cmid): int {
        $before = array_search($cmid, $this->sequences[$sectionid] ?? [], true);
        if (!isset($this->counted[$cmid])) {
            return count($this->others($sectionid, $cmid)) + 1;
        }
        $earlier = array_slice($this->sequences[$sectionid], 0, (int) $before);
        return count(array_filter($earlier, fn($id) => isset($this->counted[$id]))) + 1;
    }

    /**
     * The place that a declared one stands for: beyond the end means the end.
     *
     * @param int $sectionid
     * @param int $position
     * @param int $cmid of the module that goes there, 0 for a new one
     * @return int
     */
    public function attainable(int $sectionid, int $position, int $cmid): int {
        return min($position, count($this->others($sectionid, $cmid)) + 1);
    }

    /**
     * Before which module one has to be put to stand at a place.
     *
     * @param int $sectionid
     * @param int $position
     * @param int $cmid of the module that goes there, 0 for a new one
     * @return int|null null for the end of the section
     */
    public function before(int $sectionid, int $position, int $cmid): ?int {
        $others = $this->others($sectionid, $cmid);
        if (isset($others[$position - 1])) {
            return $others[$position - 1];
        }
        $rest = array_values(array_diff($this->sequences[$sectionid] ?? [], [$cmid]));
        $last = $others ? array_search(end($others), $rest, true) : count($rest) - 1;
        return $rest[$last + 1] ?? null;
    }

    /**
     * Every section's modules as on the page.
     *
     * @return int[] all cmids of the course
     */
    public function page(): array {
        return array_merge([], ...array_values($this->sequences));
    }

    /**
     * The modules of a section that count, without one.
     *
     * @param int $sectionid
     * @param int $cmid
     * @return int[]
     */
    private function others(int $sectionid, int $cmid): array {
        return array_values(array_filter(
            $this->sequences[$sectionid] ?? [],
            fn($id) => $id !== $cmid && isset($this->counted[$id])
        ));
    }
}
