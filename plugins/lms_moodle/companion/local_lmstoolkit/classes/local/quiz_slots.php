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

/**
 * Which questions of its category a quiz asks: all of them, or some drawn for each attempt.
 *
 * Questions that a draw cannot take, which earn no points, are always asked.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class quiz_slots {
    /**
     * For one quiz.
     *
     * @param \stdClass $cm
     */
    public function __construct(
        /** @var \stdClass The course module. */
        private readonly \stdClass $cm
    ) {
    }

    /**
     * Take every question out of the quiz; previews of teachers go with them.
     */
    public function clear(): void {
        quiz_delete_previews($this->cm->record);
        $structure = $this->structure();
        foreach (array_slice($structure->get_sections(), 1) as $section) {
            $structure->remove_section_heading($section->id);
        }
        for ($slot = count($this->structure()->get_slots()); $slot > 0; $slot--) {
            // Fresh each time: it keeps its own count of slots and pages.
            $this->structure()->remove_slot($slot);
        }
        $this->structure();
    }

    /**
     * Ask all questions of our category, or draw some.
     *
     * @param int $draw 0 for all
     * @throws \moodle_exception payloadinvalid when there are not that many
     */
    public function fill(int $draw): void {
        $categoryid = question_import::category_id((int) $this->cm->id);
        $questions = question_import::questions([$categoryid])[$categoryid];
        $drawn = array_filter($questions, fn($question) => self::can_be_drawn($question->qtype));
        if ($draw > count($drawn)) {
            $what = ['key' => 'settings.draw', 'type' => get_string('payload_type_atmost', 'local_lmstoolkit', count($drawn))];
            throw payload::invalid(get_string('payload_type', 'local_lmstoolkit', $what));
        }
        $this->clear();
        $quiz = (object) ((array) $this->cm->record + ['cmid' => $this->cm->id]);
        foreach ($draw ? array_udiff($questions, $drawn, fn($a, $b) => $a->entryid <=> $b->entryid) : $questions as $question) {
            quiz_add_quiz_question($question->questionid, $quiz);
        }
        if ($draw) {
            $this->structure()->add_random_questions(0, $draw, self::filter($categoryid));
        }
        \mod_quiz\quiz_settings::create($this->cm->instance)->get_grade_calculator()->recompute_quiz_sumgrades();
    }

    /**
     * How many questions each quiz draws, 0 when it asks all of its category, -1 when somebody chose by hand.
     *
     * @param \stdClass[] $cms cmid => …
     * @return int[] cmid => …
     */
    public static function draws(array $cms): array {
        $categories = array_filter(
            array_map(fn($parts) => $parts[question_import::CATEGORY] ?? null, parts::of(array_keys($cms)))
        );
        $questions = question_import::questions(array_values($categories));
        $fixed = self::fixed_slots($cms);
        $random = self::random_slots($cms);
        $draws = [];
        foreach ($cms as $cmid => $cm) {
            $all = $questions[$categories[$cmid] ?? 0] ?? [];
            $draw = $random[$cm->contextid] ?? 0;
            $asked = $draw ? array_filter($all, fn($question) => !self::can_be_drawn($question->qtype)) : $all;
            $entries = array_map('intval', array_column($asked, 'entryid'));
            $draws[$cmid] = $entries === ($fixed[$cm->contextid] ?? []) ? $draw : -1;
        }
        return $draws;
    }

    /**
     * The questions that quizzes ask by name.
     *
     * @param \stdClass[] $cms
     * @return array context id => list of question bank entries
     */
    private static function fixed_slots(array $cms): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(array_column($cms, 'contextid'));
        $sql = "SELECT s.id, r.usingcontextid, r.questionbankentryid
                  FROM {question_references} r
                  JOIN {quiz_slots} s ON s.id = r.itemid
                 WHERE r.usingcontextid $in AND r.component = 'mod_quiz' AND r.questionarea = 'slot'
              ORDER BY s.quizid, s.slot";
        $found = [];
        foreach ($DB->get_records_sql($sql, $params) as $slot) {
            $found[$slot->usingcontextid][] = (int) $slot->questionbankentryid;
        }
        return $found;
    }

    /**
     * How many questions quizzes draw.
     *
     * @param \stdClass[] $cms
     * @return int[] context id => …
     */
    private static function random_slots(array $cms): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(array_column($cms, 'contextid'));
        $sql = "SELECT r.usingcontextid, COUNT(1)
                  FROM {question_set_references} r
                  JOIN {quiz_slots} s ON s.id = r.itemid
                 WHERE r.usingcontextid $in AND r.component = 'mod_quiz' AND r.questionarea = 'slot'
              GROUP BY r.usingcontextid";
        return array_map('intval', $DB->get_records_sql_menu($sql, $params));
    }

    /**
     * Whether Moodle draws questions of this type.
     *
     * @param string $qtype
     * @return bool
     */
    private static function can_be_drawn(string $qtype): bool {
        return \question_bank::get_qtype($qtype, false)->is_usable_by_random();
    }

    /**
     * The condition that a drawn question is of our category.
     *
     * @param int $categoryid
     * @return array
     */
    private static function filter(int $categoryid): array {
        return ['filter' => ['category' => [
            'jointype' => \core\output\datafilter::JOINTYPE_ANY,
            'values' => [$categoryid],
            'filteroptions' => ['includesubcategories' => false],
        ]]];
    }

    /**
     * The quiz's structure as it is now.
     *
     * @return \mod_quiz\structure
     */
    private function structure(): \mod_quiz\structure {
        return \mod_quiz\quiz_settings::create($this->cm->instance)->get_structure();
    }
}
