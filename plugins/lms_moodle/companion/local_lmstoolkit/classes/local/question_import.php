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
 * Puts the questions of a Moodle XML file into a category of their own in the quiz's question bank, wholly or not at all.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class question_import {
    /** @var int Longest file we read, in bytes. */
    private const MAX_BYTES = 52428800;

    /** @var string Key of the category among the parts of a quiz. */
    public const CATEGORY = 'questions';

    /**
     * Refuse a file that cannot be Moodle XML.
     *
     * @param \stored_file $file
     * @throws \moodle_exception questionsinvalid
     */
    public static function check(\stored_file $file): void {
        self::count($file);
    }

    /**
     * The number of questions in a file.
     *
     * @param \stored_file $file
     * @return int
     */
    private static function count(\stored_file $file): int {
        $text = $file->get_filesize() > self::MAX_BYTES ? '' : $file->get_content();
        $document = safe_xml::document($text);
        if (!$document || $document->documentElement->localName !== 'quiz') {
            throw self::invalid(get_string('questions_xml', 'local_lmstoolkit'));
        }
        $count = 0;
        foreach ($document->documentElement->getElementsByTagName('question') as $question) {
            $count += $question->getAttribute('type') === 'category' ? 0 : 1;
        }
        if (!$count) {
            throw self::invalid(get_string('questions_none', 'local_lmstoolkit'));
        }
        return $count;
    }

    /**
     * Take the questions of an earlier file away and import those of this one.
     *
     * @param \stdClass $cm
     * @param \stored_file $file
     * @param string $name of the category
     * @throws \moodle_exception questionsinvalid
     */
    public static function replace(\stdClass $cm, \stored_file $file, string $name): void {
        $earlier = self::category_id((int) $cm->id);
        $category = self::add_category((int) $cm->contextid, $name);
        (new quiz_slots($cm))->clear();
        self::import($category, $file, get_course($cm->course));
        if ($earlier) {
            self::remove_category($earlier);
        }
        parts::save((int) $cm->id, [self::CATEGORY => (int) $category->id]);
    }

    /**
     * The category with our questions.
     *
     * @param int $cmid
     * @return int|null
     */
    public static function category_id(int $cmid): ?int {
        return parts::of([$cmid])[$cmid][self::CATEGORY] ?? null;
    }

    /**
     * A new category in the quiz's own question bank, which every release from 4.5 on has.
     *
     * @param int $contextid
     * @param string $name
     * @return \stdClass
     */
    private static function add_category(int $contextid, string $name): \stdClass {
        global $DB;
        $top = question_get_top_category($contextid, true);
        $category = (object) [
            'name' => $name,
            'info' => '',
            'infoformat' => FORMAT_HTML,
            'contextid' => $contextid,
            'parent' => $top->id,
            'sortorder' => 999,
            'stamp' => make_unique_id_code(),
        ];
        $category->id = $DB->insert_record('question_categories', $category);
        return $category;
    }

    /**
     * Import a file into a category.
     *
     * @param \stdClass $category
     * @param \stored_file $file
     * @param \stdClass $course
     */
    private static function import(\stdClass $category, \stored_file $file, \stdClass $course): void {
        global $CFG;
        require_once($CFG->dirroot . '/question/format.php');
        require_once($CFG->dirroot . '/question/format/xml/format.php');
        $path = $file->copy_content_to_temp('local_lmstoolkit');
        $format = new \qformat_xml();
        $format->setCategory($category);
        $format->setContexts([\context::instance_by_id($category->contextid)]);
        $format->setCourse($course);
        $format->setFilename($path);
        $format->setRealfilename($file->get_filename());
        $format->setMatchgrades('error');
        $format->setCatfromfile(false);
        $format->setContextfromfile(false);
        $format->setStoponerror(true);
        $format->set_display_progress(false);
        ob_start(); // It tells people what is wrong by printing.
        try {
            $done = $format->importpreprocess() && $format->importprocess() && $format->importpostprocess();
        } finally {
            $printed = ob_get_clean();
            @unlink($path);
        }
        if (!$done || count($format->questionids) !== self::count($file)) {
            $why = html_entity_decode(strip_tags((string) $printed), ENT_QUOTES | ENT_HTML5);
            $why = \core_text::substr(trim(preg_replace('/\s+/', ' ', clean_param($why, PARAM_NOTAGS))), 0, 300);
            throw self::invalid($why === '' ? get_string('questions_some', 'local_lmstoolkit') : $why);
        }
    }

    /**
     * Delete a category of ours; what other activities use of it stays.
     *
     * @param int $categoryid
     */
    private static function remove_category(int $categoryid): void {
        global $DB;
        $sql = "SELECT v.questionid
                  FROM {question_versions} v
                  JOIN {question_bank_entries} e ON e.id = v.questionbankentryid
                 WHERE e.questioncategoryid = ?
              ORDER BY v.questionid";
        foreach ($DB->get_fieldset_sql($sql, [$categoryid]) as $questionid) {
            question_delete_question($questionid);
        }
        if (!$DB->record_exists('question_bank_entries', ['questioncategoryid' => $categoryid])) {
            $DB->delete_records('question_categories', ['id' => $categoryid]);
        }
    }

    /**
     * The questions of a category as they are now, without those that are parts of others.
     *
     * @param int[] $categoryids
     * @return array category id => list of records with entryid, questionid, qtype, timemodified
     */
    public static function questions(array $categoryids): array {
        global $DB;
        $questions = array_fill_keys($categoryids, []);
        if (!$categoryids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($categoryids);
        $sql = "SELECT e.id AS entryid, e.questioncategoryid, q.id AS questionid, q.qtype, q.timemodified, v.version
                  FROM {question_bank_entries} e
                  JOIN {question_versions} v ON v.questionbankentryid = e.id
                       AND v.version = (SELECT MAX(l.version)
                                          FROM {question_versions} l
                                         WHERE l.questionbankentryid = e.id)
                  JOIN {question} q ON q.id = v.questionid
                 WHERE e.questioncategoryid $in AND q.parent = 0 AND v.status = 'ready'
              ORDER BY e.id";
        foreach ($DB->get_records_sql($sql, $params) as $question) {
            $questions[$question->questioncategoryid][] = $question;
        }
        return $questions;
    }

    /**
     * What changes when somebody edits, adds or deletes one of our questions by hand.
     *
     * @param \stdClass[] $cms cmid => …
     * @return string[] cmid => 40 characters
     */
    public static function fingerprints(array $cms): array {
        $categories = array_filter(array_map(fn($parts) => $parts[self::CATEGORY] ?? null, parts::of(array_keys($cms))));
        $questions = self::questions(array_values($categories));
        $prints = array_fill_keys(array_keys($cms), '');
        foreach ($categories as $cmid => $categoryid) {
            $versions = array_map(fn($question) => [$question->questionid, $question->timemodified], $questions[$categoryid]);
            $prints[$cmid] = sha1(json_encode($versions));
        }
        return $prints;
    }

    /**
     * The refusal of questions.
     *
     * @param string $why
     * @return \moodle_exception
     */
    public static function invalid(string $why): \moodle_exception {
        return new \moodle_exception('questionsinvalid', 'local_lmstoolkit', '', $why);
    }
}
