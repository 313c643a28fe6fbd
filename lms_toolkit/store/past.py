"""Takes facts that a site no longer has out of the present; what they said stays known as the past."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, delete, exists, literal, select

from lms_toolkit.model import Gone
from lms_toolkit.store.columns import UtcDateTime
from lms_toolkit.store.facts import Key, Kind, stored_rows
from lms_toolkit.store.schema import enrolments
from lms_toolkit.store.upsert import insert


def remove_gone(
    connection: Connection,
    kind: Kind,
    site: str,
    course_ref: str,
    gone: Iterable[Gone],
    named: Collection[Key],
    at: datetime,
) -> list[Key]:
    """Take away what is gone, but for what the same page names: of several attempts, some may still be there."""
    items_of: dict[str, set[str]] = defaultdict(set)
    for one in gone:
        items_of[one.user_ref].add(one.item)
    keys = []
    for row in stored_rows(connection, kind, site, course_ref, sorted(items_of)):
        key, items = kind.key(row), items_of[row[2]]
        if ("" in items or row[3] in items) and key not in named:
            keys.append(key)
    if keys:
        _remove_keys(connection, kind, keys, at)
    return keys


def _remove_keys(connection: Connection, kind: Kind, keys: list[Key], at: datetime) -> None:
    names = [column.name for column in kind.table.primary_key]
    one = and_(*(kind.table.c[name] == bindparam(f"of_{name}") for name in names))
    values = [{f"of_{name}": value for name, value in zip(names, key, strict=True)} for key in keys]
    connection.execute(_to_the_past(connection, kind, one, at), values)
    connection.execute(delete(kind.table).where(one), values)


def remove_unnamed(
    connection: Connection, kind: Kind, site: str, course_ref: str, reading: int, at: datetime
) -> list[str]:
    """Take away what a reading of everything has not named, of the accounts it has; the answer is the accounts, one for
    each row."""
    table = kind.table
    is_there = exists().where(
        enrolments.c.site == site,
        enrolments.c.course_ref == course_ref,
        enrolments.c.user_ref == table.c.user_ref,
        enrolments.c.left_at.is_(None),
    )
    unnamed = and_(table.c.site == site, table.c.course_ref == course_ref, table.c.reading != reading, is_there)
    refs = list(connection.scalars(select(table.c.user_ref).where(unnamed)))
    if refs:
        connection.execute(_to_the_past(connection, kind, unnamed, at))
        connection.execute(delete(table).where(unnamed))
    return refs


def _to_the_past(connection: Connection, kind: Kind, which: ColumnElement[bool], at: datetime) -> Any:
    names = [*kind.columns, "since"]
    since, end = kind.table.c.since, literal(at, UtcDateTime())
    # A pull may have seen it after the pull itself began.
    rows = select(*(kind.table.c[name] for name in names), case((since > end, since), else_=end))
    return insert(connection, kind.past).from_select([*names, "until"], rows.where(which))
