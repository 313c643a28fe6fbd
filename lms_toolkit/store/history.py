"""Tells what was true at a time, and everything that ever was: facts and enrolments, each with its from and until.

Times are those of pulls: when the store learnt of something, which may be later than when it happened on the site.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, select

from lms_toolkit.model import Attempt, Completion, Grade
from lms_toolkit.store.engine import Database
from lms_toolkit.store.facts import ATTEMPTS, COMPLETIONS, GRADES, Kind, answers_of
from lms_toolkit.store.schema import enrolments, past_enrolments

_Fact = TypeVar("_Fact", Grade, Completion, Attempt)


@dataclass(frozen=True, slots=True)
class Held(Generic[_Fact]):
    """A fact that held from `since` until `until`, which is None while it still does."""

    fact: _Fact
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An account that was on a course page from `since` until `until`, which is None while it still is."""

    user_ref: str
    since: datetime
    until: datetime | None


class History:
    def __init__(self, database: Database) -> None:
        self._database = database

    def grades(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Held[Grade]]:
        """Every grade a pull saw, once, by account and item, in order of time."""
        return list(self._held(GRADES, Grade, site, course_ref, user_ref))

    def completions(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Held[Completion]]:
        return list(self._held(COMPLETIONS, Completion, site, course_ref, user_ref))

    def attempts(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Held[Attempt]]:
        return list(self._held(ATTEMPTS, Attempt, site, course_ref, user_ref))

    def enrolments(self, site: str, course_ref: str) -> list[Enrolled]:
        """Who is on a course page and who was, by account, in order of time."""
        now, past = enrolments.c, past_enrolments.c
        with self._database.read() as connection:
            rows = [
                *connection.execute(
                    select(now.user_ref, now.since, now.left_at).where(now.site == site, now.course_ref == course_ref)
                ),
                *connection.execute(
                    select(past.user_ref, past.since, past.until).where(
                        past.site == site, past.course_ref == course_ref
                    )
                ),
            ]
        return sorted((Enrolled(*row) for row in rows), key=lambda one: (one.user_ref, one.since))

    def _held(
        self, kind: Kind, record: type[_Fact], site: str, course_ref: str, user_ref: str | None
    ) -> Iterator[Held[_Fact]]:
        rows: list[dict[str, Any]] = []
        with self._database.read() as connection:
            for table in (kind.past, kind.table):
                rows += _rows(connection, table, kind, site, course_ref, user_ref)
        # Sorting keeps the order of rows that say the same: those of the past come in the order they were written.
        for row in sorted(rows, key=lambda row: (*kind.key(tuple(row.values())), row["until"] is None)):
            since, until = row.pop("since"), row.pop("until")
            if "answers" in row:
                row["answers"] = answers_of(row["answers"])
            yield Held(record(**row), since, until)


def _rows(
    connection: Connection, table: Table, kind: Kind, site: str, course_ref: str, user_ref: str | None
) -> list[dict[str, Any]]:
    is_past = table is kind.past
    columns = [table.c[name] for name in (*kind.columns, "since", *(["until"] if is_past else []))]
    statement = select(*columns).where(table.c.site == site, table.c.course_ref == course_ref)
    if user_ref is not None:
        statement = statement.where(table.c.user_ref == user_ref)
    if is_past:
        statement = statement.order_by(table.c.id)
    return [{**row._mapping, "until": row._mapping.get("until")} for row in connection.execute(statement)]
