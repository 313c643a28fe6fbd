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
$string['cursorexpired'] = 'Nothing can be read from there on: it is too long ago, or the course was reset, restored into or lost an activity. Read everything again.';
$string['filesclosed'] = 'This account may have no private files.';
$string['filetaken'] = 'The private files have a file {$a} already that was not delivered for this course. Nothing was changed.';
$string['health'] = 'Health check';
$string['health_account_admin'] = 'The account {$a->name} is a site administrator: whoever has its token can do anything.';
$string['health_account_admin_fix'] = 'Take it off the list of site administrators.';
$string['health_account_dated'] = 'The account {$a->name} may use the service with an end date, which Moodle compares the wrong way round: until that date it is locked out.';
$string['health_account_dated_fix'] = 'Remove the date from the authorised user; limit the token instead.';
$string['health_account_first'] = 'To be seen once there is a service account.';
$string['health_account_nologin'] = 'The account {$a->name} has the authentication “No login”, and Moodle refuses its token.';
$string['health_account_nologin_fix'] = 'Set its authentication to Manual accounts.';
$string['health_account_none'] = 'There is no service account yet.';
$string['health_account_none_fix'] = 'On the Moodle host, as the web server’s user, run: {$a->setup} – it makes the role, the account and its token.';
$string['health_account_ok'] = 'The account {$a->name} may come in by token.';
$string['health_account_password'] = 'The account {$a->name} must change its password first, which nobody does for it.';
$string['health_account_password_fix'] = 'Untick “Force password change”, or run: {$a->setup}';
$string['health_account_policy'] = 'The account {$a->name} has not agreed to the site’s policies.';
$string['health_account_policy_fix'] = 'Agree for it, or run: {$a->setup}';
$string['health_account_suspended'] = 'The account {$a->name} is suspended.';
$string['health_account_suspended_fix'] = 'Untick “Suspended account”.';
$string['health_account_unauthorised'] = 'The account {$a->name} is not among the users of the service lms-toolkit.';
$string['health_account_unauthorised_fix'] = 'Add it to the authorised users, or run: {$a->setup}';
$string['health_account_unconfirmed'] = 'The account {$a->name} is not confirmed.';
$string['health_account_unconfirmed_fix'] = 'Confirm it in the list of users.';
$string['health_activities_ok'] = 'Every kind of activity that courses use is enabled.';
$string['health_activities_scorm'] = 'SCORM packages are disabled, and every module of a course is one.';
$string['health_activities_scorm_fix'] = 'Enable SCORM package.';
$string['health_activities_some'] = 'These kinds of activity are disabled: {$a->kinds}. Courses that use them cannot be deployed whole.';
$string['health_activities_some_fix'] = 'Enable those that your courses use.';
$string['health_completion_off'] = 'Completion tracking is off: nothing can be completed.';
$string['health_completion_off_fix'] = 'Switch on “Enable completion tracking”.';
$string['health_completion_ok'] = 'Completion tracking is on.';
$string['health_cron_late'] = 'Cron has not run within the last hour (last start: {$a->last}): completions, restores and tasks wait for it.';
$string['health_cron_late_fix'] = 'Have the host run admin/cli/cron.php every minute.';
$string['health_cron_ok'] = 'Cron runs (last start: {$a->last}).';
$string['health_debugdisplay_ok'] = 'Debug messages are not displayed.';
$string['health_debugdisplay_on'] = 'Debug messages are displayed to everybody, also in the middle of the answers of web services.';
$string['health_debugdisplay_on_fix'] = 'Switch off “Display debug messages”.';
$string['health_enrolment_off'] = 'Manual enrolments are disabled: nobody can be enrolled from a list.';
$string['health_enrolment_off_fix'] = 'Enable Manual enrolments.';
$string['health_enrolment_ok'] = 'Manual enrolments are enabled.';
$string['health_found'] = 'Found';
$string['health_gradebookroles_none'] = 'No role is graded: every gradebook is empty.';
$string['health_gradebookroles_none_fix'] = 'Choose the student role under “Graded roles”.';
$string['health_gradebookroles_ok'] = 'The gradebook lists at least one role.';
$string['health_https_off'] = 'The site’s address is {$a->url}: the token travels unencrypted.';
$string['health_https_off_fix'] = 'Serve the site by HTTPS and set $CFG->wwwroot accordingly.';
$string['health_https_ok'] = 'The token travels encrypted, or does not leave this machine.';
$string['health_inputvars_cut'] = 'PHP takes {$a->there} form fields (max_input_vars) and drops the others in silence; calls have up to {$a->needed}.';
$string['health_inputvars_cut_fix'] = 'Set max_input_vars = {$a->recommended} in php.ini.';
$string['health_inputvars_few'] = 'PHP takes {$a->there} form fields (max_input_vars): enough for lms-toolkit, too few for Moodle’s own large forms.';
$string['health_inputvars_few_fix'] = 'Set max_input_vars = {$a->recommended} in php.ini.';
$string['health_inputvars_ok'] = 'PHP takes {$a->there} form fields.';
$string['health_intro'] = 'What lms-toolkit needs of this site. “lms-toolkit doctor” asks much of the same from outside, and whether the site can be reached from there.';
$string['health_limits_cli'] = 'Only the web page can tell: the command line’s PHP has limits of its own.';
$string['health_multilang_off'] = '{$a->courses} course(s) of lms-toolkit have texts in several languages at once, and no filter for them is on: learners see all languages one after the other.';
$string['health_multilang_off_fix'] = 'Switch on the filter Multi-Language Content, for content and headings.';
$string['health_multilang_ok'] = 'No course of lms-toolkit has texts in several languages at once, or the filter for them is on.';
$string['health_name_account'] = 'Service account';
$string['health_name_activities'] = 'Kinds of activity';
$string['health_name_completion'] = 'Completion tracking';
$string['health_name_cron'] = 'Cron';
$string['health_name_debugdisplay'] = 'Debug messages';
$string['health_name_enrolment'] = 'Manual enrolments';
$string['health_name_gradebookroles'] = 'Graded roles';
$string['health_name_https'] = 'Encryption';
$string['health_name_inputvars'] = 'Form fields';
$string['health_name_multilang'] = 'Texts in several languages';
$string['health_name_rest'] = 'REST protocol';
$string['health_name_role'] = 'Role of the service account';
$string['health_name_service'] = 'Service lms-toolkit';
$string['health_name_token'] = 'Token';
$string['health_name_uploads'] = 'Size of uploads';
$string['health_name_versions'] = 'Versions';
$string['health_name_webservices'] = 'Web services';
$string['health_none'] = 'Nothing stands in the way.';
$string['health_open'] = 'Open the page';
$string['health_problems'] = 'Problems found: {$a}. Solve them from the top; one may cause those below it.';
$string['health_rest_off'] = 'The REST protocol is off: the site answers every call with 403.';
$string['health_rest_off_fix'] = 'Enable it, or run: {$a->setup}';
$string['health_rest_ok'] = 'The REST protocol is on.';
$string['health_role_capabilities'] = 'The account’s role does not allow: {$a->capabilities}';
$string['health_role_capabilities_fix'] = 'Allow them in the role, or run: {$a->setup} – a right that another role prohibits has to be allowed there.';
$string['health_role_none'] = 'The account does not have the role lms-toolkit service in the system.';
$string['health_role_none_fix'] = 'Run: {$a->setup}';
$string['health_role_ok'] = 'The account’s role allows everything that is needed.';
$string['health_role_student'] = 'The account’s role may not make anybody a student.';
$string['health_role_student_fix'] = 'Allow that role to assign Student, or run: {$a->setup}';
$string['health_service_disabled'] = 'The service is disabled.';
$string['health_service_disabled_fix'] = 'Tick “Enabled”, or run: {$a->setup}';
$string['health_service_functions'] = 'The service lacks these functions: {$a->functions}';
$string['health_service_functions_fix'] = 'Add them to the service; functions that Moodle does not offer there come with the next upgrade of the companion.';
$string['health_service_none'] = 'The service lms-toolkit is not there.';
$string['health_service_none_fix'] = 'Finish the upgrade under Notifications; if that does not bring it back, install the companion again.';
$string['health_service_ok'] = 'The service is enabled, allows uploads and has every function.';
$string['health_service_uploads'] = 'The service does not allow uploads: no package can be sent.';
$string['health_service_uploads_fix'] = 'Tick “Can upload files”.';
$string['health_todo'] = 'What to do';
$string['health_token_none'] = 'The account has no token that is valid.';
$string['health_token_none_fix'] = 'Run: {$a->setup} – and set the token it prints in the toolkit.';
$string['health_token_ok'] = 'The account has a token that never runs out.';
$string['health_token_ok_until'] = 'The account has a token that is valid until {$a->until}.';
$string['health_token_soon'] = 'The account’s token runs out soon: {$a->until}';
$string['health_token_soon_fix'] = 'Run: {$a->setup} --renew – and set the new token in the toolkit; the old one stops working at once.';
$string['health_uploads_ok'] = 'Packages of up to {$a->largest} can be uploaded.';
$string['health_uploads_post'] = 'PHP’s post_max_size ({$a->post}) is below upload_max_filesize ({$a->upload}): files in between arrive as an empty form.';
$string['health_uploads_post_fix'] = 'Set post_max_size a little above upload_max_filesize in php.ini.';
$string['health_uploads_small'] = 'Packages may have at most {$a->largest}.';
$string['health_uploads_small_fix'] = 'Raise upload_max_filesize and post_max_size in php.ini, the web server’s limit, and “Maximum uploaded file size”.';
$string['health_versions_ok'] = 'Companion {$a->companion} on Moodle {$a->moodle}.';
$string['health_versions_untested'] = 'Companion {$a->companion} was not tested on Moodle {$a->moodle}.';
$string['health_versions_untested_fix'] = 'Install the companion of a newer lms-toolkit.';
$string['health_versions_upgrade'] = 'The files of the companion are {$a->companion}, its tables are of another version.';
$string['health_versions_upgrade_fix'] = 'Run the upgrade under Notifications.';
$string['health_webservices_off'] = 'Web services are off: the site answers every call with 403.';
$string['health_webservices_off_fix'] = 'Switch on “Enable web services”, or run: {$a->setup}';
$string['health_webservices_ok'] = 'Web services are on.';
$string['jobnotfound'] = 'There is no job with the id {$a}.';
$string['keynotfound'] = 'Nothing in this course carries the key {$a}; apply it first.';
$string['lmstoolkit:deliver'] = 'Put files into learners’ private files with lms-toolkit';
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
$string['notenrolled'] = 'This account is not enrolled in the course.';
$string['outboxdays'] = 'Days to keep changes';
$string['outboxdays_desc'] = 'How long the list of changed grades and completions is kept, 1 to 999 days. A pull that comes later reads everything again.';
$string['outboxlag'] = 'Settling time of a change, in seconds';
$string['outboxlag_desc'] = 'A change is told again until it is so old, 0 to 60 seconds, because one that was noted earlier may become visible later. Raise it if requests to this site run for long.';
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
$string['payload_type_anything'] = 'an object';
$string['payload_type_atmost'] = 'at most {$a}';
$string['payload_type_category'] = 'a category key';
$string['payload_type_characters'] = 'a text of at most {$a} characters';
$string['payload_type_choice'] = 'one of: {$a}';
$string['payload_type_condition'] = 'a condition of exactly one key';
$string['payload_type_count'] = 'a whole number from 0 to 100000';
$string['payload_type_cursor'] = 'a whole number of 0 or more';
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
$string['payload_type_part'] = 'a key of letters, digits and . : _ -';
$string['payload_type_pdf'] = 'a PDF';
$string['payload_type_pdfname'] = 'a file name of at most 100 letters, digits, dots, hyphens and underscores that ends in .pdf';
$string['payload_type_percent'] = 'a number from 0 to 100';
$string['payload_type_plain'] = 'one line of at most 255 characters';
$string['payload_type_points'] = 'a number from 0 to 10000';
$string['payload_type_position'] = 'null or what the last page said';
$string['payload_type_rows'] = 'a whole number from 1 to 5000';
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
$string['privacy:metadata:files'] = 'Certificates are put into the private files of their holders, where the institution wants it.';
$string['privacy:metadata:outbox'] = 'Whose results have changed, for some weeks, so that the authorised service account need not read everything again.';
$string['privacy:metadata:outbox:courseid'] = 'The course';
$string['privacy:metadata:outbox:kind'] = 'Whether a grade, a completion, an attempt, the enrolment or the account changed';
$string['privacy:metadata:outbox:thing'] = 'The activity or gradebook item';
$string['privacy:metadata:outbox:timecreated'] = 'When it changed';
$string['privacy:metadata:outbox:userid'] = 'Whose it is';
$string['questions_none'] = 'it has no questions';
$string['questions_some'] = 'not every question could be imported';
$string['questions_xml'] = 'it is not well-formed plain UTF-8 Moodle XML of reasonable size';
$string['questionsinvalid'] = 'The questions cannot be imported: {$a}. Nothing was changed.';
$string['quotafull'] = 'The private files of this account are full. Nothing was changed.';
$string['roledescription'] = 'What lms-toolkit needs to deploy courses and read results. For its service account only.';
$string['rolename'] = 'lms-toolkit service';
$string['sectionnotfound'] = 'The section {$a} is not in this course yet; apply it first.';
$string['settingforced'] = 'This site forces the gradebook setting {$a} on every course; let courses set it, then try again.';
$string['settings'] = 'Settings';
$string['taskhealpages'] = 'Heal course pages that an interrupted deployment of lms-toolkit left behind';
$string['taskprune'] = 'Delete old notes of changed results';
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
