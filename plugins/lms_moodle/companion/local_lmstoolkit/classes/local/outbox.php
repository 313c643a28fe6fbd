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
 * Remembers whose results have changed, so that a pull need not read everything again: ids and times, no grades, no names.
 *
 * A row says that something about one user (0 for everybody) and one thing may have changed; what it is now is read when
 * somebody asks. Its id is the cursor that a pull goes on from.
 *
 * @package    local_lmstoolkit
 * @copyright  2026 the lms-toolkit contributors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */
final class outbox {
    /** @var string A grade of one user; the thing is a gradebook item. */
    public const GRADE = 'grade';

    /** @var string A gradebook item itself, and with it everybody's grade. */
    public const ITEM = 'item';

    /** @var string The completion of one user; the thing is a course module, 0 for the course. */
    public const COMPLETION = 'completion';

    /** @var string An attempt of one user; the thing is a course module. */
    public const ATTEMPT = 'attempt';

    /** @var string An attempt of one user that was deleted; the thing is a course module. */
    public const NO_ATTEMPT = 'noattempt';

    /** @var string Whether somebody is a learner of the course. */
    public const USER = 'user';

    /** @var string The name or the address of a learner. */
    public const PROFILE = 'profile';

    /** @var string So much of the course that it has to be read again from the start. */
    public const ALL = 'all';

    /** @var int Days that rows are kept where the site does not say. */
    public const DAYS = 30;

    /** @var int Seconds after which every row before another is certain to be there, where the site does not say. */
    public const SETTLING_SECONDS = 5;

    /** @var string */
    private const TABLE = 'local_lmstoolkit_outbox';

    /** @var int Seconds for which it is believed whether a course is ours, by processes that run for long. */
    private const BELIEVED_SECONDS = 10;

    /** @var int Rows that are deleted at once. */
    private const PRUNED_AT_ONCE = 50000;

    /** @var array course => [whether it is ours, until when that is believed] */
    private static array $ours = [];

    /**
     * Note a change, in the transaction of whoever makes it. Nothing is written for courses that we have no key in.
     *
     * @param int $courseid
     * @param string $kind
     * @param int $userid 0 for everybody
     * @param int $thing 0 for none
     */
    public static function note(int $courseid, string $kind, int $userid = 0, int $thing = 0): void {
        if (self::is_ours($courseid)) {
            self::insert($courseid, $kind, $userid, $thing);
        }
    }

    /**
     * Have a course read from the start if something was noted in a transaction that lasted longer than rows take to settle:
     * a pull may have gone by before its rows could be seen.
     *
     * @param int $courseid
     * @param int $began when the transaction began; it has ended
     */
    public static function note_late(int $courseid, int $began): void {
        global $DB;
        $since = ['courseid' => $courseid, 'began' => $began];
        $select = 'courseid = :courseid AND timecreated >= :began';
        if ($began < self::settled_before() && $DB->record_exists_select(self::TABLE, $select, $since)) {
            self::note_upheaval($courseid);
        }
    }

    /**
     * Have a course read from the start, if anybody is in it.
     *
     * @param int $courseid
     */
    public static function note_upheaval(int $courseid): void {
        global $DB;
        $sql = 'SELECT 1 FROM {enrol} e JOIN {user_enrolments} ue ON ue.enrolid = e.id WHERE e.courseid = ?';
        if (self::is_ours($courseid) && $DB->record_exists_sql($sql, [$courseid])) {
            self::note($courseid, self::ALL);
        }
    }

    /**
     * Note a change of somebody's own record in every course of ours.
     *
     * @param int $userid
     */
    public static function note_profile(int $userid): void {
        global $DB;
        $sql = "SELECT DISTINCT e.courseid
                  FROM {user_enrolments} ue
                  JOIN {enrol} e ON e.id = ue.enrolid
                  JOIN {local_lmstoolkit_map} m ON m.courseid = e.courseid
                 WHERE ue.userid = ?";
        foreach ($DB->get_fieldset_sql($sql, [$userid]) as $courseid) {
            self::note((int) $courseid, self::PROFILE, $userid);
        }
    }

    /**
     * Whether we have a key in a course.
     *
     * @param int $courseid
     * @return bool
     */
    public static function is_ours(int $courseid): bool {
        global $DB;
        [$isours, $until] = self::$ours[$courseid] ?? [false, 0];
        if (time() >= $until) {
            $isours = $courseid && $DB->record_exists('local_lmstoolkit_map', ['courseid' => $courseid]);
            self::$ours[$courseid] = [$isours, time() + self::BELIEVED_SECONDS];
        }
        return $isours;
    }

    /**
     * Believe nothing any more about a course, because it has got or lost a key.
     *
     * @param int $courseid
     */
    public static function doubt(int $courseid): void {
        unset(self::$ours[$courseid]);
    }

