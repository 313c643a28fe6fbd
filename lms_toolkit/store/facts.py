"""Saves grades, completions and attempts many at a time: what is new replaces what was, and what was goes to the past.

A first pull saves more than a million rows, and the column types would take most of the time. So rows are handed over
as the database keeps them, and compared as it gave them back; a test holds this to the column types.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam, select, type_coerce
from sqlalchemy.types import NullType

from lms_toolkit.model import Answer, Attempt, Completion, FactKind, Grade
from lms_toolkit.store.schema import (
    attempts,
    completions,
    grades,
    past_attempts,
    past_completions,
    past_grades,
)
from lms_toolkit.store.upsert import insert, slices

Fact = Grade | Completion | Attempt
Row = tuple[Any, ...]
Key = tuple[Any, ...]
"""Site, course page, account, item; and the number of an attempt."""
Time = Callable[[datetime | None], Any]

_RAW = NullType()  # neither converted when it goes in nor when it comes out
_NOT_FACTS = ("pulled_at", "source")  # when and how a fact was read says nothing about the fact


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fact: its tables, its columns in the order of `row_of`, and how many of them are its key."""

    name: FactKind
    table: Table
    past: Table
    columns: tuple[str, ...]
    key_length: int
    row_of: Callable[[Any, Time], Row]

    def key(self, row: Row) -> Key:
        return row[: self.key_length]

    def fact(self, row: Row) -> Row:
        return row[self.key_length : len(self.columns) - len(_NOT_FACTS)]

    def since(self, stored: Row) -> Any:
        return stored[len(self.columns)]


def _grade(one: Grade, time: Time) -> Row:
    return (
        one.site,
        one.course_ref,
        one.user_ref,
        one.item,
        _number(one.score),
        _number(one.score_min),
        _number(one.score_max),
        time(one.graded_at),
        one.overridden,
        one.hidden,
        one.excluded,
        one.awaits_recalculation,
        time(one.pulled_at),
        one.source,
    )


def _completion(one: Completion, time: Time) -> Row:
    done = time(one.completed_at)
    return (one.site, one.course_ref, one.user_ref, one.item, one.state, done, time(one.pulled_at), one.source)


def _attempt(one: Attempt, time: Time) -> Row:
    return (
        one.site,
        one.course_ref,
        one.user_ref,
        one.item,
        one.number,
        one.status,
        _number(one.score),
        _number(one.score_max),
        time(one.started_at),
        time(one.updated_at),
        answers_text(one.answers),
        time(one.pulled_at),
        one.source,
    )


def answers_text(answers: Iterable[Answer]) -> str:
    # ASCII, because what learners type may hold characters that PostgreSQL takes in no text.
    return json.dumps([(one.question, one.text, one.result, one.response, one.sco) for one in answers])


def answers_of(text: str) -> tuple[Answer, ...]:
    return tuple(Answer(*values) for values in json.loads(text))


def _number(value: float | None) -> str | None:
    """As `ExactNumber` keeps it."""
    return None if value is None else repr(float(value))


_ACCOUNT = ("site", "course_ref", "user_ref")
GRADES = Kind(
    "grade",
    grades,
    past_grades,
    (
        *(*_ACCOUNT, "item"),
        *("score", "score_min", "score_max", "graded_at"),
        *("overridden", "hidden", "excluded", "awaits_recalculation"),
        *_NOT_FACTS,
    ),
    4,
    _grade,
)
COMPLETIONS = Kind(
    "completion",
    completions,
    past_completions,
    (*_ACCOUNT, "item", "state", "completed_at", *_NOT_FACTS),
    4,
    _completion,
)
ATTEMPTS = Kind(
    "attempt",
    attempts,
    past_attempts,
    (
        *(*_ACCOUNT, "item", "number"),
        *("status", "score", "score_max", "started_at", "updated_at", "answers"),
        *_NOT_FACTS,
    ),
    5,
    _attempt,
)
KINDS = (GRADES, COMPLETIONS, ATTEMPTS)


def save_facts(connection: Connection, kind: Kind, facts: Iterable[Any], reading: int) -> list[Key]:
    """Add or replace facts of one kind, the last of each key; the answer is the keys that say something new.

    `reading` is the reading of everything that names them (see `pulls`).
    """
    time = time_writer(connection)
    rows = {kind.key(row): row for row in (kind.row_of(one, time) for one in facts)}
    stored = {kind.key(row): row for row in _stored(connection, kind, rows)}
    read_at = len(kind.columns) - len(_NOT_FACTS)
    changed: list[Key] = []
    past: list[Row] = []
    kept: list[Row] = []
    for key, row in rows.items():
        was = stored.get(key)
        if was is not None and kind.fact(was) == kind.fact(row):
            kept.append((*row, kind.since(was), reading))
            continue
        changed.append(key)
        kept.append((*row, row[read_at], reading))
        if was is not None:
            past.append((*was, row[read_at]))
    write_rows(connection, kind.past, (*kind.columns, "since", "until"), past)
    write_rows(connection, kind.table, (*kind.columns, "since", "reading"), kept)
    return changed


def _stored(connection: Connection, kind: Kind, keys: Mapping[Key, Row]) -> Iterator[Row]:
    """The rows there are of these accounts, and of these items where they are few."""
    places: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for site, course_ref, user_ref, item, *_ in keys:
        refs, items = places[site, course_ref]
        refs.add(user_ref)
        items.add(item)
    for (site, course_ref), (refs, items) in places.items():
        yield from stored_rows(connection, kind, site, course_ref, sorted(refs), sorted(items))


_FEW = 20


def stored_rows(
    connection: Connection, kind: Kind, site: str, course_ref: str, refs: Sequence[str], items: Sequence[str] = ()
) -> Iterator[Row]:
    """The rows of these accounts as the database keeps them, `since` last; of all items unless a few are named."""
    table = kind.table
    columns = [type_coerce(table.c[name], _RAW) for name in (*kind.columns, "since")]
    statement = select(*columns).where(table.c.site == site, table.c.course_ref == course_ref)
    if 0 < len(items) <= _FEW:
        statement = statement.where(table.c.item.in_(items))
    for some in slices(refs):
        for row in connection.execute(statement.where(table.c.user_ref.in_(some))).all():
            yield tuple(row)


def write_rows(connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows of these columns, as the database keeps them, or replace those with the same primary key."""
    if not rows:
        return
    statement = insert(connection, table).values({name: bindparam(name, type_=_RAW) for name in columns})
    key = [column.name for column in table.primary_key if column.name in columns]
    if key:
        replaced = {name: statement.excluded[name] for name in columns if name not in key}
        statement = statement.on_conflict_do_update(index_elements=key, set_=replaced)
    compiled = statement.compile(dialect=connection.dialect)
    # Straight to the driver, by place or by name as it wants them: checking each value again would cost more than all
    # the rest.
    if compiled.positional:
        places = [columns.index(name) for name in compiled.positiontup or ()]
        values: Any = rows if places == list(range(len(columns))) else [tuple(row[n] for n in places) for row in rows]
    else:
        values = [dict(zip(columns, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(compiled), values)


def time_writer(connection: Connection) -> Time:
    """How the database's driver is given a time."""
    return _as_text if connection.dialect.name == "sqlite" else _as_utc


def _as_utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("the store takes aware times only; add tzinfo=UTC")
    return value.astimezone(UTC)


@lru_cache(maxsize=1 << 12)
def _as_text(value: datetime | None) -> str | None:
    utc = _as_utc(value)
    return None if utc is None else utc.isoformat(" ", "microseconds")[:26]
