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
 * Creates or updates one SCORM activity, found by its key. What a teacher may set besides is set once, at creation.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class scorm_applier {
    /** @var int Bit of mod_scorm's completionstatusrequired. */
    private const STATUS_PASSED = 2;

    /** @var int Bit of mod_scorm's completionstatusrequired. */
    private const STATUS_COMPLETED = 4;

    /**
     * For one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass The course, as Moodle stores it. */
        private readonly \stdClass $course
    ) {
    }

    /**
     * Bring the activity to what is declared.
     *
     * @param array $declared key, section_key, name, intro, pass_mark_percent, completion, package, allow_track_loss, dryrun
     * @return array outcome and id
     * @throws \moodle_exception sectionnotfound, payloadinvalid, packagemismatch, manifestinvalid, trackloss, completionreset
     */
    public function apply(array $declared): array {
        $section = map::section($this->course->id, $declared['section_key']);
        if (!$section) {
            throw new \moodle_exception('sectionnotfound', 'local_lmstoolkit', '', $declared['section_key']);
        }
        $package = $declared['package']
            ? package::from_draft($declared['package']['draftitemid'], $declared['package']['sha256'])
            : null;
        $known = map::module($this->course->id, $declared['key']);
        return $known
            ? $this->update($known, $section, $declared, $package)
            : $this->create($section, $declared, $package);
    }

    /**
     * Add the activity to its section.
     *
     * @param \stdClass $section
     * @param array $declared
     * @param package|null $package
     * @return array
     */
    private function create(\stdClass $section, array $declared, ?package $package): array {
        if (!$package) {
            throw payload::invalid(get_string('payload_nopackage', 'local_lmstoolkit'));
        }
        [, , , , $data] = prepare_new_moduleinfo_data($this->course, 'scorm', $section->section);
        if ($declared['dryrun']) {
            return ['outcome' => 'created', 'id' => null];
        }
        $this->fill_once($data);
        $this->fill($data, $declared);
        $this->fill_completion($data, $declared['completion']);
        $data->cmidnumber = $declared['key'];
        $data->packagefile = $package->draftitemid;
        $created = add_moduleinfo($data, $this->course);
        $this->check_playable((int) $created->instance);
        map::save($this->course->id, 'module', $declared['key'], (int) $created->coursemodule, $package->sha256, $package->sha1);
        return ['outcome' => 'created', 'id' => (int) $created->coursemodule];
    }

    /**
     * Change what differs, in place: course module, instance and tracks stay.
     *
     * @param \stdClass $known the map's record
     * @param \stdClass $section
     * @param array $declared
     * @param package|null $package
     * @return array
     */
    private function update(\stdClass $known, \stdClass $section, array $declared, ?package $package): array {
        $cm = get_coursemodule_from_id('scorm', $known->id, $this->course->id, false, MUST_EXIST);
        [, , , $data] = get_moduleinfo_data($cm, $this->course);
        $package = $package && $this->is_new($package, $known, $data) ? $package : null;
        $moves = (int) $known->section !== (int) $section->id;
        $completes = !$this->completes_as($data, $declared['completion']);
        $edits = $this->differs($data, $declared);
        if (!$declared['allow_track_loss']) {
            $this->refuse_losses($cm, $package, $completes);
        }
        $unchanged = !$package && !$moves && !$completes && !$edits;
        if (!$unchanged && !$declared['dryrun']) {
            $this->write($known, $section, $declared, $package, $moves, $completes);
        }
        return ['outcome' => $unchanged ? 'unchanged' : 'updated', 'id' => (int) $cm->id];
    }

    /**
     * Write an update.
     *
     * @param \stdClass $known
     * @param \stdClass $section
     * @param array $declared
     * @param package|null $package
     * @param bool $moves whether the activity goes to another section
     * @param bool $completes whether the rule of its completion changes
     */
    private function write(
        \stdClass $known,
        \stdClass $section,
        array $declared,
        ?package $package,
        bool $moves,
        bool $completes
    ): void {
        if ($moves) {
            moveto_module(get_coursemodule_from_id('scorm', $known->id, $this->course->id, false, MUST_EXIST), $section);
        }
        $cm = get_coursemodule_from_id('scorm', $known->id, $this->course->id, false, MUST_EXIST);
        [$cm, , , $data] = get_moduleinfo_data($cm, $this->course);
        $this->fill($data, $declared);
        if ($completes) {
            $this->fill_completion($data, $declared['completion']);
            $data->completionunlocked = 1;
        }
        if ($package) {
            $data->scormtype = SCORM_TYPE_LOCAL;
            $data->packagefile = $package->draftitemid;
        }
        update_moduleinfo($cm, $data, $this->course);
        if ($package) {
            $this->check_playable((int) $cm->instance);
            map::save($this->course->id, 'module', $declared['key'], (int) $cm->id, $package->sha256, $package->sha1);
        }
    }

    /**
     * Refuse what would take something from learners.
     *
     * @param \stdClass $cm
     * @param package|null $package
     * @param bool $completes
     */
    private function refuse_losses(\stdClass $cm, ?package $package, bool $completes): void {
        global $DB;
        if ($package) {
            tracks::refuse_loss((int) $cm->instance, $package->identifiers);
        }
        // Moodle applies a new rule by wiping every state and computing it again: the dates are lost.
        $done = $completes ? $DB->count_records_select(
            'course_modules_completion',
            'coursemoduleid = ? AND completionstate <> ?',
            [$cm->id, COMPLETION_INCOMPLETE]
        ) : 0;
        if ($done) {
            throw new \moodle_exception('completionreset', 'local_lmstoolkit', '', $done);
        }
    }

    /**
     * Whether the bytes differ from those in the course, also when somebody replaced them by hand.
     *
     * @param package $package
     * @param \stdClass $known
     * @param \stdClass $data
     * @return bool
     */
    private function is_new(package $package, \stdClass $known, \stdClass $data): bool {
        return $package->sha1 !== $data->sha1hash || $package->sha256 !== $known->packagesha256;
    }

    /**
     * Whether name, introduction or pass grade differ.
     *
     * @param \stdClass $data
     * @param array $declared
     * @return bool
     */
    private function differs(\stdClass $data, array $declared): bool {
        // The pass grade comes formatted for people, with a decimal comma where the language has one.
        $gradepass = unformat_float($data->gradepass ?? '0');
        return $data->name !== $declared['name']
            || $data->intro !== $declared['intro']
            || abs($gradepass - $declared['pass_mark_percent']) > 0.005;
    }

    /**
     * Whether the activity is completed by what is declared.
     *
     * @param \stdClass $data
     * @param string $completion passed or completed
     * @return bool
     */
    private function completes_as(\stdClass $data, string $completion): bool {
        return self::completion_of((int) $data->completion, $data) === $completion;
    }

    /**
     * The rule of completion in the toolkit's words; empty when somebody set another one.
     *
     * @param int $tracking the course module's completion setting
     * @param \stdClass $scorm with completionstatusrequired and completionstatusallscos
     * @return string
     */
    public static function completion_of(int $tracking, \stdClass $scorm): string {
        return match ([$tracking, (int) $scorm->completionstatusrequired, (int) $scorm->completionstatusallscos]) {
            [COMPLETION_TRACKING_AUTOMATIC, self::STATUS_PASSED, 0] => 'passed',
            [COMPLETION_TRACKING_AUTOMATIC, self::STATUS_COMPLETED, 1] => 'completed',
            default => '',
        };
    }

    /**
     * What is declared, besides completion and the package.
     *
     * @param \stdClass $data
     * @param array $declared
     */
    private function fill(\stdClass $data, array $declared): void {
        $data->name = $declared['name'];
        $data->introeditor['text'] = $declared['intro'];
        $data->introeditor['format'] = FORMAT_HTML;
        $data->gradepass = (float) $declared['pass_mark_percent'];
    }

    /**
     * Passed: any SCO passed in any attempt will do. Completed: every SCO has to be.
     *
     * @param \stdClass $data
     * @param string $completion passed or completed
     */
    private function fill_completion(\stdClass $data, string $completion): void {
        $data->completion = COMPLETION_TRACKING_AUTOMATIC;
        $data->completionview = COMPLETION_VIEW_NOT_REQUIRED;
        $data->completionexpected = $data->completionexpected ?? 0;
        $data->completionusegrade = 0;
        $data->completiongradeitemnumber = null;
        $data->completionpassgrade = 0;
        $data->completionscorerequired = null;
        $data->completionstatusrequired = $completion === 'passed' ? self::STATUS_PASSED : self::STATUS_COMPLETED;
        $data->completionstatusallscos = $completion === 'passed' ? 0 : 1;
    }

    /**
     * Settings of a new activity. Teachers may change them later; we do not set them again.
     *
     * @param \stdClass $data
     */
    private function fill_once(\stdClass $data): void {
        $settings = [
            'visible' => 1,
            'visibleoncoursepage' => 1,
            'showdescription' => 0,
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
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    /**
     * Undo the whole step if Moodle found nothing to launch in the package.
     *
     * @param int $scormid
     */
    private function check_playable(int $scormid): void {
        global $DB;
        $scorm = $DB->get_record('scorm', ['id' => $scormid], 'version, launch', MUST_EXIST);
        if ($scorm->version === 'ERROR' || !$scorm->launch) {
            throw manifest::invalid('manifest_unplayable');
        }
    }
}
