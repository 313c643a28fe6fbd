"""Reads grades and completions of some accounts, many times as fast as through the column types.

Deciding 100,000 learners reads two million rows, and most of the time would go into making values and records of them.
The columns are read as the database keeps them: as the rows that rules read, or turned into records here; tests hold
both together with what the column types give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, Text, cast, func, literal, select, type_coerce

from lms_toolkit.model import Completion, Grade
from lms_toolkit.result_rows import CompletionRow, GradeRow, place
from lms_toolkit.store.columns import ExactNumber, UtcDateTime
from lms_toolkit.store.schema import completions, grades
from lms_toolkit.store.upsert import slices


def read_grade_rows(
    connection: Connection, site: str, course_ref: str, refs: Sequence[str]
) -> dict[str, list[GradeRow]]:
    """The grades of these accounts on one course page as rules read them, by account; plain tuples."""
    columns = (type_coerce(grades.c[name], Text) for name in ("score", "score_min", "score_max"))
    return _by_account(
        connection, grades, "graded_at", (*columns, grades.c.awaits_recalculation), site, course_ref, refs
    )


def read_completion_rows(
    connection: Connection, site: str, course_ref: str, refs: Sequence[str]
) -> dict[str, list[CompletionRow]]:
    """The completions of these accounts on one course page as rules read them, by account; plain tuples."""
    return _by_account(connection, completions, "completed_at", (completions.c.state,), site, course_ref, refs)


def _by_account(
    connection: Connection,
    table: Table,
    time: str,
    more: tuple[ColumnElement[Any], ...],
    site: str,
    course_ref: str,
    refs: Sequence[str],
) -> dict[str, list[Any]]:
    """Rows that begin with where, which item, when and how it was read."""
    before = place(site, course_ref, "")
    where = literal(before, Text) + table.c.user_ref
    at = _utc_text(table.c[time], connection.dialect.name)
    statement = select(where, table.c.item, at, table.c.source, *more)
    statement = statement.where(table.c.site == site, table.c.course_ref == course_ref).order_by(table.c.user_ref)
    found: dict[str, list[Any]] = {}
    for some in slices(refs):
        for row in _plain_rows(connection, statement.where(table.c.user_ref.in_(some))):
            known = found.get(row[0])
            if known is None:
                found[row[0]] = [row]
            else:
                known.append(row)
    return {ref: found[before + ref] for ref in refs if before + ref in found}


def _plain_rows(connection: Connection, statement: Select[Any]) -> Sequence[tuple[Any, ...]]:
    """What the driver gives, without making anything of it."""
    result = connection.execute(statement)
    assert result.cursor is not None
    return result.cursor.fetchall()


def _utc_text(column: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """A time as text: as SQLite keeps it, or as PostgreSQL writes it where it is UTC."""
    return type_coerce(column, Text) if dialect == "sqlite" else cast(func.timezone("UTC", column), Text)


def read_grades(connection: Connection, site: str, course_ref: str, refs: Sequence[str]) -> list[Grade]:
    """The grades of these accounts on one course page."""
    time = _time_reader(connection)
    return [
        Grade(
            site,
            course_ref,
            user_ref,
            item,
            None if score is None else float(score),
            float(high),
            time(graded_at) if graded_at else None,
            time(pulled_at),
            source,
            float(low),
            bool(overridden),
            bool(hidden),
            bool(excluded),
            bool(awaits),
        )
        for (
            user_ref,
            item,
            score,
            low,
            high,
            graded_at,
            pulled_at,
            source,
            overridden,
            hidden,
            excluded,
            awaits,
        ) in _rows(connection, grades, _GRADE, site, course_ref, refs)
    ]


def read_completions(connection: Connection, site: str, course_ref: str, refs: Sequence[str]) -> list[Completion]:
    """The completions of these accounts on one course page."""
    time = _time_reader(connection)
    return [
        Completion(
            site,
            course_ref,
            user_ref,
            item,
            state,
            time(completed_at) if completed_at else None,
            time(pulled_at),
            source,
        )
        for user_ref, item, state, completed_at, pulled_at, source in _rows(
            connection, completions, _COMPLETION, site, course_ref, refs
        )
    ]


_GRADE = (
    "user_ref",
    "item",
    "score",
    "score_min",
    "score_max",
    "graded_at",
    "pulled_at",
    "source",
    "overridden",
    "hidden",
    "excluded",
    "awaits_recalculation",
)
_COMPLETION = ("user_ref", "item", "state", "completed_at", "pulled_at", "source")


def _rows(
    connection: Connection, table: Table, names: Sequence[str], site: str, course_ref: str, refs: Sequence[str]
) -> Iterator[Sequence[Any]]:
    is_text = connection.dialect.name == "sqlite"
    columns = [_plain(table, name, is_text=is_text) for name in names]
    statement = select(*columns).where(table.c.site == site, table.c.course_ref == course_ref)
    for some in slices(refs):
        ordered = statement.where(table.c.user_ref.in_(some)).order_by(table.c.user_ref, table.c.item)
        yield from connection.execute(ordered).all()


def _plain(table: Table, name: str, *, is_text: bool) -> Any:
    """A column as it is kept: SQLite's driver gives texts for times, PostgreSQL's gives times."""
    column = table.c[name]
    if isinstance(column.type, ExactNumber) or (is_text and isinstance(column.type, UtcDateTime)):
        return type_coerce(column, Text)
    return column


def _time_reader(connection: Connection) -> Callable[[Any], datetime]:
    return _from_text if connection.dialect.name == "sqlite" else _as_utc


def _as_utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


@lru_cache(maxsize=1 << 12)
def _from_text(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
