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

namespace local_lmstoolkit\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_lmstoolkit\tests\companion_testcase;

/**
 * Whose results have changed is all that is kept about people; it is exported, and deleted on demand.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\privacy\provider
 */
final class provider_test extends companion_testcase {
    /** @var \stdClass A learner of whom something is noted. */
    private \stdClass $learner;

    #[\Override]
    protected function setUp(): void {
        parent::setUp();
        $this->apply_module('assign');
        $this->learner = $this->learner();
        writer::reset();
    }

    /**
     * What is noted of somebody.
     *
     * @param \stdClass $user
     * @return int
     */
    private function noted(\stdClass $user): int {
        global $DB;
        return $DB->count_records('local_lmstoolkit_outbox', ['userid' => $user->id]);
    }

    /**
     * Every column of the table with people in it is declared, with a text.
     */
    public function test_the_table_is_declared_with_every_column(): void {
        global $DB;
        $items = provider::get_metadata(new collection('local_lmstoolkit'))->get_collection();
        $table = reset($items);
        $this->assertSame('local_lmstoolkit_outbox', $table->get_name());
        $columns = array_diff(array_keys($DB->get_columns('local_lmstoolkit_outbox')), ['id']);
        $this->assertEqualsCanonicalizing($columns, array_keys($table->get_privacy_fields()));
        foreach ([$table->get_summary(), ...$table->get_privacy_fields()] as $text) {
            $this->assertTrue(get_string_manager()->string_exists($text, 'local_lmstoolkit'), $text);
        }
    }

    /**
     * The course is found for the learner and the learner for the course; what is noted is exported.
     */
    public function test_what_is_noted_is_found_and_exported(): void {
        $context = \context_course::instance($this->course->id);
        $this->assertEquals([$context->id], provider::get_contexts_for_userid((int) $this->learner->id)->get_contextids());
        $users = new userlist($context, 'local_lmstoolkit');
        provider::get_users_in_context($users);
        $this->assertContains((int) $this->learner->id, array_map('intval', $users->get_userids()));
        provider::export_user_data(new approved_contextlist($this->learner, 'local_lmstoolkit', [$context->id]));
        $exported = writer::with_context($context)->get_data([get_string('pluginname', 'local_lmstoolkit')]);
        $this->assertCount($this->noted($this->learner), $exported->changes);
    }

    /**
     * What is noted of one learner is deleted, and of nobody else.
     */
    public function test_one_learner_is_forgotten(): void {
        $other = $this->learner();
        $context = \context_course::instance($this->course->id);
        provider::delete_data_for_user(new approved_contextlist($this->learner, 'local_lmstoolkit', [$context->id]));
        $this->assertSame(0, $this->noted($this->learner));
        $this->assertGreaterThan(0, $this->noted($other));
        provider::delete_data_for_users(new approved_userlist($context, 'local_lmstoolkit', [$other->id]));
        $this->assertSame(0, $this->noted($other));
    }

    /**
     * A course is forgotten whole.
     */
    public function test_a_course_is_forgotten(): void {
        provider::delete_data_for_all_users_in_context(\context_course::instance($this->course->id));
        $this->assertSame(0, $this->noted($this->learner));
    }
}
