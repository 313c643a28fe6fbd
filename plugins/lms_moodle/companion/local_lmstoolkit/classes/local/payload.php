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
 * Reads the one JSON parameter of each function, as strictly as Moodle reads its own parameters.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class payload {
    /** @var int Longest name a course section or activity can have, in characters. */
    private const LINE = 255;

    /**
     * The values of a payload.
     *
     * @param string $json a JSON object
     * @param string[] $types each key there must be => its type, as listed in fits()
     * @return array key => value
     * @throws \moodle_exception payloadinvalid, naming the key
     */
    public static function read(string $json, array $types): array {
        $values = json_decode($json, false, 8);
        if (!$values instanceof \stdClass) {
            throw self::invalid(get_string('payload_notobject', 'local_lmstoolkit'));
        }
        return self::check($values, $types, '');
    }

    /**
     * The values of one object, every key checked.
     *
     * @param \stdClass $object
     * @param string[] $types
     * @param string $prefix of the keys in messages
     * @return array
     */
    private static function check(\stdClass $object, array $types, string $prefix): array {
        $values = get_object_vars($object);
        foreach (array_keys(array_diff_key($values, $types)) as $unknown) {
            throw self::invalid(get_string('payload_unknown', 'local_lmstoolkit', s($prefix . $unknown)));
        }
        foreach ($types as $key => $type) {
            if (!array_key_exists($key, $values)) {
                throw self::invalid(get_string('payload_missing', 'local_lmstoolkit', $prefix . $key));
            }
            if (!self::fits($type, $values[$key])) {
                $what = ['key' => $prefix . $key, 'type' => get_string('payload_type_' . $type, 'local_lmstoolkit')];
                throw self::invalid(get_string('payload_type', 'local_lmstoolkit', $what));
            }
        }
        if (isset($values['package'])) {
            $values['package'] = self::check($values['package'], ['draftitemid' => 'id', 'sha256' => 'sha256'], 'package.');
        }
        return $values;
    }

    /**
     * Whether a value is of a type.
     *
     * @param string $type
     * @param mixed $value
     * @return bool
     */
    private static function fits(string $type, mixed $value): bool {
        return match ($type) {
            'id' => is_int($value) && $value > 0,
            'after' => $value === null || (is_int($value) && $value >= 0),
            'page' => is_int($value) && $value >= 1 && $value <= 500,
            'flag' => is_bool($value),
            'percent' => (is_int($value) || is_float($value)) && $value >= 0 && $value <= 100,
            'text' => is_string($value),
            'line' => is_string($value) && self::is_line($value),
            'section' => is_string($value) && preg_match('/^section:[\w.-]{1,90}$/D', $value),
            'module' => is_string($value) && preg_match('/^module:[\w.-]{1,90}$/D', $value),
            'modname' => $value === 'scorm',
            'completion' => in_array($value, ['passed', 'completed'], true),
            'sha256' => is_string($value) && preg_match('/^[0-9a-f]{64}$/D', $value),
            'package' => $value === null || $value instanceof \stdClass,
        };
    }

    /**
     * Whether Moodle would store this as a name without changing it; a changed name would never compare equal.
     *
     * @param string $value
     * @return bool
     */
    private static function is_line(string $value): bool {
        return $value !== '' && trim($value) === $value && \core_text::strlen($value) <= self::LINE
            && clean_param($value, PARAM_TEXT) === $value;
    }

    /**
     * The refusal of a payload.
     *
     * @param string $why
     * @return \moodle_exception
     */
    public static function invalid(string $why): \moodle_exception {
        return new \moodle_exception('payloadinvalid', 'local_lmstoolkit', '', $why);
    }
}
