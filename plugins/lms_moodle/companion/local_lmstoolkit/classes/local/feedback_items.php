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
 * The questions of a survey. Their texts are plain; Moodle keeps them as HTML, with | and #### as separators.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class feedback_items {
    /** @var string[] Our kinds => Moodle's. */
    private const TYPES = ['choice' => 'multichoice', 'rating' => 'multichoicerated', 'text' => 'textarea'];

    /** @var string Width and height of a box for text. */
    private const BOX = '60|5';

    /**
     * The type of the items in a payload.
     *
     * @return array
     */
    public static function type(): array {
        return payload::list_of(payload::object_of([
            'key' => 'part',
            'kind' => payload::choice(array_keys(self::TYPES)),
            'text' => 'plain',
            'options' => payload::list_of('plain', 50),
            'required' => 'flag',
        ]), 100);
    }

    /**
     * The items of some surveys; those that are not questions, or of a kind that we have no word for, have it as kind.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => list of [key, kind, text, options, required]
     */
    public static function read(array $cms): array {
        global $DB;
        $cmids = array_column($cms, 'id', 'instance');
        $keys = array_map('array_flip', parts::of(array_keys($cms)));
        $kinds = array_flip(self::TYPES);
        $found = array_fill_keys(array_keys($cms), []);
        foreach ($DB->get_records_list('feedback_item', 'feedback', array_keys($cmids), 'feedback, position, id') as $row) {
            $cmid = $cmids[$row->feedback];
            $kind = $kinds[$row->typ] ?? $row->typ;
            $found[$cmid][] = [
                'key' => (string) ($keys[$cmid][$row->id] ?? ''),
                'kind' => $kind,
                'text' => self::plain($row->name),
                'options' => self::options($kind, $row->presentation),
                'required' => (bool) $row->required,
            ];
        }
        return $found;
    }

    /**
     * Make these the items, keeping those there: answers hang on them.
     *
     * @param \stdClass $cm
     * @param array $items
     */
    public static function apply(\stdClass $cm, array $items): void {
        global $DB;
        $ids = parts::of([$cm->id])[$cm->id];
        $there = $DB->get_records('feedback_item', ['feedback' => $cm->instance]);
        $kept = [];
        foreach ($items as $index => $item) {
            $record = self::record($cm, $item, $index + 1);
            $id = $ids[$item['key']] ?? 0;
            if (isset($there[$id]) && $there[$id]->typ === $record->typ) {
                $record->id = $id;
                $DB->update_record('feedback_item', $record);
            } else {
                $id = $DB->insert_record('feedback_item', $record);
            }
            $kept[$item['key']] = (int) $id;
        }
        foreach (array_diff(array_keys($there), $kept) as $id) {
            feedback_delete_item($id, false);
        }
        parts::save((int) $cm->id, $kept);
    }

    /**
     * Whether answers would be deleted, or would come to mean something else.
     *
     * @param \stdClass $cm
     * @param array $items
     * @return bool
     */
    public static function would_lose_answers(\stdClass $cm, array $items): bool {
        $declared = array_column($items, null, 'key');
        foreach (self::read([$cm->id => $cm])[$cm->id] as $there) {
            $item = $declared[$there['key']] ?? null;
            // Answers are kept as numbers of options: further options at the end change none.
            $isprefix = $item && array_slice($item['options'], 0, count($there['options'])) === $there['options'];
            if (!$item || $item['kind'] !== $there['kind'] || !$isprefix) {
                return true;
            }
        }
        return false;
    }

    /**
     * An item as Moodle stores it.
     *
     * @param \stdClass $cm
     * @param array $item
     * @param int $position from 1
     * @return \stdClass
     */
    private static function record(\stdClass $cm, array $item, int $position): \stdClass {
        return (object) [
            'feedback' => $cm->instance,
            'template' => 0,
            'name' => self::html($item['text']),
            'label' => '',
            'presentation' => self::presentation($item),
            'typ' => self::TYPES[$item['kind']],
            'hasvalue' => 1,
            'position' => $position,
            'required' => (int) $item['required'],
            'dependitem' => 0,
            'dependvalue' => '',
            'options' => $item['kind'] === 'text' ? '' : 'h', // No "not selected" among the options.
        ];
    }

    /**
     * The options as Moodle stores them: radio buttons, one below the other; a rating counts them from 1.
     *
     * @param array $item
     * @return string
     */
    private static function presentation(array $item): string {
        if ($item['kind'] === 'text') {
            return self::BOX;
        }
        $options = array_map([self::class, 'html'], $item['options']);
        if ($item['kind'] === 'rating') {
            $options = array_map(fn($option, $value) => "$value####$option", $options, range(1, count($options)));
        }
        return 'r>>>>>' . implode('|', $options);
    }

    /**
     * The options that Moodle stored.
     *
     * @param string $kind
     * @param string $presentation
     * @return string[]
     */
    private static function options(string $kind, string $presentation): array {
        if (!in_array($kind, ['choice', 'rating'], true)) {
            return [];
        }
        $parts = explode('>>>>>', $presentation, 2);
        $options = explode('|', explode('<<<<<', $parts[1] ?? '')[0]);
        return array_map(fn($option) => self::plain(preg_replace('/^\s*-?\d+####/', '', $option)), $options);
    }

    /**
     * Plain text as HTML that has none of the separators in it.
     *
     * @param string $text
     * @return string
     */
    public static function html(string $text): string {
        return strtr($text, ['&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '|' => '&#124;', '#' => '&#35;']);
    }

    /**
     * The text of such HTML.
     *
     * @param string $html
     * @return string
     */
    private static function plain(string $html): string {
        return trim(html_entity_decode($html, ENT_QUOTES | ENT_HTML5));
    }
}
