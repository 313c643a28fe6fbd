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

use local_lmstoolkit\local\manifest;
use local_lmstoolkit\local\package;
use local_lmstoolkit\local\tracks;

/**
 * A SCORM package: replaced in place, and never so that learners lose tracks unless that is allowed.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class scorm extends activity {
    /** @var int Bit of mod_scorm's completionstatusrequired. */
    private const STATUS_PASSED = 2;

    /** @var int Bit of mod_scorm's completionstatusrequired. */
    private const STATUS_COMPLETED = 4;

    #[\Override]
    public function modname(): string {
        return 'scorm';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/scorm/locallib.php');
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'graded', 'passed', 'completed'];
    }

    #[\Override]
    public function completion_columns(): array {
        return [
            'passed' => ['completionstatusrequired' => self::STATUS_PASSED, 'completionstatusallscos' => 0],
            'completed' => ['completionstatusrequired' => self::STATUS_COMPLETED, 'completionstatusallscos' => 1],
        ];
    }

    #[\Override]
    public function unset_completion(string $column): ?int {
        return $column === 'completionstatusrequired' ? null : 0;
    }

    #[\Override]
    public function foreign_completion_columns(): array {
        return ['completionscorerequired'];
    }

    #[\Override]
    public function is_gradable(): bool {
        return true;
    }

    #[\Override]
    public function can_have(?float $points): bool {
        return $points === 100.0; // The score of a package is a percentage.
    }

    #[\Override]
    public function max_points(\stdClass $record): ?float {
        return (float) $record->maxgrade;
    }

    #[\Override]
    public function takes_package(): bool {
        return true;
    }

    #[\Override]
    public function check_package(package $package): void {
        manifest::scorm_identifiers($package->file);
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $settings = [
            'scormtype' => SCORM_TYPE_LOCAL,
            'reference' => '',
            'updatefreq' => SCORM_UPDATE_NEVER,
            'timeopen' => 0,
            'timeclose' => 0,
            'maxgrade' => 100,
            'grademethod' => GRADEHIGHEST,
            'whatgrade' => HIGHESTATTEMPT,
            'maxattempt' => 0, // Unlimited.
            'forcecompleted' => 0,
            'forcenewattempt' => SCORM_FORCEATTEMPT_NO, // Learners come back to where they stopped.
            'lastattemptlock' => 0,
            'masteryoverride' => 0, // The package sets its own status.
            'displayattemptstatus' => SCORM_DISPLAY_ATTEMPTSTATUS_ALL,
            'displaycoursestructure' => 0,
            'skipview' => SCORM_SKIPVIEW_ALWAYS,
            'hidebrowse' => 1,
            'hidetoc' => SCORM_TOC_SIDE,
            'nav' => SCORM_NAV_UNDER_CONTENT,
            'navpositionleft' => -100,
            'navpositiontop' => -100,
            'auto' => 0,
            'autocommit' => 0,
            'popup' => 0,
            'width' => 100,
            'height' => 600,
            'completionscorerequired' => null,
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->maxgrade = 100;
        if (!empty($declared['package'])) {
            $data->scormtype = SCORM_TYPE_LOCAL;
            $data->packagefile = $declared['package']['draftitemid'];
        }
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if ($package && ($cm->record->version === 'ERROR' || !$cm->record->launch)) {
            throw manifest::invalid('manifest_unplayable'); // The whole step is undone.
        }
    }

    #[\Override]
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if ($package && !$declared['allow_track_loss']) {
            tracks::refuse_loss((int) $cm->instance, manifest::scorm_identifiers($package->file));
        }
    }

    #[\Override]
    public function learners(array $cms): array {
        return $this->count(
            $cms,
            "SELECT scormid AS instance, COUNT(DISTINCT userid) AS learners FROM {scorm_attempt} WHERE {in} GROUP BY scormid",
            'scormid'
        );
    }

    #[\Override]
    public function items(array $cms): array {
        $items = tracks::items(array_map(fn($cm) => (int) $cm->instance, $cms));
        return array_map(fn($cm) => $items[$cm->instance], $cms);
    }

    #[\Override]
    public function fingerprints(array $cms): array {
        return array_map(fn($cm) => (string) $cm->record->sha1hash, $cms);
    }
}
