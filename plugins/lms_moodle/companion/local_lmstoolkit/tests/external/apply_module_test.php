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
 * Activities are made, changed in place, and refused where learners would lose something.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 * @covers     \local_lmstoolkit\external\apply_module
 * @covers     \local_lmstoolkit\local\module_applier
 * @covers     \local_lmstoolkit\local\declaration
 * @covers     \local_lmstoolkit\local\package
 * @covers     \local_lmstoolkit\local\manifest
 * @covers     \local_lmstoolkit\local\tracks
 * @covers     \local_lmstoolkit\local\question_import
 * @covers     \local_lmstoolkit\local\kinds
 * @covers     \local_lmstoolkit\local\kind\activity
 * @covers     \local_lmstoolkit\local\kind\scorm
 * @covers     \local_lmstoolkit\local\kind\quiz
 * @covers     \local_lmstoolkit\local\kind\page
 * @covers     \local_lmstoolkit\local\kind\label
 * @covers     \local_lmstoolkit\local\kind\url
 * @covers     \local_lmstoolkit\local\kind\forum
 * @covers     \local_lmstoolkit\local\kind\assign
 */
final class apply_module_test extends companion_testcase {
    /**
     * Kinds of activity with what they need.
     *
     * @return array
     */
    public static function kinds(): array {
        return [
            'label' => ['label', ['completion' => 'manual']],
            'page' => ['page', ['completion' => 'viewed']],
            'url' => ['url', ['completion' => 'viewed']],
            'forum' => ['forum', ['completion' => 'posted', 'max_points' => 10]],
            'assign' => ['assign', ['completion' => 'submitted', 'pass_mark_percent' => 60]],
        ];
    }

    /**
     * Created once, read back, then left alone; a change keeps the course module.
     *
     * @dataProvider kinds
     * @param string $modname
     * @param array $fields
     */
    public function test_an_activity_is_created_left_alone_and_changed(string $modname, array $fields): void {
        $this->assertSame(['outcome' => 'created', 'id' => null], $this->apply_module($modname, $fields + ['dryrun' => true]));
        $this->assertNull($this->module());
        $created = $this->apply_module($modname, $fields);
        $this->assertSame('created', $created['outcome']);
        $there = $this->module();
        $this->assertSame($created['id'], $there['id']);
        $this->assertEquals($fields, array_intersect_key($there, $fields));
        $this->assertSame(['outcome' => 'unchanged', 'id' => $created['id']], $this->apply_module($modname, $fields));
        $this->assertSame($there, $this->module());
        $changed = ['name' => 'Other', 'visible' => false] + $fields;
        $this->assertSame(['outcome' => 'updated', 'id' => $created['id']], $this->apply_module($modname, $changed));
        $this->assertSame(['Other', false], [$this->module()['name'], $this->module()['visible']]);
    }

    /**
     * A package is read before Moodle gets it.
     */
    public function test_a_package_that_moodle_cannot_play_is_refused(): void {
        $this->apply_section();
        foreach (['no zip', self::zip(['readme.txt' => 'no manifest']), self::zip(['imsmanifest.xml' => '<manifest>'])] as $bytes) {
            $package = ['package' => $this->uploaded($bytes)];
            $this->assert_refused('manifestinvalid', fn() => $this->apply_module('scorm', $package));
        }
        $other = ['sha256' => str_repeat('0', 64)] + $this->uploaded(self::scorm('a'));
        $this->assert_refused('packagemismatch', fn() => $this->apply_module('scorm', ['package' => $other]));
        $this->assert_refused('payloadinvalid', fn() => $this->apply_module('scorm'));
    }

    /**
     * Every learner keeps the tracks of lessons that are still there.
     */
    public function test_a_package_is_replaced_in_place_and_tracks_stay(): void {
        global $DB;
        $created = $this->apply_module('scorm', ['package' => $this->uploaded(self::scorm('a', 'b'))]);
        $this->work_in_scorm($created['id'], (int) $this->learner()->id, 'i-a');
        $sql = 'SELECT v.id, v.value, v.scoid, a.userid
                  FROM {scorm_scoes_value} v
                  JOIN {scorm_attempt} a ON a.id = v.attemptid
              ORDER BY v.id';
        $tracks = fn() => array_values($DB->get_records_sql($sql));
        $before = $tracks();
        $this->assertNotEmpty($before);

        $newer = ['package' => $this->uploaded(self::scorm('c', 'a', 'b'))];
        $this->assertSame(['outcome' => 'updated', 'id' => $created['id']], $this->apply_module('scorm', $newer));
        $this->assertEquals($before, $tracks());
        $items = array_column($this->module()['items'], 'learners', 'identifier');
        $this->assertSame(['i-c' => 0, 'i-a' => 1, 'i-b' => 0], $items);
    }

    /**
     * A lesson with tracks does not vanish unless that is allowed; what nobody has opened may.
     */
    public function test_losing_tracks_is_refused_with_what_and_for_how_many(): void {
        global $DB;
        $created = $this->apply_module('scorm', ['package' => $this->uploaded(self::scorm('a', 'b', 'c'))]);
        foreach ([$this->learner(), $this->learner()] as $learner) {
            $this->work_in_scorm($created['id'], (int) $learner->id, 'i-b');
        }
        $shorter = self::scorm('a');
        $error = $this->assert_refused('trackloss', fn() => $this->apply_module('scorm', ['package' => $this->uploaded($shorter)]));
        $this->assertStringContainsString('“b” (2 learner(s))', $error->getMessage());
        $this->assertStringNotContainsString('“c”', $error->getMessage());
        $dry = ['package' => $this->uploaded($shorter), 'dryrun' => true];
        $this->assert_refused('trackloss', fn() => $this->apply_module('scorm', $dry));

        $allowed = ['package' => $this->uploaded($shorter), 'allow_track_loss' => true];
        $this->assertSame('updated', $this->apply_module('scorm', $allowed)['outcome']);
        $this->assertSame(['i-a'], array_column($this->module()['items'], 'identifier'));
        $this->assertSame(0, $DB->count_records('scorm_scoes_value'));
    }

