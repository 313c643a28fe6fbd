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

namespace local_lmstoolkit;

/**
 * Forgets keys whose section, module or course is gone.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class observer {
    /**
     * A module was deleted.
     *
     * @param \core\event\course_module_deleted $event
     */
    public static function module_deleted(\core\event\course_module_deleted $event): void {
        if (local\map::is_module((int) $event->objectid)) {
            local\outbox::note((int) $event->courseid, local\outbox::ALL);
        }
        local\map::forget('module', (int) $event->objectid);
    }

    /**
     * A section was deleted.
     *
     * @param \core\event\course_section_deleted $event
     */
    public static function section_deleted(\core\event\course_section_deleted $event): void {
        local\map::forget('section', (int) $event->objectid);
    }

    /**
     * A course was deleted.
     *
     * @param \core\event\course_deleted $event
     */
    public static function course_deleted(\core\event\course_deleted $event): void {
        local\map::forget_course((int) $event->objectid);
    }

    /**
     * A group was deleted.
     *
     * @param \core\event\group_deleted $event
     */
    public static function group_deleted(\core\event\group_deleted $event): void {
        local\map::forget('group', (int) $event->objectid);
    }

    /**
     * A grouping was deleted.
     *
     * @param \core\event\grouping_deleted $event
     */
    public static function grouping_deleted(\core\event\grouping_deleted $event): void {
        local\map::forget('grouping', (int) $event->objectid);
    }

    /**
     * An enrolment method was deleted.
     *
     * @param \core\event\enrol_instance_deleted $event
     */
    public static function enrol_instance_deleted(\core\event\enrol_instance_deleted $event): void {
        local\map::forget('enrolment', (int) $event->objectid);
    }

    /**
     * Somebody was enrolled.
     *
     * @param \core\event\user_enrolment_created $event
     */
    public static function user_enrolment_created(\core\event\user_enrolment_created $event): void {
        if ($event->other['enrol'] === 'self') {
            local\self_enrolment::put_into_group((int) $event->courseid, (int) $event->objectid, (int) $event->relateduserid);
        }
    }
}
