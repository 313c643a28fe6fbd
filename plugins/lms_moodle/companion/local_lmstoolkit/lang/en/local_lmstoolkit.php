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
 * English texts of the companion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['backup_stopped'] = 'Moodle stopped in the middle of it; its task log says why.';
$string['backup_unknown'] = 'it is neither a Moodle backup nor a Common Cartridge';
$string['backup_unreadable'] = 'it is not an archive that can be unpacked';
$string['backupinvalid'] = 'This backup cannot be restored: {$a}.';
$string['check_assignstudent'] = 'The service account may enrol people as students.';
$string['check_completion'] = 'Completion tracking is enabled for the site.';
$string['check_cron'] = 'Cron has run within the last hour (last start: {$a}).';
$string['check_gradebookroles'] = 'The gradebook lists at least one role.';
$string['check_manualenrolment'] = 'Manual enrolment is enabled.';
$string['check_scorm'] = 'The SCORM activity is enabled.';
$string['completionreset'] = 'What completes this activity or this course would change, and Moodle would wipe the completion dates of {$a} learner(s). Nothing was changed.';
$string['coursenotfound'] = 'There is no course with the id {$a}.';
$string['jobnotfound'] = 'There is no job with the id {$a}.';
$string['keynotfound'] = 'Nothing in this course carries the key {$a}; apply it first.';
$string['lmstoolkit:deploy'] = 'Deploy courses with lms-toolkit';
$string['lmstoolkit:readresults'] = 'Read grades and completions with lms-toolkit';
$string['lockbusy'] = 'Another deployment is writing to this course. Try again when it has finished.';
$string['manifest_identifier'] = 'the item identifier “{$a}” is empty, too long or used twice';
$string['manifest_none'] = 'it has no imsmanifest.xml of reasonable size at its root';
$string['manifest_nopage'] = 'no item opens a resource';
$string['manifest_nosco'] = 'no item launches a SCO that Moodle recognises (attribute adlcp:scormtype, with that very prefix)';
$string['manifest_nozip'] = 'it is not a zip file';
$string['manifest_unplayable'] = 'Moodle found nothing to launch in it';
$string['manifest_xml'] = 'its manifest is not well-formed plain UTF-8 XML (without a document type) with a manifest element';
$string['manifestinvalid'] = 'Moodle cannot play this package: {$a}.';
$string['modulemissing'] = 'This site has not enabled {$a}.';
$string['packagemismatch'] = 'The uploaded file is not the one announced, or is no longer there. Upload it again.';
$string['payload_missing'] = '{$a} is missing';
$string['payload_noavailability'] = 'availability has conditions, but this site has not enabled restricted access';
$string['payload_nofiles'] = 'files names content, but nothing was uploaded and there is nothing to keep';
$string['payload_nopackage'] = 'package is null, but there is no package yet to keep';
$string['payload_notobject'] = 'it is not a JSON object';
$string['payload_otherkind'] = '{$a->key} is a {$a->there} and cannot become a {$a->declared}; retire it with delete first';
$string['payload_twice'] = '{$a} comes twice in one object';
$string['payload_type'] = '{$a->key} is not {$a->type}';
$string['payload_type_address'] = 'a web address with http or https that Moodle stores unchanged';
$string['payload_type_after'] = 'null or a whole number';
$string['payload_type_anything'] = 'an object';
$string['payload_type_atmost'] = 'at most {$a}';
$string['payload_type_category'] = 'a category key';
$string['payload_type_characters'] = 'a text of at most {$a} characters';
$string['payload_type_choice'] = 'one of: {$a}';
$string['payload_type_condition'] = 'a condition of exactly one key';
$string['payload_type_count'] = 'a whole number from 0 to 100000';
$string['payload_type_empty'] = 'empty';
$string['payload_type_enrolment'] = 'an enrolment key';
$string['payload_type_filename'] = 'a file name that Moodle stores unchanged';
$string['payload_type_flag'] = 'true or false';
$string['payload_type_fornone'] = 'null or 0, as it must be for the enrolment method {$a}';
$string['payload_type_gradedmodule'] = 'the key of a graded module';
$string['payload_type_group'] = 'a group key';
$string['payload_type_grouping'] = 'a grouping key';
$string['payload_type_id'] = 'a whole number above 0';
$string['payload_type_idnumber'] = 'a text of at most 100 characters';
$string['payload_type_imagefile'] = 'an object of files in no folder, each of a type of: {$a}';
$string['payload_type_line'] = 'one line of plain text of at most 255 characters that Moodle stores unchanged';
$string['payload_type_list'] = 'a list of at most {$a}';
$string['payload_type_map'] = 'an object of at most {$a} keys';
$string['payload_type_maxpoints'] = 'a maximum that this kind of activity can have';
$string['payload_type_module'] = 'a key of a module or an activity';
$string['payload_type_nofiles'] = 'null, all that this kind of activity can have';
$string['payload_type_nonempty'] = 'something; it is empty';
$string['payload_type_nopackage'] = 'null, all that this kind of activity can have';
$string['payload_type_nothinghandedin'] = 'possible where nothing is handed in';
$string['payload_type_null'] = 'null, as it must be where nothing is graded';
$string['payload_type_object'] = 'an object';
$string['payload_type_onemanual'] = 'a list with at most one manual method, as Moodle allows no second';
$string['payload_type_onetohundred'] = 'a whole number from 1 to 100';
$string['payload_type_onlygraded'] = 'possible where nothing is graded (max_points is null)';
$string['payload_type_onlywithtext'] = 'possible where no text is handed in';
$string['payload_type_page'] = 'a whole number from 1 to 500';
$string['payload_type_part'] = 'a key of letters, digits and . : _ -';
$string['payload_type_percent'] = 'a number from 0 to 100';
$string['payload_type_plain'] = 'one line of at most 255 characters';
$string['payload_type_points'] = 'a number from 0 to 10000';
$string['payload_type_section'] = 'a section key';
$string['payload_type_sha1'] = 'a SHA-1 in lower-case hexadecimal';
$string['payload_type_sha256'] = 'a SHA-256 in lower-case hexadecimal';
$string['payload_type_somefiles'] = 'an object with at least one file';
$string['payload_type_text'] = 'a text of at most one megabyte without control characters';
$string['payload_type_time'] = 'a time in whole seconds since 1970';
$string['payload_type_trackedmodule'] = 'the key of a module whose completion is tracked';
$string['payload_type_unique'] = 'a list in which each key comes once';
$string['payload_unknown'] = '{$a} is unknown';
$string['payloadinvalid'] = 'The payload is not valid: {$a}.';
$string['pluginname'] = 'lms-toolkit companion';
$string['privacy:metadata'] = 'The companion keeps only which part of a course carries which key, what was declared for a course, and how restores of backups ended. It reads what Moodle keeps about learners and hands it to the authorised service account.';
$string['questions_none'] = 'it has no questions';
$string['questions_some'] = 'not every question could be imported';
$string['questions_xml'] = 'it is not well-formed plain UTF-8 Moodle XML of reasonable size';
$string['questionsinvalid'] = 'The questions cannot be imported: {$a}. Nothing was changed.';
$string['roledescription'] = 'What lms-toolkit needs to deploy courses and read results. For its service account only.';
$string['rolename'] = 'lms-toolkit service';
$string['sectionnotfound'] = 'The section {$a} is not in this course yet; apply it first.';
$string['settingforced'] = 'This site forces the gradebook setting {$a} on every course; let courses set it, then try again.';
$string['taskrestore'] = 'Restore a backup for lms-toolkit';
$string['trackloss'] = 'Learners would lose what they did in: {$a}. Nothing was changed.';
$string['trackloss_answers'] = 'the answers to this survey';
$string['trackloss_criteria'] = 'the criteria of this peer assessment';
$string['trackloss_item'] = '“{$a->title}” ({$a->learners} learner(s))';
$string['trackloss_questions'] = 'the questions of this quiz';
$string['trackloss_rubric'] = 'the rubric of this assignment';
$string['trackloss_submissions'] = 'what was handed in';
$string['zip_bytes'] = 'the file “{$a}” would grow beyond reason when it is unpacked';
$string['zip_files'] = 'it has more than {$a} files';
$string['zip_name'] = 'the name “{$a}” may lead out of it';
