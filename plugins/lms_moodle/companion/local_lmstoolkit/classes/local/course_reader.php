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
            'modules' => self::modules((int) $course->id),
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
        $sql = "SELECT s.id, s.section, s.name, s.summary, m.extkey
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_sections} s ON s.id = m.instanceid AND s.course = m.courseid
                 WHERE m.courseid = ? AND m.kind = 'section'
              ORDER BY s.section";
        return array_map(fn($section) => [
            'key' => $section->extkey,
            'id' => (int) $section->id,
            'position' => (int) $section->section,
            'name' => (string) $section->name,
            'summary' => (string) $section->summary,
        ], array_values($DB->get_records_sql($sql, [$courseid])));
    }

    /**
     * The packages that carry a key.
     *
     * @param int $courseid
     * @return array
     */
    private static function modules(int $courseid): array {
        global $DB;
        $sql = "SELECT cm.id, cm.completion, m.extkey, m.packagesha256, m.packagesha1, ms.extkey AS sectionkey,
                       sc.id AS scormid, sc.name, sc.intro, sc.sha1hash, sc.completionstatusrequired,
                       sc.completionstatusallscos, gi.gradepass, gi.grademin, gi.grademax
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid AND cm.deletioninprogress = 0
                  JOIN {modules} md ON md.id = cm.module AND md.name = 'scorm'
                  JOIN {scorm} sc ON sc.id = cm.instance
             LEFT JOIN {grade_items} gi ON gi.courseid = cm.course AND gi.itemtype = 'mod' AND gi.itemmodule = 'scorm'
                       AND gi.iteminstance = sc.id AND gi.itemnumber = 0
             LEFT JOIN {local_lmstoolkit_map} ms ON ms.courseid = m.courseid AND ms.kind = 'section'
                       AND ms.instanceid = cm.section
                 WHERE m.courseid = ? AND m.kind = 'module'
              ORDER BY cm.id";
        $found = $DB->get_records_sql($sql, [$courseid]);
        $items = tracks::items(array_map('intval', array_column($found, 'scormid')));
        return array_map(fn($module) => [
            'key' => $module->extkey,
            'id' => (int) $module->id,
            'section_key' => (string) $module->sectionkey,
            'name' => $module->name,
            'intro' => (string) $module->intro,
            'pass_mark_percent' => self::pass_mark_percent($module),
            'completion' => scorm_applier::completion_of((int) $module->completion, $module),
            // Another package, put there by hand, has no hash that we know.
            'package_sha256' => $module->sha1hash === $module->packagesha1 ? $module->packagesha256 : '',
            'items' => $items[$module->scormid],
        ], array_values($found));
    }

    /**
     * The pass grade of the gradebook item on a scale of 100.
     *
     * @param \stdClass $module
     * @return float
     */
    private static function pass_mark_percent(\stdClass $module): float {
        $span = (float) $module->grademax - (float) $module->grademin;
        return $span > 0 ? round(((float) $module->gradepass - (float) $module->grademin) / $span * 100, 3) : 0.0;
    }
}
