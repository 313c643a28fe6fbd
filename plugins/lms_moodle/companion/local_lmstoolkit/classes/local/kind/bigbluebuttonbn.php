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
 * A webinar in BigBlueButton, where the site has it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class bigbluebuttonbn extends activity {
    #[\Override]
    public function modname(): string {
        return 'bigbluebuttonbn';
    }

    #[\Override]
    public function settings_types(): array {
        return ['starts_at' => 'time', 'ends_at' => 'time', 'record' => 'flag'];
    }

    #[\Override]
    public function foreign_completion_columns(): array {
        return ['completionattendance', 'completionengagementchats', 'completionengagementtalks'];
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        global $DB;
        $data->type = \mod_bigbluebuttonbn\instance::TYPE_ALL;
        $data->wait = 1; // Learners come in when a moderator is there.
        $data->welcome = '';
        $data->presentation = 0;
        $participants = [['selectiontype' => 'all', 'selectionid' => 'all', 'role' => 'viewer']];
        foreach (['editingteacher', 'teacher'] as $shortname) {
            $roleid = $DB->get_field('role', 'id', ['shortname' => $shortname]);
            if ($roleid) {
                $participants[] = ['selectiontype' => 'role', 'selectionid' => $roleid, 'role' => 'moderator'];
            }
        }
        $data->participants = json_encode($participants);
    }

    #[\Override]
    public function keep(\stdClass $data, \stdClass $cm): void {
        // The presentation is a file that the form would send as a draft area.
        $draftitemid = 0;
        file_prepare_draft_area($draftitemid, (int) $cm->contextid, 'mod_bigbluebuttonbn', 'presentation', 0);
        $data->presentation = $draftitemid;
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->openingtime = $declared['settings']['starts_at'];
        $data->closingtime = $declared['settings']['ends_at'];
        $data->record = (int) $declared['settings']['record'];
    }

    #[\Override]
    public function settings(array $cms): array {
        return array_map(fn($cm) => [
            'starts_at' => (int) $cm->record->openingtime,
            'ends_at' => (int) $cm->record->closingtime,
            'record' => (bool) $cm->record->record,
        ], $cms);
    }

    #[\Override]
    public function learners(array $cms): array {
        return $this->count(
            $cms,
            "SELECT bigbluebuttonbnid AS instance, COUNT(DISTINCT userid) AS learners
               FROM {bigbluebuttonbn_logs}
              WHERE log = 'Join' AND {in}
           GROUP BY bigbluebuttonbnid",
            'bigbluebuttonbnid'
        );
    }
}
