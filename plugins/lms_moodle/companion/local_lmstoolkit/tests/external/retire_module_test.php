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
 * What is no longer declared is hidden, or deleted if nobody loses anything.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\retire_module
 * @covers     \local_lmstoolkit\local\module_retirer
 */
final class retire_module_test extends companion_testcase {
    /**
     * An order to retire a module.
     *
     * @param array $fields that differ
     * @return array
     */
    private function retire(array $fields = []): array {
        $plain = ['key' => 'activity:one', 'delete' => false, 'allow_track_loss' => false, 'dryrun' => false];
        return $this->ask('retire_module', $fields + $plain);
    }

    /**
     * Hidden behind the others, and shown again when it is declared again.
     */
    public function test_a_module_is_hidden_and_comes_back(): void {
        $created = $this->apply_module('page');
        $this->assertSame(['outcome' => 'updated', 'id' => $created['id']], $this->retire());
        $this->assertSame('unchanged', $this->retire()['outcome']);
        $this->assertFalse($this->module()['visible']);
        $this->assertSame(['outcome' => 'updated', 'id' => $created['id']], $this->apply_module('page'));
        $this->assertTrue($this->module()['visible']);
    }

    /**
     * Deleting what learners have worked on is refused unless it is allowed.
     */
    public function test_deleting_what_learners_did_is_refused(): void {
        global $DB;
        $created = $this->apply_module('scorm', ['package' => $this->uploaded(self::scorm('a'))]);
        $this->work_in_scorm($created['id'], (int) $this->learner()->id, 'i-a');
        $error = $this->assert_refused('trackloss', fn() => $this->retire(['delete' => true]));
        $this->assertStringContainsString('1 learner(s)', $error->getMessage());

        $this->retire(['delete' => true, 'allow_track_loss' => true]);
        $this->assertFalse($DB->record_exists('course_modules', ['id' => $created['id']]));
        $this->assertNull($this->module());
    }

    /**
     * A key that is not there.
     */
    public function test_an_unknown_key_is_refused(): void {
        $this->assert_refused('keynotfound', fn() => $this->retire());
    }
}
