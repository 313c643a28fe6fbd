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

use local_lmstoolkit\local\outbox;

/**
 * Notes in the outbox what has changed about learners' results, in the transaction of whoever changes it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class results_observer {
    /**
     * A grade of an item or a total was set or deleted.
     *
     * @param \core\event\base $event
     */
    public static function grade_changed(\core\event\base $event): void {
        outbox::note((int) $event->courseid, outbox::GRADE, (int) $event->relateduserid, (int) $event->other['itemid']);
    }

    /**
     * A gradebook item changed: its range, whether it is hidden.
     *
     * @param \core\event\grade_item_updated $event
     */
    public static function item_changed(\core\event\grade_item_updated $event): void {
        outbox::note((int) $event->courseid, outbox::ITEM, 0, (int) $event->objectid);
    }

    /**
     * A gradebook item was deleted, and everybody's grade with it.
     *
     * @param \core\event\grade_item_deleted $event
     */
    public static function item_deleted(\core\event\grade_item_deleted $event): void {
        if (in_array($event->other['itemtype'], ['mod', 'course'], true)) {
            outbox::note((int) $event->courseid, outbox::ALL);
        }
    }

    /**
     * A module was completed, or is so no longer.
     *
     * @param \core\event\course_module_completion_updated $event
     */
    public static function module_completed(\core\event\course_module_completion_updated $event): void {
        outbox::note(
            (int) $event->courseid,
            outbox::COMPLETION,
            (int) $event->relateduserid,
            (int) $event->contextinstanceid
        );
    }

    /**
     * A course was completed.
     *
     * @param \core\event\course_completed $event
     */
    public static function course_completed(\core\event\course_completed $event): void {
        outbox::note((int) $event->courseid, outbox::COMPLETION, (int) $event->relateduserid);
    }

    /**
     * Somebody worked on an attempt, or it was graded.
     *
     * @param \core\event\base $event
     */
    public static function attempt_changed(\core\event\base $event): void {
        outbox::note((int) $event->courseid, outbox::ATTEMPT, (int) $event->relateduserid, (int) $event->contextinstanceid);
    }

    /**
     * A teacher graded one question of an attempt. Moodle does not say whose it is.
     *
     * @param \mod_quiz\event\question_manually_graded $event
     */
    public static function question_graded(\mod_quiz\event\question_manually_graded $event): void {
        global $DB;
        $courseid = (int) $event->courseid;
        if (outbox::is_ours($courseid)) {
            $userid = (int) $DB->get_field('quiz_attempts', 'userid', ['id' => $event->other['attemptid']]);
            outbox::note($courseid, outbox::ATTEMPT, $userid, (int) $event->contextinstanceid);
        }
    }

    /**
     * The rule of a course's completion was replaced. Moodle does not say whose completion it deleted for that.
     *
     * @param \core\event\course_completion_updated $event
     */
    public static function completion_rule_changed(\core\event\course_completion_updated $event): void {
        outbox::note_upheaval((int) $event->courseid);
    }

    /**
     * An attempt was deleted.
     *
     * @param \core\event\base $event
     */
    public static function attempt_deleted(\core\event\base $event): void {
        outbox::note((int) $event->courseid, outbox::NO_ATTEMPT, (int) $event->relateduserid, (int) $event->contextinstanceid);
    }

    /**
     * Somebody came in, left, was suspended or let in again.
     *
     * @param \core\event\base $event
     */
    public static function enrolment_changed(\core\event\base $event): void {
        outbox::note((int) $event->courseid, outbox::USER, (int) $event->relateduserid);
    }

    /**
     * Somebody got or lost a role. What happens above courses fires no event for them: the daily reading sees it.
     *
     * @param \core\event\base $event
     */
    public static function role_changed(\core\event\base $event): void {
        if ((int) $event->contextlevel === CONTEXT_COURSE) {
            outbox::note((int) $event->courseid, outbox::USER, (int) $event->relateduserid);
        }
    }

    /**
     * An account was changed.
     *
     * @param \core\event\user_updated $event
     */
    public static function user_updated(\core\event\user_updated $event): void {
        outbox::note_profile((int) $event->objectid);
    }

    /**
     * A way in was opened or closed, a course was reset or restored into: too much to name it all.
     *
     * @param \core\event\base $event
     */
    public static function course_changed(\core\event\base $event): void {
        outbox::note((int) $event->courseid, outbox::ALL);
    }
}
