"""Keeps who is on a course page, since when, and who was: an enrolment that ended is remembered with its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, select, update

from lms_toolkit.store.schema import enrolments, past_enrolments
from lms_toolkit.store.undecided import mark_accounts
from lms_toolkit.store.upsert import insert, slices, upsert

NO_READING = 0
"""Of rows that no reading of everything has named."""


def see(
    connection: Connection, site: str, course_ref: str, refs: Sequence[str], at: datetime, reading: int
) -> set[str]:
    """Remember that accounts were seen on a course page, with or without a grade; the answer is who has come back."""
    known = {row.user_ref: row for some in slices(refs) for row in connection.execute(_of(site, course_ref, some))}
    back = {ref for ref, row in known.items() if row.left_at is not None}
    if back:
        ended = [
            {**_key(site, course_ref, ref), "since": known[ref].since, "until": known[ref].left_at} for ref in back
        ]
        connection.execute(insert(connection, past_enrolments), ended)
    rows = [
        {
            **_key(site, course_ref, ref),
            "seen_at": at,
            "left_at": None,
            "since": at if ref in back or ref not in known else known[ref].since,
            "reading": reading,
        }
        for ref in refs
    ]
    upsert(connection, enrolments, rows)
    mark_accounts(connection, [(site, course_ref, ref) for ref in refs if ref in back or ref not in known])
    return back


def leave(connection: Connection, site: str, course_ref: str, refs: Collection[str], at: datetime) -> int:
    """Say that accounts have left a course page; the answer is how many were still there."""
    return sum(
        _leave(connection, site, course_ref, enrolments.c.user_ref.in_(some), at) for some in slices(sorted(refs))
    )


def leave_unnamed(connection: Connection, site: str, course_ref: str, reading: int, at: datetime) -> int:
    """Say that those have left whom a reading of everything has not named."""
    return _leave(connection, site, course_ref, enrolments.c.reading != reading, at)


def who_left(connection: Connection, site: str, course_ref: str, refs: Collection[str]) -> set[str]:
    """Those among these accounts who were on a course page and are no more."""
    rows = [row for some in slices(sorted(refs)) for row in connection.execute(_of(site, course_ref, some))]
    return {row.user_ref for row in rows if row.left_at is not None}


def _leave(connection: Connection, site: str, course_ref: str, which: ColumnElement[bool], at: datetime) -> int:
    there = and_(
        enrolments.c.site == site, enrolments.c.course_ref == course_ref, enrolments.c.left_at.is_(None), which
    )
    refs = list(connection.scalars(select(enrolments.c.user_ref).where(there)))
    connection.execute(update(enrolments).where(there).values(left_at=at))
    mark_accounts(connection, [(site, course_ref, ref) for ref in refs])
    return len(refs)


def _of(site: str, course_ref: str, refs: Sequence[str]) -> Select[Any]:
    table = enrolments.c
    columns = (table.user_ref, table.since, table.left_at)
    return select(*columns).where(table.site == site, table.course_ref == course_ref, table.user_ref.in_(refs))


def _key(site: str, course_ref: str, user_ref: str) -> dict[str, str]:
    return {"site": site, "course_ref": course_ref, "user_ref": user_ref}
