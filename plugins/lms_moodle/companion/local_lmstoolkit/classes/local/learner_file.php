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
 * A PDF among the private files of a learner, which was put there for a course.
 *
 * What the learner put there is left alone: a file of ours is known by its source, which names the course.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class learner_file {
    /** @var string How the source of our files begins; the id of the course follows. */
    private const SOURCE = 'lms-toolkit, course ';

    /** @var string How every PDF begins. */
    private const PDF = '%PDF-';

    /**
     * Of one name, in no folder.
     *
     * @param int $courseid
     * @param int $userid
     * @param string $filename
     */
    public function __construct(
        /** @var int The course it is delivered for. */
        private readonly int $courseid,
        /** @var int Whose it is. */
        private readonly int $userid,
        /** @var string Its name. */
        private readonly string $filename
    ) {
    }

    /**
     * Put the file there, in place of an earlier one of ours.
     *
     * @param \stored_file $sent
     * @return string created, updated or unchanged
     * @throws \moodle_exception notenrolled, filesclosed, filetaken, quotafull, payloadinvalid
     */
    public function deliver(\stored_file $sent): string {
        // Somebody whose enrolment has ended may have earned it before.
        if (!is_enrolled(\context_course::instance($this->courseid), $this->userid)) {
            throw new \moodle_exception('notenrolled', 'local_lmstoolkit');
        }
        self::check_content($sent);
        $context = \context_user::instance($this->userid);
        if (!has_capability('moodle/user:manageownfiles', $context, $this->userid)) {
            throw new \moodle_exception('filesclosed', 'local_lmstoolkit');
        }
        $there = $this->there($context);
        if ($there && !$this->is_ours($there)) {
            throw new \moodle_exception('filetaken', 'local_lmstoolkit', '', s($this->filename));
        }
        if ($there && $there->get_contenthash() === $sent->get_contenthash()) {
            return 'unchanged';
        }
        $this->check_room($context, $sent->get_filesize() - ($there ? $there->get_filesize() : 0));
        return $there ? $this->replace($there, $sent) : $this->create($context, $sent);
    }

    /**
     * Take the file away; what is not ours stays.
     *
     * @return string removed, or unchanged if it is not there
     */
    public function remove(): string {
        $context = \context_user::instance($this->userid, IGNORE_MISSING); // The account may have been deleted.
        $there = $context ? $this->there($context) : null;
        if (!$there || !$this->is_ours($there)) {
            return 'unchanged';
        }
        $there->delete();
        return 'removed';
    }

    /**
     * The file of this name.
     *
     * @param \context_user $context
     * @return \stored_file|null
     */
    private function there(\context_user $context): ?\stored_file {
        return get_file_storage()->get_file($context->id, 'user', 'private', 0, '/', $this->filename) ?: null;
    }

    /**
     * Whether we have put it there for this course.
     *
     * @param \stored_file $file
     * @return bool
     */
    private function is_ours(\stored_file $file): bool {
        return $file->get_source() === self::SOURCE . $this->courseid;
    }

    /**
     * A new file, which belongs to the learner.
     *
     * @param \context_user $context
     * @param \stored_file $sent
     * @return string
     */
    private function create(\context_user $context, \stored_file $sent): string {
        get_file_storage()->create_file_from_storedfile($this->record($context, 'private', 0, $this->filename), $sent);
        return 'created';
    }

    /**
     * Other content for the file there, wholly or not at all.
     *
     * @param \stored_file $there
     * @param \stored_file $sent
     * @return string
     */
    private function replace(\stored_file $there, \stored_file $sent): string {
        global $DB;
        $context = \context_user::instance($this->userid);
        $transaction = $DB->start_delegated_transaction();
        // What is replaced takes over whose the new content is, and that is the learner, not the account that sent it.
        $record = $this->record($context, 'draft', file_get_unused_draft_itemid(), $this->filename);
        $theirs = get_file_storage()->create_file_from_storedfile($record, $sent);
        $there->replace_file_with($theirs);
        $there->set_timemodified(time());
        $theirs->delete();
        $transaction->allow_commit();
        return 'updated';
    }

    /**
     * What a file of the learner is made of.
     *
     * @param \context_user $context
     * @param string $area
     * @param int $itemid
     * @param string $name
     * @return array
     */
    private function record(\context_user $context, string $area, int $itemid, string $name): array {
        return [
            'contextid' => $context->id,
            'component' => 'user',
            'filearea' => $area,
            'itemid' => $itemid,
            'filepath' => '/',
            'filename' => $name,
            'userid' => $this->userid,
            'source' => self::SOURCE . $this->courseid,
            'timecreated' => time(),
            'timemodified' => time(),
        ];
    }

    /**
     * Only PDF: a page with scripts in it has no business among somebody's files.
     *
     * @param \stored_file $sent
     */
    private static function check_content(\stored_file $sent): void {
        $handle = $sent->get_content_file_handle();
        $start = fread($handle, strlen(self::PDF));
        fclose($handle);
        if ($start !== self::PDF) {
            throw payload_checks::unfit('file', get_string('payload_type_pdf', 'local_lmstoolkit'));
        }
    }

    /**
     * The learner's quota, as Moodle's own form respects it.
     *
     * @param \context_user $context
     * @param int $more bytes
     */
    private function check_room(\context_user $context, int $more): void {
        global $CFG;
        if (has_capability('moodle/user:ignoreuserquota', $context, $this->userid)) {
            return;
        }
        $used = file_get_file_area_info($context->id, 'user', 'private')['filesize_without_references'];
        if ($used + $more > $CFG->userquota) {
            throw new \moodle_exception('quotafull', 'local_lmstoolkit');
        }
    }
}