    /**
     * Moodle applies another completion rule by wiping the states of all learners.
     */
    public function test_another_completion_rule_under_learners_who_are_done_is_refused(): void {
        global $DB;
        $created = $this->apply_module('page', ['completion' => 'manual']);
        $cm = get_fast_modinfo($this->course)->get_cm($created['id']);
        $learner = $this->learner();
        (new \completion_info($this->course))->update_state($cm, COMPLETION_COMPLETE, $learner->id);

        $error = $this->assert_refused('completionreset', fn() => $this->apply_module('page', ['completion' => 'viewed']));
        $this->assertStringContainsString('1 learner(s)', $error->getMessage());
        $this->assertSame('updated', $this->apply_module('page', ['completion' => 'manual', 'name' => 'Other'])['outcome']);
        $state = ['coursemoduleid' => $created['id'], 'userid' => $learner->id];
        $this->assertEquals(COMPLETION_COMPLETE, $DB->get_field('course_modules_completion', 'completionstate', $state));

        $allowed = ['completion' => 'viewed', 'name' => 'Other', 'allow_track_loss' => true];
        $this->assertSame('updated', $this->apply_module('page', $allowed)['outcome']);
        $this->assertSame('viewed', $this->module()['completion']);
    }

    /**
     * Questions come in whole or not at all, and another set replaces them until somebody has begun.
     */
    public function test_questions_are_imported_replaced_and_then_kept(): void {
        global $DB;
        $this->apply_section();
        $broken = ['package' => $this->uploaded('<quiz><question></quiz>', 'questions.xml')];
        $this->assert_refused('questionsinvalid', fn() => $this->apply_module('quiz', $broken));
        $empty = ['package' => $this->uploaded('<quiz></quiz>', 'questions.xml')];
        $this->assert_refused('questionsinvalid', fn() => $this->apply_module('quiz', $empty));

        $created = $this->apply_module('quiz', ['package' => $this->uploaded(self::questions('Sun', 'Moon'), 'questions.xml')]);
        $quizid = get_coursemodule_from_id('quiz', $created['id'])->instance;
        $this->assertSame(2, $DB->count_records('quiz_slots', ['quizid' => $quizid]));
        $this->apply_module('quiz', ['package' => $this->uploaded(self::questions('Sun', 'Moon', 'Star'), 'questions.xml')]);
        $this->assertSame(3, $DB->count_records('quiz_slots', ['quizid' => $quizid]));

        $this->begin_quiz((int) $quizid);
        $other = ['package' => $this->uploaded(self::questions('Sea'), 'questions.xml')];
        $this->assert_refused('trackloss', fn() => $this->apply_module('quiz', $other));
    }

    /**
     * The other errors of the contract.
     */
    public function test_what_cannot_be_is_refused(): void {
        global $DB;
        $this->apply_module('page');
        $this->assert_refused('sectionnotfound', fn() => $this->apply_module('page', ['section_key' => 'section:none']));
        $this->assert_refused('keynotfound', fn() => $this->apply_module('page', ['grouping_key' => 'grouping:none']));
        $this->assert_refused('payloadinvalid', fn() => $this->apply_module('label'));
        $this->assert_refused('payloadinvalid', fn() => $this->apply_module('page', ['max_points' => 5]));
        $unsafe = ['key' => 'activity:two', 'settings' => ['address' => 'javascript:alert(1)']];
        $this->assert_refused('payloadinvalid', fn() => $this->apply_module('url', $unsafe));
        \core\plugininfo\mod::enable_plugin('url', 0);
        $this->assert_refused('modulemissing', fn() => $this->apply_module('url', ['key' => 'activity:two']));

        unassign_capability('mod/label:addinstance', $DB->get_field('role', 'id', ['shortname' => 'lmstoolkit']));
        accesslib_clear_all_caches_for_unit_testing();
        $this->assert_refused('nopermissions', fn() => $this->apply_module('label', ['key' => 'activity:two']));
    }

    /**
     * Have a learner begin a quiz.
     *
     * @param int $quizid
     */
    private function begin_quiz(int $quizid): void {
        global $CFG;
        require_once($CFG->dirroot . '/mod/quiz/locallib.php');
        $learner = $this->learner();
        $this->setUser($learner);
        $quiz = \mod_quiz\quiz_settings::create($quizid, $learner->id);
        $usage = \question_engine::make_questions_usage_by_activity('mod_quiz', $quiz->get_context());
        $usage->set_preferred_behaviour($quiz->get_quiz()->preferredbehaviour);
        $attempt = quiz_create_attempt($quiz, 1, false, time(), false, $learner->id);
        quiz_start_new_attempt($quiz, $usage, $attempt, 1, time());
        quiz_attempt_save_started($quiz, $usage, $attempt);
        $this->setUser($this->account);
    }
}
