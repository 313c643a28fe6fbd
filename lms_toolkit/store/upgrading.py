"""Brings a store to the tables this version needs; one that is there already costs one short query.

Alembic takes a fifth of a second to import, so it is imported only when there is something to do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from lms_toolkit.errors import StoreError
from lms_toolkit.store.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every revision in `migrations/versions`, oldest first; a test compares the two."""
HEAD = REVISIONS[-1]
VERSION_TABLE = "lms_toolkit_revision"

_ADVISORY_KEY = 0x6C6D73  # any constant of our own: "lms"


def upgrade(database: Database) -> None:
    """Create or upgrade the tables. Processes that do it at once wait for one another, and one does the work."""
    with database.read() as connection:
        if _is_current(connection, database.place):
            return
    if database.dialect == "sqlite":
        database.use_wal()
    with database.write() as connection:
        if database.dialect == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_KEY})
        if not _is_current(connection, database.place):
            _refuse_foreign(connection, database)
            _run(connection)


def downgrade(database: Database, revision: str) -> None:
    """Go back to an older revision, or to `base` for none; what only newer tables hold is lost."""
    from alembic import command

    with database.write() as connection:
        command.downgrade(_config(connection), revision)


def _is_current(connection: Connection, place: str) -> bool:
    stored = stored_revision(connection)
    if stored is not None and stored not in REVISIONS:
        problem = f"was written by a newer lms-toolkit (revision {stored}, this one knows {HEAD})"
        raise StoreError(f"the store {place} {problem}; upgrade lms-toolkit")
    return stored == HEAD


def stored_revision(connection: Connection) -> str | None:
    """The revision the store is at, None for a new one."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    revision: str | None = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))
    return revision


def _refuse_foreign(connection: Connection, database: Database) -> None:
    inspector = inspect(connection)
    if database.dialect == "sqlite" and not inspector.has_table(VERSION_TABLE) and inspector.get_table_names():
        raise StoreError(f"the store {database.place}: the file is another program's database; name another one")


def _run(connection: Connection) -> None:
    from alembic import command

    command.upgrade(_config(connection), HEAD)


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    # "%" begins an interpolation in this kind of configuration.
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
