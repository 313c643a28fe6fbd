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
 * What must hold of the values of a payload besides their types.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class payload_checks {
    /**
     * Refuse a list that names a key twice.
     *
     * @param string[] $keys
     * @param string $path of the list in the payload
     * @throws \moodle_exception payloadinvalid
     */
    public static function unique(array $keys, string $path): void {
        if (count($keys) !== count(array_unique($keys))) {
            throw self::unfit($path, get_string('payload_type_unique', 'local_lmstoolkit'));
        }
    }

    /**
     * Refuse a text that does not fit into its column.
     *
     * @param string $text
     * @param int $max characters
     * @param string $path
     * @throws \moodle_exception payloadinvalid
     */
    public static function length(string $text, int $max, string $path): void {
        if (\core_text::strlen($text) > $max) {
            throw self::unfit($path, get_string('payload_type_characters', 'local_lmstoolkit', $max));
        }
    }

    /**
     * Refuse an empty text.
     *
     * @param string $text
     * @param string $path
     * @throws \moodle_exception payloadinvalid
     */
    public static function nonempty(string $text, string $path): void {
        if (trim($text) === '') {
            throw self::unfit($path, get_string('payload_type_nonempty', 'local_lmstoolkit'));
        }
    }

    /**
     * The refusal of a value.
     *
     * @param string $path
     * @param string $type in words
     * @return \moodle_exception
     */
    public static function unfit(string $path, string $type): \moodle_exception {
        return payload::invalid(get_string('payload_type', 'local_lmstoolkit', ['key' => $path, 'type' => $type]));
    }
}
