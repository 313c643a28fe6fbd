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

namespace local_lmstoolkit\local\kind;

use local_lmstoolkit\local\forum_prompts;
use local_lmstoolkit\local\package;
use local_lmstoolkit\local\parts;
use local_lmstoolkit\local\payload;

/**
 * A forum, with the discussions it opens with. Its grade is for all of a learner's posts together.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class forum extends activity {
    /** @var string[] Our types of forum => Moodle's. */
    private const TYPES = ['discussion' => 'general', 'announcements' => 'news', 'questions' => 'qanda'];

    #[\Override]
    public function modname(): string {
        return 'forum';
    }

    #[\Override]
    public function settings_types(): array {
        return [
            'type' => payload::choice(array_keys(self::TYPES)),
            'prompts' => payload::list_of(
                payload::object_of(['key' => 'part', 'subject' => 'line', 'message' => 'text']),
                100
            ),
            'due_at' => 'time',
            'closes_at' => 'time',
        ];
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'posted', 'graded', 'passed'];
    }

    #[\Override]
    public function completion_columns(): array {
        return ['posted' => ['completionposts' => 1]];
    }

    #[\Override]
    public function foreign_completion_columns(): array {
        return ['completiondiscussions', 'completionreplies'];
    }

    #[\Override]
    public function is_gradable(): bool {
        return true;
    }

    #[\Override]
    public function grade_item_number(): int {
        return 1; // The whole forum; 0 is the sum of ratings of single posts.
    }

    #[\Override]
    public function can_have(?float $points): bool {
        return $points === null || ($points >= 1 && floor($points) === $points);
    }

    #[\Override]
    public function max_points(\stdClass $record): ?float {
        return $record->grade_forum > 0 ? (float) $record->grade_forum : null;
    }

    #[\Override]
    public function capabilities(array $declared): array {
        if (!$declared['settings']['prompts']) {
            return [];
        }
        return [$declared['settings']['type'] === 'announcements' ? 'mod/forum:addnews' : 'mod/forum:startdiscussion'];
    }

    #[\Override]
    public function attainable(array $settings, \stdClass $cm): array {
        return ['prompts' => forum_prompts::attainable($settings['prompts'], $cm)] + $settings;
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        global $CFG;
        $settings = [
            'assessed' => 0,
            'scale' => 0,
            'grade_forum_notify' => 0,
            'forcesubscribe' => $CFG->forum_subscription ?? FORUM_CHOOSESUBSCRIBE,
            'trackingtype' => $CFG->forum_trackingtype ?? FORUM_TRACKING_OPTIONAL,
            'maxbytes' => $CFG->forum_maxbytes ?? 0,
            'maxattachments' => $CFG->forum_maxattachments ?? 9,
            'displaywordcount' => 0,
            'lockdiscussionafter' => 0,
            'blockperiod' => 0,
            'blockafter' => 0,
            'warnafter' => 0,
            'rsstype' => 0,
            'rssarticles' => 0,
            'completiondiscussions' => 0,
            'completionreplies' => 0,
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->type = self::TYPES[$declared['settings']['type']];
        if ($data->type === 'news') {
            $data->forcesubscribe = FORUM_FORCESUBSCRIBE; // Announcements reach everybody.
        }
        $data->grade_forum = (int) $declared['max_points'];
        $data->duedate = $declared['settings']['due_at'];
        $data->cutoffdate = $declared['settings']['closes_at'];
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if (in_array('prompts', $changed, true)) {
            forum_prompts::apply($cm, $declared['settings']['prompts']);
        }
    }

    #[\Override]
    public function settings(array $cms): array {
        $prompts = forum_prompts::read($cms);
        $types = array_flip(self::TYPES);
        return array_map(fn($cm) => [
            'type' => $types[$cm->record->type] ?? $cm->record->type,
            'prompts' => $prompts[$cm->id],
            'due_at' => (int) $cm->record->duedate,
            'closes_at' => (int) $cm->record->cutoffdate,
        ], $cms);
    }

    #[\Override]
    public function learners(array $cms): array {
        $prompts = array_merge([0], ...array_map('array_values', array_values(parts::of(array_keys($cms)))));
        // Those who answered; the prompts themselves are nobody's work.
        return $this->count(
            $cms,
            "SELECT d.forum AS instance, COUNT(DISTINCT p.userid) AS learners
               FROM {forum_posts} p
               JOIN {forum_discussions} d ON d.id = p.discussion
              WHERE (p.parent <> 0 OR d.id NOT IN (" . implode(',', array_map('intval', $prompts)) . ")) AND {in}
           GROUP BY d.forum",
            'd.forum'
        );
    }
}
