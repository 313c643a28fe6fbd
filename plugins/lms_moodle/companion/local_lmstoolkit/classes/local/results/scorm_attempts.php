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

namespace local_lmstoolkit\local\results;

/**
 * Reads attempts at SCORM packages from the tracks that Moodle keeps of them.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class scorm_attempts {
    /** @var string[] Elements of SCORM 1.2 and 2004 by what they say. */
    private const ELEMENTS = [
        'cmi.core.lesson_status' => 'status',
        'cmi.completion_status' => 'completion',
        'cmi.success_status' => 'success',
        'cmi.core.score.raw' => 'score',
        'cmi.score.raw' => 'score',
        'cmi.core.score.max' => 'max',
        'cmi.score.max' => 'max',
        'x.start.time' => 'started',
    ];

    /** @var string[] Parts of an interaction by what they say. */
    private const PARTS = [
        'id' => 'question',
        'description' => 'text',
        'result' => 'result',
        'student_response' => 'response',
        'learner_response' => 'response',
    ];

    /** @var string[] Results of interactions in the toolkit's words; a number is a score that says neither. */
    private const RESULTS = [
        'correct' => 'correct',
        'wrong' => 'incorrect',
        'incorrect' => 'incorrect',
        'unanticipated' => 'unanticipated',
        'neutral' => 'neutral',
    ];

    /**
     * The attempts of some users.
     *
     * @param int[] $scormids
     * @param int[] $userids
     * @param int[] $places scormid => place of the item
     * @return array rows
     */
    public static function rows(array $scormids, array $userids, array $places): array {
        global $DB;
        [$inscorms, $params] = $DB->get_in_or_equal($scormids, SQL_PARAMS_NAMED, 'scorm');
        [$inusers, $userparams] = $DB->get_in_or_equal($userids, SQL_PARAMS_NAMED, 'user');
        $select = "scormid $inscorms AND userid $inusers";
        $attempts = $DB->get_records_select('scorm_attempt', $select, $params + $userparams, 'userid, scormid, attempt');
        if (!$attempts) {
            return [];
        }
        $scoes = self::scoes(array_unique(array_column($attempts, 'scormid')));
        $tracks = self::tracks(array_keys($attempts));
        $rows = [];
        foreach ($attempts as $id => $attempt) {
            $said = $tracks[$id] ?? null;
            if ($said) {
                $rows[] = [
                    (int) $attempt->userid,
                    $places[$attempt->scormid],
                    (int) $attempt->attempt,
                    ...self::summary($said['scoes'], $scoes[$attempt->scormid] ?? []),
                    $said['updated'],
                    self::answers($said['scoes'], $scoes[$attempt->scormid] ?? []),
                ];
            }
        }
        return $rows;
    }

    /**
     * The lessons that a package launches.
     *
     * @param int[] $scormids
     * @return array scormid => [sco id => identifier], in order
     */
    private static function scoes(array $scormids): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal($scormids);
        $launchable = $DB->sql_isnotempty('scorm_scoes', 'launch', false, true);
        $found = [];
        $select = "scorm $in AND $launchable";
        foreach ($DB->get_records_select('scorm_scoes', $select, $params, 'sortorder, id', 'id, scorm, identifier') as $sco) {
            $found[$sco->scorm][(int) $sco->id] = $sco->identifier;
        }
        return $found;
    }

    /**
     * What was tracked in some attempts, as far as it is told.
     *
     * @param int[] $attemptids
     * @return array attempt id => [updated, scoes: [sco id => [what => value, interactions: [number => [what => value]]]]]
     */
    private static function tracks(array $attemptids): array {
        global $DB;
        [$in, $params] = $DB->get_in_or_equal($attemptids, SQL_PARAMS_NAMED, 'attempt');
        $sql = "SELECT v.id, v.attemptid, v.scoid, e.element, v.value, v.timemodified
                  FROM {scorm_scoes_value} v
                  JOIN {scorm_element} e ON e.id = v.elementid
                 WHERE v.attemptid $in";
        $tracks = [];
        $found = $DB->get_recordset_sql($sql, $params);
        foreach ($found as $track) {
            $tracks[$track->attemptid] ??= ['updated' => 0, 'scoes' => []];
            $attempt = &$tracks[$track->attemptid];
            $attempt['updated'] = max($attempt['updated'], (int) $track->timemodified);
            $what = self::ELEMENTS[$track->element] ?? null;
            if ($what) {
                $attempt['scoes'][(int) $track->scoid][$what] = $track->value;
            } else if (preg_match('/^cmi\.interactions[._](\d+)\.(\w+)$/', $track->element, $parts) && isset(self::PARTS[$parts[2]])) {
                $part = self::PARTS[$parts[2]];
                $attempt['scoes'][(int) $track->scoid]['interactions'][(int) $parts[1]][$part] = $track->value;
            }
            unset($attempt);
        }
        $found->close();
        return $tracks;
    }

    /**
     * An attempt in short.
     *
     * @param array $tracked sco id => what was tracked
     * @param string[] $scoes sco id => identifier, those there are
     * @return array status, score, highest score, started
     */
    private static function summary(array $tracked, array $scoes): array {
        $statuses = array_map(fn($scoid) => self::status($tracked[$scoid] ?? []), array_keys($scoes));
        $best = null;
        $started = [];
        foreach ($tracked as $sco) {
            if (is_numeric($sco['score'] ?? null) && ($best === null || (float) $sco['score'] > $best[0])) {
                $best = [(float) $sco['score'], is_numeric($sco['max'] ?? null) ? (float) $sco['max'] : null];
            }
            $started[] = (int) ($sco['started'] ?? 0);
        }
        $started = array_filter($started);
        return [self::worst($statuses), $best[0] ?? null, $best[1] ?? null, $started ? min($started) : null];
    }

    /**
     * The status of one lesson: in SCORM 1.2 one word, in 2004 the success counts where there is one.
     *
     * @param array $sco what was tracked
     * @return string
     */
    private static function status(array $sco): string {
        $success = $sco['success'] ?? 'unknown';
        $status = $success === 'unknown' || $success === '' ? ($sco['status'] ?? $sco['completion'] ?? '') : $success;
        return in_array($status, ['passed', 'completed', 'failed', 'browsed'], true) ? $status : 'incomplete';
    }

    /**
     * The status of a package with these lessons: done when all are, failed when one is.
     *
     * @param string[] $statuses
     * @return string
     */
    private static function worst(array $statuses): string {
        foreach (['failed', 'incomplete', 'browsed', 'passed'] as $status) {
            if (in_array($status, $statuses, true)) {
                return $status;
            }
        }
        return $statuses ? 'completed' : 'incomplete';
    }

    /**
     * The answers of an attempt, in order of lessons.
     *
     * @param array $tracked sco id => what was tracked
     * @param string[] $scoes sco id => identifier
     * @return array list of [question id, text, result, response, identifier of the lesson]
     */
    private static function answers(array $tracked, array $scoes): array {
        $answers = [];
        foreach ($scoes as $scoid => $identifier) {
            $interactions = $tracked[$scoid]['interactions'] ?? [];
            ksort($interactions);
            foreach ($interactions as $interaction) {
                if (($interaction['question'] ?? '') !== '') {
                    $answers[] = [
                        attempts::text($interaction['question']),
                        attempts::text($interaction['text'] ?? ''),
                        self::RESULTS[$interaction['result'] ?? ''] ?? '',
                        attempts::text($interaction['response'] ?? ''),
                        $identifier,
                    ];
                }
            }
        }
        return $answers;
    }
}
