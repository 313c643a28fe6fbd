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

use core\check\result;

/**
 * What one check of the site's health found: its status, and for a problem its cause, its fix and where to fix it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_result {
    /**
     * A finding.
     *
     * @param string $status
     * @param string $found
     * @param string $fix
     * @param \moodle_url|null $where
     */
    private function __construct(
        /** @var string One of the constants of \core\check\result. */
        public readonly string $status,
        /** @var string What was found, as plain text. */
        public readonly string $found,
        /** @var string What to do about it, as plain text; empty where there is nothing to do. */
        public readonly string $fix,
        /** @var \moodle_url|null The page on which it is done. */
        public readonly ?\moodle_url $where
    ) {
    }

    /**
     * All is well.
     *
     * @param string $text the text is health_ and this
     * @param array $given what the text names
     * @return self
     */
    public static function ok(string $text, array $given = []): self {
        return new self(result::OK, self::text($text, $given), '', null);
    }

    /**
     * Not looked at, because something else has to be there first.
     *
     * @param string $text
     * @return self
     */
    public static function skipped(string $text): self {
        return new self(result::NA, self::text($text, []), '', null);
    }

    /**
     * Good to know.
     *
     * @param string $text the text is health_ and this, its fix has _fix behind it
     * @param string $where page of the administration
     * @param array $given what the texts name
     * @return self
     */
    public static function info(string $text, string $where, array $given = []): self {
        return self::problem(result::INFO, $text, $where, $given);
    }

    /**
     * It works, but not as well as it should.
     *
     * @param string $text the text is health_ and this, its fix has _fix behind it
     * @param string $where page of the administration
     * @param array $given what the texts name
     * @return self
     */
    public static function warning(string $text, string $where, array $given = []): self {
        return self::problem(result::WARNING, $text, $where, $given);
    }

    /**
     * It stands in the way.
     *
     * @param string $text the text is health_ and this, its fix has _fix behind it
     * @param string $where page of the administration
     * @param array $given what the texts name
     * @return self
     */
    public static function error(string $text, string $where, array $given = []): self {
        return self::problem(result::ERROR, $text, $where, $given);
    }

    /**
     * Whether something has to be done.
     *
     * @return bool
     */
    public function is_problem(): bool {
        return in_array($this->status, [result::WARNING, result::ERROR, result::CRITICAL], true);
    }

    /**
     * A finding with its fix.
     *
     * @param string $status
     * @param string $text
     * @param string $where
     * @param array $given
     * @return self
     */
    private static function problem(string $status, string $text, string $where, array $given): self {
        return new self($status, self::text($text, $given), self::text($text . '_fix', $given), new \moodle_url($where));
    }

    /**
     * A text. Each may name the command that repairs what the site's own pages cannot.
     *
     * @param string $text
     * @param array $given
     * @return string
     */
    private static function text(string $text, array $given): string {
        $setup = 'php ' . dirname(__DIR__, 2) . '/cli/setup.php';
        return get_string('health_' . $text, 'local_lmstoolkit', (object) ($given + ['setup' => $setup]));
    }
}
