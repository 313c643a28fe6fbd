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

namespace local_lmstoolkit\check;

use core\check\check;
use core\check\result;
use local_lmstoolkit\local\health;
use local_lmstoolkit\local\health_result;

/**
 * One question of the health check, as Moodle's report System status asks it.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_check extends check {
    /** @var health_result|null What was found, once it was asked for: the report asks for it twice. */
    private ?health_result $found = null;

    /**
     * One check.
     *
     * @param string $name one of health::names()
     */
    public function __construct(
        /** @var string Name of the check. */
        private readonly string $name
    ) {
    }

    #[\Override]
    public function get_id(): string {
        return $this->name;
    }

    #[\Override]
    public function get_name(): string {
        $plugin = get_string('pluginname', 'local_lmstoolkit');
        return $plugin . ': ' . get_string('health_name_' . $this->name, 'local_lmstoolkit');
    }

    #[\Override]
    public function get_action_link(): ?\action_link {
        $found = $this->found();
        return $found->where ? new \action_link($found->where, get_string('health_open', 'local_lmstoolkit')) : null;
    }

    #[\Override]
    public function get_result(): result {
        $found = $this->found();
        return new result($found->status, s($found->found), s($found->fix ?: $found->found));
    }

    /**
     * What was found.
     *
     * @return health_result
     */
    private function found(): health_result {
        return $this->found ??= health::examine($this->name);
    }
}
