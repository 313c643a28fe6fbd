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

namespace local_lmstoolkit\local;

use local_lmstoolkit\tests\companion_testcase;

/**
 * The health check finds each fault, and says its cause and its fix.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\local\health
 * @covers     \local_lmstoolkit\local\health_access
 * @covers     \local_lmstoolkit\local\health_limits
 * @covers     \local_lmstoolkit\local\health_site
 * @covers     \local_lmstoolkit\local\health_result
 * @covers     \local_lmstoolkit\check\health_check
 * @covers     \local_lmstoolkit\output\health_page
 */
final class health_test extends companion_testcase {
    /** @var \stdClass The service, set up as setup.php does. */
    private \stdClass $service;

    #[\Override]
    protected function setUp(): void {
        global $CFG;
        parent::setUp();
        $this->setAdminUser();
        $this->service = service_account::ensure_service((int) $this->account->id);
        service_account::enable_web_services();
        service_account::ensure_token($this->service, (int) $this->account->id, 0, false);
        set_config('lastcronstart', time(), 'tool_task');
        $CFG->debugdisplay = 0; // Tests switch it on.
    }

    /**
     * Faults: what breaks it, the check that finds it, its status and its text.
     *
     * @return array
     */
    public static function faults(): array {
        global $DB;
        $account = fn($field, $value) => fn() => $DB->set_field('user', $field, $value, ['username' => 'lmstoolkit']);
        $service = fn($field, $value) => fn() => $DB->set_field('external_services', $field, $value, ['shortname' => 'lmstoolkit']);
        $authorisation = ['userid' => fn() => $DB->get_field('user', 'id', ['username' => 'lmstoolkit'])];
        $role = fn() => $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']);
        return [
            'web services off' => [fn() => set_config('enablewebservices', 0), 'webservices', 'error', 'webservices_off'],
            'REST off' => [fn() => set_config('webserviceprotocols', 'soap'), 'rest', 'error', 'rest_off'],
            'no encryption' => [fn() => $GLOBALS['CFG']->wwwroot = 'http://moodle.example.org', 'https', 'warning', 'https_off'],
            'no service' => [$service('shortname', 'other'), 'service', 'error', 'service_none'],
            'service disabled' => [$service('enabled', 0), 'service', 'error', 'service_disabled'],
            'no uploads' => [$service('uploadfiles', 0), 'service', 'error', 'service_uploads'],
            'a function is missing' => [
                fn() => $DB->delete_records('external_services_functions', ['functionname' => 'core_user_create_users']),
                'service', 'error', 'service_functions', 'core_user_create_users',
            ],
            'no account' => [$account('deleted', 1), 'account', 'error', 'account_none'],
            'suspended' => [$account('suspended', 1), 'account', 'error', 'account_suspended'],
            'no login' => [$account('auth', 'nologin'), 'account', 'error', 'account_nologin'],
            'unconfirmed' => [$account('confirmed', 0), 'account', 'error', 'account_unconfirmed'],
            'password' => [
                fn() => set_user_preference('auth_forcepasswordchange', 1, $authorisation['userid']()),
                'account', 'error', 'account_password',
            ],
            'policy' => [
                function () use ($account) {
                    set_config('sitepolicy', 'https://example.org/policy');
                    $account('policyagreed', 0)();
                },
                'account', 'error', 'account_policy',
            ],
            'an administrator' => [
                fn() => set_config('siteadmins', '2,' . $authorisation['userid']()), 'account', 'warning', 'account_admin',
            ],
            'not authorised' => [
                fn() => $DB->delete_records('external_services_users'), 'account', 'error', 'account_unauthorised',
            ],
            'authorised with a date' => [
                fn() => $DB->set_field('external_services_users', 'validuntil', time() + DAYSECS),
                'account', 'error', 'account_dated',
            ],
            'no role' => [fn() => $DB->delete_records('role_assignments', ['roleid' => $role()]), 'role', 'error', 'role_none'],
            'no right' => [
                function () use ($role) {
                    unassign_capability('moodle/course:create', $role());
                    accesslib_clear_all_caches_for_unit_testing();
                },
                'role', 'error', 'role_capabilities', 'moodle/course:create',
            ],
            'no students' => [
                fn() => $DB->delete_records('role_allow_assign', ['roleid' => $role()]), 'role', 'error', 'role_student',
            ],
            'no token' => [fn() => $DB->delete_records('external_tokens'), 'token', 'error', 'token_none'],
            'a token that has run out' => [
                fn() => $DB->set_field('external_tokens', 'validuntil', time() - 1), 'token', 'error', 'token_none',
            ],
            'a token that runs out soon' => [
                fn() => $DB->set_field('external_tokens', 'validuntil', time() + DAYSECS), 'token', 'warning', 'token_soon',
            ],
            'no cron' => [fn() => set_config('lastcronstart', time() - 2 * HOURSECS, 'tool_task'), 'cron', 'warning', 'cron_late'],
            'never cron' => [fn() => unset_config('lastcronstart', 'tool_task'), 'cron', 'warning', 'cron_late'],
            'no completion' => [fn() => set_config('enablecompletion', 0), 'completion', 'warning', 'completion_off'],
            'no SCORM' => [fn() => \core\plugininfo\mod::enable_plugin('scorm', 0), 'activities', 'warning', 'activities_scorm'],
            'no workshop' => [
                fn() => \core\plugininfo\mod::enable_plugin('workshop', 0), 'activities', 'info', 'activities_some', 'Workshop',
            ],
            'no enrolment' => [fn() => set_config('enrol_plugins_enabled', 'self'), 'enrolment', 'warning', 'enrolment_off'],
            'no graded roles' => [fn() => set_config('gradebookroles', ''), 'gradebookroles', 'warning', 'gradebookroles_none'],
            'debug messages' => [fn() => $GLOBALS['CFG']->debugdisplay = 1, 'debugdisplay', 'warning', 'debugdisplay_on'],
            'tables of another version' => [
                function () {
                    set_config('version', 2026010100, 'local_lmstoolkit');
                    \core_plugin_manager::reset_caches();
                },
                'versions', 'error', 'versions_upgrade',
            ],
            'an untested Moodle' => [fn() => $GLOBALS['CFG']->branch = '999', 'versions', 'warning', 'versions_untested'],
        ];
    }

