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
 * Reads the modules that carry our keys, field by field as apply_module takes them, in a fixed number of queries per kind.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class module_reader {
    /** @var string[] Moodle's group modes in the toolkit's words. */
    public const GROUP_MODES = [NOGROUPS => 'none', SEPARATEGROUPS => 'separate', VISIBLEGROUPS => 'visible'];

    /** @var string[] cmid => key */
    private array $modulekeys;

    /** @var string[] group id => key */
    private array $groupkeys;

    /** @var string[] grouping id => key */
    private array $groupingkeys;

    /**
     * For one course, as it is now.
     *
     * @param int $courseid
     */
    public function __construct(
        /** @var int The course. */
        private readonly int $courseid
    ) {
        $this->modulekeys = map::keys($courseid, 'module');
        $this->groupkeys = map::keys($courseid, 'group');
        $this->groupingkeys = map::keys($courseid, 'grouping');
    }

    /**
     * All modules, in order of the page; those that are retired last in their section.
     *
     * @return array list of modules
     */
    public function all(): array {
        $found = $this->read($this->records());
        $order = array_flip((new module_order($this->courseid))->page());
        uasort($found, fn($a, $b) => ($order[$a['id']] ?? PHP_INT_MAX) <=> ($order[$b['id']] ?? PHP_INT_MAX));
        return array_values($found);
    }

    /**
     * One module.
     *
     * @param \stdClass $cm as cm() gives it
     * @return array
     */
    public function one(\stdClass $cm): array {
        return $this->read([$cm->id => $cm])[$cm->id];
    }

    /**
     * The record of one module.
     *
     * @param int $cmid
     * @return \stdClass
     */
    public function cm(int $cmid): \stdClass {
        return $this->records($cmid)[$cmid];
    }

    /**
     * How many learners worked on a module.
     *
     * @param \stdClass $cm
     * @return int
     */
    public static function learners(\stdClass $cm): int {
        return kinds::known($cm->modname)->learners([$cm->id => $cm])[$cm->id] ?? 0;
    }

    /**
     * Course modules that carry keys, each with its context and its own record.
     *
     * @param int|null $cmid only this one
     * @return \stdClass[] cmid => …
     */
    private function records(?int $cmid = null): array {
        global $DB;
        $sql = "SELECT cm.*, md.name AS modname, ctx.id AS contextid, m.extkey, m.retired, m.packagesha256, m.packagesha1,
                       cs.visible AS sectionvisible, ms.extkey AS sectionkey
                  FROM {local_lmstoolkit_map} m
                  JOIN {course_modules} cm ON cm.id = m.instanceid AND cm.course = m.courseid AND cm.deletioninprogress = 0
                  JOIN {modules} md ON md.id = cm.module
                  JOIN {course_sections} cs ON cs.id = cm.section
                  JOIN {context} ctx ON ctx.instanceid = cm.id AND ctx.contextlevel = :level
             LEFT JOIN {local_lmstoolkit_map} ms ON ms.courseid = m.courseid AND ms.kind = 'section'
                       AND ms.instanceid = cm.section
                 WHERE m.courseid = :courseid AND m.kind = 'module'" . ($cmid ? ' AND cm.id = :cmid' : '');
        $params = ['level' => CONTEXT_MODULE, 'courseid' => $this->courseid] + ($cmid ? ['cmid' => $cmid] : []);
        $cms = $DB->get_records_sql($sql, $params);
        foreach ($this->by_kind($cms) as $modname => $group) {
            $records = $DB->get_records_list($modname, 'id', array_column($group, 'instance'));
            foreach ($group as $cm) {
                if (isset($records[$cm->instance])) {
                    $cm->record = $records[$cm->instance];
                } else {
                    unset($cms[$cm->id]); // Somebody's deletion stopped in its middle: nobody can open this any more.
                }
            }
        }
        return $cms;
    }

    /**
     * Course modules by kind, without kinds that are not ours.
     *
     * @param \stdClass[] $cms
     * @return array modname => [cmid => …]
     */
    private function by_kind(array $cms): array {
        $groups = [];
        foreach ($cms as $cm) {
            if (in_array($cm->modname, kinds::NAMES, true)) {
                $groups[$cm->modname][$cm->id] = $cm;
            }
        }
        return $groups;
    }

    /**
     * Modules in the toolkit's words.
     *
     * @param \stdClass[] $cms
     * @return array cmid => module
     */
    private function read(array $cms): array {
        $order = new module_order($this->courseid);
        $passmarks = $this->pass_marks();
        $found = [];
        foreach ($this->by_kind($cms) as $modname => $group) {
            $kind = kinds::known($modname);
            $own = $this->own($kind, $group);
            foreach ($group as $cmid => $cm) {
                $points = $kind->max_points($cm->record);
                $found[$cmid] = $this->common($cm) + [
                    'position' => $order->position((int) $cm->section, (int) $cmid),
                    'completion' => completion_rule::word($kind, $cm),
                    'max_points' => $points,
                    'pass_mark_percent' => $points === null ? 0.0 : ($passmarks[$modname][$cm->instance] ?? 0.0),
                ] + array_map(fn($values) => $values[$cmid] ?? null, $own);
                $found[$cmid]['learners'] ??= 0;
                $found[$cmid]['items'] ??= [];
                $isours = $found[$cmid]['fingerprint'] === $cm->packagesha1 && $cm->packagesha1 !== '';
                $found[$cmid]['package_sha256'] = $isours ? $cm->packagesha256 : '';
                unset($found[$cmid]['fingerprint']);
            }
        }
        return $found;
    }

    /**
     * What every course module has.
     *
     * @param \stdClass $cm
     * @return array
     */
    private function common(\stdClass $cm): array {
        return [
            'key' => $cm->extkey,
            'id' => (int) $cm->id,
            'section_key' => (string) $cm->sectionkey,
            'modname' => $cm->modname,
            'name' => $cm->record->name,
            'intro' => (string) $cm->record->intro,
            // A hidden section hides its modules and remembers how each was.
            'visible' => (bool) ($cm->sectionvisible ? $cm->visible : $cm->visibleold),
            'availability' => availability::decode($cm->availability, $this->modulekeys, $this->groupkeys),
            'group_mode' => self::GROUP_MODES[(int) $cm->groupmode] ?? 'none',
            'grouping_key' => $cm->groupingid ? ($this->groupingkeys[$cm->groupingid] ?? '') : null,
        ];
    }

    /**
     * What each kind reads for all of its modules at once.
     *
     * @param kind\activity $kind
     * @param \stdClass[] $group
     * @return array field => [cmid => value]
     */
    private function own(kind\activity $kind, array $group): array {
        $files = [];
        if ($kind->file_area()) {
            $contexts = array_column($group, 'contextid', 'id');
            $areas = array_fill_keys($contexts, $kind->file_area());
            $content = file_set::read($areas, array_fill_keys($contexts, 'mod_' . $kind->modname()));
            foreach ($contexts as $cmid => $contextid) {
                $files[$cmid] = $content[$contextid] ? ['draftitemid' => null, 'content' => $content[$contextid]] : null;
            }
        }
        return [
            'settings' => $kind->settings($group),
            'files' => $files,
            'items' => $kind->items($group),
            'learners' => $kind->learners($group),
            'fingerprint' => $kind->fingerprints($group),
        ];
    }

    /**
     * The pass grades of the gradebook on a scale of 100.
     *
     * @return array modname => [instance => percent]
     */
    private function pass_marks(): array {
        global $DB;
        $sql = "SELECT gi.id, gi.itemmodule, gi.iteminstance, gi.gradepass, gi.grademin, gi.grademax
                  FROM {grade_items} gi
                 WHERE gi.courseid = ? AND gi.itemtype = 'mod' AND " . kinds::sql_is_grade('gi');
        $found = [];
        foreach ($DB->get_records_sql($sql, [$this->courseid]) as $item) {
            $span = (float) $item->grademax - (float) $item->grademin;
            $percent = $span > 0 ? round(((float) $item->gradepass - (float) $item->grademin) / $span * 100, 3) : 0.0;
            $found[$item->itemmodule][$item->iteminstance] = $percent;
        }
        return $found;
    }
}
