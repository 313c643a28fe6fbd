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

namespace local_lmstoolkit\local\results;

/**
 * Reads attempts at quizzes.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class quiz_attempts {
    /** @var string[] States of a question at its end, without the mark of a grading by hand, in the toolkit's words. */
    private const RESULTS = [
        'gradedright' => 'correct',
        'gradedwrong' => 'incorrect',
        'gradedpartial' => 'partial',
        'gaveup' => 'incorrect',
        'mangrright' => 'correct',
        'mangrwrong' => 'incorrect',
        'mangrpartial' => 'partial',
        'mangaveup' => 'incorrect',
        'finished' => 'neutral',
        'manfinished' => 'neutral',
    ];

    /**
     * The attempts of some users. A teacher's previews are none, nor are those that Moodle 5 prepares before anybody begins.
     *
     * @param int[] $quizids
     * @param int[] $userids
     * @param int[] $places quiz id => place of the item
     * @return array rows
     */
    public static function rows(array $quizids, array $userids, array $places): array {
        global $DB;
        [$inquizzes, $params] = $DB->get_in_or_equal($quizids, SQL_PARAMS_NAMED, 'quiz');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $sql = "SELECT a.id, a.userid, a.quiz, a.attempt, a.uniqueid, a.state, a.sumgrades, a.timestart, a.timemodified,
                       q.grade AS highest, q.sumgrades AS marks
                  FROM {quiz_attempts} a
                  JOIN {quiz} q ON q.id = a.quiz
                 WHERE a.quiz $inquizzes AND a.userid $inusers AND a.preview = 0 AND a.state <> 'notstarted'
              ORDER BY a.userid, a.quiz, a.attempt";
        $attempts = $DB->get_records_sql($sql, $params + $userparams);
        $answers = self::answers(array_column($attempts, 'uniqueid'));
        return array_map(fn($attempt) => [
            (int) $attempt->userid,
            $places[$attempt->quiz],
            (int) $attempt->attempt,
            $attempt->state,
            self::score($attempt),
            (float) $attempt->highest,
            (int) $attempt->timestart ?: null,
            (int) $attempt->timemodified,
            $answers[$attempt->uniqueid] ?? [],
        ], array_values($attempts));
    }

    /**
     * The score of an attempt on the scale of its quiz.
     *
     * @param \stdClass $attempt
     * @return float|null null while it is not graded
     */
    private static function score(\stdClass $attempt): ?float {
        if ($attempt->sumgrades === null || (float) $attempt->marks <= 0) {
            return null;
        }
        return (float) $attempt->sumgrades * (float) $attempt->highest / (float) $attempt->marks;
    }

    /**
     * The answers in some attempts, in order of the questions.
     *
     * @param int[] $usageids
     * @return array usage id => list of [question id, text, result, response, '']
     */
    private static function answers(array $usageids): array {
        global $DB;
        if (!$usageids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($usageids, SQL_PARAMS_NAMED, 'usage');
        $sql = "SELECT qa.id, qa.questionusageid, qa.questionsummary, qa.responsesummary, q.name, qbe.idnumber, qas.state
                  FROM {question_attempts} qa
                  JOIN {question} q ON q.id = qa.questionid
                  JOIN {question_attempt_steps} qas ON qas.questionattemptid = qa.id
                       AND qas.sequencenumber = (SELECT MAX(last.sequencenumber)
                                                   FROM {question_attempt_steps} last
                                                  WHERE last.questionattemptid = qa.id)
             LEFT JOIN {question_versions} qv ON qv.questionid = q.id
             LEFT JOIN {question_bank_entries} qbe ON qbe.id = qv.questionbankentryid
                 WHERE qa.questionusageid $in
              ORDER BY qa.questionusageid, qa.slot";
        $answers = [];
        $found = $DB->get_recordset_sql($sql, $params);
        foreach ($found as $one) {
            $answers[$one->questionusageid][] = [
                attempts::text((string) $one->idnumber !== '' ? $one->idnumber : $one->name),
                attempts::text($one->questionsummary),
                self::RESULTS[$one->state] ?? '',
                attempts::text($one->responsesummary),
                '',
            ];
        }
        $found->close();
        return $answers;
    }
}
