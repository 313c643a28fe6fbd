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
 * The account is made once, with the rights it needs and no others.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\local\service_account
 */
final class service_account_test extends companion_testcase {
    /**
     * A second run finds everything and prints the same token.
     */
    public function test_a_second_run_changes_nothing(): void {
        global $DB;
        $role = service_account::ensure_role();
        $user = service_account::ensure_user($role);
        $service = service_account::ensure_service((int) $user->id);
        $token = service_account::ensure_token($service, (int) $user->id, 0, false);
        $counts = fn() => array_map(
            fn($table) => $DB->count_records($table),
            ['role', 'user', 'external_tokens', 'external_services_users', 'role_allow_assign', 'role_capabilities']
        );
        $before = $counts();
        $this->assertSame($role, service_account::ensure_role());
        $this->assertSame($user->id, service_account::ensure_user($role)->id);
        $this->assertSame($service->id, service_account::ensure_service((int) $user->id)->id);
        $this->assertSame($token->token, service_account::ensure_token($service, (int) $user->id, 0, false)->token);
        $this->assertSame($before, $counts());
    }

    /**
     * The account may make students and tutors, and nobody a manager.
     */
    public function test_the_role_gives_no_more_than_it_needs(): void {
        $context = \context_system::instance();
        $this->assertSame([], service_account::missing_capabilities($context, (int) $this->account->id));
        foreach (['moodle/site:config', 'moodle/user:delete', 'moodle/course:delete', 'moodle/role:manage'] as $capability) {
            $this->assertFalse(has_capability($capability, $context, $this->account), $capability);
        }
        $assignable = get_assignable_roles(\context_course::instance($this->course->id), ROLENAME_SHORT, false, $this->account);
        $this->assertEqualsCanonicalizing(['student', 'teacher', 'editingteacher'], $assignable);
    }

    /**
     * A renewed token replaces the old one; one with an end ends then.
     */
    public function test_a_token_is_renewed_and_ends(): void {
        global $DB;
        $service = service_account::ensure_service((int) $this->account->id);
        $old = service_account::ensure_token($service, (int) $this->account->id, 0, false);
        $new = service_account::ensure_token($service, (int) $this->account->id, 2, true);
        $this->assertNotSame($old->token, $new->token);
        $this->assertFalse($DB->record_exists('external_tokens', ['token' => $old->token]));
        $this->assertEqualsWithDelta(time() + 2 * DAYSECS, $new->validuntil, MINSECS);
    }
}
