"""Owns the connections: short reads, writes that never start half-locked, errors in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL

from lms_toolkit.errors import StoreError
from lms_toolkit.store.address import read_url, shown, sqlite_file
from lms_toolkit.store.faults import translated

BUSY_SECONDS = 30
CONNECT_SECONDS = 10
CACHE_KIB = 32 * 1024
"""What SQLite may keep in memory of its file: rows with ids drawn at random go everywhere in it."""


class Database:
    """One database, open. `read()` and `write()` each give a connection in a transaction of its own.

    Leaving `write()` commits; an exception undoes all of it. Both raise StoreError, never a driver's error.
    """

    def __init__(self, url: str) -> None:
        self.url: URL = read_url(url)
        self.place = shown(self.url)
        self.file: Path | None = sqlite_file(self.url)
        if self.file:
            _make_private(self.file)
        self.engine = _engine(self.url)

    def __repr__(self) -> str:
        return f"Database({self.place})"

    @property
    def dialect(self) -> str:
        return self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with translated(self.place), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        # SQLite: a transaction that reads first and writes later fails at once when another one wrote in between,
        # whatever the busy timeout; taking the write lock at the start waits instead.
        with translated(self.place), self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    def use_wal(self) -> None:
        """Let SQLite's readers go on while one process writes; the file keeps this setting."""
        with translated(self.place), self.engine.connect() as connection:
            connection.execution_options(sqlite_begin="")  # the journal cannot be changed in a transaction
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    def close(self) -> None:
        self.engine.dispose()


def _make_private(file: Path) -> None:
    """Create the folder and an empty file that only its owner can read: it will hold names and grades."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            file.touch(mode=0o600)
    except OSError as error:
        raise StoreError(
            f"the store {file} cannot be created: {error.strerror}; check the folder and its rights"
        ) from error


def _engine(url: URL) -> Engine:
    try:
        # hide_parameters: rows hold people's data, and error texts end up in logs.
        engine = create_engine(
            url, hide_parameters=True, pool_pre_ping=True, connect_args=_connect_args(url), **_pool_args(url)
        )
    except ModuleNotFoundError as error:
        raise StoreError(f"PostgreSQL needs the package {error.name}: pip install 'lms-toolkit[postgres]'") from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _pool_args(url: URL) -> dict[str, Any]:
    # A lock is a connection there, and erasing a person locks every page the person is on, however many those are.
    return {"max_overflow": -1} if url.get_backend_name() == "postgresql" else {}


def _connect_args(url: URL) -> dict[str, Any]:
    """How long to wait, unless the URL says so itself."""
    waits: dict[str, Any] = {"timeout": BUSY_SECONDS}
    if url.get_backend_name() == "postgresql":
        waits = {"connect_timeout": CONNECT_SECONDS, "options": f"-c lock_timeout={BUSY_SECONDS}s"}
    return {name: value for name, value in waits.items() if name not in url.query}


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's driver commits before some statements unless it leaves transactions to us:
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def _begin_sqlite(connection: Connection) -> None:
    statement = connection.get_execution_options().get("sqlite_begin", "BEGIN")
    if statement:
        connection.exec_driver_sql(statement)
