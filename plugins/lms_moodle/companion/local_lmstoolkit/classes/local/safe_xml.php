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
 * Reads XML that somebody sent, before any of Moodle's own parsers does: some of those end the whole request on bad XML.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class safe_xml {
    /** @var int Nothing is fetched; and long texts are read, for those are what pictures inside of questions are. */
    private const OPTIONS = LIBXML_NONET | LIBXML_PARSEHUGE;

    /** @var int Elements inside of one another, as many as libxml allows where it is not told to read long texts. */
    private const DEPTH = 256;

    /**
     * The document, or null for anything but plain UTF-8 XML without a document type.
     *
     * @param string $text
     * @return \DOMDocument|null
     */
    public static function document(string $text): ?\DOMDocument {
        // No document type means no entities, internal or external; a NUL byte would be UTF-16 hiding one.
        $isplain = !str_contains($text, "\0") && mb_check_encoding($text, 'UTF-8') && stripos($text, '<!DOCTYPE') === false;
        if ($text === '' || !$isplain) {
            return null;
        }
        $document = new \DOMDocument();
        $previous = libxml_use_internal_errors(true);
        $parsed = !self::is_deep($text) && $document->loadXML($text, self::OPTIONS);
        libxml_clear_errors();
        libxml_use_internal_errors($previous);
        return $parsed && $document->documentElement ? $document : null;
    }

    /**
     * Whether elements are nested so deeply that a tree of them ends the whole process.
     *
     * @param string $text
     * @return bool
     */
    private static function is_deep(string $text): bool {
        $reader = new \XMLReader();
        $deepest = 0;
        if ($reader->XML($text, null, self::OPTIONS)) {
            while ($deepest <= self::DEPTH && $reader->read()) {
                $deepest = max($deepest, $reader->depth);
            }
            $reader->close();
        }
        return $deepest > self::DEPTH;
    }
}
