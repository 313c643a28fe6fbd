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
 * Looks over a zip that somebody sent before Moodle unpacks it: by its own table of contents, nothing is unpacked here.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class safe_zip {
    /** @var int Most files; Moodle stores each while the request waits. */
    private const MAX_FILES = 5000;

    /** @var int Most bytes, unpacked. */
    private const MAX_BYTES = 4294967296;

    /** @var int From this size on, in bytes, it matters how much smaller a file is when packed. */
    private const RATIO_MATTERS_FROM = 1048576;

    /** @var int How many times smaller a file can be when packed and still be one of a course. */
    private const MAX_RATIO = 200;

    /** @var int Bits of a Unix mode that say what kind of file it is. */
    private const KIND = 0170000;

    /** @var int Those of a link. */
    private const LINK = 0120000;

    /**
     * Refuse a zip that would fill the disk, or that names files outside of itself.
     *
     * @param \ZipArchive $zip opened
     * @throws \moodle_exception manifestinvalid
     */
    public static function check(\ZipArchive $zip): void {
        if ($zip->numFiles > self::MAX_FILES) {
            throw manifest::invalid('zip_files', self::MAX_FILES);
        }
        $bytes = 0;
        for ($index = 0; $index < $zip->numFiles; $index++) {
            $entry = $zip->statIndex($index, \ZipArchive::FL_UNCHANGED);
            if (!$entry || !self::stays_inside($entry['name']) || self::is_link($zip, $index)) {
                throw manifest::invalid('zip_name', s(\core_text::substr((string) ($entry['name'] ?? $index), 0, 100)));
            }
            $bytes += $entry['size'];
            if ($bytes > self::MAX_BYTES || self::is_bomb($entry['size'], $entry['comp_size'])) {
                throw manifest::invalid('zip_bytes', s(\core_text::substr($entry['name'], 0, 100)));
            }
        }
    }

    /**
     * Whether a name is one of a file in the folder that the zip is unpacked into.
     *
     * @param string $name
     * @return bool
     */
    private static function stays_inside(string $name): bool {
        $isplain = $name !== '' && mb_check_encoding($name, 'UTF-8') && !preg_match('/[\\\\\p{Cc}]|^[a-z]:/iu', $name);
        return $isplain && $name[0] !== '/' && !in_array('..', explode('/', $name), true);
    }

    /**
     * Whether an entry is a link to another file.
     *
     * @param \ZipArchive $zip
     * @param int $index
     * @return bool
     */
    private static function is_link(\ZipArchive $zip, int $index): bool {
        $system = $attributes = 0;
        $zip->getExternalAttributesIndex($index, $system, $attributes);
        return $system === \ZipArchive::OPSYS_UNIX && (($attributes >> 16) & self::KIND) === self::LINK;
    }

    /**
     * Whether a file grows beyond reason when it is unpacked.
     *
     * @param int $size
     * @param int $packed
     * @return bool
     */
    private static function is_bomb(int $size, int $packed): bool {
        return $size > self::RATIO_MATTERS_FROM && $size > self::MAX_RATIO * max(1, $packed);
    }
}
