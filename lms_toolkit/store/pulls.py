"""Saves a pull page by page, each with the place to go on from, and settles what is gone when everything was read."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from lms_toolkit.model import FactKind, Gone, Learner, ResultsPage, User
from lms_toolkit.store.engine import Database
from lms_toolkit.store.enrolments import leave, leave_unnamed, see, who_left
from lms_toolkit.store.facts import ATTEMPTS, COMPLETIONS, GRADES, Kind, save_facts, time_writer
from lms_toolkit.store.past import remove_gone, remove_unnamed
from lms_toolkit.store.people import save_accounts
from lms_toolkit.store.schema import pull_cursors
from lms_toolkit.store.undecided import mark_accounts
from lms_toolkit.store.upsert import row_of, upsert


@dataclass(frozen=True, slots=True)
class PullPosition:
    """Where the pull of a course page goes on.

    Readings of everything are numbered; the last one began at `started_at`, and is under way without `finished_at`.
    """

    cursor: str
    reading: int
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class SavedPage:
    """What a page came to: rows that say something new, and rows, or enrolments, that are no more."""

    changed: int
    gone: int


class Pulls:
    def __init__(self, database: Database) -> None:
        self._database = database

    def position(self, site: str, course_ref: str) -> PullPosition | None:
        """Where the last page of a pull left off; None before the first."""
        with self._database.read() as connection:
            return _position(connection, site, course_ref)

    def save_page(
        self,
        site: str,
        course_ref: str,
        page: ResultsPage,
        accounts: Sequence[tuple[User, Learner]],
        at: datetime,
        *,
        begins: bool,
    ) -> SavedPage:
        """Save a page and its cursor, all or nothing; `accounts` are its users with the people behind them.

        `begins`: it is the first page of a reading of everything. `at` is when the pull was.
        """
        with self._database.write() as connection:
            before = _position(connection, site, course_ref)
            position = _begun(before, at) if before is None or begins else before
            saving = _Saving(connection, site, course_ref, position.reading, at)
            gone = 0
            if position.finished_at is None and not page.whole:
                gone += saving.settle()
                position = replace(position, finished_at=at)
            saved = saving.save(page, accounts)
            if page.whole and not page.more:
                gone += saving.settle(page.unseen)
                position = replace(position, finished_at=at)
            row = {"site": site, "course_ref": course_ref, **row_of(replace(position, cursor=page.cursor))}
            upsert(connection, pull_cursors, [row])
        return replace(saved, gone=saved.gone + gone)


def _position(connection: Connection, site: str, course_ref: str) -> PullPosition | None:
    table = pull_cursors.c
    columns = (table.cursor, table.reading, table.started_at, table.finished_at)
    row = connection.execute(select(*columns).where(table.site == site, table.course_ref == course_ref)).first()
    return PullPosition(*row) if row else None


def _begun(before: PullPosition | None, at: datetime) -> PullPosition:
    return PullPosition("", (before.reading if before else 0) + 1, at, None)


@dataclass(frozen=True, slots=True)
class _Saving:
    """One page being saved, in its transaction."""

    connection: Connection
    site: str
    course_ref: str
    reading: int
    at: datetime

    def save(self, page: ResultsPage, accounts: Sequence[tuple[User, Learner]]) -> SavedPage:
        save_accounts(self.connection, self.site, accounts)
        refs = [user.ref for user, _ in accounts]
        back = see(self.connection, self.site, self.course_ref, refs, self.at, self.reading)
        leaving = {one.user_ref for one in page.gone if one.kind == "user"}
        ended = leave(self.connection, self.site, self.course_ref, leaving, self.at)
        # A site may forget the results of those who leave; here they stay as they stood.
        left = who_left(self.connection, self.site, self.course_ref, {one.user_ref for one in page.gone})
        gone = list(page.gone)
        if not page.whole:
            # Whoever comes back brings everything along, so what is not brought is no more.
            gone += [Gone(kind.name, ref) for kind in (GRADES, COMPLETIONS, ATTEMPTS) for ref in sorted(back)]
        saved = SavedPage(0, ended)
        for kind, facts in ((GRADES, page.grades), (COMPLETIONS, page.completions), (ATTEMPTS, page.attempts)):
            of_kind = [one for one in gone if one.kind == kind.name and one.user_ref not in left]
            saved = self._save(saved, kind, facts, of_kind)
        return saved

    def _save(self, so_far: SavedPage, kind: Kind, facts: Sequence[object], gone: Sequence[Gone]) -> SavedPage:
        removed = []
        if gone:
            time = time_writer(self.connection)
            named = {kind.key(kind.row_of(one, time)) for one in facts}
            removed = remove_gone(self.connection, kind, self.site, self.course_ref, gone, named, self.at)
        changed = save_facts(self.connection, kind, facts, self.reading)
        self._mark(kind, [key[2] for key in (*changed, *removed)])
        return SavedPage(so_far.changed + len(changed), so_far.gone + len(removed))

    def settle(self, unseen: Set[FactKind] = frozenset()) -> int:
        """Everything was read: what was not named is no more. The facts of those who left stay as they stood."""
        gone = leave_unnamed(self.connection, self.site, self.course_ref, self.reading, self.at)
        for kind in (GRADES, COMPLETIONS, ATTEMPTS):
            if kind.name in unseen:
                continue
            refs = remove_unnamed(self.connection, kind, self.site, self.course_ref, self.reading, self.at)
            self._mark(kind, refs)
            gone += len(refs)
        return gone

    def _mark(self, kind: Kind, refs: Sequence[str]) -> None:
        if kind is not ATTEMPTS:  # no rule reads these
            mark_accounts(self.connection, {(self.site, self.course_ref, ref) for ref in refs})
