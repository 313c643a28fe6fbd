<?php
// Grades a course of Moodle's own generator and gives it our keys, for benchmarks/pull.py. On the Moodle's machine:
//
//     php admin/tool/generator/cli/maketestcourse.php --shortname=pullbench --size=M --bypasscheck
//     php pull_course.php MOODLE_FOLDER pullbench
//
// 110 assignments with a grade of every learner in each, and the course total. Prints a token of a teacher of the course,
// who alone is told all grades by Moodle's own report. Never on a site that people learn on.
//
// SPDX-License-Identifier: GPL-3.0-or-later

define('CLI_SCRIPT', true);
require($argv[1] . '/config.php');
require_once($CFG->libdir . '/gradelib.php');
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->libdir . '/enrollib.php');
\core\session\manager::set_user(get_admin());

const ITEMS = 110;

$course = $DB->get_record('course', ['shortname' => $argv[2]], '*', MUST_EXIST);
$DB->set_field('course', 'idnumber', $argv[2], ['id' => $course->id]);
$modules = array_values(get_fast_modinfo($course)->get_instances_of('assign'));
for ($missing = ITEMS - count($modules); $missing > 0; $missing--) {
    duplicate_module($course, get_fast_modinfo($course)->get_cm($modules[0]->id));
}
foreach (array_slice(array_values(get_fast_modinfo($course->id)->get_instances_of('assign')), 0, ITEMS) as $n => $cm) {
    $key = sprintf('activity:task-%03d', $n + 1);
    \local_lmstoolkit\local\map::save((int) $course->id, 'module', $key, (int) $cm->id);
    $DB->set_field('course_modules', 'idnumber', $key, ['id' => $cm->id]);
    $DB->set_field('grade_items', 'idnumber', $key, ['itemmodule' => 'assign', 'iteminstance' => $cm->instance]);
}
// As grade_update() would, without a hundred thousand events.
$sql = "INSERT INTO {grade_grades} (itemid, userid, rawgrade, rawgrademin, rawgrademax, finalgrade, timecreated, timemodified)
        SELECT DISTINCT gi.id, ue.userid, MOD(gi.id * 7 + ue.userid * 13, 101), gi.grademin, gi.grademax,
               MOD(gi.id * 7 + ue.userid * 13, 101), ?, ?
          FROM {grade_items} gi
          JOIN {enrol} e ON e.courseid = gi.courseid
          JOIN {user_enrolments} ue ON ue.enrolid = e.id
         WHERE gi.courseid = ? AND gi.itemtype = 'mod' AND gi.itemmodule = 'assign'
               AND NOT EXISTS (SELECT 1 FROM {grade_grades} g WHERE g.itemid = gi.id AND g.userid = ue.userid)";
$DB->execute($sql, [time(), time(), $course->id]);
grade_item::fetch_course_item($course->id)->force_regrading();
grade_regrade_final_grades($course->id);
\local_lmstoolkit\local\outbox::note((int) $course->id, \local_lmstoolkit\local\outbox::ALL);
$count = $DB->count_records_sql('SELECT COUNT(1) FROM {grade_grades} g JOIN {grade_items} gi ON gi.id = g.itemid
                                  WHERE gi.courseid = ?', [$course->id]);
$teacher = $DB->get_record('user', ['username' => $argv[2]]) ?: get_complete_user_data('id', user_create_user((object) [
    'username' => $argv[2], 'auth' => 'manual', 'confirmed' => 1, 'mnethostid' => $CFG->mnet_localhost_id, 'firstname' => 'Jorge',
    'lastname' => 'Prueba', 'email' => "$argv[2]@example.org", 'password' => generate_password(32),
]));
role_assign($DB->get_field('role', 'id', ['shortname' => 'lmstoolkit'], MUST_EXIST), $teacher->id, \context_system::instance()->id);
$role = $DB->get_field('role', 'id', ['shortname' => 'editingteacher'], MUST_EXIST);
enrol_try_internal_enrol($course->id, $teacher->id, $role);
$service = \local_lmstoolkit\local\service_account::ensure_service((int) $teacher->id);
$token = \local_lmstoolkit\local\service_account::ensure_token($service, (int) $teacher->id, 0, false)->token;
echo "course $course->id: $count grades\ncore token $token\n";
