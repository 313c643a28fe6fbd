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

namespace local_lmstoolkit;

use local_lmstoolkit\tests\companion_testcase;

/**
 * The settings have defaults, and take only what makes sense.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @coversNothing
 */
final class settings_test extends companion_testcase {
    /**
     * The plugin's setting of a name, as the administration shows it.
     *
     * @param string $name
     * @return \admin_setting
     */
    private function setting(string $name): \admin_setting {
        global $CFG;
        require_once($CFG->libdir . '/adminlib.php');
        $this->setAdminUser();
        $page = admin_get_root(true, true)->locate('local_lmstoolkit');
        return $page->settings->{"local_lmstoolkit$name"};
    }

    /**
     * An installation has the defaults.
     */
    public function test_there_are_defaults(): void {
        $this->assertEquals(['30', '5'], [
            get_config('local_lmstoolkit', 'outboxdays'),
            get_config('local_lmstoolkit', 'outboxlag'),
        ]);
    }

    /**
     * What would lose changes is not taken.
     */
    public function test_only_what_makes_sense_is_taken(): void {
        foreach (['0', '-1', '1000', 'a', ''] as $wrong) {
            $this->assertNotSame('', $this->setting('outboxdays')->write_setting($wrong), $wrong);
        }
        foreach (['-1', '61', '5s'] as $wrong) {
            $this->assertNotSame('', $this->setting('outboxlag')->write_setting($wrong), $wrong);
        }
        $this->assertSame('', $this->setting('outboxdays')->write_setting('90'));
        $this->assertSame('', $this->setting('outboxlag')->write_setting('0'));
        $this->assertEquals('90', get_config('local_lmstoolkit', 'outboxdays'));
    }

    /**
     * The pages are found in the administration.
     */
    public function test_settings_and_health_check_are_in_the_administration(): void {
        global $CFG;
        require_once($CFG->libdir . '/adminlib.php');
        $this->setAdminUser();
        $root = admin_get_root(true, false);
        $this->assertNotNull($root->locate('local_lmstoolkit'));
        $health = $root->locate('local_lmstoolkit_health');
        $this->assertStringEndsWith('/local/lmstoolkit/health.php', $health->url->out());
    }
}
