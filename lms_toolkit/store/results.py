"""Keeps grades, completions and attempts as the sites showed them last, and when each pull was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, select

from lms_toolkit.model import Attempt, Completion, Grade, PullSummary
from lms_toolkit.store.engine import Database
from lms_toolkit.store.enrolments import NO_READING
from lms_toolkit.store.facts import ATTEMPTS, COMPLETIONS, GRADES, answers_of, save_facts
from lms_toolkit.store.schema import attempts, completions, grades, pulls
from lms_toolkit.store.undecided import mark_accounts
from lms_toolkit.store.upsert import insert, row_of

_OURS = ("since", "reading")


class Results:
    def __init__(self, database: Database) -> None:
        self._database = database

    def save(
        self, grades_: Sequence[Grade], completions_: Sequence[Completion], attempts_: Sequence[Attempt] = ()
    ) -> int:
        """Add or replace rows, all or none; the answer is how many say something new. Pulls use `Pulls.save_page`."""
        with self._database.write() as connection:
            judged = [
                *save_facts(connection, GRADES, grades_, NO_READING),
                *save_facts(connection, COMPLETIONS, completions_, NO_READING),
            ]
            mark_accounts(connection, (key[:3] for key in judged))
            return len(judged) + len(save_facts(connection, ATTEMPTS, attempts_, NO_READING))

    def grades(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Grade]:
        return [Grade(**row) for row in self._rows(grades, site, course_ref, user_ref)]

    def completions(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Completion]:
        return [Completion(**row) for row in self._rows(completions, site, course_ref, user_ref)]

    def attempts(self, site: str, course_ref: str, user_ref: str | None = None) -> list[Attempt]:
        rows = self._rows(attempts, site, course_ref, user_ref)
        return [Attempt(**{**row, "answers": answers_of(row["answers"])}) for row in rows]

    def _rows(self, table: Table, site: str, course_ref: str, user_ref: str | None) -> list[dict[str, Any]]:
        columns = [column for column in table.columns if column.name not in _OURS]
        statement = select(*columns).where(table.c.site == site, table.c.course_ref == course_ref)
        if user_ref is not None:
            statement = statement.where(table.c.user_ref == user_ref)
        with self._database.read() as connection:
            rows = connection.execute(statement.order_by(*table.primary_key))
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
