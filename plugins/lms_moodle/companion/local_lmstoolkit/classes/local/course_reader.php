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
 * Reads a course's settings and what carries our keys in it; anything else there is nobody's business here.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class course_reader {
    /**
     * The course as the toolkit compares it.
     *
     * @param \stdClass $course
     * @return array
     */
    public static function read(\stdClass $course): array {
        return [
            'id' => (int) $course->id,
            'idnumber' => $course->idnumber,
            'shortname' => $course->shortname,
            'fullname' => $course->fullname,
            'summary' => (string) $course->summary,
            'language' => $course->lang,
            'starts_at' => (int) $course->startdate,
            'ends_at' => (int) $course->enddate,
            'sections' => self::sections((int) $course->id),
            'modules' => array_map(self::as_objects(...), (new module_reader((int) $course->id))->all()),
        ] + group_reader::of($course) + [
            'gradebook' => gradebook_reader::of($course),
            'completion' => completion_reader::of($course),
            'enrolment' => enrolment_reader::of($course),
            'image' => self::with_object(image_reader::of($course)),
        ];
    }

    /**
     * The sections that carry a key, in order of the page.
     *
     * @param int $courseid
     * @return array
     */
    private static function sections(int $courseid): array {
        global $DB;
        $sql = "SELECT s.id, s.section, s.name, s.summary, s.visible, s.availability, m.extkey
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_sections} s ON s.id = m.instanceid AND s.course = m.courseid
                 WHERE m.courseid = ? AND m.kind = 'section'
              ORDER BY s.section";
        $modules = map::keys($courseid, 'module');
        $groups = map::keys($courseid, 'group');
        return array_map(fn($section) => [
            'key' => $section->extkey,
            'id' => (int) $section->id,
            'position' => (int) $section->section,
            'name' => (string) $section->name,
            'summary' => (string) $section->summary,
            'visible' => (bool) $section->visible,
            'availability' => availability::decode($section->availability, $modules, $groups),
        ], array_values($DB->get_records_sql($sql, [$courseid])));
    }

    /**
     * A module whose empty objects are not written as empty lists.
     *
     * @param array $module
     * @return array
     */
    private static function as_objects(array $module): array {
        $module['settings'] = (object) $module['settings'];
        $module['files'] = self::with_object($module['files']);
        return $module;
    }

    /**
     * Files whose content is an object also when it is empty.
     *
     * @param array|null $files
     * @return array|null
     */
    private static function with_object(?array $files): ?array {
        return $files === null ? null : ['content' => (object) $files['content']] + $files;
    }
}
