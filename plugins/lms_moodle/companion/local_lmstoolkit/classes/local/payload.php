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
 * A type is the name of one value, as listed in fits(), or is made of others by the functions below.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class payload {
    /** @var int Longest name a course section or activity can have, in characters. */
    private const LINE = 255;

    /** @var int Longest text, in bytes. */
    private const TEXT = 1048576;

    /** @var int Longest payload, in bytes. */
    private const MAX_BYTES = 8388608;

    /** @var int Deepest nesting: a level of a criterion of a rubric of the settings of a module is at 7. */
    private const DEPTH = 8;

    /**
     * A key that may be left out.
     *
     * @param string|array $type
     * @param mixed $default
     * @return array a type
     */
    public static function optional(string|array $type, mixed $default): array {
        return ['optional', $type, $default];
    }

    /**
     * A value or null.
     *
     * @param string|array $type
     * @return array a type
     */
    public static function nullable(string|array $type): array {
        return ['nullable', $type];
    }

    /**
     * One of some words.
     *
     * @param string[] $words
     * @return array a type
     */
    public static function choice(array $words): array {
        return ['choice', $words];
    }

    /**
     * A list; where its elements are objects with a key, no key may come twice.
     *
     * @param string|array $type of each element
     * @param int $max elements
     * @return array a type
     */
    public static function list_of(string|array $type, int $max = 200): array {
        return ['list', $type, $max];
    }

    /**
     * An object with these keys.
     *
     * @param array $types key => type
     * @return array a type
     */
    public static function object_of(array $types): array {
        return ['object', $types];
    }

    /**
     * An object whose keys are free.
     *
     * @param string $keytype
     * @param string|array $type of each value
     * @param int $max keys
     * @return array a type
     */
    public static function map_of(string $keytype, string|array $type, int $max = 200): array {
        return ['map', $keytype, $type, $max];
    }

    /**
     * The values of a payload.
     *
     * @param string $json a JSON object
     * @param array $types each key there must be => its type
     * @return array key => value
     * @throws \moodle_exception payloadinvalid, naming the key
     */
    public static function read(string $json, array $types): array {
        $values = strlen($json) > self::MAX_BYTES ? null : json_decode($json, false, self::DEPTH);
        if (!$values instanceof \stdClass) {
            throw self::invalid(get_string('payload_notobject', 'local_lmstoolkit'));
        }
        $twice = json_keys::twice($json);
        if ($twice !== null) {
            throw self::invalid(get_string('payload_twice', 'local_lmstoolkit', s(\core_text::substr($twice, 0, 200))));
        }
        return self::object($values, $types, '');
    }

    /**
     * The values of one object, every key checked.
     *
     * @param \stdClass $object
     * @param array $types
     * @param string $prefix of the keys in messages
     * @return array
     * @throws \moodle_exception payloadinvalid, naming the key
     */
    public static function object(\stdClass $object, array $types, string $prefix): array {
        $values = get_object_vars($object);
        foreach (array_keys(array_diff_key($values, $types)) as $unknown) {
            $name = s(\core_text::substr($prefix . $unknown, 0, 200));
            throw self::invalid(get_string('payload_unknown', 'local_lmstoolkit', $name));
        }
        $checked = [];
        foreach ($types as $key => $type) {
            $isoptional = is_array($type) && $type[0] === 'optional';
            if (!array_key_exists($key, $values) && !$isoptional) {
                throw self::invalid(get_string('payload_missing', 'local_lmstoolkit', $prefix . $key));
            }
            $checked[$key] = array_key_exists($key, $values)
                ? self::value($isoptional ? $type[1] : $type, $values[$key], $prefix . $key)
                : $type[2];
        }
        return $checked;
    }

    /**
     * One value, of a type or refused.
     *
     * @param string|array $type
     * @param mixed $value
     * @param string $path in messages
     * @return mixed objects become arrays
     */
    private static function value(string|array $type, mixed $value, string $path): mixed {
        if (is_string($type)) {
            if (!self::fits($type, $value)) {
                throw self::mistyped($path, get_string('payload_type_' . $type, 'local_lmstoolkit'));
            }
            return $value;
        }
        return match ($type[0]) {
            'nullable' => $value === null ? null : self::value($type[1], $value, $path),
            'choice' => self::word($type[1], $value, $path),
            'list' => self::elements($type[1], $type[2], $value, $path),
            'object' => self::object(self::as_object($value, $path), $type[1], $path . '.'),
            'map' => self::entries($type, self::as_object($value, $path), $path),
        };
    }

    /**
     * A word that is among those allowed.
     *
     * @param string[] $words
     * @param mixed $value
     * @param string $path
     * @return string
     */
    private static function word(array $words, mixed $value, string $path): string {
        if (!in_array($value, $words, true)) {
            throw self::mistyped($path, get_string('payload_type_choice', 'local_lmstoolkit', implode(', ', $words)));
        }
        return $value;
    }

    /**
     * An object, not yet checked.
     *
     * @param mixed $value
     * @param string $path
     * @return \stdClass
     */
    private static function as_object(mixed $value, string $path): \stdClass {
        if (!$value instanceof \stdClass) {
            throw self::mistyped($path, get_string('payload_type_object', 'local_lmstoolkit'));
        }
        return $value;
    }

    /**
     * The elements of a list.
     *
     * @param string|array $type
     * @param int $max
     * @param mixed $value
     * @param string $path
     * @return array
     */
    private static function elements(string|array $type, int $max, mixed $value, string $path): array {
        if (!is_array($value) || count($value) > $max) {
            throw self::mistyped($path, get_string('payload_type_list', 'local_lmstoolkit', $max));
        }
        $elements = [];
        foreach ($value as $index => $element) {
            $elements[] = self::value($type, $element, "{$path}[{$index}]");
        }
        $keys = array_column($elements, 'key');
        if (count($keys) !== count(array_unique($keys))) {
            throw self::mistyped($path, get_string('payload_type_unique', 'local_lmstoolkit'));
        }
        return $elements;
    }

    /**
     * The entries of an object with free keys.
     *
     * @param array $type
     * @param \stdClass $value
     * @param string $path
     * @return array
     */
    private static function entries(array $type, \stdClass $value, string $path): array {
        $values = get_object_vars($value);
        if (count($values) > $type[3]) {
            throw self::mistyped($path, get_string('payload_type_map', 'local_lmstoolkit', $type[3]));
        }
        $entries = [];
        foreach ($values as $key => $entry) {
            self::value($type[1], (string) $key, $path . '.' . s(\core_text::substr((string) $key, 0, 100)));
            $entries[$key] = self::value($type[2], $entry, "$path.$key");
        }
        return $entries;
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
            'position' => is_string($value) && preg_match('/^\d{1,18}$/D', $value),
            'cursor' => is_int($value) && $value >= 0,
            'rows' => is_int($value) && $value >= 1 && $value <= 5000,
            'flag' => is_bool($value),
            'count' => is_int($value) && $value >= 0 && $value <= 100000,
            'time' => is_int($value) && $value >= 0 && $value <= 9999999999,
            'percent' => (is_int($value) || is_float($value)) && $value >= 0 && $value <= 100,
            'points' => (is_int($value) || is_float($value)) && $value >= 0 && $value <= 10000,
            'text' => is_string($value) && strlen($value) <= self::TEXT && !preg_match('/[\x00-\x08\x0b\x0c\x0e-\x1f]/', $value),
            'line' => is_string($value) && self::is_line($value),
            'plain' => is_string($value) && self::fits('text', $value) && self::is_one_line($value),
            'idnumber' => is_string($value) && self::fits('text', $value) && \core_text::strlen($value) <= 100,
            'section' => is_string($value) && preg_match('/^section:[\w.-]{1,90}$/D', $value),
            'module' => is_string($value) && preg_match('/^(module|activity):[\w.-]{1,90}$/D', $value),
            'group' => is_string($value) && preg_match('/^group:[\w.-]{1,90}$/D', $value),
            'grouping' => is_string($value) && preg_match('/^grouping:[\w.-]{1,90}$/D', $value),
            'category' => is_string($value) && preg_match('/^category:[\w.-]{1,90}$/D', $value),
            'enrolment' => is_string($value) && preg_match('/^enrolment:[\w.-]{1,90}$/D', $value),
            'part' => is_string($value) && preg_match('/^[\w.:-]{1,100}$/D', $value),
            'sha1' => is_string($value) && preg_match('/^[0-9a-f]{40}$/D', $value),
            'sha256' => is_string($value) && preg_match('/^[0-9a-f]{64}$/D', $value),
            'address' => is_string($value) && preg_match('~^https?://~iD', $value) && clean_param($value, PARAM_URL) === $value,
            'filename' => is_string($value) && self::is_filename($value),
            'pdfname' => is_string($value) && preg_match('/^[A-Za-z0-9][\w.-]{0,95}\.pdf$/D', $value),
            'anything' => $value instanceof \stdClass,
        };
    }

    /**
     * Whether Moodle would store this as a name without changing it; a changed name would never compare equal.
     *
     * @param string $value
     * @return bool
     */
    private static function is_line(string $value): bool {
        return self::is_one_line($value) && clean_param($value, PARAM_TEXT) === $value;
    }

    /**
     * Whether this is one line that fits into a column for names.
     *
     * @param string $value
     * @return bool
     */
    private static function is_one_line(string $value): bool {
        return $value !== '' && trim($value) === $value && \core_text::strlen($value) <= self::LINE
            && !preg_match('/\p{Cc}/u', $value);
    }

    /**
     * Whether a file area can hold a file of this name, in folders or not, without changing it.
     *
     * @param string $value
     * @return bool
     */
    private static function is_filename(string $value): bool {
        $parts = explode('/', $value);
        foreach ($parts as $part) {
            if ($part === '' || $part === '.' || clean_param($part, PARAM_FILE) !== $part) {
                return false;
            }
        }
        return \core_text::strlen($value) <= self::LINE;
    }

    /**
     * The refusal of a value.
     *
     * @param string $path
     * @param string $type in words
     * @return \moodle_exception
     */
    private static function mistyped(string $path, string $type): \moodle_exception {
        return self::invalid(get_string('payload_type', 'local_lmstoolkit', ['key' => $path, 'type' => $type]));
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
