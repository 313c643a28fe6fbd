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
 * The way in: web services, the service, its account with role and token.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class health_access {
    /** @var int Days before its end from which the only token is a warning. */
    private const SOON = 14;

    /**
     * Whether the site has web services.
     *
     * @return health_result
     */
    public static function webservices(): health_result {
        global $CFG;
        return !empty($CFG->enablewebservices)
            ? health_result::ok('webservices_ok')
            : health_result::error('webservices_off', '/admin/settings.php?section=optionalsubsystems');
    }

    /**
     * Whether they speak REST.
     *
     * @return health_result
     */
    public static function rest(): health_result {
        global $CFG;
        $protocols = explode(',', $CFG->webserviceprotocols ?? '');
        return in_array('rest', $protocols, true)
            ? health_result::ok('rest_ok')
            : health_result::error('rest_off', '/admin/settings.php?section=webserviceprotocols');
    }

    /**
     * Whether the token travels encrypted.
     *
     * @return health_result
     */
    public static function https(): health_result {
        global $CFG;
        $address = new \moodle_url($CFG->wwwroot);
        $islocal = in_array($address->get_host(), ['localhost', '127.0.0.1', '[::1]'], true);
        return $islocal || $address->get_scheme() === 'https'
            ? health_result::ok('https_ok')
            : health_result::warning('https_off', '/admin/settings.php?section=httpsecurity', ['url' => $CFG->wwwroot]);
    }

    /**
     * Whether the service is there, switched on and whole.
     *
     * @return health_result
     */
    public static function service(): health_result {
        $service = self::find_service();
        if (!$service) {
            return health_result::error('service_none', '/admin/index.php');
        }
        $page = "/admin/webservice/service.php?id={$service->id}";
        if (!$service->enabled) {
            return health_result::error('service_disabled', $page);
        }
        if (!$service->uploadfiles) {
            return health_result::error('service_uploads', $page);
        }
        $missing = self::missing_functions((int) $service->id);
        return $missing
            ? health_result::error(
                'service_functions',
                "/admin/webservice/service_functions.php?id={$service->id}",
                ['functions' => implode(', ', $missing)]
            )
            : health_result::ok('service_ok');
    }

    /**
     * Whether the account may come in by token.
     *
     * @return health_result
     */
    public static function account(): health_result {
        $user = service_account::find_user();
        if (!$user) {
            return health_result::error('account_none', '/admin/settings.php?section=webservicesoverview');
        }
        $problem = self::account_problem($user);
        if ($problem) {
            return health_result::error("account_$problem", "/user/editadvanced.php?id={$user->id}", ['name' => $user->username]);
        }
        if (is_siteadmin($user)) {
            return health_result::warning('account_admin', '/admin/roles/admins.php', ['name' => $user->username]);
        }
        return self::authorisation($user);
    }

    /**
     * Whether the account's role is there, given to it, and allows everything that is needed.
     *
     * @return health_result
     */
    public static function role(): health_result {
        global $DB;
        $user = service_account::find_user();
        if (!$user) {
            return health_result::skipped('account_first');
        }
        $context = \context_system::instance();
        $roleid = (int) $DB->get_field('role', 'id', ['shortname' => service_account::NAME]);
        if (!$roleid || !user_has_role_assignment($user->id, $roleid, $context->id)) {
            return health_result::error('role_none', '/admin/roles/assign.php?contextid=' . $context->id);
        }
        $missing = service_account::missing_capabilities($context, (int) $user->id);
        if ($missing) {
            $page = "/admin/roles/define.php?action=edit&roleid=$roleid";
            return health_result::error('role_capabilities', $page, ['capabilities' => implode(', ', $missing)]);
        }
        $assigned = ['roleid' => $roleid, 'allowassign' => site_checks::student_roleid()];
        return $DB->record_exists('role_allow_assign', $assigned)
            ? health_result::ok('role_ok')
            : health_result::error('role_student', '/admin/roles/allow.php?mode=assign');
    }

    /**
     * Whether there is a token that works, and will for a while.
     *
     * @return health_result
     */
    public static function token(): health_result {
        $user = service_account::find_user();
        $service = self::find_service();
        if (!$user || !$service) {
            return health_result::skipped('account_first');
        }
        $page = '/admin/webservice/tokens.php';
        $ends = self::tokens_end((int) $service->id, (int) $user->id);
        if ($ends === null) {
            return health_result::error('token_none', $page);
        }
        if ($ends === 0) {
            return health_result::ok('token_ok');
        }
        $until = ['until' => userdate($ends)];
        return $ends < time() + self::SOON * DAYSECS
            ? health_result::warning('token_soon', $page, $until)
            : health_result::ok('token_ok_until', $until);
    }

    /**
     * The service of db/services.php, as Moodle stores it.
     *
     * @return \stdClass|null
     */
    private static function find_service(): ?\stdClass {
        global $DB;
        return $DB->get_record('external_services', ['shortname' => service_account::NAME]) ?: null;
    }

    /**
     * What the service should allow and does not, or what Moodle no longer has.
     *
     * @param int $serviceid
     * @return string[]
     */
    private static function missing_functions(int $serviceid): array {
        global $DB;
        $services = [];
        require(dirname(__DIR__, 2) . '/db/services.php');
        $sql = "SELECT f.id, f.name
                  FROM {external_services_functions} s
                  JOIN {external_functions} f ON f.name = s.functionname
                 WHERE s.externalserviceid = ?";
        $there = $DB->get_records_sql_menu($sql, [$serviceid]);
        return array_values(array_diff($services['lms-toolkit']['functions'], $there));
    }

    /**
     * Why Moodle would refuse the account, whoever asks.
     *
     * @param \stdClass $user
     * @return string|null
     */
    private static function account_problem(\stdClass $user): ?string {
        global $CFG;
        return match (true) {
            (bool) $user->suspended => 'suspended',
            $user->auth === 'nologin' => 'nologin',
            !$user->confirmed => 'unconfirmed',
            (bool) get_user_preferences('auth_forcepasswordchange', false, $user) => 'password',
            !$user->policyagreed && (!empty($CFG->sitepolicy) || !empty($CFG->sitepolicyhandler)) => 'policy',
            default => null,
        };
    }

    /**
     * Whether the account is among the users of the service.
     *
     * @param \stdClass $user
     * @return health_result
     */
    private static function authorisation(\stdClass $user): health_result {
        global $DB;
        $service = self::find_service();
        if (!$service) {
            return health_result::ok('account_ok', ['name' => $user->username]);
        }
        $given = ['name' => $user->username];
        $page = "/admin/webservice/service_users.php?id={$service->id}";
        $authorised = ['externalserviceid' => $service->id, 'userid' => $user->id];
        $authorisation = $DB->get_record('external_services_users', $authorised);
        if (!$authorisation) {
            return health_result::error('account_unauthorised', $page, $given);
        }
        // Moodle compares that date the wrong way round: one in the future locks the account out.
        return $authorisation->validuntil
            ? health_result::error('account_dated', $page, $given)
            : health_result::ok('account_ok', $given);
    }

    /**
     * When the last of the account's tokens runs out.
     *
     * @param int $serviceid
     * @param int $userid
     * @return int|null 0 for never, null when none is valid
     */
    private static function tokens_end(int $serviceid, int $userid): ?int {
        global $DB;
        $where = ['externalserviceid' => $serviceid, 'userid' => $userid, 'tokentype' => EXTERNAL_TOKEN_PERMANENT];
        $ends = array_map('intval', $DB->get_fieldset('external_tokens', 'validuntil', $where));
        $valid = array_filter($ends, fn($end) => !$end || $end > time());
        return match (true) {
            !$valid => null,
            in_array(0, $valid, true) => 0,
            default => max($valid),
        };
    }
}
