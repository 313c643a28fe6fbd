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
 * Sections are made, changed and left alone as declared.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_section
 * @covers     \local_lmstoolkit\local\section_applier
 * @covers     \local_lmstoolkit\local\availability
 */
final class apply_section_test extends companion_testcase {
    /**
     * Created, then unchanged, then updated, always the same section.
     */
    public function test_a_section_is_created_left_alone_and_changed(): void {
        $this->assertSame('created', $this->apply_section('section:one', ['dryrun' => true])['outcome']);
        $this->assertSame([], $this->read()['sections']);
        $created = $this->apply_section();
        $this->assertSame('created', $created['outcome']);
        $this->assertSame(['outcome' => 'unchanged', 'id' => $created['id']], $this->apply_section());
        $changed = ['name' => 'Wöche 1', 'summary' => '<p>About</p>', 'visible' => false];
        $changed += ['availability' => [['from' => 1900000000]]];
        $this->assertSame(['outcome' => 'updated', 'id' => $created['id']], $this->apply_section('section:one', $changed));
        $there = $this->read()['sections'][0];
        $this->assertSame($changed, array_intersect_key($there, $changed));
    }

    /**
     * Sections stand where they are declared, between those of others.
     */
    public function test_sections_stand_in_the_declared_order(): void {
        foreach (['section:a', 'section:b', 'section:c'] as $key) {
            $this->apply_section($key, ['position' => 99]);
        }
        $this->apply_section('section:c', ['position' => 1]);
        $this->assertSame(['section:c', 'section:a', 'section:b'], array_column($this->read()['sections'], 'key'));
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $this->assert_refused('payloadinvalid', fn() => $this->apply_section('activity:one'));
        $unknown = ['availability' => [['group' => 'group:none']]];
        $this->assert_refused('keynotfound', fn() => $this->apply_section('section:one', $unknown));
        $nowhere = ['courseid' => (int) SITEID, 'key' => 'section:one', 'position' => 1, 'name' => 'One', 'summary' => ''];
        $nowhere['dryrun'] = false;
        $this->assert_refused('coursenotfound', fn() => $this->call('apply_section', $nowhere));
    }

    /**
     * Moodle's own right is needed besides ours.
     */
    public function test_moodles_own_right_is_needed(): void {
        global $DB;
        unassign_capability('moodle/course:movesections', $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']));
        accesslib_clear_all_caches_for_unit_testing();
        $this->assert_refused('nopermissions', fn() => $this->apply_section());
    }
}
