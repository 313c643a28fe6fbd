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
 * What a payload of apply_module declares: its types, and what must hold between its parts.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class declaration {
    /**
     * The keys of the payload and their types. Those that came later may be left out.
     *
     * @return array
     */
    public static function types(): array {
        return [
            'courseid' => 'id',
            'key' => 'module',
            'section_key' => 'section',
            'position' => payload::optional(payload::nullable('id'), null), // Where it is, or the end.
            'modname' => payload::choice(kinds::NAMES),
            'name' => 'line',
            'intro' => 'text',
            'visible' => payload::optional('flag', true),
            'availability' => payload::optional(availability::type(), []),
            'completion' => payload::choice(completion_rule::WORDS),
            'group_mode' => payload::optional(payload::choice(array_values(module_reader::GROUP_MODES)), 'none'),
            'grouping_key' => payload::optional(payload::nullable('grouping'), null),
            'max_points' => payload::optional(payload::nullable('points'), 100),
            'pass_mark_percent' => 'percent',
            'settings' => payload::optional('anything', new \stdClass()),
            'package' => payload::nullable(payload::object_of(['draftitemid' => 'id', 'sha256' => 'sha256'])),
            'files' => payload::optional(file_set::type(), null),
            'allow_track_loss' => 'flag',
            'dryrun' => 'flag',
        ];
    }

    /**
     * A payload whose parts fit together and fit its kind.
     *
     * @param array $payload
     * @param kind\activity $kind
     * @return array
     * @throws \moodle_exception payloadinvalid
     */
    public static function of(array $payload, kind\activity $kind): array {
        $declared = $payload;
        $declared['settings'] = payload::object($payload['settings'], $kind->settings_types(), 'settings.');
        $declared['availability'] = availability::of($payload['availability'], 'availability');
        $declared['max_points'] = $payload['max_points'] === null ? null : (float) $payload['max_points'];
        self::check_completion($declared, $kind);
        self::check_grade($declared, $kind);
        if ($declared['package'] && !$kind->takes_package()) {
            throw self::unfit('package', 'nopackage');
        }
        if ($declared['files'] && !$kind->file_area()) {
            throw self::unfit('files', 'nofiles');
        }
        $kind->check($declared);
        return $declared;
    }

    /**
     * The rule of completion is one that Moodle has for this kind.
     *
     * @param array $declared
     * @param kind\activity $kind
     */
    private static function check_completion(array $declared, kind\activity $kind): void {
        if (!in_array($declared['completion'], $kind->completions(), true)) {
            throw self::unfit('completion', 'choice', implode(', ', $kind->completions()));
        }
        $ungraded = $declared['max_points'] === null && in_array($declared['completion'], ['graded', 'passed'], true);
        if ($ungraded) {
            throw self::unfit('completion', 'onlygraded');
        }
    }

    /**
     * The grade is one that this kind can have.
     *
     * @param array $declared
     * @param kind\activity $kind
     */
    private static function check_grade(array $declared, kind\activity $kind): void {
        $points = $declared['max_points'];
        if ($points === 0.0 || !$kind->can_have($points)) {
            throw self::unfit('max_points', $kind->is_gradable() ? 'maxpoints' : 'null');
        }
        if ($points === null && $declared['pass_mark_percent'] > 0) {
            throw self::unfit('pass_mark_percent', 'onlygraded');
        }
    }

    /**
     * Refuse a declaration.
     *
     * @param string $key
     * @param string $type name of a language string payload_type_…
     * @param string|null $what for that string
     * @return \moodle_exception
     */
    private static function unfit(string $key, string $type, ?string $what = null): \moodle_exception {
        $type = get_string('payload_type_' . $type, 'local_lmstoolkit', $what);
        return payload::invalid(get_string('payload_type', 'local_lmstoolkit', ['key' => $key, 'type' => $type]));
    }
}
