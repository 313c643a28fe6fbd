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
 * Makes a course from a backup, .mbz or .imscc, without the people in it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class backup_restorer {
    /**
     * For the course to be made.
     *
     * @param \stdClass $order categoryid, idnumber, shortname, fullname
     * @param int $userid on whose behalf
     */
    public function __construct(
        /** @var \stdClass What the course is to be. */
        private readonly \stdClass $order,
        /** @var int Whose rights count. */
        private readonly int $userid
    ) {
    }

    /**
     * Refuse names that another course has.
     *
     * @throws \moodle_exception courseidnumbertaken, shortnametaken
     */
    public function check_names(): void {
        global $DB;
        if ($DB->record_exists('course', ['idnumber' => $this->order->idnumber])) {
            throw new \moodle_exception('courseidnumbertaken', '', '', $this->order->idnumber);
        }
        if ($DB->record_exists('course', ['shortname' => $this->order->shortname])) {
            throw new \moodle_exception('shortnametaken', '', '', $this->order->shortname);
        }
    }

    /**
     * An empty, hidden course that bears the names, so that nobody else takes them.
     *
     * @return int its id
     * @throws \moodle_exception courseidnumbertaken, shortnametaken
     */
    public function make_course(): int {
        return course_lock::alone('create', function () {
            global $DB;
            $this->check_names();
            $order = $this->order;
            $id = (int) \restore_dbops::create_new_course($order->fullname, $order->shortname, $order->categoryid);
            $DB->set_field('course', 'idnumber', $order->idnumber, ['id' => $id]);
            return $id;
        });
    }

    /**
     * Fill the course from the backup, and give it its names back.
     *
     * @param int $courseid
     * @param \stored_file $backup
     * @throws \moodle_exception backupinvalid
     */
    public function restore(int $courseid, \stored_file $backup): void {
        $folder = \restore_controller::get_tempdir_name($courseid, $this->userid);
        $path = make_backup_temp_directory($folder);
        try {
            if (!$backup->extract_to_pathname(get_file_packer('application/vnd.moodle.backup'), $path)) {
                throw self::invalid(get_string('backup_unreadable', 'local_lmstoolkit'));
            }
            $this->run($courseid, $folder);
        } finally {
            fulldelete($path);
        }
        update_course((object) [
            'id' => $courseid,
            'fullname' => $this->order->fullname,
            'shortname' => $this->order->shortname,
            'idnumber' => $this->order->idnumber,
        ]);
    }

    /**
     * Have Moodle restore what was unpacked.
     *
     * @param int $courseid
     * @param string $folder
     */
    private function run(int $courseid, string $folder): void {
        $controller = new \restore_controller(
            $folder,
            $courseid,
            \backup::INTERACTIVE_NO,
            \backup::MODE_GENERAL,
            $this->userid,
            \backup::TARGET_NEW_COURSE
        );
        $iscartridge = $controller->get_status() === \backup::STATUS_REQUIRE_CONV;
        if ($iscartridge) {
            $this->convert($controller);
        }
        try {
            $this->leave_people_out($controller);
            $controller->execute_precheck();
            $errors = $controller->get_precheck_results()['errors'] ?? [];
            if ($errors) {
                throw self::invalid(implode('; ', $errors));
            }
            $controller->execute_plan();
        } finally {
            $controller->destroy();
        }
        if ($iscartridge) {
            self::count_marks($courseid);
        }
    }

    /**
     * Let the marks of each quiz add up: Moodle's converter says 4 for every quiz, and grades would be out of that.
     *
     * @param int $courseid
     */
    private static function count_marks(int $courseid): void {
        global $DB;
        foreach ($DB->get_fieldset_select('quiz', 'id', 'course = ?', [$courseid]) as $id) {
            \mod_quiz\quiz_settings::create((int) $id)->get_grade_calculator()->recompute_quiz_sumgrades();
        }
    }

    /**
     * Have Moodle turn a cartridge into a backup of its own.
     *
     * @param \restore_controller $controller
     * @throws \moodle_exception backupinvalid
     */
    private function convert(\restore_controller $controller): void {
        global $CFG;
        $folder = getcwd();
        chdir($CFG->dirroot . '/backup'); // The converter looks for its templates where Moodle's own page for restores is.
        try {
            $controller->convert();
        } catch (\moodle_exception $error) {
            throw self::invalid(get_string('backup_unknown', 'local_lmstoolkit'));
        } finally {
            chdir($folder);
        }
    }

    /**
     * A deployment brings a course, never its learners.
     *
     * @param \restore_controller $controller
     */
    private function leave_people_out(\restore_controller $controller): void {
        $setting = $controller->get_plan()->get_setting('users');
        if ($setting->get_value()) {
            $setting->set_status(\base_setting::NOT_LOCKED); // Who may not configure a restore has it locked.
            $setting->set_value(false);
        }
    }

    /**
     * The refusal of a backup.
     *
     * @param string $why
     * @return \moodle_exception
     */
    private static function invalid(string $why): \moodle_exception {
        return new \moodle_exception('backupinvalid', 'local_lmstoolkit', '', $why);
    }
}
