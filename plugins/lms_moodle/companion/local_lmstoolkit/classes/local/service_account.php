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
 * The account, role, service and token that lms-toolkit works with. Every step finds what an earlier run made.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class service_account {
    /** @var string Short name of the service in db/services.php, of the role, and the user's name. */
    public const NAME = 'lmstoolkit';

    /** @var string[] Short names of the roles that the account may give: learners and tutors. */
    private const ASSIGNABLE = ['student', 'teacher', 'editingteacher'];

    /** @var string[] What the role may do, and no more. */
    private const CAPABILITIES = [
        'webservice/rest:use',
        'local/lmstoolkit:deploy',
        'local/lmstoolkit:readresults',
        'local/lmstoolkit:deliver',
        // Courses: find, create, change.
        'moodle/category:manage',
        'moodle/category:viewhiddencategories',
        'moodle/course:create',
        'moodle/course:view',
        'moodle/course:viewhiddencourses',
        'moodle/course:update',
        'moodle/course:changecategory',
        'moodle/course:changefullname',
        'moodle/course:changeshortname',
        'moodle/course:changeidnumber',
        'moodle/course:changesummary',
        'moodle/course:setforcedlanguage',
        'moodle/course:visibility',
        // Sections and activities.
        'moodle/course:movesections',
        'moodle/course:sectionvisibility',
        'moodle/course:viewhiddensections',
        'moodle/course:manageactivities',
        'moodle/course:activityvisibility',
        'moodle/course:viewhiddenactivities',
        'moodle/course:ignoreavailabilityrestrictions',
        'mod/scorm:addinstance',
        'mod/imscp:addinstance',
        'mod/page:addinstance',
        'mod/label:addinstance',
        'mod/url:addinstance',
        'mod/resource:addinstance',
        'mod/forum:addinstance',
        'mod/quiz:addinstance',
        'mod/assign:addinstance',
        'mod/workshop:addinstance',
        'mod/feedback:addinstance',
        'mod/bigbluebuttonbn:addinstance',
        'mod/forum:startdiscussion',
        'mod/forum:addnews',
        'mod/quiz:manage',
        'moodle/question:add',
        'moodle/question:editall',
        'moodle/question:useall',
        'moodle/question:managecategory',
        'moodle/grade:managegradingforms',
        'moodle/calendar:manageentries', // The dates of activities are events.
        'mod/workshop:editdimensions',
        'mod/workshop:allocate',
        'mod/feedback:edititems',
        // Groups, gradebook, ways in, restores.
        'moodle/course:managegroups',
        'moodle/grade:manage',
        'moodle/course:enrolconfig',
        'enrol/manual:config',
        'enrol/self:config',
        'enrol/cohort:config',
        'moodle/cohort:view',
        'moodle/restore:restorecourse',
        'moodle/restore:uploadfile',
        // People: find, create, change, enrol as students, put into cohorts.
        'moodle/user:create',
        'moodle/cohort:assign',
        'moodle/user:viewdetails',
        'moodle/user:viewalldetails',
        'moodle/site:viewuseridentity',
        'moodle/course:viewparticipants',
        'moodle/course:enrolreview',
        'moodle/role:assign',
        'enrol/manual:enrol',
        // Results.
        'moodle/site:accessallgroups',
        'moodle/grade:viewall',
        'moodle/grade:viewhidden',
        'gradereport/user:view',
    ];

    /**
     * Switch on what token access needs.
     */
    public static function enable_web_services(): void {
        set_config('enablewebservices', 1);
        \core\plugininfo\webservice::enable_plugin('rest', 1);
    }

    /**
     * The role, with exactly our capabilities added; it may make people students and nothing else.
     *
     * @return int its id
     */
    public static function ensure_role(): int {
        global $DB;
        $roleid = (int) $DB->get_field('role', 'id', ['shortname' => self::NAME]);
        if (!$roleid) {
            $roleid = create_role(
                get_string('rolename', 'local_lmstoolkit'),
                self::NAME,
                get_string('roledescription', 'local_lmstoolkit')
            );
            set_role_contextlevels($roleid, [CONTEXT_SYSTEM]);
        }
        $context = \context_system::instance();
        foreach (self::CAPABILITIES as $capability) {
            if (get_capability_info($capability)) {
                assign_capability($capability, CAP_ALLOW, $roleid, $context->id, true);
            }
        }
        $ids = $DB->get_fieldset_select('role', 'id', 'shortname IN (?, ?, ?)', self::ASSIGNABLE);
        foreach (array_unique(array_map('intval', [...$ids, site_checks::student_roleid()])) as $id) {
            if ($id && !$DB->record_exists('role_allow_assign', ['roleid' => $roleid, 'allowassign' => $id])) {
                core_role_set_assign_allowed($roleid, $id);
            }
        }
        return $roleid;
    }

    /**
     * What the caller, or another user, may not do and a deployment needs.
     *
     * @param \context_system $context
     * @param int|null $userid null for the caller
     * @return string[] names of capabilities that exist on this site
     */
    public static function missing_capabilities(\context_system $context, ?int $userid = null): array {
        $lacking = fn($name) => get_capability_info($name) && !has_capability($name, $context, $userid);
        return array_values(array_filter(self::CAPABILITIES, $lacking));
    }

    /**
     * The user, where an earlier run made it.
     *
     * @return \stdClass|null
     */
    public static function find_user(): ?\stdClass {
        global $CFG, $DB;
        $where = ['username' => self::NAME, 'mnethostid' => $CFG->mnet_localhost_id, 'deleted' => 0];
        return $DB->get_record('user', $where) ?: null;
    }

    /**
     * The user: a manual account nobody knows the password of, ready to pass require_login().
     *
     * @param int $roleid
     * @return \stdClass
     */
    public static function ensure_user(int $roleid): \stdClass {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/user/lib.php');
        $userid = self::find_user()?->id ?? user_create_user((object) [
            'username' => self::NAME,
            'auth' => 'manual',
            'mnethostid' => $CFG->mnet_localhost_id,
            'confirmed' => 1,
            'password' => generate_password(32),
            'firstname' => 'lms-toolkit',
            'lastname' => 'service',
            'email' => self::NAME . '@service.invalid',
            'emailstop' => 1,
        ]);
        // Every call goes through require_login(), which stops at policies and forced password changes.
        $DB->set_field('user', 'policyagreed', 1, ['id' => $userid]);
        unset_user_preference('auth_forcepasswordchange', $userid);
        role_assign($roleid, $userid, \context_system::instance()->id);
        return \core_user::get_user($userid, '*', MUST_EXIST);
    }

    /**
     * The service that db/services.php declares, with the user among those who may use it.
     *
     * @param int $userid
     * @return \stdClass
     */
    public static function ensure_service(int $userid): \stdClass {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/webservice/lib.php');
        $service = $DB->get_record('external_services', ['shortname' => self::NAME], '*', MUST_EXIST);
        $DB->set_field('external_services', 'enabled', 1, ['id' => $service->id]);
        if (!$DB->record_exists('external_services_users', ['externalserviceid' => $service->id, 'userid' => $userid])) {
            // No validuntil: Moodle's own comparison is inverted there, a date in the future would lock the user out.
            (new \webservice())->add_ws_authorised_user((object) ['externalserviceid' => $service->id, 'userid' => $userid]);
        }
        return $service;
    }

    /**
     * The token: the one there, unless it has run out or is to be renewed.
     *
     * @param \stdClass $service
     * @param int $userid
     * @param int $days until a new token runs out, 0 for never
     * @param bool $renew whether to replace the one there
     * @return \stdClass token and validuntil
     */
    public static function ensure_token(\stdClass $service, int $userid, int $days, bool $renew): \stdClass {
        global $DB;
        $where = ['externalserviceid' => $service->id, 'userid' => $userid, 'tokentype' => EXTERNAL_TOKEN_PERMANENT];
        $tokens = $DB->get_records('external_tokens', $where, 'id DESC', 'id, token, validuntil');
        foreach ($tokens as $token) {
            if (!$renew && (!$token->validuntil || $token->validuntil > time())) {
                return $token;
            }
        }
        $DB->delete_records('external_tokens', $where);
        $validuntil = $days ? time() + $days * DAYSECS : 0;
        $token = \core_external\util::generate_token(
            EXTERNAL_TOKEN_PERMANENT,
            $service,
            $userid,
            \context_system::instance(),
            $validuntil
        );
        return (object) ['token' => $token, 'validuntil' => $validuntil];
    }
}
