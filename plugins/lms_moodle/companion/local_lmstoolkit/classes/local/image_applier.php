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
 * Sets the image of a course.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class image_applier {
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
     * Bring the image to what is declared.
     *
     * @param array|null $declared files, null to take the image away
     * @param bool $dryrun
     * @return array outcome and id
     * @throws \moodle_exception payloadinvalid, packagemismatch
     */
    public function apply(?array $declared, bool $dryrun): array {
        $content = $declared['content'] ?? [];
        $this->check($content);
        file_set::check_draft($declared);
        $there = image_reader::of($this->course)['content'] ?? [];
        $changed = !same::values($content, $there);
        if ($changed && $content && !$declared['draftitemid']) {
            throw new \moodle_exception('packagemismatch', 'local_lmstoolkit'); // There is nothing to keep.
        }
        if ($changed && !$dryrun) {
            file_set::store((int) \context_course::instance($this->course->id)->id, 'course', 'overviewfiles', $declared);
            \cache::make('core', 'course_image')->delete($this->course->id);
        }
        $outcome = $there ? 'updated' : 'created';
        return ['outcome' => $changed ? $outcome : 'unchanged', 'id' => (int) $this->course->id];
    }

    /**
     * Only as many files as the site allows, of the types it allows, in no folder.
     *
     * @param array $content name => sha1
     */
    private function check(array $content): void {
        $options = course_overviewfiles_options($this->course) ?? ['maxfiles' => 0, 'accepted_types' => '*'];
        if (count($content) > $options['maxfiles']) {
            $what = get_string('payload_type_map', 'local_lmstoolkit', $options['maxfiles']);
            throw payload_checks::unfit('files.content', $what);
        }
        $types = $options['accepted_types'] === '*' ? ['.jpg', '.jpeg', '.png', '.gif', '.svg', '.webp'] : $options['accepted_types'];
        foreach (array_keys($content) as $name) {
            if (str_contains($name, '/') || !(new \core_form\filetypes_util())->is_allowed_file_type($name, $types)) {
                $type = get_string('payload_type_imagefile', 'local_lmstoolkit', implode(' ', $types));
                throw payload_checks::unfit('files.content', $type);
            }
        }
    }
}
