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

namespace local_lmstoolkit\external;

use local_lmstoolkit\local\access;
use local_lmstoolkit\local\kinds;
use local_lmstoolkit\local\site_checks;
use local_lmstoolkit\local\site_settings;

/**
 * Says which companion and which Moodle this is, and what would stand in the way.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class get_info extends payload_function {
    #[\Override]
    protected static function types(): array {
        return [];
    }

    #[\Override]
    protected static function answer(array $payload): array {
        global $CFG;
        $context = \context_system::instance();
        self::validate_context($context);
        access::require_any($context);
        return [
            'plugin' => \core_plugin_manager::instance()->get_plugin_info('local_lmstoolkit')->release,
            'release' => $CFG->release,
            'languages' => array_keys(get_string_manager()->get_list_of_translations()),
            'activities' => kinds::enabled(),
            'max_upload_bytes' => (int) get_max_upload_file_size((int) $CFG->maxbytes),
            'student_roleid' => site_checks::student_roleid(),
            'checks' => site_checks::all(),
        ] + site_settings::of($context);
    }
}
