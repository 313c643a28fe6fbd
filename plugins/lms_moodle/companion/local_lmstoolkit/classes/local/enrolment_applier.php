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
 * Makes the enrolment methods of a course as declared. Nobody who is in the course loses their place.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class enrolment_applier {
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
     * Bring the methods to what is declared; a self enrolment that is no longer declared lets nobody new in.
     *
     * @param array $declared methods
     * @param bool $dryrun
     * @return array outcome and ids
     * @throws \moodle_exception keynotfound, payloadinvalid, modulemissing, nopermissions
     */
    public function apply(array $declared, bool $dryrun): array {
        $courseid = (int) $this->course->id;
        $fields = [];
        foreach ($declared['methods'] as $index => $method) {
            $fields[$method['key']] = $this->fields($method, "methods[$index]");
        }
        $isknown = setup::of($courseid, 'enrolment') !== null;
        $left = $this->left_open($declared['methods']);
        $there = ['methods' => enrolment_reader::of($this->course)];
        $changed = !$isknown || $left || !setup::is_same($declared, $there);
        if ($changed && !$dryrun) {
            $this->write($declared, $fields, $left);
        }
        $ids = array_map(fn($instance) => (int) $instance->id, enrolment_reader::instances($courseid));
        return [
            'outcome' => $changed ? ($isknown ? 'updated' : 'created') : 'unchanged',
            'ids' => (object) array_intersect_key($ids, $fields),
        ];
    }

    /**
     * A method in Moodle's columns.
     *
     * @param array $method
     * @param string $path of it in the payload
     * @return array column => value
     */
    private function fields(array $method, string $path): array {
        $kind = $method['kind'];
        if (!enrol_is_enabled($kind)) {
            // The cohort plugin would take the roles away from everybody on the site that came in through it.
            throw new \moodle_exception('modulemissing', 'local_lmstoolkit', '', "enrol_$kind");
        }
        $this->check($method, $path);
        $group = $method['group_key'] === null ? 0 : map::require_id((int) $this->course->id, 'group', $method['group_key']);
        $cohort = $method['cohort'] === null ? 0 : $this->cohort_id($method['cohort']);
        $own = match ($kind) {
            'manual' => [],
            'self' => ['customint5' => $cohort, 'customint6' => 1],
            'cohort' => ['customint1' => $cohort, 'customint2' => $group],
        };
        return $own + [
            'status' => ENROL_INSTANCE_ENABLED,
            'roleid' => $this->role_id($method['role']),
            'enrolstartdate' => $method['starts_at'],
            'enrolenddate' => $method['ends_at'],
        ];
    }

    /**
     * Refuse what Moodle could store but would not do.
     *
     * @param array $method
     * @param string $path
     */
    private function check(array $method, string $path): void {
        $kind = $method['kind'];
        $unfit = fn(string $name) => payload_checks::unfit(
            "$path.$name",
            get_string('payload_type_fornone', 'local_lmstoolkit', $kind)
        );
        foreach (['starts_at', 'ends_at'] as $name) {
            if ($kind !== 'self' && $method[$name]) {
                throw $unfit($name);
            }
        }
        foreach (['cohort', 'group_key'] as $name) {
            if ($kind === 'manual' && $method[$name] !== null) {
                throw $unfit($name);
            }
        }
        if ($kind === 'cohort') {
            payload_checks::nonempty((string) $method['cohort'], "$path.cohort");
        }
    }

    /**
     * The role that a method gives. It must be one that the caller may give.
     *
     * @param string $shortname
     * @return int
     * @throws \moodle_exception keynotfound, nopermissions
     */
    private function role_id(string $shortname): int {
        global $DB;
        $roleid = (int) $DB->get_field('role', 'id', ['shortname' => $shortname]);
        if (!$roleid) {
            throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $shortname);
        }
        $context = \context_course::instance($this->course->id);
        if (!array_key_exists($roleid, get_assignable_roles($context))) {
            throw new \required_capability_exception($context, 'moodle/role:assign', 'nopermissions', '');
        }
        return $roleid;
    }

    /**
     * A cohort that the caller can see from this course.
     *
     * @param string $idnumber
     * @return int
     * @throws \moodle_exception keynotfound
     */
    private function cohort_id(string $idnumber): int {
        global $DB;
        $context = \context_course::instance($this->course->id);
        foreach ($idnumber === '' ? [] : $DB->get_records('cohort', ['idnumber' => $idnumber], 'id') as $cohort) {
            if (cohort_can_view_cohort($cohort, $context)) {
                return (int) $cohort->id;
            }
        }
        throw new \moodle_exception('keynotfound', 'local_lmstoolkit', '', $idnumber);
    }

    /**
     * Self enrolments of ours that are open and no longer declared.
     *
     * @param array $methods
     * @return \stdClass[]
     */
    private function left_open(array $methods): array {
        $kinds = array_column($methods, 'kind', 'key');
        return array_filter(
            enrolment_reader::instances((int) $this->course->id),
            fn($instance) => $instance->enrol === 'self' && enrolment_reader::is_open($instance)
                && ($kinds[$instance->extkey] ?? '') !== 'self'
        );
    }

    /**
     * Write what differs.
     *
     * @param array $declared
     * @param array $fields key => columns
     * @param \stdClass[] $left
     */
    private function write(array $declared, array $fields, array $left): void {
        global $DB;
        foreach ($left as $open) {
            $instance = $DB->get_record('enrol', ['id' => $open->id], '*', MUST_EXIST);
            enrol_get_plugin('self')->update_instance($instance, $this->with($instance, ['customint6' => 0]));
        }
        foreach ($declared['methods'] as $method) {
            $this->ensure($method, $fields[$method['key']]);
        }
        setup::save((int) $this->course->id, 'enrolment', $declared);
    }

    /**
     * One method.
     *
     * @param array $method
     * @param array $fields
     */
    private function ensure(array $method, array $fields): void {
        $courseid = (int) $this->course->id;
        $plugin = enrol_get_plugin($method['kind']);
        $instance = $this->found($method, $fields);
        if (!$instance) {
            $id = (int) $plugin->add_instance($this->course, $fields + $this->defaults($method['kind']));
        } else {
            $id = (int) $instance->id;
            if (array_filter($fields, fn($value, $name) => (int) $instance->$name !== (int) $value, ARRAY_FILTER_USE_BOTH)) {
                $plugin->update_instance($instance, $this->with($instance, $fields));
            }
        }
        if (map::id($courseid, 'enrolment', $method['key']) !== $id) {
            map::save($courseid, 'enrolment', $method['key'], $id);
        }
    }

    /**
     * What the site wants of a new self enrolment where the toolkit has no word for it.
     *
     * @param string $kind
     * @return array column => value
     */
    private function defaults(string $kind): array {
        if ($kind !== 'self') {
            return [];
        }
        $plugin = enrol_get_plugin('self');
        // Where the site wants an enrolment key, tutors find it in the settings of the method.
        $password = $plugin->get_config('requirepassword') ? ['password' => generate_password(20)] : [];
        return $password + $plugin->get_instance_defaults();
    }

    /**
     * The instance that a method already has. One for another cohort is left to the site with the people in it: Moodle
     * would throw them out if it were given the new cohort.
     *
     * @param array $method
     * @param array $fields
     * @return \stdClass|null
     */
    private function found(array $method, array $fields): ?\stdClass {
        global $DB;
        $courseid = (int) $this->course->id;
        $where = ['courseid' => $courseid, 'enrol' => $method['kind']];
        if ($method['kind'] === 'manual') {
            return $DB->get_record('enrol', $where, '*', IGNORE_MULTIPLE) ?: null;
        }
        $known = map::id($courseid, 'enrolment', $method['key']);
        $instance = $known ? $DB->get_record('enrol', ['id' => $known] + $where) ?: null : null;
        $isother = $instance && $method['kind'] === 'cohort' && (int) $instance->customint1 !== $fields['customint1'];
        return $isother ? null : $instance;
    }

    /**
     * An instance with other values, as Moodle's form would send it.
     *
     * @param \stdClass $instance
     * @param array $fields
     * @return \stdClass
     */
    private function with(\stdClass $instance, array $fields): \stdClass {
        $data = (object) ($fields + (array) $instance);
        // The form has one field for two columns.
        $data->expirynotify = $instance->notifyall ? 2 : (int) $instance->expirynotify;
        return $data;
    }
}
