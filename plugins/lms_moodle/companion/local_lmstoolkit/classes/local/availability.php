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
 * Access conditions, in the toolkit's words and in Moodle's: a list of conditions that must all hold.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class availability {
    /** @var string How the keys of the groups of a page's languages begin. */
    private const LANGUAGE_GROUP = 'group:language-';

    /**
     * The type of the list in a payload; each condition has exactly one key, which of() checks.
     *
     * @return array
     */
    public static function type(): array {
        return payload::list_of(payload::object_of([
            'from' => payload::optional('time', null),
            'until' => payload::optional('time', null),
            'completed' => payload::optional('module', null),
            'group' => payload::optional('group', null),
        ]), 20);
    }

    /**
     * The conditions of a checked payload, without the keys that were left out.
     *
     * @param array $conditions
     * @param string $path in messages
     * @return array list of objects of one key
     * @throws \moodle_exception payloadinvalid
     */
    public static function of(array $conditions, string $path): array {
        global $CFG;
        $found = [];
        foreach ($conditions as $index => $condition) {
            $given = array_filter($condition, fn($value) => $value !== null);
            if (count($given) !== 1) {
                $what = ['key' => "{$path}[{$index}]", 'type' => get_string('payload_type_condition', 'local_lmstoolkit')];
                throw payload::invalid(get_string('payload_type', 'local_lmstoolkit', $what));
            }
            $found[] = $given;
        }
        if ($found && empty($CFG->enableavailability)) {
            throw payload::invalid(get_string('payload_noavailability', 'local_lmstoolkit'));
        }
        return $found;
    }

    /**
     * As Moodle stores it.
     *
     * @param int $courseid
     * @param array $conditions
     * @return string|null null without conditions
     * @throws \moodle_exception keynotfound
     */
    public static function encode(int $courseid, array $conditions): ?string {
        if (!$conditions) {
            return null;
        }
        $children = array_map(fn($condition) => self::child($courseid, key($condition), current($condition)), $conditions);
        return json_encode(['op' => '&', 'c' => $children, 'showc' => array_map([self::class, 'is_shown'], $conditions)]);
    }

    /**
     * Whether those whom a condition keeps out see that it does: what is in another language than theirs is not shown.
     *
     * @param array $condition
     * @return bool
     */
    private static function is_shown(array $condition): bool {
        return !str_starts_with((string) ($condition['group'] ?? ''), self::LANGUAGE_GROUP);
    }

    /**
     * One condition as Moodle stores it.
     *
     * @param int $courseid
     * @param string $kind
     * @param int|string $value
     * @return array
     */
    private static function child(int $courseid, string $kind, int|string $value): array {
        return match ($kind) {
            'from' => ['type' => 'date', 'd' => '>=', 't' => $value],
            'until' => ['type' => 'date', 'd' => '<', 't' => $value],
            'completed' => [
                'type' => 'completion',
                'cm' => map::require_id($courseid, 'module', $value),
                'e' => COMPLETION_COMPLETE,
            ],
            'group' => ['type' => 'group', 'id' => map::require_id($courseid, 'group', $value)],
        };
    }

    /**
     * In the toolkit's words; what somebody set by hand is other.
     *
     * @param string|null $stored
     * @param string[] $modules cmid => key
     * @param string[] $groups group id => key
     * @return array
     */
    public static function decode(?string $stored, array $modules, array $groups): array {
        $tree = $stored === null || $stored === '' ? null : json_decode($stored);
        if (!$tree || empty($tree->c)) {
            return [];
        }
        if (($tree->op ?? '') !== '&') {
            return [['other' => true]];
        }
        return array_map(fn($child) => self::condition($child, $modules, $groups), $tree->c);
    }

    /**
     * One condition in the toolkit's words.
     *
     * @param \stdClass $child
     * @param string[] $modules
     * @param string[] $groups
     * @return array
     */
    private static function condition(\stdClass $child, array $modules, array $groups): array {
        $type = $child->type ?? '';
        if ($type === 'date') {
            return [$child->d === '>=' ? 'from' : 'until' => (int) $child->t];
        }
        if ($type === 'completion' && (int) $child->e === COMPLETION_COMPLETE && isset($modules[$child->cm])) {
            return ['completed' => $modules[$child->cm]];
        }
        if ($type === 'group' && isset($child->id, $groups[$child->id])) {
            return ['group' => $groups[$child->id]];
        }
        return ['other' => true];
    }
}
