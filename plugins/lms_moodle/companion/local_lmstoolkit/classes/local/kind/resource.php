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
 * Files to open; the first one is shown.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class resource extends activity {
    #[\Override]
    public function modname(): string {
        return 'resource';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/resource/locallib.php');
    }

    #[\Override]
    public function file_area(): ?string {
        return 'content';
    }

    #[\Override]
    public function shows_first_file(): bool {
        return true;
    }

    #[\Override]
    public function check(array $declared): void {
        if (empty($declared['files']['content'])) {
            throw $this->unfit('files', 'somefiles');
        }
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        global $CFG;
        require_once($CFG->libdir . '/resourcelib.php');
        $data->display = RESOURCELIB_DISPLAY_AUTO;
        $data->printintro = 1;
        $data->showsize = 0;
        $data->showtype = 0;
        $data->showdate = 0;
        $data->filterfiles = 0;
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        foreach (unserialize_array((string) $data->displayoptions) ?: [] as $name => $value) {
            $data->$name = $value;
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->files = 0; // They are put there afterwards.
    }
}
