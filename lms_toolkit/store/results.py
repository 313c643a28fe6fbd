"""Keeps grades and completions as the sites showed them last, and when each pull was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, select

from lms_toolkit.model import Completion, Grade, PullSummary
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import completions, grades, pulls
from lms_toolkit.store.undecided import mark_accounts
from lms_toolkit.store.upsert import insert, row_of, slices, upsert

# When a fact was read says nothing about the fact: a row where only these differ has not changed.
_READING = ("pulled_at", "source")


class Results:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, grades_: Sequence[Grade], completions_: Sequence[Completion]) -> int:
        """Add or replace rows, all or none; the answer is how many say something new."""
        with self._database.write() as connection:
            return _save(connection, grades, grades_) + _save(connection, completions, completions_)

    def grades(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Grade]:
        return [Grade(**row) for row in self._rows(grades, site, course_ref, user_ref)]

    def completions(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Completion]:
        return [Completion(**row) for row in self._rows(completions, site, course_ref, user_ref)]

    def _rows(self, table: Table, site: str, course_ref: str, user_ref: str | None) -> list[dict[str, Any]]:
        statement = select(table).where(table.c.site == site, table.c.course_ref == course_ref)
        if user_ref is not None:
            statement = statement.where(table.c.user_ref == user_ref)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(table.c.user_ref, table.c.item))
            return [dict(row._mapping) for row in rows]

    def save_pull(self, summary: PullSummary) -> None:
        with self._database.write() as connection:
            connection.execute(insert(connection, pulls).values(row_of(summary)))

    def last_pull(self, site: str, edition: str, language: str) -> PullSummary | None:
        """The newest pull that reached its end, None before the first."""
        columns = [column for column in pulls.columns if column.name != "id"]
        statement = (
            select(*columns)
            .where(pulls.c.site == site, pulls.c.edition == edition, pulls.c.language == language)
            .order_by(pulls.c.id.desc())
            .limit(1)
        )
        with self._database.read() as connection:
            row = connection.execute(statement).first()
        return PullSummary(**row._mapping) if row else None


def _save(connection: Connection, table: Table, records: Iterable[Grade | Completion]) -> int:
    key_of = itemgetter(*(column.name for column in table.primary_key))
    fact_of = itemgetter(*(column.name for column in table.columns if column.name not in _READING))
    rows = {key_of(row): row for row in map(row_of, records)}
    # Facts are compared as text, because a number that is not one differs even from itself.
    facts = {key_of(row): repr(fact_of(row)) for row in _stored(connection, table, rows.values())}
    changed = [key for key, row in rows.items() if facts.get(key) != repr(fact_of(row))]
    upsert(connection, table, rows.values())
    mark_accounts(connection, (key[:3] for key in changed))
    return len(changed)


def _stored(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The rows there already of the accounts in question."""
    accounts_of: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        accounts_of[row["site"], row["course_ref"]].add(row["user_ref"])
    for (site, course_ref), refs in accounts_of.items():
        of_course = select(table).where(table.c.site == site, table.c.course_ref == course_ref)
        for some in slices(sorted(refs)):
            for stored in connection.execute(of_course.where(table.c.user_ref.in_(some))):
                yield dict(stored._mapping)
