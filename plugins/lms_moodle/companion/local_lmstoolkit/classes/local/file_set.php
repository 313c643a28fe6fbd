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
 * The files that belong to an activity: a picture of a page, an attachment of an assignment.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class file_set {
    /**
     * The type of files in a payload.
     *
     * @return array
     */
    public static function type(): array {
        return payload::nullable(payload::object_of([
            'draftitemid' => payload::nullable('id'),
            'content' => payload::map_of('filename', 'sha1', 500),
        ]));
    }

    /**
     * Refuse an upload that is not what was announced.
     *
     * @param array|null $declared
     * @throws \moodle_exception packagemismatch
     */
    public static function check_draft(?array $declared): void {
        global $USER;
        if (!isset($declared['draftitemid'])) {
            return;
        }
        $context = \context_user::instance($USER->id);
        $files = get_file_storage()->get_area_files($context->id, 'user', 'draft', $declared['draftitemid'], 'id', false);
        $found = [];
        foreach ($files as $file) {
            $found[self::name($file->get_filepath(), $file->get_filename())] = $file->get_contenthash();
        }
        if (!same::values($declared['content'], $found)) {
            throw new \moodle_exception('packagemismatch', 'local_lmstoolkit');
        }
    }

    /**
     * What is in file areas of some activities; the file that opens comes first.
     *
     * @param string[] $areas context id => file area
     * @param string[] $components context id => component
     * @return array context id => [name => sha1]
     */
    public static function read(array $areas, array $components): array {
        global $DB;
        if (!$areas) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal(array_keys($areas));
        $select = "contextid $in AND itemid = 0 AND filename <> '.'";
        $columns = 'id, contextid, component, filearea, filepath, filename, contenthash';
        $found = array_fill_keys(array_keys($areas), []);
        $records = $DB->get_records_select('files', $select, $params, 'sortorder DESC, filepath, filename', $columns);
        foreach ($records as $file) {
            $isours = $areas[$file->contextid] === $file->filearea && $components[$file->contextid] === $file->component;
            if ($isours) {
                $found[$file->contextid][self::name($file->filepath, $file->filename)] = $file->contenthash;
            }
        }
        return $found;
    }

    /**
     * Put the uploaded files there, or take all away. The first one is marked as the one that opens.
     *
     * @param int $contextid
     * @param string $component
     * @param string $area
     * @param array|null $declared
     * @throws \moodle_exception packagemismatch when files are to be kept that are not there
     */
    public static function store(int $contextid, string $component, string $area, ?array $declared): void {
        $storage = get_file_storage();
        if (!$declared || !$declared['content']) {
            $storage->delete_area_files($contextid, $component, $area, 0);
            return;
        }
        if ($declared['draftitemid']) {
            file_save_draft_area_files($declared['draftitemid'], $contextid, $component, $area, 0, ['subdirs' => true]);
        }
        $there = self::read([$contextid => $area], [$contextid => $component])[$contextid];
        if (!same::values($declared['content'], $there)) {
            throw new \moodle_exception('packagemismatch', 'local_lmstoolkit');
        }
        foreach (array_keys($declared['content']) as $index => $name) {
            $path = '/' . (dirname($name) === '.' ? '' : dirname($name) . '/');
            file_set_sortorder($contextid, $component, $area, 0, $path, basename($name), $index ? 0 : 1);
        }
    }

    /**
     * A file's name with its folders.
     *
     * @param string $path
     * @param string $name
     * @return string
     */
    private static function name(string $path, string $name): string {
        return ltrim($path . $name, '/');
    }
}
