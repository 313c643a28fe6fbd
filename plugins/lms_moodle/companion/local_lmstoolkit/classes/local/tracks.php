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
 * What learners have done in SCORM packages, counted per SCO.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class tracks {
    /**
     * The SCOs of some packages, in order, with the number of users who have at least one track there.
     *
     * @param int[] $scormids
     * @return array scormid => list of [identifier, title, learners]
     */
    public static function items(array $scormids): array {
        global $DB;
        if (!$scormids) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($scormids);
        $launchable = $DB->sql_isnotempty('scorm_scoes', 's.launch', false, true);
        $sql = "SELECT s.id, s.scorm, s.identifier, s.title, COUNT(DISTINCT a.userid) AS learners
                  FROM {scorm_scoes} s
             LEFT JOIN {scorm_scoes_value} v ON v.scoid = s.id
             LEFT JOIN {scorm_attempt} a ON a.id = v.attemptid
                 WHERE s.scorm $in AND $launchable
              GROUP BY s.id, s.scorm, s.identifier, s.title, s.sortorder
              ORDER BY s.scorm, s.sortorder";
        $items = array_fill_keys($scormids, []);
        foreach ($DB->get_records_sql($sql, $params) as $sco) {
            $items[$sco->scorm][] = [
                'identifier' => $sco->identifier,
                'title' => $sco->title,
                'learners' => (int) $sco->learners,
            ];
        }
        return $items;
    }

    /**
     * Refuse a package without the identifiers that learners' tracks hang on; Moodle would delete the tracks.
     *
     * @param int $scormid
     * @param string[] $identifiers of the new package
     * @throws \moodle_exception trackloss, naming what and for how many
     */
    public static function refuse_loss(int $scormid, array $identifiers): void {
        $lost = [];
        foreach (self::items([$scormid])[$scormid] as $item) {
            if ($item['learners'] && !in_array($item['identifier'], $identifiers, true)) {
                $item['title'] = clean_param($item['title'], PARAM_NOTAGS);
                $lost[] = get_string('trackloss_item', 'local_lmstoolkit', $item);
            }
        }
        if ($lost) {
            throw new \moodle_exception('trackloss', 'local_lmstoolkit', '', implode(', ', $lost));
        }
    }
}
