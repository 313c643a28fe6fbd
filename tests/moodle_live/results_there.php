// Everybody's results as Moodle's own objects tell them. What comes before it sets $in: course.
require_once($CFG->libdir . '/gradelib.php');
require_once($CFG->libdir . '/completionlib.php');
require_once($CFG->libdir . '/enrollib.php');
require_once($CFG->dirroot . '/mod/scorm/locallib.php');
require_once($CFG->dirroot . '/mod/quiz/locallib.php');
$course = get_course($in['course']);
$context = \context_course::instance($course->id);
grade_regrade_final_grades($course->id);
$keys = $DB->get_records_menu('local_lmstoolkit_map', ['courseid' => $course->id, 'kind' => 'module'], '', 'instanceid, extkey');
$modinfo = get_fast_modinfo($course);
$completion = new completion_info($course);
$there = ['users' => [], 'grades' => [], 'completions' => [], 'attempts' => []];
foreach ($DB->get_records('user_enrolments', ['enrolid' => $DB->get_field('enrol', 'id', ['courseid' => $course->id, 'enrol' => 'manual'])]) as $one) {
    $roles = array_column(get_user_roles($context, $one->userid), 'shortname');
    if ($one->status != ENROL_USER_ACTIVE || !in_array('student', $roles, true)) {
        continue;
    }
    $userid = (int) $one->userid;
    $there['users'][$userid] = fullname(\core_user::get_user($userid));
    foreach (\grade_item::fetch_all(['courseid' => $course->id]) as $item) {
        $cm = $item->itemtype === 'mod' ? $modinfo->get_instances_of($item->itemmodule)[$item->iteminstance] ?? null : null;
        $number = $item->itemmodule === 'forum' ? 1 : 0;
        $key = $item->itemtype === 'course' ? 'total' : ($cm && $item->itemnumber == $number ? $keys[$cm->id] ?? null : null);
        $grade = $key && $item->gradetype == GRADE_TYPE_VALUE
            ? \grade_grade::fetch(['itemid' => $item->id, 'userid' => $userid]) : null;
        if ($grade && ($grade->finalgrade !== null || $grade->is_overridden() || $grade->is_excluded())) {
            $grade->grade_item = $item;
            $there['grades'][] = [
                $userid, $key, $grade->finalgrade === null ? null : (float) $grade->finalgrade, (float) $grade->get_grade_min(),
                (float) $grade->get_grade_max(), $grade->is_overridden() || $grade->is_locked(), $grade->is_hidden(), $grade->is_excluded(),
            ];
        }
    }
    foreach ($modinfo->get_cms() as $cm) {
        if (isset($keys[$cm->id]) && $cm->completion != COMPLETION_TRACKING_NONE) {
            $state = (int) $completion->get_data($cm, false, $userid)->completionstate;
            if ($state) {
                $there['completions'][] = [$userid, $keys[$cm->id], ['', 'complete', 'passed', 'failed', 'failed'][$state]];
            }
        }
        if (isset($keys[$cm->id]) && $cm->modname === 'scorm') {
            foreach (scorm_get_all_attempts($cm->instance, $userid) as $attempt) {
                $there['attempts'][] = [$userid, $keys[$cm->id], (int) (is_object($attempt) ? $attempt->attemptnumber ?? $attempt->attempt : $attempt)];
            }
        } else if (isset($keys[$cm->id]) && $cm->modname === 'quiz') {
            foreach (quiz_get_user_attempts($cm->instance, $userid, 'all') as $attempt) {
                $there['attempts'][] = [$userid, $keys[$cm->id], (int) $attempt->attempt];
            }
        }
    }
    $done = new completion_completion(['userid' => $userid, 'course' => $course->id]);
    if ($done->is_complete()) {
        $there['completions'][] = [$userid, 'course', 'complete'];
    }
}
return $there;
