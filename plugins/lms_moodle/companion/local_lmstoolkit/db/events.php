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

/**
 * Keeps the map of keys true when somebody deletes things on the site, puts people into the group of their way in, and
 * notes whose results have changed.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();


$observers = [
    [
        'eventname' => \core\event\course_module_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'module_deleted'],
    ],
    [
        'eventname' => \core\event\course_section_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'section_deleted'],
    ],
    [
        'eventname' => \core\event\course_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'course_deleted'],
    ],
    [
        'eventname' => \core\event\group_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'group_deleted'],
    ],
    [
        'eventname' => \core\event\grouping_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'grouping_deleted'],
    ],
    [
        'eventname' => \core\event\enrol_instance_deleted::class,
        'callback' => [\local_lmstoolkit\observer::class, 'enrol_instance_deleted'],
    ],
    [
        'eventname' => \core\event\user_enrolment_created::class,
        'callback' => [\local_lmstoolkit\observer::class, 'user_enrolment_created'],
    ],
    [
        'eventname' => \core\event\user_graded::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'grade_changed'],
    ],
    [
        'eventname' => \core\event\grade_deleted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'grade_changed'],
    ],
    [
        'eventname' => \core\event\grade_item_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'item_changed'],
    ],
    [
        'eventname' => \core\event\grade_item_deleted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'item_deleted'],
    ],
    [
        'eventname' => \core\event\course_module_completion_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'module_completed'],
    ],
    [
        'eventname' => \core\event\course_completed::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'course_completed'],
    ],
    [
        'eventname' => \mod_scorm\event\scoreraw_submitted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_scorm\event\status_submitted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_scorm\event\attempt_deleted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_deleted'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_started::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_submitted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_graded::class, // From Moodle 5.0 on.
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_becameoverdue::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_abandoned::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_reopened::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_regraded::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_manual_grading_completed::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_changed'],
    ],
    [
        'eventname' => \mod_quiz\event\question_manually_graded::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'question_graded'],
    ],
    [
        'eventname' => \mod_quiz\event\attempt_deleted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'attempt_deleted'],
    ],
    [
        'eventname' => \core\event\user_enrolment_created::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'enrolment_changed'],
    ],
    [
        'eventname' => \core\event\user_enrolment_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'enrolment_changed'],
    ],
    [
        'eventname' => \core\event\user_enrolment_deleted::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'enrolment_changed'],
    ],
    [
        'eventname' => \core\event\role_assigned::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'role_changed'],
    ],
    [
        'eventname' => \core\event\role_unassigned::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'role_changed'],
    ],
    [
        'eventname' => \core\event\user_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'user_updated'],
    ],
    [
        'eventname' => \core\event\enrol_instance_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'course_changed'],
    ],
    [
        'eventname' => \core\event\course_completion_updated::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'completion_rule_changed'],
    ],
    [
        'eventname' => \core\event\course_reset_ended::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'course_changed'],
    ],
    [
        'eventname' => \core\event\course_restored::class,
        'callback' => [\local_lmstoolkit\results_observer::class, 'course_changed'],
    ],
];
