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
 * Compares what is declared with what is there, as their JSON would compare.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class same {
    /** @var float Moodle stores grades with five decimals; ours are percentages and points. */
    private const TOLERANCE = 0.005;

    /**
     * Whether two values are the same: numbers nearly, objects by their keys in any order.
     *
     * @param mixed $one
     * @param mixed $other
     * @return bool
     */
    public static function values(mixed $one, mixed $other): bool {
        if (is_array($one) && is_array($other)) {
            return count($one) === count($other) && self::entries($one, $other);
        }
        if ((is_int($one) || is_float($one)) && (is_int($other) || is_float($other))) {
            return abs($one - $other) < self::TOLERANCE;
        }
        return $one === $other;
    }

    /**
     * The keys under which two objects differ.
     *
     * @param array $declared
     * @param array $there
     * @return string[] those of the first that the second has not, or has with another value
     */
    public static function differing(array $declared, array $there): array {
        return array_keys(array_filter(
            $declared,
            fn($value, $key) => !array_key_exists($key, $there) || !self::values($value, $there[$key]),
            ARRAY_FILTER_USE_BOTH
        ));
    }

    /**
     * Whether each entry of one is in the other.
     *
     * @param array $one
     * @param array $other
     * @return bool
     */
    private static function entries(array $one, array $other): bool {
        foreach ($one as $key => $value) {
            if (!array_key_exists($key, $other) || !self::values($value, $other[$key])) {
                return false;
            }
        }
        return true;
    }
}
