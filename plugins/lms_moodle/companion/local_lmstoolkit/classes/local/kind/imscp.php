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

use local_lmstoolkit\local\manifest;
use local_lmstoolkit\local\package;

/**
 * An IMS content package: pages to read; Moodle keeps no tracks of it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class imscp extends activity {
    #[\Override]
    public function modname(): string {
        return 'imscp';
    }

    #[\Override]
    public function takes_package(): bool {
        return true;
    }

    #[\Override]
    public function check_package(package $package): void {
        manifest::page_identifiers($package->file);
    }

    #[\Override]
    public function fill_once(\stdClass $data, \stdClass $course): void {
        $data->keepold = 1;
    }

    #[\Override]
    public function fill(\stdClass $data, array $declared): void {
        $data->package = $declared['package']['draftitemid'] ?? 0;
    }

    #[\Override]
    public function after(\stdClass $cm, array $declared, array $changed, ?package $package): void {
        if ($package && empty($cm->record->structure)) {
            throw manifest::invalid('manifest_unplayable'); // The whole step is undone.
        }
    }

    #[\Override]
    public function fingerprints(array $cms): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal(array_column($cms, 'contextid'));
        $select = "contextid $in AND component = 'mod_imscp' AND filearea = 'backup' AND filename <> '.'";
        $found = array_fill_keys(array_keys($cms), '');
        $cmids = array_column($cms, 'id', 'contextid');
        foreach ($DB->get_records_select('files', $select, $params, 'id', 'id, contextid, itemid, contenthash') as $file) {
            $cm = $cms[$cmids[$file->contextid]];
            if ((int) $file->itemid === (int) $cm->record->revision) {
                $found[$cm->id] = $file->contenthash;
            }
        }
        return $found;
    }
}
