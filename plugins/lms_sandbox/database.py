"""The sandbox's own SQLite file: one connection per request, every write inside one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from lms_toolkit.errors import StoreError

BUSY_SECONDS = 30.0

NEW_COLUMNS = {
    "modules": {"standard": "TEXT NOT NULL DEFAULT 'scorm12'"},
    "sections": {"visible": "INTEGER NOT NULL DEFAULT 1", "availability": "TEXT NOT NULL DEFAULT '[]'"},
    "scos": {
        "scaled_passing_score": "REAL",
        "completion_threshold": "REAL",
        "objectives": "TEXT NOT NULL DEFAULT '[]'",
    },
}
"""What a sandbox made by an earlier version lacks; new ones have it from schema.sql."""


class Database:
    """Opens connections to one file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(self._connect()) as connection:
                connection.execute("PRAGMA journal_mode = WAL")
                _add_new_columns(connection)
                _set_packages_aside(connection)
                connection.executescript(_script("schema.sql"))
                _take_packages_back(connection)
                connection.executescript(_script("outbox.sql"))
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"{path}: the sandbox cannot keep its data there ({error}); choose another --folder"
            ) from error

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")  # with WAL: safe when a process dies, and quick
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that writes: all of it, or nothing."""
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A consistent view for reading."""
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield connection


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _add_new_columns(connection: sqlite3.Connection) -> None:
    for table, columns in NEW_COLUMNS.items():
        known = {row["name"] for row in connection.execute(f"PRAGMA table_info({table})")}
        for name, kind in columns.items():
            if known and name not in known:
                connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


_BEFORE = "modules_before_activities"


def _set_packages_aside(connection: sqlite3.Connection) -> None:
    """An earlier version held packages alone, and its rules refuse anything else: the table is made anew."""
    known = {row["name"] for row in connection.execute("PRAGMA table_info(modules)")}
    if known and "modname" not in known:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA legacy_alter_table = ON")  # others go on naming `modules`
        connection.execute(f"ALTER TABLE modules RENAME TO {_BEFORE}")


def _take_packages_back(connection: sqlite3.Connection) -> None:
    known = [row["name"] for row in connection.execute(f"PRAGMA table_info({_BEFORE})")]
    if known:
        columns = ", ".join(known)
        connection.execute(f"INSERT INTO modules ({columns}) SELECT {columns} FROM {_BEFORE}")
        connection.execute(f"DROP TABLE {_BEFORE}")
