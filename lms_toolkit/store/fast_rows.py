"""Reads grades and completions of some accounts as records, several times as fast as through the column types.

Deciding 100,000 learners reads more than a million rows, and nearly all of the time goes into turning texts into times.
The columns are read as the database keeps them and turned into the same values here; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, Text, select, type_coerce

from lms_toolkit.model import Completion, Grade
from lms_toolkit.store.columns import ExactNumber, UtcDateTime
from lms_toolkit.store.schema import completions, grades
from lms_toolkit.store.upsert import slices


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
        )
        for user_ref, item, score, low, high, graded_at, pulled_at, source, overridden, hidden in _rows(
            connection, grades, _GRADE, site, course_ref, refs
        )
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
