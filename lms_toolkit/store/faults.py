"""Turns what a database driver raises into one line for the person at the terminal: no SQL, no one's data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from lms_toolkit.errors import StoreError

_BUSY = "another program is writing to it; try again in a moment"
_FULL = "there is no space left for it; free some and run the same command again"
_READ_ONLY = "it cannot be written to; check the rights on the file, its folder or the database role"

# Primary result codes, https://www.sqlite.org/rescode.html; extended ones begin with the same words.
_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": "the disk did not read or write it; check free space, quota and the disk itself",
    "SQLITE_NOTADB": "the file is not a store; name another one, or restore a backup",
    "SQLITE_CORRUPT": "the file is damaged; restore a backup",
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_CANTOPEN": "the file cannot be opened; check that its folder exists and may be written to",
}

# SQLSTATE, https://www.postgresql.org/docs/current/errcodes-appendix.html; a class is its first two characters.
_POSTGRES = {
    "08": "the server cannot be reached; check the address and that it runs",
    "28": "the server did not accept the user or password",
    "3D": "the server has no such database; create it first",
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "53100": _FULL,
    "53300": "the server has no free connection; try again in a moment",
    "55P03": _BUSY,
    "40": _BUSY,
    "57": "the server was stopping or gave up the statement; try again in a moment",
}


@contextmanager
def translated(place: str) -> Iterator[None]:
    """Raise StoreError for anything the database refuses; `place` is the masked URL."""
    try:
        yield
    except DBAPIError as error:
        raise StoreError(f"the store {place}: {_advice(error)}") from error
    except PoolTimeout as error:
        raise StoreError(f"the store {place}: all connections are in use; try again in a moment") from error


def _advice(error: DBAPIError) -> str:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name:
        known = (advice for code, advice in _SQLITE.items() if name.startswith(code))
        return next(known, f"SQLite refused ({name})")
    return _postgres_advice(error)


def _postgres_advice(error: DBAPIError) -> str:
    state = getattr(error.orig, "sqlstate", None)
    if state:
        # Not the message: its details quote the row.
        return _POSTGRES.get(state) or _POSTGRES.get(state[:2]) or f"PostgreSQL refused (SQLSTATE {state})"
    # A connection that never came up has no SQLSTATE; the driver's own line names host and user, no password.
    first = next(iter(str(error.orig).splitlines()), "no reason given")
    return f"{_POSTGRES['08']} ({first})"
