"""Reads the store's URL: which database, where its file is, and how it may be shown."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from lms_toolkit.errors import StoreError

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}
_EXAMPLES = "use sqlite:///folder/store.db or postgresql://user@host/database"


def read_url(url: str) -> URL:
    """The parsed URL, with the driver this toolkit uses. Raises StoreError, which never quotes the URL."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # The text may hold a password in a place where no parser finds it: it is not repeated.
        raise StoreError(f"the store's URL cannot be read; {_EXAMPLES}") from error
    kind = parsed.get_backend_name()
    if kind not in _DRIVERS:
        raise StoreError(f"the store cannot be a {kind} database; {_EXAMPLES}")
    if kind == "sqlite":
        _refuse_unnamed_file(parsed)
    return parsed.set(drivername=_DRIVERS[kind])


def _refuse_unnamed_file(url: URL) -> None:
    name = url.database or ""
    if name in ("", ":memory:") or name.startswith("file:"):
        raise StoreError(f"the store needs a plain file, since what it holds must outlive the command; {_EXAMPLES}")


def shown(url: URL) -> str:
    """The URL for messages: no password, and no parameters, where drivers accept one too."""
    return url.set(query={}).render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite store, None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None
