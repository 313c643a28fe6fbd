"""Copies a store that is in use, and finds what is wrong with one: the file, its tables, rows that lead nowhere."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Table, func, inspect, select

from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.model import Finding
from lms_toolkit.store.address import read_url, sqlite_file
from lms_toolkit.store.engine import Database
from lms_toolkit.store.faults import translated
from lms_toolkit.store.personal import personal_tables
from lms_toolkit.store.schema import metadata, users
from lms_toolkit.store.upgrading import HEAD, REVISIONS, stored_revision


def open_existing(url: str) -> Database:
    """The database of a store that is there, its tables left as they are. Raises StoreError where there is none."""
    file = sqlite_file(read_url(url))
    if file is not None and not file.is_file():
        raise StoreError(f"there is no store {file} yet; the first command that needs one makes it")
    return Database(url)


def backup(database: Database, out: Path) -> int:
    """Copy a SQLite store as it is at one moment, whoever writes to it meanwhile; the answer is the bytes of the copy.

    Raises PlanRefused for a file that is there already, StoreError for a server's database, which has tools of its own.
    """
    if database.file is None:
        raise StoreError(
            f"the store {database.place} is on a PostgreSQL server, whose own tool copies it: pg_dump --format=custom "
            f"--file={out} {database.place}; pg_restore brings it back"
        )
    _reserve(out)
    try:
        _copy(database.file, out)
    except (OSError, sqlite3.Error) as error:
        out.unlink(missing_ok=True)
        raise StoreError(f"{out}: the copy could not be written: {error}; check rights and free space") from error
    except BaseException:
        out.unlink(missing_ok=True)
        raise
    return out.stat().st_size


def _reserve(out: Path) -> None:
    """Make the file that nobody else has made, readable by its owner only: it will hold names and grades."""
    try:
        os.close(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise PlanRefused(f"{out} is there already, and is not overwritten; name another file") from error
    except OSError as error:
        raise StoreError(f"{out}: cannot be written ({error.strerror}); check the folder and its rights") from error


def _copy(file: Path, out: Path) -> None:
    store = sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)
    with closing(store), closing(sqlite3.connect(out)) as copy:
        store.backup(copy)  # all pages in one step: readers of a WAL see one moment, and writers go on
        [(verdict,)] = copy.execute("PRAGMA quick_check(1)").fetchall()
        if verdict != "ok":
            raise sqlite3.DatabaseError(f"it is not sound ({verdict}); lms-toolkit store check")
    with out.open("rb") as written:
        os.fsync(written.fileno())


def overwrite_leftovers(database: Database) -> None:
    """Bring a SQLite store's newest pages into its file, so that the older ones are gone from the `-wal` beside it.

    Somebody who reads just then keeps them there until the next time.
    """
    if database.file is not None:
        with translated(database.place), database.engine.connect() as connection:
            connection.execution_options(sqlite_begin="")  # there is no checkpoint inside a transaction
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()


def damage(database: Database) -> list[Finding]:
    """What makes a store unusable: a damaged file, tables of another version. Nothing else can be asked then."""
    with database.read() as connection:
        return [*_unsound(connection), *_revision(connection)] or list(_lacking(connection))


def _unsound(connection: Connection) -> Iterator[Finding]:
    if connection.dialect.name != "sqlite":
        return  # a server looks after its files itself
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check(20)"):
        if line != "ok":
            yield Finding("error", "store-damaged", f"the file is damaged: {line}", hint="restore a backup")
    for table, *_ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        message = "a row refers to one that is not there"
        yield Finding("error", "store-reference", message, str(table), hint="restore a backup")


def _revision(connection: Connection) -> Iterator[Finding]:
    revision = stored_revision(connection)
    if revision == HEAD:
        return
    if revision is None:
        yield Finding("error", "store-revision", "there are no tables yet", hint="any other command makes them")
    elif revision in REVISIONS:
        message = f"the tables are those of revision {revision}, this lms-toolkit needs {HEAD}"
        yield Finding("error", "store-revision", message, hint="any other command upgrades them; back up first")
    else:
        message = f"was written by a newer lms-toolkit (revision {revision}, this one knows {HEAD})"
        yield Finding("error", "store-revision", message, hint="upgrade lms-toolkit")


def _lacking(connection: Connection) -> Iterator[Finding]:
    """Tables and columns that somebody took away by hand."""
    inspector = inspect(connection)
    there = set(inspector.get_table_names())
    for table in metadata.sorted_tables:
        if table.name not in there:
            yield Finding("error", "store-table", "the table is not there", table.name, hint="restore a backup")
            continue
        known = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name not in known:
                message = f"the column {column.name} is not there"
                yield Finding("error", "store-column", message, table.name, hint="restore a backup")


def orphans(database: Database) -> list[Finding]:
    """Rows about accounts that the store does not know: nobody can be decided about by them."""
    with database.read() as connection:
        return [
            Finding(
                "warning",
                "store-orphans",
                f"{count} rows are about accounts that are not known",
                table.name,
                hint="pull grades again; if they stay, the accounts were erased half-way by hand",
            )
            for table in personal_tables()
            if {"site", "user_ref"} <= set(table.c.keys()) and (count := _orphans(connection, table))
        ]


def _orphans(connection: Connection, table: Table) -> int:
    known = select(users.c.ref).where(users.c.site == table.c.site, users.c.ref == table.c.user_ref)
    return connection.scalar(select(func.count()).select_from(table).where(~known.exists())) or 0
