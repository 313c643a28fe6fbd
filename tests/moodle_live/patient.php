// A service account of its own for the doctor to examine, made like the companion's: what is done to it hurts nobody else.
global $CFG, $DB;
require_once($CFG->dirroot . '/user/lib.php');
require_once($CFG->dirroot . '/webservice/lib.php');

$name = 'lmstkpatient';
$model = $DB->get_record('role', ['shortname' => 'lmstoolkit'], '*', MUST_EXIST);
$roleid = $DB->get_field('role', 'id', ['shortname' => $name]) ?: create_role($name, $name, 'Examined by tests.');
$system = \context_system::instance();
foreach ($DB->get_records('role_capabilities', ['roleid' => $model->id, 'contextid' => $system->id]) as $allowed) {
    assign_capability($allowed->capability, $allowed->permission, $roleid, $system->id, true);
}
foreach ($DB->get_records('role_allow_assign', ['roleid' => $model->id]) as $allowed) {
    if (!$DB->record_exists('role_allow_assign', ['roleid' => $roleid, 'allowassign' => $allowed->allowassign])) {
        core_role_set_assign_allowed($roleid, $allowed->allowassign);
    }
}
$userid = $DB->get_field('user', 'id', ['username' => $name, 'deleted' => 0]) ?: user_create_user((object) [
    'username' => $name,
    'auth' => 'manual',
    'mnethostid' => $CFG->mnet_localhost_id,
    'confirmed' => 1,
    'password' => generate_password(32),
    'firstname' => 'Test',
    'lastname' => 'Patient',
    'email' => $name . '@service.invalid',
]);
$healthy = ['suspended' => 0, 'policyagreed' => 1, 'auth' => 'manual', 'confirmed' => 1];
foreach ($healthy as $field => $value) {
    $DB->set_field('user', $field, $value, ['id' => $userid]);
}
unset_user_preference('auth_forcepasswordchange', $userid);
role_assign($roleid, $userid, $system->id);

$webservice = new \webservice();
$modelservice = $DB->get_record('external_services', ['shortname' => 'lmstoolkit'], '*', MUST_EXIST);
if (!$service = $DB->get_record('external_services', ['shortname' => $name])) {
    $serviceid = $webservice->add_external_service((object) ['name' => $name, 'shortname' => $name, 'enabled' => 1,
        'restrictedusers' => 1, 'downloadfiles' => 0, 'uploadfiles' => 1, 'requiredcapability' => '']);
    $service = $DB->get_record('external_services', ['id' => $serviceid], '*', MUST_EXIST);
    $webservice->add_ws_authorised_user((object) ['externalserviceid' => $serviceid, 'userid' => $userid]);
}
$DB->update_record('external_services', (object) ['id' => $service->id, 'enabled' => 1, 'uploadfiles' => 1]);
foreach ($DB->get_fieldset_select('external_services_functions', 'functionname', 'externalserviceid = ?',
        [$modelservice->id]) as $function) {
    if (!$webservice->service_function_exists($function, $service->id)) {
        $webservice->add_external_function_to_service($function, $service->id);
    }
}
$DB->delete_records('external_tokens', ['userid' => $userid]);
accesslib_clear_role_cache($roleid);
purge_all_caches();
return [
    'token' => \core_external\util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, $userid, $system),
    'user' => (int) $userid,
    'role' => (int) $roleid,
    'service' => (int) $service->id,
];
