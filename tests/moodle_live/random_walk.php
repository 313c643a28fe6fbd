// What teachers, learners and administrators do to results, some of it at random. What comes before it sets $in: course,
// actions: list of [what, user id, number]. Answers nothing.
foreach (['grade/lib', 'user/lib', 'course/lib', 'mod/scorm/locallib', 'mod/quiz/locallib', 'group/lib'] as $file) {
    require_once("$CFG->dirroot/$file.php");
}
require_once($CFG->libdir . '/gradelib.php');
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->libdir . '/enrollib.php');
$course = get_course($in['course']);
$context = \context_course::instance($course->id);
$modinfo = get_fast_modinfo($course);
$student = $DB->get_record('role', ['shortname' => 'student'], '*', MUST_EXIST);
$manual = enrol_get_plugin('manual');
$way = $DB->get_record('enrol', ['courseid' => $course->id, 'enrol' => 'manual'], '*', MUST_EXIST);
$all = \grade_item::fetch_all(['courseid' => $course->id, 'itemtype' => 'mod']) ?: [];
$items = array_values(array_filter($all, fn($item) => $item->gradetype == GRADE_TYPE_VALUE));
usort($items, fn($a, $b) => $a->id <=> $b->id);
$of = fn(string $modname) => array_values($modinfo->get_instances_of($modname));
$pick = fn(array $list, int $number) => $list ? $list[$number % count($list)] : null;
$attempt = function ($cm, int $userid) {
    $quiz = \mod_quiz\quiz_settings::create($cm->instance, $userid);
    $usage = question_engine::make_questions_usage_by_activity('mod_quiz', $quiz->get_context());
    $usage->set_preferred_behaviour($quiz->get_quiz()->preferredbehaviour);
    $number = 1 + max([0, ...array_column(quiz_get_user_attempts($cm->instance, $userid, 'all', true), 'attempt')]);
    $attempt = quiz_create_attempt($quiz, $number, false, time(), false, $userid);
    quiz_start_new_attempt($quiz, $usage, $attempt, $number, time());
    quiz_attempt_save_started($quiz, $usage, $attempt);
    return \mod_quiz\quiz_attempt::create($attempt->id);
};
$do = [
    'grade' => function ($userid, $number) use ($items, $pick, $course) {
        $item = $pick($items, $number);
        $grade = ['userid' => $userid, 'rawgrade' => $number % 7 ? $number % 101 * $item->grademax / 100 : null];
        grade_update("mod/$item->itemmodule", $course->id, 'mod', $item->itemmodule, $item->iteminstance, $item->itemnumber, $grade);
    },
    'override' => fn($userid, $number) => $pick($items, $number)->update_final_grade($userid, $number % 41, 'gradebook'),
    'unoverride' => function ($userid, $number) use ($items, $pick) {
        $item = $pick($items, $number);
        $grade = \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]);
        // A workshop without a submission changes the grade then, and Moodle fires no event.
        if ($grade && $item->itemmodule !== 'workshop') {
            $grade->set_overridden(false);
        }
    },
    'delete grade' => function ($userid, $number) use ($items, $pick) {
        $grade = \grade_grade::fetch(['itemid' => $pick($items, $number)->id, 'userid' => $userid]);
        if ($grade) {
            $grade->grade_item = $pick($items, $number);
            $grade->delete('test');
        }
    },
    'regrade' => fn() => \grade_item::fetch_course_item($course->id)->force_regrading(),
    'weight' => function ($userid, $number) use ($items, $pick) {
        $item = $pick($items, $number);
        $item->aggregationcoef = 1 + $number % 5;
        $item->update();
    },
    'hide item' => fn($userid, $number) => $pick($items, $number)->set_hidden($number % 2, false),
    'range' => function ($userid, $number) use ($of, $pick, $course, $DB) {
        $cm = $pick($of('assign'), $number);
        $assign = $cm ? $DB->get_record('assign', ['id' => $cm->instance]) : null;
        if ($assign) {
            grade_update('mod/assign', $course->id, 'mod', 'assign', $assign->id, 0, null, ['grademax' => 10 + $number % 90]);
        }
    },
    'complete' => function ($userid, $number) use ($course, $modinfo, $pick) {
        $tracked = array_values(array_filter($modinfo->get_cms(), fn($cm) => $cm->completion != COMPLETION_TRACKING_NONE));
        $cm = $pick($tracked, $number);
        $data = (new completion_info($course))->get_data($cm, false, $userid);
        $data->completionstate = $number % 3 ? $number % 4 : 0;
        $data->timemodified = time();
        (new completion_info($course))->internal_set_data($cm, $data);
    },
    'course completed' => fn($userid) => (new completion_completion(['userid' => $userid, 'course' => $course->id]))->mark_complete(),
    'track' => function ($userid, $number) use ($of, $pick, $DB) {
        $cm = $pick($of('scorm'), $number);
        if (!$cm) {
            return;
        }
        $scoes = array_values($DB->get_records_select('scorm_scoes', "scorm = ? AND launch <> ''", [$cm->instance], 'id'));
        $sco = $pick($scoes, $number)->id;
        $track = fn($element, $value) => scorm_insert_track($userid, $cm->instance, $sco, 1 + $number % 2, $element, $value);
        $track('x.start.time', time());
        $track('cmi.interactions_0.id', "question-$number");
        $track('cmi.interactions_0.result', $number % 2 ? 'correct' : 'wrong');
        $track('cmi.interactions_0.student_response', 'a');
        $track('cmi.core.score.max', 100);
        $track('cmi.core.lesson_status', $number % 2 ? 'passed' : 'failed');
        $track('cmi.core.score.raw', $number % 101);
    },
    'delete track' => function ($userid, $number) use ($of, $pick, $DB) {
        $cm = $pick($of('scorm'), $number);
        $scorm = $cm ? $DB->get_record('scorm', ['id' => $cm->instance]) : null;
        foreach ($scorm ? $DB->get_records('scorm_attempt', ['scormid' => $scorm->id, 'userid' => $userid], 'id', '*', 0, 1) : [] as $one) {
            scorm_delete_attempt($userid, $scorm, $one->attempt);
        }
    },
    'attempt' => function ($userid, $number) use ($of, $pick, $attempt) {
        $cm = $pick($of('quiz'), $number);
        if ($cm) {
            $made = $attempt($cm, $userid);
            if ($number % 3) {
                method_exists($made, 'process_submit')
                    ? $made->process_submit(time(), false) || $made->process_grade_submission(time())
                    : $made->process_finish(time(), false);
            }
        }
    },
    'delete attempt' => function ($userid, $number) use ($of, $pick, $DB) {
        $cm = $pick($of('quiz'), $number);
        $quiz = $cm ? $DB->get_record('quiz', ['id' => $cm->instance]) : null;
        $made = $quiz ? quiz_get_user_attempts($quiz->id, $userid, 'all', true) : [];
        if ($made) {
            $quiz->cmid = $cm->id;
            quiz_delete_attempt(reset($made), $quiz);
        }
    },
    'rename' => fn($userid, $number) => user_update_user((object) ['id' => $userid, 'lastname' => "Test $number"], false),
    'enrol' => fn($userid) => $manual->enrol_user($way, $userid, $student->id),
    'unenrol' => fn($userid) => $manual->unenrol_user($way, $userid),
    'suspend' => fn($userid) => $manual->update_user_enrol($way, $userid, ENROL_USER_SUSPENDED),
    'activate' => fn($userid) => $manual->update_user_enrol($way, $userid, ENROL_USER_ACTIVE),
    'unassign' => fn($userid) => role_unassign($student->id, $userid, $context->id),
    'assign' => fn($userid) => role_assign($student->id, $userid, $context->id),
    'delete user' => fn($userid) => user_delete_user($DB->get_record('user', ['id' => $userid], '*', MUST_EXIST)),
    'delete module' => function ($userid, $number) use ($of, $pick) {
        $cm = $pick($of('assign'), $number);
        if ($cm) {
            course_delete_module($cm->id);
        }
    },
    'reset' => fn() => reset_course_userdata((object) [
        'id' => $course->id, 'reset_gradebook_grades' => 1, 'reset_completion' => 1, 'reset_start_date_old' => $course->startdate,
    ]),
    // Another web server, whose clock is wrong, wrote these.
    'skew' => fn($userid, $number) => $DB->execute(
        'UPDATE {local_lmstoolkit_outbox} SET timecreated = timecreated + ? WHERE courseid = ? AND MOD(id, 3) = ?',
        [$number % 2 ? -1000 : 1000, $course->id, $number % 3]
    ),
    // Nobody is told of these.
    'exclude' => function ($userid, $number) use ($items, $pick) {
        $grade = \grade_grade::fetch(['itemid' => $pick($items, $number)->id, 'userid' => $userid]);
        if ($grade) {
            $grade->set_excluded($number % 2);
        }
    },
    'hide' => function ($userid, $number) use ($items, $pick) {
        $grade = \grade_grade::fetch(['itemid' => $pick($items, $number)->id, 'userid' => $userid]);
        if ($grade) {
            $grade->set_hidden($number % 2);
        }
    },
];
foreach ($in['actions'] as [$what, $userid, $number]) {
    $do[$what]($userid, $number);
}
return null;
