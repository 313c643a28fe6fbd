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

/**
 * A page with text and pictures.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class page extends activity {
    #[\Override]
    public function modname(): string {
        return 'page';
    }

    #[\Override]
    public function settings_types(): array {
        return ['content' => 'text'];
    }

    #[\Override]
    public function file_area(): ?string {
        return 'content';
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        global $CFG;
        require_once($CFG->libdir . '/resourcelib.php');
        $data->display = RESOURCELIB_DISPLAY_OPEN;
        $data->printintro = 0;
        $data->printlastmodified = 1;
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        foreach (unserialize_array((string) $data->displayoptions) ?: [] as $name => $value) {
            $data->$name = $value;
        }
        $data->printintro ??= 0;
        $data->printlastmodified ??= 1;
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        // The first is read by an update, the others when a page is made; without a draft area its files stay.
        $data->page = ['text' => $declared['settings']['content'], 'format' => FORMAT_HTML, 'itemid' => 0];
        $data->content = $declared['settings']['content'];
        $data->contentformat = FORMAT_HTML;
    }

    #[\Override]
    public function settings(array $cms): array {
        return array_map(fn($cm) => ['content' => (string) $cm->record->content], $cms);
    }
}
