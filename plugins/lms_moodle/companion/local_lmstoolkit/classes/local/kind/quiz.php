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

namespace local_lmstoolkit\local\kind;

use local_lmstoolkit\local\package;
use local_lmstoolkit\local\question_import;
use local_lmstoolkit\local\quiz_slots;

/**
 * A quiz with imported questions.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class quiz extends activity {
    /** @var string[] What learners may review, as the form names it. */
    private const REVIEWS = [
        'attempt', 'correctness', 'maxmarks', 'marks', 'specificfeedback', 'generalfeedback', 'rightanswer', 'overallfeedback',
    ];

    /** @var string[] Site defaults of settings that nobody declares. */
    private const DEFAULTS = [
        'overduehandling', 'graceperiod', 'grademethod', 'questionsperpage', 'navmethod', 'preferredbehaviour', 'canredoquestions',
        'attemptonlast', 'decimalpoints', 'questiondecimalpoints', 'showuserpicture', 'showblocks', 'delay1', 'delay2',
        'browsersecurity',
    ];

    #[\Override]
    public function modname(): string {
        return 'quiz';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/quiz/locallib.php');
        require_once($CFG->libdir . '/questionlib.php');
    }

    #[\Override]
    public function settings_types(): array {
        return [
            'opens_at' => 'time',
            'closes_at' => 'time',
            'minutes' => 'count',
            'attempts' => 'count',
            'draw' => 'count',
            'shuffle' => 'flag',
        ];
    }

    #[\Override]
    public function check(array $declared): void {
        if ($declared['settings']['attempts'] > QUIZ_MAX_ATTEMPT_OPTION) {
            throw $this->unfit('settings.attempts', 'atmost', (string) QUIZ_MAX_ATTEMPT_OPTION);
        }
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'graded', 'passed'];
    }

    #[\Override]
    public function foreign_completion_columns(): array {
        return ['completionattemptsexhausted', 'completionminattempts'];
    }

    #[\Override]
    public function is_gradable(): bool {
        return true;
    }

    #[\Override]
    public function max_points(\stdClass $record): ?float {
        return $record->grade > 0 ? (float) $record->grade : null;
    }

    #[\Override]
    public function takes_package(): bool {
        return true;
    }

    #[\Override]
    public function check_package(package $package): void {
        question_import::check($package->file);
    }

    #[\Override]
    public function capabilities(array $declared): array {
        $needed = ['mod/quiz:manage'];
        return $declared['package']
            ? [...$needed, 'moodle/question:add', 'moodle/question:editall', 'moodle/question:useall',
                'moodle/question:managecategory']
            : $needed;
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $config = get_config('quiz');
        foreach (self::DEFAULTS as $name) {
            $data->$name = $config->$name ?? 0;
        }
        $data->quizpassword = '';
        $data->subnet = '';
        $data->completionattemptsexhausted = 0;
        $data->completionminattempts = 0;
        self::fill_review($data, $config);
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        global $DB;
        $data->quizpassword = $data->password;
        $data->completionminattemptsenabled = (int) ($data->completionminattempts > 0);
        self::fill_review($data, $cm->record);
        foreach (\mod_quiz\access_manager::load_settings($cm->instance) as $name => $value) {
            $data->$name = $value;
        }
        // Boundaries in the gradebook's order, from the best grade down; the form would send these texts again.
        foreach (array_values($DB->get_records('quiz_feedback', ['quizid' => $cm->instance], 'mingrade DESC')) as $index => $row) {
            $draftitemid = 0;
            $text = file_prepare_draft_area(
                $draftitemid,
                (int) $cm->contextid,
                'mod_quiz',
                'feedback',
                (int) $row->id,
                null,
                $row->feedbacktext
            );
            $data->feedbacktext[$index] = ['text' => $text, 'format' => $row->feedbacktextformat, 'itemid' => $draftitemid];
            if ($row->mingrade > 0) {
                $data->feedbackboundaries[$index] = (string) (float) $row->mingrade;
            }
        }
    }

    /**
     * What learners may review when, from the bits that Moodle stores to the boxes of the form.
     *
     * @param \stdClass $data
     * @param \stdClass $source with reviewattempt and so on
     */
    private static function fill_review(\stdClass $data, \stdClass $source): void {
        $times = [
            'during' => \mod_quiz\question\display_options::DURING,
            'immediately' => \mod_quiz\question\display_options::IMMEDIATELY_AFTER,
            'open' => \mod_quiz\question\display_options::LATER_WHILE_OPEN,
            'closed' => \mod_quiz\question\display_options::AFTER_CLOSE,
        ];
        foreach (self::REVIEWS as $what) {
            foreach ($times as $when => $bit) {
                $data->{$what . $when} = (int) (((int) ($source->{'review' . $what} ?? 0) & $bit) > 0);
            }
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $settings = $declared['settings'];
        $data->timeopen = $settings['opens_at'];
        $data->timeclose = $settings['closes_at'];
        $data->timelimit = $settings['minutes'] * MINSECS;
        $data->attempts = $settings['attempts'];
        $data->shuffleanswers = (int) $settings['shuffle'];
        $data->grade ??= (float) $declared['max_points'];
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        global $DB;
        if ($package) {
            question_import::replace($cm, $package->file, $declared['name']);
        }
        if ($package || in_array('draw', $changed, true)) {
            (new quiz_slots($cm))->fill($declared['settings']['draw']);
        }
        $shuffle = (int) $declared['settings']['shuffle'];
        $DB->set_field('quiz_sections', 'shufflequestions', $shuffle, ['quizid' => $cm->instance]);
        if (abs($cm->record->grade - (float) $declared['max_points']) > 0.000005) {
            // Moodle scales the grades of everybody and the boundaries of the overall feedback.
            $calculator = \mod_quiz\quiz_settings::create($cm->instance)->get_grade_calculator();
            $calculator->update_quiz_maximum_grade((float) $declared['max_points']);
        }
    }

    #[\Override]
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        $learners = $package || in_array('draw', $changed, true) ? $this->learners([$cm->id => $cm])[$cm->id] : 0;
        if ($learners) {
            // Also when a loss is allowed: Moodle itself does not let go of questions that were answered.
            throw $this->loss('trackloss_questions', $learners);
        }
    }

    #[\Override]
    public function settings(array $cms): array {
        global $DB;
        $quizids = array_column($cms, 'instance');
        $draws = quiz_slots::draws($cms);
        [$in, $params] = $DB->get_in_or_equal($quizids);
        $sql = "SELECT quizid, MIN(shufflequestions) AS least, MAX(shufflequestions) AS most
                  FROM {quiz_sections}
                 WHERE quizid $in
              GROUP BY quizid";
        $sections = $DB->get_records_sql($sql, $params);
        return array_map(fn($cm) => [
            'opens_at' => (int) $cm->record->timeopen,
            'closes_at' => (int) $cm->record->timeclose,
            'minutes' => (int) round($cm->record->timelimit / MINSECS),
            'attempts' => (int) $cm->record->attempts,
            'draw' => $draws[$cm->id],
            'shuffle' => self::shuffle((bool) $cm->record->shuffleanswers, $sections[$cm->instance] ?? null),
        ], $cms);
    }

    /**
     * Whether both questions and answers are shuffled; null when somebody set one without the other.
     *
     * @param bool $answers
     * @param \stdClass|null $sections least and most of the quiz's sections
     * @return bool|null
     */
    private static function shuffle(bool $answers, ?\stdClass $sections): ?bool {
        $isone = $sections && (int) $sections->least === (int) $answers && (int) $sections->most === (int) $answers;
        return $isone ? $answers : null;
    }

    #[\Override]
    public function learners(array $cms): array {
        return $this->count(
            $cms,
            "SELECT quiz AS instance, COUNT(DISTINCT userid) AS learners
               FROM {quiz_attempts}
              WHERE preview = 0 AND {in}
           GROUP BY quiz",
            'quiz'
        );
    }

    #[\Override]
    public function fingerprints(array $cms): array {
        return question_import::fingerprints($cms);
    }
}
