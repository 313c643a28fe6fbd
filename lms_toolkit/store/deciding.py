"""Gives deciding what it needs of a course page some learners at a time, and keeps all of a run or none of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, func, select

from lms_toolkit.model import CertificateKind, Completion, Event, Grade
from lms_toolkit.result_rows import CompletionRow, GradeRow
from lms_toolkit.store.award_rows import AwardRow, kinds_of_edition
from lms_toolkit.store.awards import upsert_awards
from lms_toolkit.store.engine import Database
from lms_toolkit.store.fast_rows import read_completion_rows, read_completions, read_grade_rows, read_grades
from lms_toolkit.store.schema import awards, enrolments, events, learners, users
from lms_toolkit.store.undecided import save_page, unmark
from lms_toolkit.store.upsert import insert, slices

Standing = dict[tuple[str, CertificateKind], tuple[str, bool]]
"""Learner and kind of award → the award's id, and whether it is earned."""

_Fact = TypeVar("_Fact", Grade, Completion)


@dataclass(frozen=True, slots=True)
class Seen:
    """A person on a course page, with the accounts the person has there."""

    learner_id: str
    name: str
    refs: tuple[str, ...]


class Deciding:
    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(
        self, site: str, course_ref: str, refs: Collection[str] | None = None, also: Collection[str] = ()
    ) -> list[Seen]:
        """Everybody ever seen on a course page, in order of learner id; or those behind these accounts, and `also`.

        A person comes with all accounts there, also where one of them was asked for.
        """
        statement = (
            select(learners.c.id, learners.c.name, learners.c.chosen_name, users.c.ref)
            .join(users, users.c.learner_id == learners.c.id)
            .join(enrolments, (enrolments.c.site == users.c.site) & (enrolments.c.user_ref == users.c.ref))
            .where(enrolments.c.site == site, enrolments.c.course_ref == course_ref)
        )
        found: dict[str, Seen] = {}
        with self._database.read() as connection:
            for part in _parts(connection, site, refs, also):
                rows = connection.execute(statement if part is None else statement.where(learners.c.id.in_(part)))
                for id, name, chosen, ref in rows:
                    known = found.get(id)
                    found[id] = Seen(id, chosen or name, (*known.refs, ref) if known else (ref,))
        return [found[id] for id in sorted(found)]

    def count(self, site: str, course_ref: str) -> int:
        """How many accounts were ever seen on a course page."""
        statement = select(func.count()).where(enrolments.c.site == site, enrolments.c.course_ref == course_ref)
        with self._database.read() as connection:
            return connection.scalar(statement) or 0

    def rows(
        self, site: str, course_ref: str, refs: Sequence[str]
    ) -> tuple[dict[str, list[GradeRow]], dict[str, list[CompletionRow]]]:
        """What these accounts have on a course page as rules read it, by account: plain tuples, quickly read."""
        with self._database.read() as connection:
            return (
                read_grade_rows(connection, site, course_ref, refs),
                read_completion_rows(connection, site, course_ref, refs),
            )

    def facts(
        self, site: str, course_ref: str, refs: Sequence[str]
    ) -> tuple[dict[str, list[Grade]], dict[str, list[Completion]]]:
        """What these accounts have on a course page, by account."""
        with self._database.read() as connection:
            return (
                _by_account(read_grades(connection, site, course_ref, refs)),
                _by_account(read_completions(connection, site, course_ref, refs)),
            )

    @contextmanager
    def run(self) -> Iterator[Run]:
        """One transaction for a whole run: nothing of it is kept if it stops half-way."""
        with self._database.write() as connection:
            yield Run(connection)


def _by_account(facts: Sequence[_Fact]) -> dict[str, list[_Fact]]:
    found: dict[str, list[_Fact]] = {}
    for fact in facts:
        found.setdefault(fact.user_ref, []).append(fact)
    return found


def _parts(
    connection: Connection, site: str, refs: Collection[str] | None, also: Collection[str]
) -> Iterator[Sequence[str] | None]:
    """The learners behind these accounts, and others, some at a time; None for everybody."""
    if refs is None:
        yield None
        return
    ids = set(also)
    for some in slices(sorted(refs)):
        statement = select(users.c.learner_id).where(users.c.site == site, users.c.ref.in_(some))
        ids.update(connection.scalars(statement))
    yield from slices(sorted(ids))


class Run:
    """What one run of deciding writes, in its own transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def standing(self, course_id: str, edition: str, learner_ids: Sequence[str] | None) -> Standing:
        """The id of each award these learners have, or everybody, and whether it is earned."""
        kinds = kinds_of_edition(edition)
        statement = select(awards.c.learner_id, awards.c.edition, awards.c.id, awards.c.earned).where(
            awards.c.course_id == course_id, awards.c.edition.in_(sorted(kinds))
        )
        found: Standing = {}
        for part in [None] if learner_ids is None else slices(learner_ids):
            some = statement if part is None else statement.where(awards.c.learner_id.in_(part))
            for learner_id, stored, id, earned in self.connection.execute(some):
                found[learner_id, kinds[stored]] = (id, earned)
        return found

    def unmark(self, site: str, course_ref: str, marks: Mapping[str, str]) -> None:
        """These are decided; what became new in between stays marked."""
        unmark(self.connection, site, course_ref, marks)

    def remember(self, site: str, edition: str, language: str, rule_sha256: str, decided_at: datetime) -> None:
        """A whole page was decided by this rule."""
        save_page(self.connection, site, edition, language, rule_sha256, decided_at)

    def save(self, decided: Sequence[AwardRow], told: Sequence[Event]) -> None:
        upsert_awards(self.connection, decided)
        if told:
            rows = [{"name": event.name, "at": event.at, "data": dict(event.data)} for event in told]
            self.connection.execute(insert(self.connection, events), rows)
