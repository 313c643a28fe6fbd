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
 * The rubric of an assignment: its criteria carry keys, their levels are known by their order.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class rubric {
    /** @var int From this answer of update_or_check_rubric() on, more than wording changes. */
    private const STRUCTURE = 2;

    /**
     * For one assignment.
     *
     * @param \stdClass $cm
     */
    public function __construct(
        /** @var \stdClass The course module. */
        private readonly \stdClass $cm
    ) {
    }

    /**
     * The type of a rubric in a payload.
     *
     * @return array
     */
    public static function type(): array {
        $level = payload::object_of(['points' => 'points', 'text' => 'text']);
        return payload::list_of(
            payload::object_of(['key' => 'part', 'title' => 'text', 'levels' => payload::list_of($level, 20)]),
            50
        );
    }

    /**
     * The rubrics that are in use.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => list of [key, title, levels]
     */
    public static function read(array $cms): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(array_column($cms, 'contextid'));
        $sql = "SELECT l.id AS levelid, c.id, c.description, l.score, l.definition, a.contextid
                  FROM {grading_areas} a
                  JOIN {grading_definitions} d ON d.areaid = a.id AND d.method = 'rubric'
                  JOIN {gradingform_rubric_criteria} c ON c.definitionid = d.id
                  JOIN {gradingform_rubric_levels} l ON l.criterionid = c.id
                 WHERE a.contextid $in AND a.component = 'mod_assign' AND a.areaname = 'submissions' AND a.activemethod = 'rubric'
              ORDER BY c.sortorder, c.id, l.id";
        $cmids = array_column($cms, 'id', 'contextid');
        $keys = array_map('array_flip', parts::of(array_keys($cms)));
        $found = array_fill_keys(array_keys($cms), []);
        foreach ($DB->get_records_sql($sql, $params) as $row) {
            $cmid = $cmids[$row->contextid];
            $found[$cmid][$row->id] ??= [
                'key' => (string) ($keys[$cmid][$row->id] ?? ''),
                'title' => (string) $row->description,
                'levels' => [],
            ];
            $found[$cmid][$row->id]['levels'][] = ['points' => (float) $row->score, 'text' => (string) $row->definition];
        }
        return array_map('array_values', $found);
    }

    /**
     * Make these the criteria, keeping those there: grades hang on them.
     *
     * @param array $criteria
     * @param string $name of a new rubric
     */
    public function apply(array $criteria, string $name): void {
        $controller = $this->controller();
        $controller->update_definition($this->definition($criteria, $name));
        $stored = array_values(array_column($this->sorted($this->controller()), 'id'));
        parts::save((int) $this->cm->id, array_combine(array_column($criteria, 'key'), $stored));
    }

    /**
     * Refuse to change more than the wording of a rubric that somebody was graded with.
     *
     * @param array $criteria
     * @throws \moodle_exception trackloss
     */
    public function refuse_loss(array $criteria): void {
        global $DB;
        $controller = $this->controller();
        if (!$controller->is_form_defined() || !$controller->has_active_instances()) {
            return;
        }
        $changes = $criteria ? $controller->update_or_check_rubric($this->definition($criteria, '')) : self::STRUCTURE;
        if ($changes >= self::STRUCTURE) {
            $graded = $DB->count_records('grading_instances', [
                'definitionid' => $controller->get_definition()->id,
                'status' => \gradingform_instance::INSTANCE_STATUS_ACTIVE,
            ]);
            $item = ['title' => get_string('trackloss_rubric', 'local_lmstoolkit'), 'learners' => $graded];
            $item = get_string('trackloss_item', 'local_lmstoolkit', $item);
            throw new \moodle_exception('trackloss', 'local_lmstoolkit', '', $item);
        }
    }

    /**
     * The rubric as Moodle's editor would send it.
     *
     * @param array $criteria
     * @param string $name
     * @return \stdClass
     */
    private function definition(array $criteria, string $name): \stdClass {
        $controller = $this->controller();
        $ids = parts::of([$this->cm->id])[$this->cm->id];
        $there = $controller->is_form_defined() ? $controller->get_definition()->rubric_criteria : [];
        $sent = [];
        foreach ($criteria as $index => $criterion) {
            $id = $ids[$criterion['key']] ?? 0;
            $sent[isset($there[$id]) ? $id : "NEWID$index"] = [
                'sortorder' => $index + 1,
                'description' => $criterion['title'],
                'levels' => self::levels($criterion['levels'], $there[$id]['levels'] ?? []),
            ];
        }
        $definition = (object) [
            'status' => \gradingform_controller::DEFINITION_STATUS_READY,
            'description_editor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => 0],
            'rubric' => ['criteria' => $sent, 'options' => $this->options($controller)],
        ];
        if (!$there) {
            $definition->name = $name;
        }
        return $definition;
    }

    /**
     * The levels of a criterion: those there keep their ids, first to first.
     *
     * @param array $levels
     * @param array $there
     * @return array
     */
    private static function levels(array $levels, array $there): array {
        $ids = array_keys($there);
        sort($ids);
        $sent = [];
        foreach ($levels as $index => $level) {
            $sent[$ids[$index] ?? "NEWID$index"] = ['score' => $level['points'], 'definition' => $level['text']];
        }
        return $sent;
    }

    /**
     * The criteria in the order of the page.
     *
     * @param \gradingform_controller $controller
     * @return array
     */
    private function sorted(\gradingform_controller $controller): array {
        $criteria = $controller->get_definition(true)->rubric_criteria;
        usort($criteria, fn($a, $b) => $a['sortorder'] <=> $b['sortorder']);
        return $criteria;
    }

    /**
     * How the rubric is shown; teachers may change it.
     *
     * @param \gradingform_controller $controller
     * @return array
     */
    private function options(\gradingform_controller $controller): array {
        return $controller->is_form_defined() ? $controller->get_options() : \gradingform_rubric_controller::get_default_options();
    }

    /**
     * Moodle's own keeper of the rubric, as it is now.
     *
     * @return \gradingform_rubric_controller
     */
    private function controller(): \gradingform_rubric_controller {
        $context = \context::instance_by_id($this->cm->contextid);
        return get_grading_manager($context, 'mod_assign', 'submissions')->get_controller('rubric');
    }
}
