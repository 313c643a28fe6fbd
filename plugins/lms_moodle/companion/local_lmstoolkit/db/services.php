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
 * The companion's web-service functions, and the service that a deploying client needs.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();


$functions = [
    'local_lmstoolkit_get_info' => [
        'classname' => \local_lmstoolkit\external\get_info::class,
        'description' => 'Says which companion and which Moodle this is, and what would stand in the way.',
        'type' => 'read',
        'capabilities' => 'local/lmstoolkit:deploy or local/lmstoolkit:readresults',
    ],
    'local_lmstoolkit_get_course' => [
        'classname' => \local_lmstoolkit\external\get_course::class,
        'description' => 'Reads a course by idnumber with the sections and modules that carry keys of the toolkit.',
        'type' => 'read',
        'capabilities' => 'local/lmstoolkit:deploy or local/lmstoolkit:readresults',
    ],
    'local_lmstoolkit_apply_section' => [
        'classname' => \local_lmstoolkit\external\apply_section::class,
        'description' => 'Creates or updates one section of a course.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:update, moodle/course:movesections, '
            . 'moodle/course:sectionvisibility',
    ],
    'local_lmstoolkit_apply_module' => [
        'classname' => \local_lmstoolkit\external\apply_module::class,
        'description' => 'Creates or updates one activity of a course, in place, keeping what learners did.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:manageactivities, moodle/course:activityvisibility',
    ],
    'local_lmstoolkit_retire_module' => [
        'classname' => \local_lmstoolkit\external\retire_module::class,
        'description' => 'Hides one activity that is no longer declared, or deletes it.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:manageactivities, moodle/course:activityvisibility',
    ],
    'local_lmstoolkit_apply_groups' => [
        'classname' => \local_lmstoolkit\external\apply_groups::class,
        'description' => 'Makes the groups and groupings of a course as declared.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:managegroups',
    ],
    'local_lmstoolkit_apply_gradebook' => [
        'classname' => \local_lmstoolkit\external\apply_gradebook::class,
        'description' => 'Sets up the categories, weights and pass mark of the gradebook of a course.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/grade:manage',
    ],
    'local_lmstoolkit_apply_completion' => [
        'classname' => \local_lmstoolkit\external\apply_completion::class,
        'description' => 'Sets what completes a course.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:update',
    ],
    'local_lmstoolkit_apply_enrolment' => [
        'classname' => \local_lmstoolkit\external\apply_enrolment::class,
        'description' => 'Makes the enrolment methods of a course as declared.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:enrolconfig',
    ],
    'local_lmstoolkit_apply_image' => [
        'classname' => \local_lmstoolkit\external\apply_image::class,
        'description' => 'Sets the image of a course.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:update, moodle/course:changesummary',
    ],
    'local_lmstoolkit_restore_backup' => [
        'classname' => \local_lmstoolkit\external\restore_backup::class,
        'description' => 'Restores an uploaded backup into a new course, in the task queue.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deploy, moodle/course:create, moodle/restore:restorecourse, moodle/restore:uploadfile',
    ],
    'local_lmstoolkit_get_job' => [
        'classname' => \local_lmstoolkit\external\get_job::class,
        'description' => 'Says how a restore is doing.',
        'type' => 'read',
        'capabilities' => 'local/lmstoolkit:deploy',
    ],
    'local_lmstoolkit_get_snapshot' => [
        'classname' => \local_lmstoolkit\external\get_snapshot::class,
        'description' => 'Reads all results of a course, a page at a time.',
        'type' => 'read',
        'capabilities' => 'local/lmstoolkit:readresults, moodle/grade:viewall, moodle/grade:viewhidden',
    ],
    'local_lmstoolkit_get_changes' => [
        'classname' => \local_lmstoolkit\external\get_changes::class,
        'description' => 'Reads what has changed about the results of a course.',
        'type' => 'read',
        'capabilities' => 'local/lmstoolkit:readresults, moodle/grade:viewall, moodle/grade:viewhidden',
    ],
    'local_lmstoolkit_deliver_file' => [
        'classname' => \local_lmstoolkit\external\deliver_file::class,
        'description' => 'Puts a PDF into the private files of a learner, or takes it away again.',
        'type' => 'write',
        'capabilities' => 'local/lmstoolkit:deliver',
    ],
];

$services = [
    'lms-toolkit' => [
        'shortname' => 'lmstoolkit',
        'enabled' => 1,
        'restrictedusers' => 1,
        'downloadfiles' => 0,
        'uploadfiles' => 1,
        'functions' => [
            'local_lmstoolkit_get_info',
            'local_lmstoolkit_get_course',
            'local_lmstoolkit_apply_section',
            'local_lmstoolkit_apply_module',
            'local_lmstoolkit_retire_module',
            'local_lmstoolkit_apply_groups',
            'local_lmstoolkit_apply_gradebook',
            'local_lmstoolkit_apply_completion',
            'local_lmstoolkit_apply_enrolment',
            'local_lmstoolkit_apply_image',
            'local_lmstoolkit_restore_backup',
            'local_lmstoolkit_get_job',
            'local_lmstoolkit_get_snapshot',
            'local_lmstoolkit_get_changes',
            'local_lmstoolkit_deliver_file',
            'core_webservice_get_site_info',
            'core_course_get_categories',
            'core_course_create_categories',
            'core_course_get_courses_by_field',
            'core_course_create_courses',
            'core_course_update_courses',
            'core_course_get_contents',
            'core_courseformat_update_course',
            'core_update_inplace_editable',
            'core_user_get_users_by_field',
            'core_user_create_users',
            'core_user_update_users',
            'core_cohort_get_cohorts',
            'core_cohort_get_cohort_members',
            'core_cohort_add_cohort_members',
            'core_group_get_course_groups',
            'core_group_get_group_members',
            'core_group_add_group_members',
            'core_enrol_get_enrolled_users',
            'enrol_manual_enrol_users',
            'gradereport_user_get_grade_items',
        ],
    ],
];
