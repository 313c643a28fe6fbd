"""Marks whose results have changed since their award was decided, so that deciding again costs what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, delete, select

from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import decided_pages, enrolments, undecided, users
from lms_toolkit.store.upsert import upsert

Account = tuple[str, str, str]
"""Site, course page and account."""


def mark_accounts(connection: Connection, accounts: Iterable[Account]) -> None:
    """Say that something about these accounts is new; a mark that is there already becomes a new one."""
    mark = uuid4().hex
    rows = [
        {"site": site, "course_ref": page, "user_ref": ref, "mark": mark}
        for site, page, ref in sorted(set(accounts))  # in one order, so that no two writers wait for each other
    ]
    upsert(connection, undecided, rows)


def mark_learner(connection: Connection, learner_id: str) -> None:
    """Mark a person on every course page the person was seen on."""
    statement = (
        select(enrolments.c.site, enrolments.c.course_ref, enrolments.c.user_ref)
        .join(users, (users.c.site == enrolments.c.site) & (users.c.ref == enrolments.c.user_ref))
        .where(users.c.learner_id == learner_id)
    )
    mark_accounts(connection, [(row.site, row.course_ref, row.user_ref) for row in connection.execute(statement)])


def unmark(connection: Connection, site: str, course_ref: str, marks: Mapping[str, str]) -> None:
    """Take these marks away; those that were renewed in between stay."""
    statement = delete(undecided).where(undecided.c.site == site, undecided.c.course_ref == course_ref)
    if len(marks) > _MANY:
        connection.execute(statement.where(undecided.c.mark.in_(sorted(set(marks.values())))))
        return
    for ref, mark in sorted(marks.items()):
        connection.execute(statement.where(undecided.c.user_ref == ref, undecided.c.mark == mark))


_MANY = 200


class Undecided:
    def __init__(self, database: Database) -> None:
        self._database = database

    def marks(self, site: str, course_ref: str) -> dict[str, str]:
        """Accounts of a course page with something new, each with its mark."""
        statement = select(undecided.c.user_ref, undecided.c.mark).where(
            undecided.c.site == site, undecided.c.course_ref == course_ref
        )
        with self._database.read() as connection:
            return {row.user_ref: row.mark for row in connection.execute(statement)}

    def rule_sha256(self, site: str, edition: str, language: str) -> str | None:
        """By which rule the whole page was decided last, None if it never was."""
        statement = select(decided_pages.c.rule_sha256).where(
            decided_pages.c.site == site, decided_pages.c.edition == edition, decided_pages.c.language == language
        )
        with self._database.read() as connection:
            found: str | None = connection.scalar(statement)
        return found


def save_page(
    connection: Connection, site: str, edition: str, language: str, rule_sha256: str, decided_at: datetime
) -> None:
    """Remember by which rule a whole page was decided."""
    row = {
        "site": site,
        "edition": edition,
        "language": language,
        "rule_sha256": rule_sha256,
        "decided_at": decided_at,
    }
    upsert(connection, decided_pages, [row])
