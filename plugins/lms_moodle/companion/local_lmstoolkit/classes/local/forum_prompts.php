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
 * The discussions that a forum opens with: each is started once, follows its text until somebody answers, and then stays.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class forum_prompts {
    /**
     * The prompts of some forums, in the order they were declared in.
     *
     * @param \stdClass[] $cms cmid => …
     * @return array cmid => list of [key, subject, message]
     */
    public static function read(array $cms): array {
        $parts = parts::of(array_keys($cms));
        $stored = self::stored(array_merge([], ...array_map('array_values', array_values($parts))));
        $prompts = [];
        foreach ($parts as $cmid => $discussions) {
            $prompts[$cmid] = [];
            foreach ($discussions as $key => $id) {
                if (isset($stored[$id])) {
                    $prompts[$cmid][] = [
                        'key' => (string) $key,
                        'subject' => $stored[$id]->name,
                        'message' => $stored[$id]->message,
                    ];
                }
            }
        }
        return $prompts;
    }

    /**
     * What can still be had of the declared prompts: one that somebody answered keeps its text.
     *
     * @param array $prompts
     * @param \stdClass $cm
     * @return array
     */
    public static function attainable(array $prompts, \stdClass $cm): array {
        $ids = parts::of([$cm->id])[$cm->id];
        $stored = self::stored(array_values($ids));
        return array_map(function ($prompt) use ($ids, $stored) {
            $there = $stored[$ids[$prompt['key']] ?? 0] ?? null;
            return $there && $there->answers
                ? ['key' => $prompt['key'], 'subject' => $there->name, 'message' => $there->message]
                : $prompt;
        }, $prompts);
    }

    /**
     * Start, edit and remove discussions, so that these are the forum's prompts.
     *
     * @param \stdClass $cm
     * @param array $prompts
     */
    public static function apply(\stdClass $cm, array $prompts): void {
        $ids = parts::of([$cm->id])[$cm->id];
        $stored = self::stored(array_values($ids));
        $kept = [];
        foreach ($prompts as $prompt) {
            $there = $stored[$ids[$prompt['key']] ?? 0] ?? null;
            if ($there && !$there->answers) {
                self::edit($there, $prompt);
            }
            $kept[$prompt['key']] = $there ? (int) $there->id : self::start($cm, $prompt);
        }
        foreach (array_diff_key($ids, $kept) as $id) {
            if (isset($stored[$id]) && !$stored[$id]->answers) {
                self::remove($cm, $id);
            }
        }
        parts::save((int) $cm->id, $kept);
    }

    /**
     * Discussions with their first post and the number of answers.
     *
     * @param int[] $ids
     * @return \stdClass[] id => …
     */
    private static function stored(array $ids): array {
        global $DB;
        if (!$ids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($ids);
        $sql = "SELECT d.id, d.name, d.firstpost, p.message,
                       (SELECT COUNT(1) FROM {forum_posts} a WHERE a.discussion = d.id AND a.parent <> 0) AS answers
                  FROM {forum_discussions} d
                  JOIN {forum_posts} p ON p.id = d.firstpost
                 WHERE d.id $in";
        return $DB->get_records_sql($sql, $params);
    }

    /**
     * Start a discussion.
     *
     * @param \stdClass $cm
     * @param array $prompt
     * @return int its id
     */
    private static function start(\stdClass $cm, array $prompt): int {
        return (int) forum_add_discussion((object) [
            'course' => $cm->course,
            'forum' => $cm->instance,
            'name' => $prompt['subject'],
            'message' => $prompt['message'],
            'messageformat' => FORMAT_HTML,
            'messagetrust' => 0,
            'mailnow' => 0,
            'groupid' => -1,
            'timestart' => 0,
            'timeend' => 0,
            'pinned' => 0,
        ]);
    }

    /**
     * Change the text of a discussion's first post.
     *
     * @param \stdClass $there
     * @param array $prompt
     */
    private static function edit(\stdClass $there, array $prompt): void {
        global $DB;
        if ($there->name === $prompt['subject'] && $there->message === $prompt['message']) {
            return;
        }
        $post = (object) [
            'id' => $there->firstpost,
            'subject' => $prompt['subject'],
            'message' => $prompt['message'],
            'messageformat' => FORMAT_HTML,
            'modified' => time(),
        ];
        \mod_forum\local\entities\post::add_message_counts($post);
        $DB->update_record('forum_posts', $post);
        $DB->set_field('forum_discussions', 'name', $prompt['subject'], ['id' => $there->id]);
    }

    /**
     * Delete a discussion that nobody answered.
     *
     * @param \stdClass $cm
     * @param int $id
     */
    private static function remove(\stdClass $cm, int $id): void {
        global $DB;
        $discussion = $DB->get_record('forum_discussions', ['id' => $id], '*', MUST_EXIST);
        forum_delete_discussion($discussion, false, get_course($cm->course), $cm, $cm->record);
    }
}
