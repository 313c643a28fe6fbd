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

namespace local_lmstoolkit\output;

use core\check\result;
use local_lmstoolkit\local\health_result;

/**
 * The page of the health check: what was found, and what to do about it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_page implements \renderable, \templatable {
    /**
     * For some findings.
     *
     * @param health_result[] $found by name of the check
     */
    public function __construct(
        /** @var health_result[] Findings by name of the check. */
        private readonly array $found
    ) {
    }

    #[\Override]
    public function export_for_template(\renderer_base $output): array {
        $problems = count(array_filter($this->found, fn($found) => $found->is_problem()));
        return [
            'problems' => $problems,
            'checks' => array_map(
                fn($name, $found) => $this->check($name, $found, $output),
                array_keys($this->found),
                array_values($this->found)
            ),
        ];
    }

    /**
     * One row.
     *
     * @param string $name
     * @param health_result $found
     * @param \renderer_base $output
     * @return array
     */
    private function check(string $name, health_result $found, \renderer_base $output): array {
        return [
            'id' => $name,
            'name' => get_string('health_name_' . $name, 'local_lmstoolkit'),
            'status' => $output->check_result(new result($found->status, '')),
            'found' => $found->found,
            'fix' => $found->fix,
            'where' => $found->where?->out(false),
        ];
    }
}
