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

use local_lmstoolkit\local\feedback_items;
use local_lmstoolkit\local\package;

/**
 * A survey: Moodle's feedback activity.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class feedback extends activity {
    /** @var int Longest text of an item that Moodle can store, as HTML. */
    private const LONGEST = 255;

    #[\Override]
    public function modname(): string {
        return 'feedback';
    }

    #[\Override]
    public function settings_types(): array {
        return ['opens_at' => 'time', 'closes_at' => 'time', 'anonymous' => 'flag', 'items' => feedback_items::type()];
    }

    #[\Override]
    public function check(array $declared): void {
        foreach ($declared['settings']['items'] as $index => $item) {
            if (\core_text::strlen(feedback_items::html($item['text'])) > self::LONGEST) {
                throw $this->unfit("settings.items[$index].text", 'plain');
            }
            if (($item['kind'] === 'text') === (bool) $item['options']) {
                throw $this->unfit("settings.items[$index].options", $item['kind'] === 'text' ? 'empty' : 'nonempty');
            }
        }
    }

    #[\Override]
    public function completions(): array {
        return ['none', 'manual', 'viewed', 'submitted'];
    }

    #[\Override]
    public function completion_columns(): array {
        return ['submitted' => ['completionsubmit' => 1]];
    }

    #[\Override]
    public function capabilities(array $declared): array {
        return ['mod/feedback:edititems'];
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $settings = [
            'email_notification' => 0,
            'multiple_submit' => 0,
            'autonumbering' => 1,
            'site_after_submit' => '',
            'page_after_submit' => '',
            'page_after_submitformat' => FORMAT_HTML,
            'page_after_submit_editor' => ['text' => '', 'format' => FORMAT_HTML, 'itemid' => 0],
            'publish_stats' => 0,
        ];
        foreach ($settings as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        $data->page_after_submit_editor = ['itemid' => 0]; // Without a draft area its text and files stay.
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->timeopen = $declared['settings']['opens_at'];
        $data->timeclose = $declared['settings']['closes_at'];
        $data->anonymous = $declared['settings']['anonymous'] ? FEEDBACK_ANONYMOUS_YES : FEEDBACK_ANONYMOUS_NO;
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if (in_array('items', $changed, true)) {
            feedback_items::apply($cm, $declared['settings']['items']);
        }
    }

    #[\Override]
    public function refuse_loss(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if (!in_array('items', $changed, true) || $declared['allow_track_loss']) {
            return;
        }
        $learners = $this->learners([$cm->id => $cm])[$cm->id];
        if ($learners && feedback_items::would_lose_answers($cm, $declared['settings']['items'])) {
            throw $this->loss('trackloss_answers', $learners);
        }
    }

    #[\Override]
    public function settings(array $cms): array {
        $items = feedback_items::read($cms);
        return array_map(fn($cm) => [
            'opens_at' => (int) $cm->record->timeopen,
            'closes_at' => (int) $cm->record->timeclose,
            'anonymous' => (int) $cm->record->anonymous === FEEDBACK_ANONYMOUS_YES,
            'items' => $items[$cm->id],
        ], $cms);
    }

    #[\Override]
    public function learners(array $cms): array {
        return $this->count(
            $cms,
            "SELECT feedback AS instance, COUNT(DISTINCT userid) AS learners
               FROM {feedback_completed}
              WHERE {in}
           GROUP BY feedback",
            'feedback'
        );
    }
}
