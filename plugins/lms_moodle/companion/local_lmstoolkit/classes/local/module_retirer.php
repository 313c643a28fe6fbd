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
 * Takes an activity that is no longer declared out of learners' sight, or deletes it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class module_retirer {
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
     * Hide the activity behind the others of its section, or delete it.
     *
     * @param array $order key, delete, allow_track_loss, dryrun
     * @return array outcome and id
     * @throws \moodle_exception keynotfound, trackloss
     */
    public function retire(array $order): array {
        $known = map::module((int) $this->course->id, $order['key']);
        if (!$known) {
            throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $order['key']);
        }
        $changes = $order['delete'] ? $this->delete($known, $order) : $this->hide($known, $order);
        return ['outcome' => $changes ? 'updated' : 'unchanged', 'id' => (int) $known->id];
    }

    /**
     * Delete it, unless learners would lose what they did.
     *
     * @param \stdClass $known
     * @param array $order
     * @return bool that something changes
     */
    private function delete(\stdClass $known, array $order): bool {
        $cm = (new module_reader((int) $this->course->id))->cm((int) $known->id);
        $learners = module_reader::learners($cm);
        if ($learners && !$order['allow_track_loss']) {
            $title = clean_param($cm->record->name, PARAM_NOTAGS);
            $item = get_string('trackloss_item', 'local_lmstoolkit', ['title' => $title, 'learners' => $learners]);
            throw new \moodle_exception('trackloss', 'local_lmstoolkit', '', $item);
        }
        if (!$order['dryrun']) {
            // The recycle bin makes a backup, and its temporary tables end a transaction on MySQL: where there is one,
            // Moodle only marks the module here and queues the rest.
            course_delete_module($cm->id, true);
        }
        return true;
    }

    /**
     * Do at once what was queued, outside of any transaction. Whoever dies here leaves it to Moodle's own task; the module
     * is off the page, and its key is free.
     *
     * @param int $courseid
     * @param int $cmid
     * @throws \moodle_exception lockbusy
     */
    public static function finish(int $courseid, int $cmid): void {
        global $DB;
        if ($DB->record_exists('course_modules', ['id' => $cmid, 'course' => $courseid, 'deletioninprogress' => 1])) {
            course_lock::alone("course-$courseid", fn() => course_delete_module($cmid));
        }
    }

    /**
     * Hide it, at the end of its section.
     *
     * @param \stdClass $known
     * @param array $order
     * @return bool whether something changes
     */
    private function hide(\stdClass $known, array $order): bool {
        global $DB;
        $cm = get_coursemodule_from_id($known->modname, $known->id, $this->course->id, false, MUST_EXIST);
        $section = $DB->get_record('course_sections', ['id' => $cm->section], '*', MUST_EXIST);
        $shown = (bool) ($section->visible ? $cm->visible : $cm->visibleold);
        if ($known->retired && !$shown) {
            return false;
        }
        if (!$order['dryrun']) {
            moveto_module($cm, $section);
            set_coursemodule_visible($cm->id, 0);
            $DB->set_field('course_modules', 'visibleold', 0, ['id' => $cm->id]);
            map::set_retired((int) $this->course->id, $order['key'], true);
            rebuild_course_cache($this->course->id, true);
        }
        return true;
    }
}
