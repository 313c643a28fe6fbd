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
 * Sees what json_decode() does not tell: a key that comes twice in an object, of which it silently takes the last.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class json_keys {
    /**
     * The first key that comes twice in an object.
     *
     * @param string $json that json_decode() can read
     * @return string|null null when there is none
     */
    public static function twice(string $json): ?string {
        $open = [];
        // A text, with its colon where it is a key, or a brace; what is inside a text is passed over with it.
        preg_match_all('/"((?:[^"\\\\]++|\\\\.)*+)"\s*+(:?)|[{}]/s', $json, $tokens, PREG_SET_ORDER);
        foreach ($tokens as $token) {
            if ($token[0] === '{') {
                $open[] = [];
            } else if ($token[0] === '}') {
                array_pop($open);
            } else if (($token[2] ?? '') === ':') {
                $key = json_decode('"' . $token[1] . '"');
                $last = array_key_last($open);
                if (isset($open[$last]["=$key"])) {
                    return $key;
                }
                $open[$last]["=$key"] = true;
            }
        }
        return null;
    }
}
