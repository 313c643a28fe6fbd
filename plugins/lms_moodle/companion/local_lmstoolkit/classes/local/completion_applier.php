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
 * Sets what completes a course. Compares first, because Moodle applies new criteria by wiping every learner's completion.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class completion_applier {
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
     * Bring the criteria to what is declared.
     *
     * @param array $declared completed, pass_mark_percent
     * @param bool $allowreset
     * @param bool $dryrun
     * @return array outcome and id
     * @throws \moodle_exception keynotfound, payloadinvalid, completionreset
     */
    public function apply(array $declared, bool $allowreset, bool $dryrun): array {
        $courseid = (int) $this->course->id;
        $modules = $this->modules($declared['completed']);
        $isknown = setup::of($courseid, 'completion') !== null;
        $there = completion_reader::of($this->course);
        $changed = !setup::is_same($declared, $there);
        $resets = !$there || !$this->is_same_rule($declared, $there);
        if ($resets && !$allowreset) {
            $this->refuse_reset();
        }
        if ($changed && !$dryrun) {
            if ($resets) {
                $this->write($modules, $declared['pass_mark_percent']);
            }
            setup::save($courseid, 'completion', $declared);
        }
        return ['outcome' => $changed ? ($isknown ? 'updated' : 'created') : 'unchanged', 'id' => $courseid];
    }

    /**
     * The modules that must be completed; each must be one that can be.
     *
     * @param string[] $keys
     * @return \stdClass[] course modules with their modname
     */
    private function modules(array $keys): array {
        payload_checks::unique($keys, 'completed');
        $modules = [];
        foreach ($keys as $index => $key) {
            $known = map::module((int) $this->course->id, $key)
                ?? throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $key);
            $cm = get_coursemodule_from_id($known->modname, $known->id, $this->course->id, false, MUST_EXIST);
            if ((int) $cm->completion === COMPLETION_TRACKING_NONE) {
                $type = get_string('payload_type_trackedmodule', 'local_lmstoolkit');
                throw payload_checks::unfit("completed[$index]", $type);
            }
            $modules[] = $cm;
        }
        return $modules;
    }

    /**
     * Whether only the order differs.
     *
     * @param array $declared
     * @param array $there
     * @return bool
     */
    private function is_same_rule(array $declared, array $there): bool {
        return $declared['pass_mark_percent'] == $there['pass_mark_percent']
            && !array_diff($declared['completed'], $there['completed'])
            && !array_diff($there['completed'], $declared['completed']);
    }

    /**
     * Refuse to wipe what learners have completed.
     *
     * @throws \moodle_exception completionreset, with the number of learners
     */
    private function refuse_reset(): void {
        global $DB;
        $sql = "SELECT COUNT(DISTINCT done.userid)
                  FROM (SELECT userid FROM {course_completions} WHERE course = :one AND timecompleted IS NOT NULL
                         UNION
                        SELECT userid FROM {course_completion_crit_compl}
                         WHERE course = :other AND timecompleted IS NOT NULL) done";
        $learners = $DB->count_records_sql($sql, ['one' => $this->course->id, 'other' => $this->course->id]);
        if ($learners) {
            throw new \moodle_exception('completionreset', 'local_lmstoolkit', '', $learners);
        }
    }

    /**
     * Replace the criteria, as Moodle's own form does (course/completion.php).
     *
     * @param \stdClass[] $modules
     * @param int|float|null $mark
     */
    private function write(array $modules, int|float|null $mark): void {
        $courseid = (int) $this->course->id;
        if (!$this->course->enablecompletion) {
            update_course((object) ['id' => $courseid, 'enablecompletion' => COMPLETION_ENABLED]);
            $this->course->enablecompletion = COMPLETION_ENABLED;
        }
        (new \completion_info($this->course))->clear_criteria();
        foreach ($modules as $cm) {
            (new \completion_criteria_activity([
                'course' => $courseid,
                'criteriatype' => COMPLETION_CRITERIA_TYPE_ACTIVITY,
                'module' => $cm->modname,
                'moduleinstance' => $cm->id,
            ], false))->insert();
        }
        if ($mark) {
            (new \completion_criteria_grade([
                'course' => $courseid,
                'criteriatype' => COMPLETION_CRITERIA_TYPE_GRADE,
                'gradepass' => $mark, // Moodle compares the total itself, and ours is over 100.
            ], false))->insert();
        }
        foreach ([null, COMPLETION_CRITERIA_TYPE_ACTIVITY, COMPLETION_CRITERIA_TYPE_COURSE, COMPLETION_CRITERIA_TYPE_ROLE] as $type) {
            $aggregation = new \completion_aggregation(['course' => $courseid, 'criteriatype' => $type], false);
            $aggregation->setMethod(COMPLETION_AGGREGATION_ALL);
            $aggregation->insert();
        }
        $context = \context_course::instance($courseid);
        \core\event\course_completion_updated::create(['courseid' => $courseid, 'context' => $context])->trigger();
    }
}
