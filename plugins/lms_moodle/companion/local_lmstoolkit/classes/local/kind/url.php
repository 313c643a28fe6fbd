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
 * A link to another site.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class url extends activity {
    #[\Override]
    public function modname(): string {
        return 'url';
    }

    #[\Override]
    public function load(): void {
        global $CFG;
        parent::load();
        require_once($CFG->dirroot . '/mod/url/locallib.php');
    }

    #[\Override]
    public function settings_types(): array {
        return ['address' => 'address'];
    }

    #[\Override]
    public function check(array $declared): void {
        if (url_fix_submitted_url($declared['settings']['address']) !== $declared['settings']['address']) {
            throw $this->unfit('settings.address', 'address'); // Moodle would store another one.
        }
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        global $CFG;
        require_once($CFG->libdir . '/resourcelib.php');
        $data->display = RESOURCELIB_DISPLAY_AUTO;
        $data->printintro = 1;
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        foreach (unserialize_array((string) $data->displayoptions) ?: [] as $name => $value) {
            $data->$name = $value;
        }
        $index = 0;
        foreach (unserialize_array((string) $data->parameters) ?: [] as $parameter => $variable) {
            $data->{"parameter_$index"} = $parameter;
            $data->{"variable_$index"} = $variable;
            $index++;
        }
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->externalurl = $declared['settings']['address'];
    }

    #[\Override]
    public function settings(array $cms): array {
        return array_map(fn($cm) => ['address' => (string) $cm->record->externalurl], $cms);
    }
}