    /**
     * A site that setup.php has prepared has nothing in the way.
     */
    public function test_a_site_that_was_set_up_is_well(): void {
        $problems = array_filter(health::all(), fn($found) => $found->is_problem());
        $this->assertSame([], array_map(fn($found) => $found->found, $problems));
    }

    /**
     * Each fault is found, named, and told how to mend.
     *
     * @dataProvider faults
     * @param callable $break
     * @param string $check
     * @param string $status
     * @param string $text
     * @param string $named a word of the message
     */
    public function test_a_fault_is_found_with_its_fix(
        callable $break,
        string $check,
        string $status,
        string $text,
        string $named = ''
    ): void {
        $this->assertFalse(health::examine($check)->is_problem());
        $break();
        $found = health::examine($check);
        $this->assertSame($status, $found->status, $found->found);
        $start = strtok(get_string("health_$text", 'local_lmstoolkit'), '{');
        $this->assertStringStartsWith($start, $found->found);
        $this->assertStringContainsString($named, $found->found);
        $this->assertNotSame('', $found->fix);
        $this->assertStringNotContainsString('{$a', $found->found . $found->fix);
        $this->assertNotNull($found->where);
    }

    /**
     * Without an account nothing is said about its role and token.
     */
    public function test_what_hangs_on_the_account_is_skipped_without_one(): void {
        global $DB;
        $DB->set_field('user', 'deleted', 1, ['username' => 'lmstoolkit']);
        $this->assertSame(['na', 'na'], [health::examine('role')->status, health::examine('token')->status]);
    }

