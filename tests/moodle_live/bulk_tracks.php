// Puts learners with attempts into a SCORM activity, as many at once as no test could play. What comes before it sets
// $in: cmid, prefix of the usernames, learners. Learner n has done n mod (number of SCOs) + 1 of them, every third one
// twice. Answers how many tracks there are.
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/mod/scorm/locallib.php');
require_once($CFG->libdir . '/enrollib.php');
$cm = get_coursemodule_from_id('scorm', $in['cmid'], 0, false, MUST_EXIST);
$scorm = $DB->get_record('scorm', ['id' => $cm->instance], '*', MUST_EXIST);
$scorm->cmidnumber = $cm->idnumber;
$students = array_map(fn($n) => (object) [
    'username' => "{$in['prefix']}$n", 'auth' => 'manual', 'confirmed' => 1, 'mnethostid' => $CFG->mnet_localhost_id,
    'firstname' => 'Amina', 'lastname' => "Test $n", 'email' => "{$in['prefix']}$n@example.org", 'password' => 'no entry',
    'lang' => 'en', 'timecreated' => time(), 'timemodified' => time(),
], range(1, $in['learners']));
$DB->insert_records('user', $students);
$like = $DB->sql_like('username', '?');
$users = $DB->get_records_select_menu('user', $like, [$DB->sql_like_escape($in['prefix']) . '%'], 'id', 'id, username');
$manual = $DB->get_record('enrol', ['courseid' => $cm->course, 'enrol' => 'manual'], '*', MUST_EXIST);
$role = $DB->get_field('role', 'id', ['shortname' => 'student'], MUST_EXIST);
foreach (array_keys($users) as $userid) {
    enrol_get_plugin('manual')->enrol_user($manual, $userid, $role);
}
$scoes = $DB->get_fieldset_select('scorm_scoes', 'id', "scorm = ? AND scormtype = 'sco' AND launch <> ''", [$scorm->id]);
$elements = [];
foreach (['x.start.time', 'cmi.core.lesson_status', 'cmi.core.score.raw', 'cmi.suspend_data', 'cmi.core.total_time'] as $name) {
    $elements[$name] = $DB->get_field('scorm_element', 'id', ['element' => $name])
        ?: $DB->insert_record('scorm_element', (object) ['element' => $name]);
}
$values = [];
foreach (array_keys($users) as $n => $userid) {
    foreach (range(1, $n % 3 ? 1 : 2) as $attempt) {
        $attemptid = $DB->insert_record(
            'scorm_attempt',
            (object) ['userid' => $userid, 'scormid' => $scorm->id, 'attempt' => $attempt]
        );
        foreach (array_slice($scoes, 0, $n % count($scoes) + 1) as $order => $scoid) {
            $done = [1760000000 + $n, $n % 2 ? 'passed' : 'incomplete', ($n * 7 + $order) % 101, "page=$order;né=$n", '00:10:00'];
            foreach (array_combine(array_values($elements), $done) as $elementid => $value) {
                $values[] = (object) ['scoid' => $scoid, 'attemptid' => $attemptid, 'elementid' => $elementid,
                    'value' => (string) $value, 'timemodified' => 1760000000 + $n];
            }
        }
    }
}
$DB->insert_records('scorm_scoes_value', $values);
scorm_update_grades($scorm);
return count($values);