    /**
     * Rows of a course above a cursor, oldest first.
     *
     * @param int $courseid
     * @param int $cursor
     * @param int $limit
     * @return \stdClass[] list of id, kind, userid, thing, timecreated
     */
    public static function after(int $courseid, int $cursor, int $limit): array {
        global $DB;
        $select = 'courseid = :courseid AND id > :cursor';
        $params = ['courseid' => $courseid, 'cursor' => $cursor];
        $fields = 'id, kind, userid, thing, timecreated';
        return array_values($DB->get_records_select(self::TABLE, $select, $params, 'id', $fields, 0, $limit));
    }

    /**
     * A cursor below which no row will appear any more: a row gets its id before its transaction ends, so the newest rows
     * may have gaps.
     *
     * @return int
     */
    public static function settled(): int {
        global $DB;
        $found = $DB->get_records_select(
            self::TABLE,
            'timecreated <= ?',
            [self::settled_before()],
            'timecreated DESC, id DESC',
            'id',
            0,
            1
        );
        return max(self::pruned(), (int) array_key_first($found));
    }

    /**
     * The last row above a cursor that asks for a course to be read from the start.
     *
     * @param int $courseid
     * @param int $cursor
     * @return int the cursor for none
     */
    public static function last_upheaval(int $courseid, int $cursor): int {
        global $DB;
        $select = 'courseid = ? AND id > ? AND kind = ?';
        return max($cursor, (int) $DB->get_field_select(self::TABLE, 'MAX(id)', $select, [$courseid, $cursor, self::ALL]));
    }

    /**
     * The time up to which rows are settled.
     *
     * @return int
     */
    public static function settled_before(): int {
        return time() - self::setting('outboxlag', self::SETTLING_SECONDS);
    }

    /**
     * Refuse a cursor that a pull cannot go on from: rows after it were pruned, or the site has never been there.
     *
     * @param int $cursor
     * @throws \moodle_exception cursorexpired
     */
    public static function require_known(int $cursor): void {
        global $DB;
        $pruned = self::pruned();
        $newest = max($pruned, (int) $DB->get_field_sql('SELECT MAX(id) FROM {' . self::TABLE . '}'));
        if ($cursor < $pruned || $cursor > $newest) {
            throw self::expired();
        }
    }

    /**
     * What is said of a cursor that cannot be used.
     *
     * @return \moodle_exception
     */
    public static function expired(): \moodle_exception {
        return new \moodle_exception('cursorexpired', 'local_lmstoolkit');
    }

    /**
     * Delete the rows that nobody is expected to ask for any more.
     */
    public static function prune(): void {
        global $DB;
        $before = time() - DAYSECS * self::setting('outboxdays', self::DAYS);
        $last = (int) $DB->get_field_select(self::TABLE, 'MAX(id)', 'timecreated < ?', [$before]);
        if ($last <= self::pruned()) {
            return;
        }
        set_config('outboxpruned', $last, 'local_lmstoolkit'); // First: whoever reads meanwhile must not miss rows in silence.
        $first = (int) $DB->get_field_sql('SELECT MIN(id) FROM {' . self::TABLE . '}');
        for ($upto = $first + self::PRUNED_AT_ONCE; $first <= $last; $first = $upto, $upto += self::PRUNED_AT_ONCE) {
            $DB->delete_records_select(self::TABLE, 'id <= ?', [min($last, $upto)]);
        }
    }

    /**
     * Forget a course, but for one row about nobody: the newest row shows that a cursor of another course is from this site.
     *
     * @param int $courseid
     */
    public static function forget_course(int $courseid): void {
        global $DB;
        if ($DB->record_exists(self::TABLE, ['courseid' => $courseid])) {
            $last = self::insert($courseid, self::ALL, 0, 0);
            $DB->delete_records_select(self::TABLE, 'courseid = ? AND id < ?', [$courseid, $last]);
        }
        self::doubt($courseid);
    }

    /**
     * Write a row.
     *
     * @param int $courseid
     * @param string $kind
     * @param int $userid
     * @param int $thing
     * @return int its id
     */
    private static function insert(int $courseid, string $kind, int $userid, int $thing): int {
        global $DB;
        $row = ['courseid' => $courseid, 'kind' => $kind, 'userid' => $userid, 'thing' => $thing, 'timecreated' => time()];
        return $DB->insert_record_raw(self::TABLE, (object) $row);
    }

    /**
     * The last row that was pruned.
     *
     * @return int
     */
    private static function pruned(): int {
        return (int) get_config('local_lmstoolkit', 'outboxpruned');
    }

    /**
     * A setting of the site.
     *
     * @param string $name
     * @param int $default
     * @return int
     */
    private static function setting(string $name, int $default): int {
        $value = get_config('local_lmstoolkit', $name);
        return $value === false || $value === '' ? $default : max(0, (int) $value);
    }
}
