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

use local_lmstoolkit\local\service_account;
use local_lmstoolkit\tests\companion_testcase;

/**
 * A certificate comes to the learner's private files, and goes again; what is the learner's own stays.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\deliver_file
 * @covers     \local_lmstoolkit\local\learner_file
 */
final class deliver_file_test extends companion_testcase {
    /** @var string */
    private const NAME = 'certificate-7K3M-Q2XF-9ABC.pdf';

    /** @var \stdClass The learner. */
    private \stdClass $learner;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->learner = $this->learner();
    }

    /**
     * Deliver a file.
     *
     * @param string $bytes
     * @param array $fields that differ
     * @return string the outcome
     */
    private function deliver(string $bytes = '%PDF-1.7 a', array $fields = []): string {
        $sent = ['userid' => (int) $this->learner->id, 'filename' => self::NAME, 'file' => $this->uploaded($bytes, 'c.pdf')];
        return $this->call('deliver_file', $fields + $sent + ['courseid' => (int) $this->course->id])['outcome'];
    }

    /**
     * Take the file away.
     *
     * @return string the outcome
     */
    private function remove(): string {
        return $this->deliver('%PDF-1.7 a', ['file' => null]);
    }

    /**
     * The private files of the learner.
     *
     * @return \stored_file[]
     */
    private function files(): array {
        $context = \context_user::instance($this->learner->id);
        return array_values(get_file_storage()->get_area_files($context->id, 'user', 'private', 0, 'id', false));
    }

    /**
     * Put a file of the learner's own there.
     *
     * @param string $name
     * @param string $bytes
     */
    private function own(string $name, string $bytes): void {
        get_file_storage()->create_file_from_string([
            'contextid' => \context_user::instance($this->learner->id)->id,
            'component' => 'user',
            'filearea' => 'private',
            'itemid' => 0,
            'filepath' => '/',
            'filename' => $name,
        ], $bytes);
    }

    /**
     * Created, kept, replaced in place, removed; nothing stays in the draft area.
     */
    public function test_a_file_comes_stays_is_replaced_and_goes(): void {
        global $DB;
        $this->assertSame('created', $this->deliver());
        $this->assertSame('unchanged', $this->deliver());
        [$first] = $this->files();
        $this->assertSame('updated', $this->deliver('%PDF-1.7 another'));
        [$file] = $this->files();
        $this->assertSame([self::NAME, '%PDF-1.7 another'], [$file->get_filename(), $file->get_content()]);
        $this->assertSame([$first->get_id(), (int) $this->learner->id], [$file->get_id(), (int) $file->get_userid()]);
        $left = "filearea = 'draft' AND filename <> '.'";
        $this->assertSame(0, $DB->count_records_select('files', $left));
        $this->assertSame('removed', $this->remove());
        $this->assertSame([], $this->files());
        $this->assertSame('unchanged', $this->remove());
    }

    /**
     * Whatever the learner does on the page of private files, the file stays known as ours.
     */
    public function test_a_file_is_still_ours_after_the_learner_has_saved_the_page(): void {
        $this->deliver();
        $this->setUser($this->learner);
        $context = \context_user::instance($this->learner->id);
        $draft = 0;
        file_prepare_draft_area($draft, $context->id, 'user', 'private', 0, ['subdirs' => 1]);
        file_save_draft_area_files($draft, $context->id, 'user', 'private', 0, ['subdirs' => 1]);
        $this->setUser($this->account);
        $this->assertSame('updated', $this->deliver('%PDF-1.7 another'));
        $this->assertSame('removed', $this->remove());
    }

    /**
     * What the learner has put there is neither overwritten nor deleted, nor what another course has.
     */
    public function test_what_is_not_ours_stays(): void {
        $this->own(self::NAME, 'mine');
        $this->assert_refused('filetaken', fn() => $this->deliver());
        $this->assertSame('unchanged', $this->remove());
        $this->assertSame('mine', $this->files()[0]->get_content());
        $this->files()[0]->delete();
        $this->deliver();
        $other = (int) $this->getDataGenerator()->create_course()->id;
        $this->getDataGenerator()->enrol_user($this->learner->id, $other);
        $this->assert_refused('filetaken', fn() => $this->deliver('%PDF-1.7 b', ['courseid' => $other]));
        $this->assertSame('unchanged', $this->deliver('', ['courseid' => $other, 'file' => null]));
        $this->assertCount(1, $this->files());
    }

    /**
     * The learner's quota holds; what is replaced makes room.
     */
    public function test_the_quota_is_respected(): void {
        global $CFG;
        $CFG->userquota = 100;
        $this->own('essay.txt', str_repeat('x', 80));
        $this->assertSame('created', $this->deliver('%PDF-1.7 fits in'));
        $this->assertSame('updated', $this->deliver('%PDF-1.7 fits too'));
        $full = '%PDF-1.7 ' . str_repeat('x', 12);
        $this->assert_refused('quotafull', fn() => $this->deliver($full));
        $this->assertSame('%PDF-1.7 fits too', array_column($this->contents(), 1, 0)[self::NAME]);
    }

    /**
     * Name and content of each file.
     *
     * @return array
     */
    private function contents(): array {
        return array_map(fn($file) => [$file->get_filename(), $file->get_content()], $this->files());
    }

    /**
     * Only somebody of the course is given files; who has left loses what is taken away all the same.
     */
    public function test_only_who_is_enrolled_gets_a_file(): void {
        $this->deliver();
        $stranger = (int) $this->getDataGenerator()->create_user()->id;
        foreach ([$stranger, 987654321] as $userid) {
            $this->assert_refused('notenrolled', fn() => $this->deliver('%PDF-1.7 a', ['userid' => $userid]));
        }
        $ways = array_column(enrol_get_instances((int) $this->course->id, false), null, 'enrol');
        enrol_get_plugin('manual')->unenrol_user($ways['manual'], $this->learner->id);
        $this->assert_refused('notenrolled', fn() => $this->deliver());
        $this->assertSame('removed', $this->remove());
        $this->assertSame('unchanged', $this->deliver('', ['userid' => 987654321, 'file' => null]));
    }

    /**
     * Where nobody has private files, nobody is given one.
     */
    public function test_a_learner_without_private_files_is_given_none(): void {
        global $CFG;
        unassign_capability('moodle/user:manageownfiles', $CFG->defaultuserroleid);
        accesslib_clear_all_caches_for_unit_testing();
        $this->assert_refused('filesclosed', fn() => $this->deliver());
    }

    /**
     * Names and contents that are refused.
     */
    public function test_only_a_pdf_of_a_plain_name_is_taken(): void {
        foreach (['a.html', '../a.pdf', 'a/b.pdf', '.pdf', 'a.pdf/', "a\n.pdf", 'é.pdf', str_repeat('a', 99) . '.pdf'] as $name) {
            $this->assert_refused('payloadinvalid', fn() => $this->deliver('%PDF-1.7 a', ['filename' => $name]));
        }
        $this->assert_refused('payloadinvalid', fn() => $this->deliver('<script>alert(1)</script>'));
        $wrong = ['sha256' => hash('sha256', 'other')] + $this->uploaded('%PDF-1.7 a', 'c.pdf');
        $this->assert_refused('packagemismatch', fn() => $this->deliver('', ['file' => $wrong]));
        $this->assertSame([], $this->files());
    }

    /**
     * It takes a right of its own.
     */
    public function test_it_takes_a_right_of_its_own(): void {
        unassign_capability('local/lmstoolkit:deliver', service_account::ensure_role());
        accesslib_clear_all_caches_for_unit_testing();
        $this->assert_refused('nopermissions', fn() => $this->deliver());
        $this->assert_refused('nopermissions', fn() => $this->remove());
    }
}
