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

/**
 * The health check: everything that lms-toolkit needs of this site, with the fix of what is missing.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

require(__DIR__ . '/../../config.php');
require_once($CFG->libdir . '/adminlib.php');

use local_lmstoolkit\local\health;
use local_lmstoolkit\output\health_page;

admin_externalpage_setup('local_lmstoolkit_health');

$page = new health_page(health::all());
echo $OUTPUT->header();
echo $OUTPUT->heading(get_string('health', 'local_lmstoolkit'));
echo $OUTPUT->render_from_template('local_lmstoolkit/health_page', $page->export_for_template($OUTPUT));
echo $OUTPUT->footer();
