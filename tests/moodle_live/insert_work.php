<?php
// Works on an activity as a learner would, on the Moodle's own machine; for LMS_TOOLKIT_TEST_MOODLE_WORK.
//
//     php insert_work.php /path/to/moodle < order.json
//
// The order is {"cmid": 1, "username": "…", "work": word}. Without a word it is what learners do in that kind of activity:
// an answer in the first discussion, an attempt, a submission that is graded, a judgement of a peer's work. "complete" marks
// it as done, "teach" sets by hand what a teacher may, "show" prints everything that Moodle stores of its settings.
//
// SPDX-License-Identifier: GPL-3.0-or-later

define('CLI_SCRIPT', true);
require($argv[1] . '/config.php');
foreach (['quiz/locallib', 'forum/lib', 'assign/locallib', 'workshop/locallib', 'feedback/lib'] as $file) {
    require_once("$CFG->dirroot/mod/$file.php");
}
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->dirroot . '/grade/grading/lib.php');

$order = json_decode(stream_get_contents(STDIN), true, 8, JSON_THROW_ON_ERROR);
$user = $DB->get_record('user', ['username' => $order['username'], 'deleted' => 0], '*', MUST_EXIST);
[$course, $cm] = get_course_and_cm_from_cmid($order['cmid']);
$context = context_module::instance($cm->id);
$work = [
    'complete' => function () use ($course, $cm, $user) {
        (new completion_info($course))->update_state($cm, COMPLETION_COMPLETE, $user->id);
    },
    'teach' => function () use ($DB, $cm) {
        $byhand = [
            'quiz' => ['reviewrightanswer' => 0x00010, 'reviewmarks' => 0x01000, 'password' => 'sesame', 'questionsperpage' => 3],
            'assign' => ['hidegrader' => 1, 'submissiondrafts' => 1, 'gradingduedate' => 1900200000],
            'page' => ['displayoptions' => serialize(['printintro' => '1', 'printlastmodified' => '0'])],
            'url' => ['parameters' => serialize(['course' => 'courseid']), 'displayoptions' => serialize(['printintro' => 0])],
            'resource' => ['displayoptions' => serialize(['printintro' => 0, 'showsize' => 1])],
            'forum' => ['maxattachments' => 1, 'lockdiscussionafter' => 86400, 'blockperiod' => 3600, 'blockafter' => 5],
            'workshop' => ['conclusion' => '<p>Well done</p>', 'latesubmissions' => 1, 'nattachments' => 1],
            'feedback' => ['page_after_submit' => '<p>Thanks</p>', 'multiple_submit' => 1, 'publish_stats' => 1],
            'scorm' => ['maxattempt' => 3, 'height' => 700],
            'imscp' => ['keepold' => 2],
        ];
        $settings = $byhand[$cm->modname] ?? ['timemodified' => time()];
        $DB->update_record($cm->modname, (object) (['id' => $cm->instance] + $settings));
        if ($cm->modname === 'quiz') {
            foreach ([[0, 20, 'Again'], [20, 41, 'Good']] as [$min, $max, $text]) {
                $DB->insert_record('quiz_feedback', (object) [
                    'quizid' => $cm->instance, 'mingrade' => $min, 'maxgrade' => $max, 'feedbacktext' => $text,
                    'feedbacktextformat' => FORMAT_HTML,
                ]);
            }
        }
    },
    'show' => function () use ($DB, $cm) {
        $rows = fn($table, $field) => array_values($DB->get_records($table, [$field => $cm->instance], 'id'));
        $shown = ['cm' => [$DB->get_record('course_modules', ['id' => $cm->id])], 'own' => $rows($cm->modname, 'id')];
        if ($cm->modname === 'quiz') {
            $shown['feedback'] = array_values($DB->get_records('quiz_feedback', ['quizid' => $cm->instance], 'mingrade'));
        }
        if ($cm->modname === 'assign') {
            $shown['plugins'] = $rows('assign_plugin_config', 'assignment');
        }
        echo json_encode($shown);
    },
    'forum' => function () use ($DB, $cm, $user) {
        $discussions = $DB->get_records('forum_discussions', ['forum' => $cm->instance], 'id', '*', 0, 1);
        $discussion = reset($discussions);
        forum_add_new_post((object) [
            'discussion' => $discussion->id, 'parent' => $discussion->firstpost, 'subject' => 'Re', 'message' => 'Here I am',
            'messageformat' => FORMAT_HTML, 'messagetrust' => 0, 'mailnow' => 0, 'itemid' => 0, 'forum' => $cm->instance,
        ], null);
    },
    'quiz' => function () use ($cm, $user) {
        $quiz = \mod_quiz\quiz_settings::create($cm->instance, $user->id);
        $usage = question_engine::make_questions_usage_by_activity('mod_quiz', $quiz->get_context());
        $usage->set_preferred_behaviour($quiz->get_quiz()->preferredbehaviour);
        $attempt = quiz_create_attempt($quiz, 1, false, time(), false, $user->id);
        quiz_start_new_attempt($quiz, $usage, $attempt, 1, time());
        quiz_attempt_save_started($quiz, $usage, $attempt);
    },
    'assign' => function () use ($course, $cm, $context, $user) {
        $assign = new assign($context, $cm, $course);
        $assign->get_user_submission($user->id, true);
        $grade = $assign->get_user_grade($user->id, true);
        $controller = get_grading_manager($context, 'mod_assign', 'submissions')->get_active_controller();
        $controller->set_grade_range(make_grades_menu(20), true);
        $picked = array_map(
            fn($criterion) => ['levelid' => array_key_last($criterion['levels']), 'remark' => ''],
            $controller->get_definition()->rubric_criteria
        );
        $instance = $controller->get_or_create_instance(0, get_admin()->id, $grade->id);
        $grade->grade = $instance->submit_and_get_grade(['criteria' => $picked], $grade->id);
        $assign->update_grade($grade);
    },
    'feedback' => function () use ($DB, $cm, $user) {
        $completed = $DB->insert_record('feedback_completed', (object) [
            'feedback' => $cm->instance, 'userid' => $user->id, 'timemodified' => time(), 'random_response' => 1,
            'anonymous_response' => 1, 'courseid' => 0,
        ]);
        foreach ($DB->get_records('feedback_item', ['feedback' => $cm->instance]) as $item) {
            $DB->insert_record('feedback_value', (object) ['item' => $item->id, 'completed' => $completed, 'value' => '1']);
        }
    },
    'workshop' => function () use ($DB, $course, $cm, $user) {
        $workshop = new workshop($DB->get_record('workshop', ['id' => $cm->instance]), $cm, $course);
        $submission = $DB->insert_record('workshop_submissions', (object) [
            'workshopid' => $cm->instance, 'authorid' => $user->id, 'timecreated' => time(), 'timemodified' => time(),
            'title' => 'Mine', 'content' => 'Mine', 'contentformat' => FORMAT_HTML,
        ]);
        $assessment = $workshop->add_allocation($DB->get_record('workshop_submissions', ['id' => $submission]), $user->id);
        foreach ($DB->get_records('workshopform_accumulative', ['workshopid' => $cm->instance]) as $dimension) {
            $DB->insert_record('workshop_grades', (object) [
                'assessmentid' => $assessment, 'strategy' => 'accumulative', 'dimensionid' => $dimension->id, 'grade' => 3,
            ]);
        }
    },
];
\core\session\manager::set_user($user);
$work[$order['work'] ?: $cm->modname]();
