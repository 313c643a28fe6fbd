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
 * The image of a course is one picture, or none.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_image
 * @covers     \local_lmstoolkit\local\image_applier
 * @covers     \local_lmstoolkit\local\image_reader
 * @covers     \local_lmstoolkit\local\file_set
 */
final class apply_image_test extends companion_testcase {
    /** @var string The smallest picture there is. */
    private const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgAAAAAgAB4iG8MwAAAABJRU5ErkJggg==';

    /**
     * Files of a payload.
     *
     * @param string[] $files name => content
     * @return array
     */
    private function files(array $files): array {
        return ['files' => ['draftitemid' => $this->draft($files), 'content' => array_map('sha1', $files)], 'dryrun' => false];
    }

    /**
     * Set, kept, taken away.
     */
    public function test_an_image_is_set_kept_and_taken_away(): void {
        $image = $this->files(['title.png' => base64_decode(self::PNG)]);
        $this->assertSame('created', $this->ask('apply_image', $image)['outcome']);
        $there = ['draftitemid' => null] + $image['files'];
        $this->assertEquals($there, $this->read()['image']);
        $this->assertSame('unchanged', $this->ask('apply_image', ['files' => $there, 'dryrun' => false])['outcome']);
        $this->assertSame('updated', $this->ask('apply_image', ['files' => null, 'dryrun' => false])['outcome']);
        $this->assertNull($this->read()['image']);
    }

    /**
     * The errors of the contract.
     */
    public function test_what_is_no_picture_or_was_not_announced_is_refused(): void {
        $page = $this->files(['page.html' => '<script></script>']);
        $this->assert_refused('payloadinvalid', fn() => $this->ask('apply_image', $page));
        $other = $this->files(['title.png' => base64_decode(self::PNG)]);
        $other['files']['content']['title.png'] = sha1('other');
        $this->assert_refused('packagemismatch', fn() => $this->ask('apply_image', $other));
    }
}