    /**
     * Limits of PHP, as an administrator would set them.
     */
    public function test_limits_are_judged(): void {
        $mib = 1024 * 1024;
        $this->assertSame('ok', health_limits::judge_uploads(100 * $mib, 101 * $mib, 100 * $mib)->status);
        $this->assertSame('warning', health_limits::judge_uploads(100 * $mib, 101 * $mib, 2 * $mib)->status);
        $this->assertStringContainsString('post_max_size', health_limits::judge_uploads(100 * $mib, 8 * $mib, 8 * $mib)->found);
        $this->assertSame('ok', health_limits::judge_uploads(100 * $mib, 0, 100 * $mib)->status, '0 is no limit');
        $this->assertSame('ok', health_limits::judge_variables(5000)->status);
        $this->assertSame('warning', health_limits::judge_variables(1000)->status);
        $this->assertSame('error', health_limits::judge_variables(804)->status);
    }

    /**
     * The command line cannot know the limits of the web server.
     */
    public function test_the_command_line_judges_no_limits(): void {
        $this->assertSame(['na', 'na'], [health::examine('uploads')->status, health::examine('inputvars')->status]);
    }

    /**
     * Names in several languages need a filter, in courses of ours alone.
     */
    public function test_names_in_several_languages_need_a_filter(): void {
        global $CFG, $DB;
        require_once($CFG->libdir . '/filterlib.php');
        $name = '<span lang="en" class="multilang">One</span><span lang="fr" class="multilang">Un</span>';
        $DB->set_field('course', 'fullname', $name, ['id' => $this->course->id]);
        $this->assertSame('ok', health::examine('multilang')->status, 'nothing in it carries a key');
        $this->setUser($this->account);
        $this->apply_section();
        $this->assertSame('warning', health::examine('multilang')->status);
        filter_set_global_state('multilang', TEXTFILTER_ON);
        $this->assertSame('warning', health::examine('multilang')->status, 'names are headings');
        filter_set_applies_to_strings('multilang', true);
        $this->assertSame('ok', health::examine('multilang')->status);
    }

    /**
     * Moodle's own report has every check, in its own terms.
     */
    public function test_the_report_of_moodle_has_every_check(): void {
        set_config('webserviceprotocols', '');
        $ours = array_filter(
            \core\check\manager::get_checks('status'),
            fn($check) => $check->get_component() === 'local_lmstoolkit'
        );
        $checks = array_combine(array_map(fn($check) => $check->get_id(), $ours), $ours);
        $this->assertSame(health::names(), array_keys($checks));
        $this->assertSame('local_lmstoolkit_rest', $checks['rest']->get_ref());
        $this->assertSame('error', $checks['rest']->get_result()->get_status());
        $this->assertStringContainsString('setup.php', $checks['rest']->get_result()->get_details());
        $this->assertStringContainsString('webserviceprotocols', $checks['rest']->get_action_link()->url->out());
        $this->assertNull($checks['webservices']->get_action_link());
    }

    /**
     * The page counts problems, and shows what was found as text.
     */
    public function test_the_page_counts_problems_and_escapes_what_it_shows(): void {
        global $CFG, $PAGE;
        $PAGE->set_url('/local/lmstoolkit/health.php');
        $CFG->wwwroot = 'http://moodle.example.org/<b>';
        $found = ['https' => health_access::https(), 'rest' => health_access::rest()];
        $output = $PAGE->get_renderer('core', null, RENDERER_TARGET_GENERAL);
        $data = (new \local_lmstoolkit\output\health_page($found))->export_for_template($output);
        $this->assertSame([1, ['https', 'rest']], [$data['problems'], array_column($data['checks'], 'id')]);
        $html = $output->render_from_template('local_lmstoolkit/health_page', $data);
        $this->assertStringContainsString('/&lt;b&gt;', $html);
        $this->assertStringNotContainsString('/<b>', $html);
        $this->assertSame(2, substr_count($html, '<th scope="row">'));
    }
}
