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
 * A package, or a file of questions, on its way into a course: the one file of a draft area, proven to be the bytes that were
 * announced.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class package {
    /**
     * A file whose bytes are known.
     *
     * @param int $draftitemid
     * @param string $sha256
     * @param \stored_file $file
     */
    private function __construct(
        /** @var int The draft area that holds the file. */
        public readonly int $draftitemid,
        /** @var string Hash of the file, as the toolkit knows it. */
        public readonly string $sha256,
        /** @var \stored_file The file itself. */
        public readonly \stored_file $file
    ) {
    }

    /**
     * The package in the caller's draft area.
     *
     * @param int $draftitemid
     * @param string $sha256 as announced
     * @return self
     * @throws \moodle_exception packagemismatch
     */
    public static function from_draft(int $draftitemid, string $sha256): self {
        global $USER;
        $context = \context_user::instance($USER->id);
        $files = get_file_storage()->get_area_files($context->id, 'user', 'draft', $draftitemid, 'id', false);
        $file = reset($files);
        if (count($files) !== 1 || self::sha256($file) !== $sha256) {
            throw new \moodle_exception('packagemismatch', 'local_lmstoolkit');
        }
        return new self($draftitemid, $sha256, $file);
    }

    /**
     * The SHA-256 of a stored file, read in pieces.
     *
     * @param \stored_file $file
     * @return string
     */
    private static function sha256(\stored_file $file): string {
        $hash = hash_init('sha256');
        $handle = $file->get_content_file_handle();
        hash_update_stream($hash, $handle);
        fclose($handle);
        return hash_final($hash);
    }
}
