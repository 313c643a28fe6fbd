"""One writer at a time for what bears a name, across processes and, on PostgreSQL, across machines.

The lock itself is the operating system's (SQLite) or the server's (PostgreSQL), so that it ends with the process that
held it, however that ended: nothing has to expire before the same command can be run again. The table `locks` only says
who holds it, for those who are refused.
"""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import delete, select, text

from lms_toolkit.errors import InUse, StoreError
from lms_toolkit.store.engine import Database
from lms_toolkit.store.faults import translated
from lms_toolkit.store.schema import locks
from lms_toolkit.store.upsert import upsert


class Locks:
    def __init__(self, database: Database) -> None:
        self._database = database

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Hold the lock in a `with` block; when another has it, raise InUse at once, saying who and since when."""
        with self._taken(name) as taken:
            if not taken:
                raise InUse(f"{name} is being worked on by {self._holder(name)}; try again when that is done")
            self._sign(name)
            try:
                yield
            finally:
                self._unsign(name)

    def _taken(self, name: str) -> AbstractContextManager[bool]:
        file = self._database.file
        return _file_lock(file, name) if file else _advisory_lock(self._database, name)

    def _sign(self, name: str) -> None:
        owner = f"process {os.getpid()} on {socket.gethostname()}"
        with self._database.write() as connection:
            upsert(connection, locks, [{"name": name, "owner": owner, "since": datetime.now(UTC)}])

    def _unsign(self, name: str) -> None:
        # A full disk here must not hide the error that ends the work; a line left behind locks nothing.
        with suppress(StoreError), self._database.write() as connection:
            connection.execute(delete(locks).where(locks.c.name == name))

    def _holder(self, name: str) -> str:
        with self._database.read() as connection:
            row = connection.execute(select(locks).where(locks.c.name == name)).first()
        return f"{row.owner} since {row.since:%Y-%m-%d %H:%M:%S} UTC" if row else "another process"


@contextmanager
def _file_lock(store: Path, name: str) -> Iterator[bool]:
    """An empty SQLite file beside the store, locked whole: the portable way to a lock that dies with its process."""
    folder = store.with_name(f"{store.name}-locks")
    file = folder / f"{_digest(name).hex()[:16]}.lock"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreError(f"the lock {file} cannot be created: {error}; check the rights on the folder") from error
    with closing(connection):
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname != "SQLITE_BUSY":
                raise StoreError(f"the lock {file} cannot be taken: {error}; check the disk") from error
            yield False
        else:
            yield True


@contextmanager
def _advisory_lock(database: Database, name: str) -> Iterator[bool]:
    """PostgreSQL's session lock, on a connection of its own that ends with the block or with the process."""
    key = int.from_bytes(_digest(name)[:8], "big", signed=True)
    with translated(database.place), database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield bool(connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}))
        finally:
            connection.invalidate()  # closed, not pooled: the lock belongs to the session


def _digest(name: str) -> bytes:
    return sha256(f"lms-toolkit {name}".encode()).digest()
