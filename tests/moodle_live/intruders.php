// People who may call every function of the companion as far as Moodle's web services go, and have no business in the course:
// what keeps them out are the companion's own checks alone. What comes before it sets $in: course, name. Answers their tokens.
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->dirroot . '/webservice/lib.php');
require_once($CFG->libdir . '/enrollib.php');
$system = \context_system::instance();
$webservice = new \webservice();
if (!$service = $DB->get_record('external_services', ['shortname' => 'lmstkintruders'])) {
    $id = $webservice->add_external_service((object) ['name' => 'lmstkintruders', 'shortname' => 'lmstkintruders',
        'enabled' => 1, 'restrictedusers' => 0, 'downloadfiles' => 0, 'uploadfiles' => 1, 'requiredcapability' => '']);
    $service = $DB->get_record('external_services', ['id' => $id], '*', MUST_EXIST);
}
foreach ($DB->get_fieldset_select('external_functions', 'name', "component = 'local_lmstoolkit'") as $function) {
    if (!$webservice->service_function_exists($function, $service->id)) {
        $webservice->add_external_function_to_service($function, $service->id);
    }
}
$caller = $DB->get_field('role', 'id', ['shortname' => 'lmstkcaller']) ?: create_role('lmstkcaller', 'lmstkcaller', 'May call.');
foreach (['webservice/rest:use', 'moodle/webservice:createtoken'] as $capability) {
    assign_capability($capability, CAP_ALLOW, $caller, $system->id, true);
}
$deployer = $DB->get_field('role', 'id', ['shortname' => 'lmstkowner']) ?: create_role('lmstkowner', 'lmstkowner', 'Own course.');
foreach (['local/lmstoolkit:deploy', 'local/lmstoolkit:readresults', 'local/lmstoolkit:deliver'] as $capability) {
    assign_capability($capability, CAP_ALLOW, $deployer, $system->id, true);
}
$role = fn($shortname) => $DB->get_field('role', 'id', ['shortname' => $shortname], MUST_EXIST);
$own = create_course((object) ['fullname' => "Own {$in['name']}", 'shortname' => "own-{$in['name']}",
    'idnumber' => "own-{$in['name']}", 'category' => $DB->get_field_sql('SELECT MIN(id) FROM {course_categories}')]);
$enrolled = [
    'student' => [[$in['course'], 'student']],
    'teacher' => [[$own->id, 'editingteacher'], [$in['course'], 'student']],
    'stranger' => [[$own->id, 'editingteacher']],
];
$tokens = [];
foreach ($enrolled as $who => $places) {
    $userid = user_create_user((object) ['username' => "{$in['name']}-$who", 'auth' => 'manual', 'confirmed' => 1,
        'mnethostid' => $CFG->mnet_localhost_id, 'password' => 'Only-4-this-test!', 'firstname' => 'Jorge',
        'lastname' => 'Prueba', 'email' => "{$in['name']}-$who@example.org"]);
    role_assign($caller, $userid, $system->id);
    foreach ($places as [$courseid, $shortname]) {
        $manual = $DB->get_record('enrol', ['courseid' => $courseid, 'enrol' => 'manual'], '*', IGNORE_MULTIPLE);
        enrol_get_plugin('manual')->enrol_user($manual, $userid, $role($shortname));
        if ($shortname === 'editingteacher') {
            role_assign($deployer, $userid, \context_course::instance($courseid)->id);
        }
    }
    $tokens[$who] = \core_external\util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $userid, $system);
}
role_assign($caller, $CFG->siteguest, $system->id);
$tokens['guest'] = \core_external\util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, (int) $CFG->siteguest, $system);
accesslib_clear_role_cache($caller);
accesslib_clear_role_cache($deployer);
purge_all_caches();
return ['tokens' => $tokens, 'own' => (int) $own->id, 'own_idnumber' => $own->idnumber];
