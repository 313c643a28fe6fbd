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
 * Reads a package's manifest before Moodle does: mod_scorm ends the whole request on XML that it cannot parse.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class manifest {
    /** @var int Longest manifest we read, in bytes. */
    private const MAX_BYTES = 5242880;

    /** @var int Longest identifier that mod_scorm can store, in characters. */
    private const MAX_IDENTIFIER = 255;

    /**
     * The identifiers of a SCORM package's items, those that Moodle keeps tracks under among them.
     *
     * @param \stored_file $file
     * @return string[]
     * @throws \moodle_exception manifestinvalid
     */
    public static function scorm_identifiers(\stored_file $file): array {
        $document = self::parse(self::text($file));
        return self::identifiers($document, self::trackable_resources($document), 'manifest_nosco');
    }

    /**
     * The identifiers of a content package's items.
     *
     * @param \stored_file $file
     * @return string[]
     * @throws \moodle_exception manifestinvalid
     */
    public static function page_identifiers(\stored_file $file): array {
        $document = self::parse(self::text($file));
        $resources = [];
        foreach ($document->getElementsByTagNameNS('*', 'resource') as $resource) {
            $resources[$resource->getAttribute('identifier')] = true;
        }
        return self::identifiers($document, $resources, 'manifest_nopage');
    }

    /**
     * The identifiers of all items, of which at least one must open a resource.
     *
     * @param \DOMDocument $document
     * @param bool[] $resources identifier => true
     * @param string $nothing name of the language string for a package with nothing to open
     * @return string[]
     */
    private static function identifiers(\DOMDocument $document, array $resources, string $nothing): array {
        $identifiers = [];
        $opening = 0;
        foreach ($document->getElementsByTagNameNS('*', 'item') as $item) {
            $identifier = $item->getAttribute('identifier');
            self::check_identifier($identifier, $identifiers);
            $identifiers[$identifier] = $identifier;
            $opening += isset($resources[$item->getAttribute('identifierref')]) ? 1 : 0;
        }
        if (!$opening) {
            throw self::invalid($nothing);
        }
        return array_values($identifiers);
    }

    /**
     * Moodle keeps one SCO per identifier, so an identifier must be there, fit and be the only one of its name.
     *
     * @param string $identifier
     * @param string[] $known
     */
    private static function check_identifier(string $identifier, array $known): void {
        if ($identifier === '' || \core_text::strlen($identifier) > self::MAX_IDENTIFIER || isset($known[$identifier])) {
            throw self::invalid('manifest_identifier', s($identifier));
        }
    }

    /**
     * The text of imsmanifest.xml at the root of the zip.
     *
     * @param \stored_file $file
     * @return string
     */
    private static function text(\stored_file $file): string {
        $path = $file->copy_content_to_temp('local_lmstoolkit');
        $zip = new \ZipArchive();
        try {
            if (!$path || $zip->open($path, \ZipArchive::RDONLY) !== true) {
                throw self::invalid('manifest_nozip');
            }
            safe_zip::check($zip);
            $entry = $zip->statName('imsmanifest.xml');
            if (!$entry || $entry['size'] > self::MAX_BYTES) {
                throw self::invalid('manifest_none');
            }
            $text = $zip->getFromIndex($entry['index'], self::MAX_BYTES);
            $zip->close();
        } finally {
            @unlink($path);
        }
        if (!is_string($text)) {
            throw self::invalid('manifest_none');
        }
        return $text;
    }

    /**
     * The manifest as a document, once it is certain that Moodle's own parser accepts it too.
     *
     * @param string $text
     * @return \DOMDocument
     */
    private static function parse(string $text): \DOMDocument {
        $document = safe_xml::document($text);
        if (!$document || $document->documentElement->localName !== 'manifest' || !self::moodle_can_parse($text)) {
            throw self::invalid('manifest_xml');
        }
        return $document;
    }

    /**
     * Whether mod_scorm's parser (expat, after its own treatment of ampersands) reads the text to its end.
     *
     * @param string $text
     * @return bool
     */
    private static function moodle_can_parse(string $text): bool {
        $parser = xml_parser_create('UTF-8');
        return (bool) xml_parse($parser, preg_replace('/&(?!\w{2,6};)/', '&amp;', $text), true);
    }

    /**
     * The resources that Moodle takes for SCOs: it knows the attribute by its literal name, prefix included.
     *
     * @param \DOMDocument $document
     * @return bool[] resource identifier => true
     */
    private static function trackable_resources(\DOMDocument $document): array {
        $found = [];
        foreach ($document->getElementsByTagNameNS('*', 'resource') as $resource) {
            foreach ($resource->attributes as $attribute) {
                if (strtolower($attribute->nodeName) === 'adlcp:scormtype' && strtolower($attribute->value) === 'sco') {
                    $found[$resource->getAttribute('identifier')] = true;
                }
            }
        }
        return $found;
    }

    /**
     * The refusal of a manifest.
     *
     * @param string $why name of a language string
     * @param string|int|null $what
     * @return \moodle_exception
     */
    public static function invalid(string $why, string|int|null $what = null): \moodle_exception {
        return new \moodle_exception('manifestinvalid', 'local_lmstoolkit', '', get_string($why, 'local_lmstoolkit', $what));
    }
}
