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
 * Groups and groupings carry keys; members and what is not ours are left alone.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_groups
 * @covers     \local_lmstoolkit\local\group_applier
 * @covers     \local_lmstoolkit\local\group_reader
 */
final class apply_groups_test extends companion_testcase {
    /** @var array Two groups in one grouping. */
    private const DECLARED = [
        'groups' => [['key' => 'group:red', 'name' => 'Red'], ['key' => 'group:blue', 'name' => 'Blue & green']],
        'groupings' => [['key' => 'grouping:teams', 'name' => 'Teams', 'group_keys' => ['group:blue', 'group:red']]],
        'dryrun' => false,
    ];

    /**
     * Made once, read back in the declared order, renamed in place.
     */
    public function test_groups_are_created_left_alone_and_renamed(): void {
        $created = $this->ask('apply_groups', self::DECLARED);
        $this->assertSame('created', $created['outcome']);
        $this->assertSame('unchanged', $this->ask('apply_groups', self::DECLARED)['outcome']);
        $there = array_intersect_key($this->read(), self::DECLARED);
        $this->assertSame(array_diff_key(self::DECLARED, ['dryrun' => 0]), $there);

        $renamed = ['groups' => [['key' => 'group:red', 'name' => 'Rot'], self::DECLARED['groups'][1]]] + self::DECLARED;
        $updated = $this->ask('apply_groups', $renamed);
        $this->assertSame(['updated', $created['ids']], [$updated['outcome'], $updated['ids']]);
        $this->assertSame('Rot', groups_get_group_name($created['ids']['group:red']));
    }

    /**
     * A group of ours goes when nobody is in it; one with members stays, and so does one made by hand.
     */
    public function test_members_and_foreign_groups_are_left_alone(): void {
        $ids = $this->ask('apply_groups', self::DECLARED)['ids'];
        $own = $this->getDataGenerator()->create_group(['courseid' => $this->course->id, 'name' => 'By hand']);
        groups_add_member($ids['group:red'], $this->learner()->id);
        $this->ask('apply_groups', ['groups' => [], 'groupings' => [], 'dryrun' => false]);
        $left = array_keys(groups_get_all_groups($this->course->id));
        $this->assertEqualsCanonicalizing([$ids['group:red'], $own->id], $left);
        $this->assertSame([], $this->read()['groups']);
        $this->assertSame($ids['group:red'], $this->ask('apply_groups', self::DECLARED)['ids']['group:red']);
    }

    /**
     * The errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        $unknown = ['groups' => []] + self::DECLARED;
        $this->assert_refused('keynotfound', fn() => $this->ask('apply_groups', $unknown));
        $long = ['groups' => [['key' => 'group:red', 'name' => str_repeat('x', 255)]], 'groupings' => [], 'dryrun' => false];
        $this->assert_refused('payloadinvalid', fn() => $this->ask('apply_groups', $long));
        $twice = ['groups' => [self::DECLARED['groups'][0], self::DECLARED['groups'][0]]] + self::DECLARED;
        $this->assert_refused('payloadinvalid', fn() => $this->ask('apply_groups', $twice));
    }
}
