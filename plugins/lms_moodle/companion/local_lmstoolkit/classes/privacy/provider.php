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

namespace local_lmstoolkit\privacy;

use core_privacy\local\metadata\collection;
use core_privacy\local\request\approved_contextlist;
use core_privacy\local\request\approved_userlist;
use core_privacy\local\request\contextlist;
use core_privacy\local\request\transform;
use core_privacy\local\request\userlist;
use core_privacy\local\request\writer;
use local_lmstoolkit\local\outbox;

/**
 * Privacy: what this plugin keeps about people is whose results have changed, by id, until a pull has long seen it.
 *
 * The results themselves are Moodle's; they are read and handed to the service account. Where notes are deleted before a
 * pull has seen them, the course is read again from the start. Certificates among the private files of their holders are
 * these people's own files, which Moodle exports and deletes with the others.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class provider implements
    \core_privacy\local\metadata\provider,
    \core_privacy\local\request\core_userlist_provider,
    \core_privacy\local\request\plugin\provider {
    /** @var string */
    private const TABLE = 'local_lmstoolkit_outbox';

    #[\Override]
    public static function get_metadata(collection $collection): collection {
        $fields = [
            'courseid' => 'privacy:metadata:outbox:courseid',
            'kind' => 'privacy:metadata:outbox:kind',
            'userid' => 'privacy:metadata:outbox:userid',
            'thing' => 'privacy:metadata:outbox:thing',
            'timecreated' => 'privacy:metadata:outbox:timecreated',
        ];
        $collection->add_database_table(self::TABLE, $fields, 'privacy:metadata:outbox');
        $collection->add_subsystem_link('core_files', [], 'privacy:metadata:files');
        return $collection;
    }

    #[\Override]
    public static function get_contexts_for_userid(int $userid): contextlist {
        $sql = 'SELECT ctx.id
                  FROM {context} ctx
                  JOIN {local_lmstoolkit_outbox} o ON o.courseid = ctx.instanceid
                 WHERE ctx.contextlevel = :level AND o.userid = :userid';
        $contexts = new contextlist();
        $contexts->add_from_sql($sql, ['level' => CONTEXT_COURSE, 'userid' => $userid]);
        return $contexts;
    }

    #[\Override]
    public static function get_users_in_context(userlist $userlist): void {
        $context = $userlist->get_context();
        if ($context instanceof \context_course) {
            $sql = 'SELECT userid FROM {local_lmstoolkit_outbox} WHERE courseid = ? AND userid > 0';
            $userlist->add_from_sql('userid', $sql, [$context->instanceid]);
        }
    }

    #[\Override]
    public static function export_user_data(approved_contextlist $contextlist): void {
        global $DB;
        foreach (self::courses($contextlist) as $context) {
            $where = ['courseid' => $context->instanceid, 'userid' => $contextlist->get_user()->id];
            $notes = array_map(
                fn($row) => ['kind' => $row->kind, 'thing' => $row->thing, 'timecreated' => transform::datetime($row->timecreated)],
                array_values($DB->get_records(self::TABLE, $where, 'id'))
            );
            if ($notes) {
                $path = [get_string('pluginname', 'local_lmstoolkit')];
                writer::with_context($context)->export_data($path, (object) ['changes' => $notes]);
            }
        }
    }

    #[\Override]
    public static function delete_data_for_all_users_in_context(\context $context): void {
        global $DB;
        if ($context instanceof \context_course) {
            $DB->delete_records(self::TABLE, ['courseid' => $context->instanceid]);
            outbox::note((int) $context->instanceid, outbox::ALL);
        }
    }

    #[\Override]
    public static function delete_data_for_user(approved_contextlist $contextlist): void {
        global $DB;
        foreach (self::courses($contextlist) as $context) {
            $DB->delete_records(self::TABLE, ['courseid' => $context->instanceid, 'userid' => $contextlist->get_user()->id]);
            outbox::note((int) $context->instanceid, outbox::ALL);
        }
    }

    #[\Override]
    public static function delete_data_for_users(approved_userlist $userlist): void {
        global $DB;
        $context = $userlist->get_context();
        if ($context instanceof \context_course && $userlist->get_userids()) {
            [$in, $params] = $DB->get_in_or_equal($userlist->get_userids(), SQL_PARAMS_NAMED);
            $DB->delete_records_select(self::TABLE, "courseid = :courseid AND userid $in", ['courseid' => $context->instanceid] + $params);
            outbox::note((int) $context->instanceid, outbox::ALL);
        }
    }

    /**
     * The courses among the contexts.
     *
     * @param approved_contextlist $contextlist
     * @return \context_course[]
     */
    private static function courses(approved_contextlist $contextlist): array {
        return array_filter($contextlist->get_contexts(), fn($context) => $context instanceof \context_course);
    }
}
