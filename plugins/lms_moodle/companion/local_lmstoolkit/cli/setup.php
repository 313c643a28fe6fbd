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
 * Prepares this site for lms-toolkit: web services, role, service account, token. Safe to run again.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

define('CLI_SCRIPT', true);

require(__DIR__ . '/../../../config.php');
require_once($CFG->libdir . '/clilib.php');

use local_lmstoolkit\local\service_account;

$usage = "Prepares this site for lms-toolkit and prints its address and the token.

Enables web services and REST, makes the role, the service account and its token. What is
already there is kept: a second run prints the same token.

Usage:
    # php local/lmstoolkit/cli/setup.php [--tokendays=DAYS] [--renew] [--json]

Options:
    -h --help           Print this help.
    --tokendays=DAYS    A new token runs out after so many days; without it, never.
    --renew             Replace the token; the old one stops working at once.
    --json              Print one JSON object.
";

[$options, $unknown] = cli_get_params(
    ['help' => false, 'tokendays' => '0', 'renew' => false, 'json' => false],
    ['h' => 'help']
);
if ($unknown) {
    cli_error(get_string('cliunknowoption', 'core_admin', implode(' ', $unknown)), 2);
}
if ($options['help']) {
    cli_writeln($usage);
    exit(0);
}
if (!ctype_digit((string) $options['tokendays'])) {
    cli_error('--tokendays must be a whole number of days.', 2);
}

\core\session\manager::set_user(get_admin());
service_account::enable_web_services();
$user = service_account::ensure_user(service_account::ensure_role());
$service = service_account::ensure_service((int) $user->id);
$token = service_account::ensure_token($service, (int) $user->id, (int) $options['tokendays'], (bool) $options['renew']);

if ($options['json']) {
    cli_writeln(json_encode([
        'url' => $CFG->wwwroot,
        'token' => $token->token,
        'expires_at' => $token->validuntil ? (int) $token->validuntil : null,
        'username' => $user->username,
        'service' => $service->shortname,
    ], JSON_UNESCAPED_SLASHES));
} else {
    cli_writeln("url    {$CFG->wwwroot}");
    cli_writeln("token  {$token->token}");
}
exit(0);
