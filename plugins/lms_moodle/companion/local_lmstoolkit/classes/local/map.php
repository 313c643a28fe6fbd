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
 * Remembers which section, course module, group … carries which key, so that a repeated call finds what the first one made.
 *
 * A kind names what carries the key: section, module (any activity), group, grouping, category, enrolment.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class map {
    /** @var string */
    private const TABLE = 'local_lmstoolkit_map';

    /**
     * The section that carries a key.
     *
     * @param int $courseid
     * @param string $key
     * @return \stdClass|null a course_sections record
     */
    public static function section(int $courseid, string $key): ?\stdClass {
        global $DB;
        $sql = "SELECT s.*
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_sections} s ON s.id = m.instanceid AND s.course = m.courseid
                 WHERE m.courseid = :courseid AND m.extkey = :extkey AND m.kind = 'section'";
        return $DB->get_record_sql($sql, ['courseid' => $courseid, 'extkey' => $key]) ?: null;
    }

    /**
     * The course module that carries a key, unless it is being deleted.
     *
     * @param int $courseid
     * @param string $key
     * @return \stdClass|null id, section, modname, retired, and the two hashes of the package we applied
     */
    public static function module(int $courseid, string $key): ?\stdClass {
        global $DB;
        $sql = "SELECT cm.id, cm.section, md.name AS modname, m.retired, m.packagesha256, m.packagesha1
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid
                  JOIN {modules} md ON md.id = cm.module
                 WHERE m.courseid = :courseid AND m.extkey = :extkey AND m.kind = 'module' AND cm.deletioninprogress = 0";
        return $DB->get_record_sql($sql, ['courseid' => $courseid, 'extkey' => $key]) ?: null;
    }

    /**
     * What carries a key of some kind.
     *
     * @param int $courseid
     * @param string $kind
     * @param string $key
     * @return int|null its id; the thing itself may be gone, where Moodle tells nobody
     */
    public static function id(int $courseid, string $kind, string $key): ?int {
        global $DB;
        $id = $DB->get_field(self::TABLE, 'instanceid', ['courseid' => $courseid, 'kind' => $kind, 'extkey' => $key]);
        return $id ? (int) $id : null;
    }

    /**
     * What carries a key that a payload names.
     *
     * @param int $courseid
     * @param string $kind
     * @param string $key
     * @return int its id
     * @throws \moodle_exception keynotfound
     */
    public static function require_id(int $courseid, string $kind, string $key): int {
        return self::id($courseid, $kind, $key)
            ?? throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $key);
    }

    /**
     * The keys of a course.
     *
     * @param int $courseid
     * @param string $kind
     * @return string[] id of what carries it => key
     */
    public static function keys(int $courseid, string $kind): array {
        global $DB;
        return $DB->get_records_menu(self::TABLE, ['courseid' => $courseid, 'kind' => $kind], 'id', 'instanceid, extkey');
    }

    /**
     * Remember a key; what it stood for before is replaced.
     *
     * @param int $courseid
     * @param string $kind
     * @param string $key
     * @param int $instanceid
     * @param string $sha256 of the package, empty without one
     * @param string $sha1 by which the module shows whether that package is still there
     */
    public static function save(
        int $courseid,
        string $kind,
        string $key,
        int $instanceid,
        string $sha256 = '',
        string $sha1 = ''
    ): void {
        global $DB;
        $record = (object) [
            'courseid' => $courseid,
            'kind' => $kind,
            'extkey' => $key,
            'instanceid' => $instanceid,
            'retired' => 0,
            'packagesha256' => $sha256,
            'packagesha1' => $sha1,
            'timemodified' => time(),
        ];
        $known = $DB->get_field(self::TABLE, 'id', ['courseid' => $courseid, 'extkey' => $key]);
        if ($known) {
            $DB->update_record(self::TABLE, (object) ((array) $record + ['id' => $known]));
        } else {
            $DB->insert_record(self::TABLE, $record);
        }
        outbox::doubt($courseid);
    }

    /**
     * Remember whether a module is retired, that is no longer declared.
     *
     * @param int $courseid
     * @param string $key
     * @param bool $retired
     */
    public static function set_retired(int $courseid, string $key, bool $retired): void {
        global $DB;
        $DB->set_field(self::TABLE, 'retired', (int) $retired, ['courseid' => $courseid, 'extkey' => $key]);
    }

    /**
     * Whether a course module carries a key.
     *
     * @param int $cmid
     * @return bool
     */
    public static function is_module(int $cmid): bool {
        global $DB;
        return $DB->record_exists(self::TABLE, ['kind' => 'module', 'instanceid' => $cmid]);
    }

    /**
     * Forget what is gone.
     *
     * @param string $kind
     * @param int $instanceid
     */
    public static function forget(string $kind, int $instanceid): void {
        global $DB;
        $DB->delete_records(self::TABLE, ['kind' => $kind, 'instanceid' => $instanceid]);
        if ($kind === 'module') {
            parts::forget_module($instanceid);
        }
    }

    /**
     * Forget everything of a course.
     *
     * @param int $courseid
     */
    public static function forget_course(int $courseid): void {
        global $DB;
        foreach (array_keys(self::keys($courseid, 'module')) as $cmid) {
            parts::forget_module((int) $cmid);
        }
        $DB->delete_records(self::TABLE, ['courseid' => $courseid]);
        setup::forget_course($courseid);
        outbox::forget_course($courseid);
    }
}
