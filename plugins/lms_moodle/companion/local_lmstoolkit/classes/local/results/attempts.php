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
 * Reads attempts at SCORM packages and quizzes as rows, with the answers that were given.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class attempts {
    /** @var int Longest text of a question or an answer, in characters. */
    private const LONGEST = 1000;

    /**
     * Of one course.
     *
     * @param items $items
     */
    public function __construct(
        /** @var items What there is. */
        private readonly items $items
    ) {
    }

    /**
     * All attempts of some users.
     *
     * @param int[] $userids
     * @return array rows
     */
    public function of_users(array $userids): array {
        return $this->read($userids, array_keys($this->items->attempted));
    }

    /**
     * The attempts of some users in some modules.
     *
     * @param int[] $userids
     * @param int[] $cmids
     * @return array rows: user, place of the item, number, status, score, highest score, started, updated, answers
     */
    public function read(array $userids, array $cmids): array {
        $instances = ['scorm' => [], 'quiz' => []];
        foreach ($cmids as $cmid) {
            [$modname, $instance] = $this->items->attempted[$cmid];
            $instances[$modname][] = $instance;
        }
        if (!$userids) {
            return [];
        }
        return [
            ...($instances['scorm'] ? scorm_attempts::rows($instances['scorm'], $userids, $this->items->attempts['scorm']) : []),
            ...($instances['quiz'] ? quiz_attempts::rows($instances['quiz'], $userids, $this->items->attempts['quiz']) : []),
        ];
    }

    /**
     * A text of a question or an answer, not longer than anybody reads.
     *
     * @param string|null $text
     * @return string
     */
    public static function text(?string $text): string {
        return \core_text::substr((string) $text, 0, self::LONGEST);
    }
}
