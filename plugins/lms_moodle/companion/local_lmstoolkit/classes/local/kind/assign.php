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
use local_lmstoolkit\local\rubric;

/**
 * An assignment: handed in as text or files, by each learner or by their group, or only graded by a tutor.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class assign extends activity {
    /** @var int Most files that Moodle's own form offers. */
    private const MAX_FILES = 20;

    #[\Override]
    public function modname(): string {
        return 'assign';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/assign/locallib.php');
        require_once($CFG->dirroot . '/grade/grading/lib.php');
    }

    #[\Override]
    public function settings_types(): array {
        return [
            'opens_at' => 'time',
            'due_at' => 'time',
            'closes_at' => 'time',
            'text' => 'flag',
            'files' => 'count',
            'words' => 'count',
            'team' => 'flag',
            'rubric' => rubric::type(),
        ];
    }

    #[\Override]
    public function check(array $declared): void {
        $settings = $declared['settings'];
        if ($settings['files'] > self::MAX_FILES) {
            throw $this->unfit('settings.files', 'atmost', (string) self::MAX_FILES);
        }
        if ($settings['words'] && !$settings['text']) {
            throw $this->unfit('settings.words', 'onlywithtext');
        }
        if ($declared['completion'] === 'submitted' && !$settings['text'] && !$settings['files']) {
            throw $this->unfit('completion', 'nothinghandedin');
        }
        if ($settings['rubric'] && $declared['max_points'] === null) {
            throw $this->unfit('settings.rubric', 'onlygraded');
        }
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'submitted', 'graded', 'passed'];
    }

    #[\Override]
    public function completion_columns(): array {
        return ['submitted' => ['completionsubmit' => 1]];
    }

    #[\Override]
    public function is_gradable(): bool {
        return true;
    }

    #[\Override]
    public function can_have(?float $points): bool {
        return $points === null || ($points >= 1 && floor($points) === $points);
    }

    #[\Override]
    public function max_points(\stdClass $record): ?float {
        return $record->grade > 0 ? (float) $record->grade : null;
    }

    #[\Override]
    public function file_area(): ?string {
        return 'introattachment';
    }

    #[\Override]
    public function capabilities(array $declared): array {
        return $declared['settings']['rubric'] ? ['moodle/grade:managegradingforms'] : [];
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $settings = [
            'alwaysshowdescription' => 1,
            'submissiondrafts' => 0,
            'requiresubmissionstatement' => 0,
            'sendnotifications' => 0,
            'sendlatenotifications' => 0,
            'sendstudentnotifications' => 1,
            'gradingduedate' => 0,
            'timelimit' => 0,
            'submissionattachments' => 0,
            'requireallteammemberssubmit' => 0,
            'blindmarking' => 0,
            'hidegrader' => 0,
            'attemptreopenmethod' => ASSIGN_ATTEMPT_REOPEN_METHOD_UNTILPASS,
            'maxattempts' => 1,
            'markingworkflow' => 0,
            'markingallocation' => 0,
            'markinganonymous' => 0,
            'assignsubmission_comments_enabled' => 1,
            'assignfeedback_comments_enabled' => 1,
            'assignfeedback_file_enabled' => 1,
            'assignsubmission_file_maxsizebytes' => 0, // What the course allows.
            'assignsubmission_file_filetypes' => '',
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        global $DB;
        $names = ['file' => ['maxsubmissionsizebytes' => 'maxsizebytes', 'filetypeslist' => 'filetypes']];
        foreach ($DB->get_records('assign_plugin_config', ['assignment' => $cm->instance]) as $config) {
            $name = $names[$config->plugin][$config->name] ?? $config->name;
            $data->{"{$config->subtype}_{$config->plugin}_{$name}"} = $config->value;
        }
        $data->assignsubmission_file_maxsizebytes ??= 0;
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $settings = $declared['settings'];
        $data->allowsubmissionsfromdate = $settings['opens_at'];
        $data->duedate = $settings['due_at'];
        $data->cutoffdate = $settings['closes_at'];
        $data->grade = (int) $declared['max_points'];
        $data->teamsubmission = (int) $settings['team'];
        $data->teamsubmissiongroupingid = $settings['team'] ? (int) $data->groupingid : 0;
        $data->preventsubmissionnotingroup = (int) $settings['team'];
        $data->assignsubmission_onlinetext_enabled = (int) $settings['text'];
        $data->assignsubmission_onlinetext_wordlimit = $settings['words'];
        $data->assignsubmission_onlinetext_wordlimit_enabled = (int) ($settings['words'] > 0);
        $data->assignsubmission_file_enabled = (int) ($settings['files'] > 0);
        $data->assignsubmission_file_maxfiles = $settings['files'] ?: 1;
        $data->advancedgradingmethod_submissions = $settings['rubric'] ? 'rubric' : '';
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if ($declared['settings']['rubric'] && in_array('rubric', $changed, true)) {
            (new rubric($cm))->apply($declared['settings']['rubric'], $declared['name']);
        }
    }

    #[\Override]
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if (in_array('team', $changed, true)) {
            $learners = $this->learners([$cm->id => $cm])[$cm->id];
            if ($learners) {
                // Moodle does not carry what was handed in from people to groups or back, and its form locks this.
                throw $this->loss('trackloss_submissions', $learners);
            }
        }
        if (in_array('rubric', $changed, true) && !$declared['allow_track_loss']) {
            (new rubric($cm))->refuse_loss($declared['settings']['rubric']);
        }
    }

    #[\Override]
    public function settings(array $cms): array {
        global $DB;
        $rubrics = rubric::read($cms);
        $configs = [];
        foreach ($DB->get_records_list('assign_plugin_config', 'assignment', array_column($cms, 'instance')) as $config) {
            $configs[$config->assignment]["{$config->subtype}_{$config->plugin}_{$config->name}"] = $config->value;
        }
        return array_map(fn($cm) => self::setting($cm, $configs[$cm->instance] ?? [], $rubrics[$cm->id]), $cms);
    }

    /**
     * The settings of one assignment.
     *
     * @param \stdClass $cm
     * @param string[] $config of its plugins
     * @param array $rubric
     * @return array
     */
    private static function setting(\stdClass $cm, array $config, array $rubric): array {
        $text = !empty($config['assignsubmission_onlinetext_enabled']);
        $limited = $text && !empty($config['assignsubmission_onlinetext_wordlimitenabled']);
        return [
            'opens_at' => (int) $cm->record->allowsubmissionsfromdate,
            'due_at' => (int) $cm->record->duedate,
            'closes_at' => (int) $cm->record->cutoffdate,
            'text' => $text,
            'files' => empty($config['assignsubmission_file_enabled'])
                ? 0
                : (int) ($config['assignsubmission_file_maxfilesubmissions'] ?? 1),
            'words' => $limited ? (int) $config['assignsubmission_onlinetext_wordlimit'] : 0,
            'team' => (bool) $cm->record->teamsubmission,
            'rubric' => $rubric,
        ];
    }

    #[\Override]
    public function learners(array $cms): array {
        // Groups that handed something in count as one; so do people whose work was graded without handing in.
        return $this->count(
            $cms,
            "SELECT w.instance, COUNT(1) AS learners
               FROM (SELECT assignment AS instance, CASE WHEN userid = 0 THEN -groupid ELSE userid END AS who
                       FROM {assign_submission}
                      WHERE status <> 'new'
                      UNION
                     SELECT assignment AS instance, userid AS who
                       FROM {assign_grades}
                      WHERE grade >= 0) w
              WHERE {in}
           GROUP BY w.instance",
            'w.instance'
        );
    }
}
