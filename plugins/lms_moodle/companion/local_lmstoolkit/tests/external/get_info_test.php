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

namespace local_lmstoolkit\external;

use local_lmstoolkit\tests\companion_testcase;

/**
 * What a client learns of a site.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\get_info
 * @covers     \local_lmstoolkit\local\site_checks
 * @covers     \local_lmstoolkit\local\site_settings
 */
final class get_info_test extends companion_testcase {
    /**
     * The account learns versions, limits and that nothing is missing.
     */
    public function test_it_tells_the_account_what_the_site_can_do(): void {
        global $CFG;
        $info = $this->call('get_info');
        $this->assertSame($CFG->release, $info['release']);
        $this->assertContains('scorm', $info['activities']);
        $this->assertSame([], $info['missing_capabilities']);
        $this->assertGreaterThan(0, $info['max_upload_bytes']);
        $this->assertArrayHasKey('student', $info['roles']);
        $this->assertArrayNotHasKey('manager', $info['roles']);
        $failing = array_column(array_filter($info['checks'], fn($check) => !$check['ok']), 'check');
        $this->assertSame(['cron'], $failing, 'a test site has everything but cron');
    }

    /**
     * A capability that somebody took away is named.
     */
    public function test_it_names_what_the_role_lacks(): void {
        global $DB;
        $role = $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']);
        unassign_capability('moodle/course:create', $role);
        accesslib_clear_all_caches_for_unit_testing();
        $this->assertSame(['moodle/course:create'], $this->call('get_info')['missing_capabilities']);
    }

    /**
     * Somebody without our capabilities learns nothing.
     */
    public function test_others_learn_nothing(): void {
        $this->setUser($this->learner());
        $this->expectException(\required_capability_exception::class);
        $this->call('get_info');
    }
}
