"""The one statement that the two databases spell through different classes: insert, or deal with the row there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Insert = PostgresInsert | SqliteInsert


def row_of(record: DataclassInstance) -> dict[str, Any]:
    """The fields of a flat record; `dataclasses.asdict` would copy every value, at ten times the cost."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def slices(values: Sequence[str]) -> Iterator[Sequence[str]]:
    """Values for `IN (…)`, some at a time: an older SQLite takes 999 variables in one statement."""
    return (values[start : start + 500] for start in range(0, len(values), 500))


def insert(connection: Connection, table: Table) -> Insert:
    """An INSERT that has `on_conflict_do_update` and `on_conflict_do_nothing` on the connection's database."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def upsert(connection: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    """Insert each row, or replace the one with the same primary key."""
    rows = list(rows)
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    statement = insert(connection, table)
    replaced = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in key}
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=replaced), rows)
