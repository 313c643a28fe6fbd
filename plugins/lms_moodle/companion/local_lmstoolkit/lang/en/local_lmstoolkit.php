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

$string['check_assignstudent'] = 'The service account may enrol people as students.';
$string['check_completion'] = 'Completion tracking is enabled for the site.';
$string['check_cron'] = 'Cron has run within the last hour (last start: {$a}).';
$string['check_gradebookroles'] = 'The gradebook lists at least one role.';
$string['check_manualenrolment'] = 'Manual enrolment is enabled.';
$string['check_scorm'] = 'The SCORM activity is enabled.';
$string['completionreset'] = 'What completes this activity would change, and Moodle would wipe the completion dates of {$a} learner(s). Nothing was changed.';
$string['coursenotfound'] = 'There is no course with the id {$a}.';
$string['lmstoolkit:deploy'] = 'Deploy courses with lms-toolkit';
$string['lmstoolkit:readresults'] = 'Read grades and completions with lms-toolkit';
$string['lockbusy'] = 'Another deployment is writing to this course. Try again when it has finished.';
$string['manifest_identifier'] = 'the item identifier “{$a}” is empty, too long or used twice';
$string['manifest_none'] = 'it has no imsmanifest.xml of reasonable size at its root';
$string['manifest_nosco'] = 'no item launches a SCO that Moodle recognises (attribute adlcp:scormtype, with that very prefix)';
$string['manifest_nozip'] = 'it is not a zip file';
$string['manifest_unplayable'] = 'Moodle found nothing to launch in it';
$string['manifest_unsafe'] = 'its manifest is not plain UTF-8 XML without a document type';
$string['manifest_xml'] = 'its manifest is not well-formed XML with a manifest element';
$string['manifestinvalid'] = 'Moodle cannot play this package: {$a}.';
$string['packagemismatch'] = 'The uploaded file is not the one announced, or is no longer there. Upload it again.';
$string['payload_missing'] = '{$a} is missing';
$string['payload_nopackage'] = 'package is null, but there is no package yet to keep';
$string['payload_notobject'] = 'it is not a JSON object';
$string['payload_type'] = '{$a->key} is not {$a->type}';
$string['payload_type_after'] = 'null or a whole number';
$string['payload_type_completion'] = 'passed or completed';
$string['payload_type_flag'] = 'true or false';
$string['payload_type_id'] = 'a whole number above 0';
$string['payload_type_line'] = 'one line of plain text of at most 255 characters that Moodle stores unchanged';
$string['payload_type_modname'] = 'scorm';
$string['payload_type_module'] = 'a module key';
$string['payload_type_package'] = 'null or a package';
$string['payload_type_page'] = 'a whole number from 1 to 500';
$string['payload_type_percent'] = 'a number from 0 to 100';
$string['payload_type_section'] = 'a section key';
$string['payload_type_sha256'] = 'a SHA-256 in lower-case hexadecimal';
$string['payload_type_text'] = 'a text';
$string['payload_unknown'] = '{$a} is unknown';
$string['payloadinvalid'] = 'The payload is not valid: {$a}.';
$string['pluginname'] = 'lms-toolkit companion';
$string['privacy:metadata'] = 'The companion keeps only which section or activity carries which key. It reads what Moodle keeps about learners and hands it to the authorised service account.';
$string['roledescription'] = 'What lms-toolkit needs to deploy courses and read results. For its service account only.';
$string['rolename'] = 'lms-toolkit service';
$string['sectionnotfound'] = 'The section {$a} is not in this course yet; apply it first.';
$string['trackloss'] = 'Learners would lose what they did in: {$a}. Nothing was changed.';
$string['trackloss_item'] = '“{$a->title}” ({$a->learners} learner(s))';
