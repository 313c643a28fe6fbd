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
use local_lmstoolkit\local\payload;
use local_lmstoolkit\local\workshop_criteria;

/**
 * Peer assessment: learners hand in, judge some of the others' works by criteria, and get their peers' judgement as grade.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class workshop extends activity {
    #[\Override]
    public function modname(): string {
        return 'workshop';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/workshop/locallib.php');
        require_once($CFG->dirroot . '/mod/workshop/allocation/lib.php');
        require_once($CFG->dirroot . '/mod/workshop/allocation/random/lib.php');
    }

    #[\Override]
    public function settings_types(): array {
        $criterion = payload::object_of(['key' => 'part', 'title' => 'text', 'points' => 'points']);
        return [
            'opens_at' => 'time',
            'due_at' => 'time',
            'reviews_due_at' => 'time',
            'instructions' => 'text',
            'review_instructions' => 'text',
            'reviews' => 'count',
            'criteria' => payload::list_of($criterion, 50),
        ];
    }

    #[\Override]
    public function check(array $declared): void {
        if (!$declared['settings']['criteria']) {
            throw $this->unfit('settings.criteria', 'nonempty');
        }
        foreach ($declared['settings']['criteria'] as $index => $criterion) {
            $points = (float) $criterion['points'];
            if ($points < 1 || $points > 100 || floor($points) !== $points) {
                throw $this->unfit("settings.criteria[$index].points", 'onetohundred');
            }
            if (trim($criterion['title']) === '') {
                throw $this->unfit("settings.criteria[$index].title", 'nonempty');
            }
        }
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'graded', 'passed']; // Moodle has no rule for having handed in.
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
    public function capabilities(array $declared): array {
        return ['mod/workshop:editdimensions', 'mod/workshop:allocate'];
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $category = \grade_category::fetch_course_category($course->id);
        $settings = [
            'gradinggrade' => 0, // One grade, the peers' judgement of the work; judging itself earns none.
            'gradecategory' => $category->id,
            'gradinggradecategory' => $category->id,
            'strategy' => 'accumulative',
            'gradedecimals' => 0,
            'submissiontypetext' => WORKSHOP_SUBMISSION_TYPE_AVAILABLE,
            'submissiontypefile' => WORKSHOP_SUBMISSION_TYPE_AVAILABLE,
            'nattachments' => 3,
            'submissionfiletypes' => '',
            'latesubmissions' => 0,
            'maxbytes' => 0, // What the course allows.
            'useexamples' => 0,
            'useselfassessment' => 0,
            'overallfeedbackmode' => 1,
            'overallfeedbackfiles' => 0,
            'overallfeedbackfiletypes' => '',
            'overallfeedbackmaxbytes' => 0,
            'phaseswitchassessment' => 1,
            'assessmentstart' => 0,
            'conclusioneditor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => 0],
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        foreach (['instructauthors', 'instructreviewers', 'conclusion'] as $name) {
            $draftitemid = 0;
            $text = file_prepare_draft_area(
                $draftitemid,
                (int) $cm->contextid,
                'mod_workshop',
                $name,
                0,
                null,
                (string) $data->$name
            );
            $data->{"{$name}editor"} = ['text' => $text, 'format' => $data->{"{$name}format"}, 'itemid' => $draftitemid];
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $settings = $declared['settings'];
        $data->grade = (float) $declared['max_points'];
        $data->submissionstart = $settings['opens_at'];
        $data->submissionend = $settings['due_at'];
        $data->assessmentend = $settings['reviews_due_at'];
        foreach (['instructauthors' => 'instructions', 'instructreviewers' => 'review_instructions'] as $name => $key) {
            // Without a draft area, an update keeps what it is given in the plain field.
            $data->{"{$name}editor"} = [
                'text' => $settings[$key],
                'format' => FORMAT_HTML,
                'itemid' => $data->{"{$name}editor"}['itemid'] ?? 0,
            ];
            $data->$name = $settings[$key];
            $data->{"{$name}format"} = FORMAT_HTML;
        }
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        global $DB;
        if (in_array('criteria', $changed, true)) {
            workshop_criteria::apply($cm, $declared['settings']['criteria']);
        }
        $this->set_reviews($cm, $declared['settings']['reviews'], (int) $declared['settings']['due_at']);
        if ((int) $cm->record->phase === \workshop::PHASE_SETUP) {
            // Nothing is left to set up, and without this nobody could hand in.
            $course = get_course($cm->course);
            $plain = get_coursemodule_from_id('workshop', $cm->id, 0, false, MUST_EXIST);
            (new \workshop($cm->record, $plain, $course))->switch_phase(\workshop::PHASE_SUBMISSION);
        }
        // Judging earns nothing: its gradebook item, which Moodle insists on, must not weigh.
        $where = ['itemtype' => 'mod', 'itemmodule' => 'workshop', 'iteminstance' => $cm->instance, 'itemnumber' => 1];
        if ((float) $cm->record->gradinggrade === 0.0) {
            $DB->set_field('grade_items', 'aggregationcoef', 0, $where);
        }
    }

    /**
     * Have Moodle hand out the works when they are due: so many to each reviewer.
     *
     * @param \stdClass $cm
     * @param int $reviews
     * @param int $dueat 0 when a teacher says when
     */
    private function set_reviews(\stdClass $cm, int $reviews, int $dueat): void {
        global $DB;
        $there = $DB->get_record('workshopallocation_scheduled', ['workshopid' => $cm->instance]);
        $settings = \workshop_random_allocator_setting::instance_from_object((object) (
            ['numofreviews' => $reviews, 'numper' => \workshop_random_allocator_setting::NUMPER_REVIEWER]
            + (array) json_decode($there->settings ?? '{}')
        ));
        $record = (object) [
            'workshopid' => $cm->instance,
            'enabled' => (int) ($reviews > 0 && $dueat > 0),
            'submissionend' => $dueat,
            'settings' => $settings->export_text(),
        ];
        if ($there) {
            $record->id = $there->id;
            $DB->update_record('workshopallocation_scheduled', $record);
        } else {
            $DB->insert_record('workshopallocation_scheduled', $record);
        }
    }

    #[\Override]
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        global $DB;
        if (!in_array('criteria', $changed, true) || $declared['allow_track_loss']) {
            return;
        }
        $sql = "SELECT COUNT(DISTINCT a.reviewerid)
                  FROM {workshop_assessments} a
                  JOIN {workshop_submissions} s ON s.id = a.submissionid
                  JOIN {workshop_grades} g ON g.assessmentid = a.id
                 WHERE s.workshopid = ?";
        $judged = $DB->count_records_sql($sql, [$cm->instance]);
        if ($judged && workshop_criteria::differ_in_points($cm, $declared['settings']['criteria'])) {
            throw $this->loss('trackloss_criteria', $judged);
        }
    }

    #[\Override]
    public function settings(array $cms): array {
        global $DB;
        $criteria = workshop_criteria::read($cms);
        $reviews = [];
        $records = $DB->get_records_list('workshopallocation_scheduled', 'workshopid', array_column($cms, 'instance'));
        foreach ($records as $record) {
            $reviews[$record->workshopid] = (int) (json_decode((string) $record->settings)->numofreviews ?? 0);
        }
        return array_map(fn($cm) => [
            'opens_at' => (int) $cm->record->submissionstart,
            'due_at' => (int) $cm->record->submissionend,
            'reviews_due_at' => (int) $cm->record->assessmentend,
            'instructions' => (string) $cm->record->instructauthors,
            'review_instructions' => (string) $cm->record->instructreviewers,
            'reviews' => $reviews[$cm->instance] ?? 0,
            'criteria' => $criteria[$cm->id],
        ], $cms);
    }

    #[\Override]
    public function learners(array $cms): array {
        return $this->count(
            $cms,
            "SELECT workshopid AS instance, COUNT(DISTINCT authorid) AS learners
               FROM {workshop_submissions}
              WHERE example = 0 AND {in}
           GROUP BY workshopid",
            'workshopid'
        );
    }
}
