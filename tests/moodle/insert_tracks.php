<?php
// Plays a SCORM module as a learner would, on the Moodle's own machine; for LMS_TOOLKIT_TEST_MOODLE_PLAY.
//
//     php insert_tracks.php /path/to/moodle < order.json
//
// The order is {"cmid": 1, "username": "…", "items": {"identifier": {"cmi.core.lesson_status": "passed"}}}.
//
// SPDX-License-Identifier: GPL-3.0-or-later

define('CLI_SCRIPT', true);
require($argv[1] . '/config.php');
require_once($CFG->dirroot . '/mod/scorm/locallib.php');

$order = json_decode(stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
$user = $DB->get_record('user', ['username' => $order['username'], 'deleted' => 0], '*', MUST_EXIST);
\core\session\manager::set_user($user);
$cm = get_coursemodule_from_id('scorm', $order['cmid'], 0, false, MUST_EXIST);
foreach ($order['items'] as $identifier => $elements) {
    $sco = $DB->get_record('scorm_scoes', ['scorm' => $cm->instance, 'identifier' => $identifier], '*', MUST_EXIST);
    foreach ($elements as $element => $value) {
        scorm_insert_track($user->id, $cm->instance, $sco->id, 1, $element, $value);
    }
}
