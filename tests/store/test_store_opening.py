"""Opening a store: new, again, by many at once, from the past and from the future."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

import lms_toolkit.store
from lms_toolkit.errors import StoreError
from lms_toolkit.store import open_store
from lms_toolkit.store.engine import Database
from lms_toolkit.store.schema import metadata
from lms_toolkit.store.upgrading import HEAD, REVISIONS, VERSION_TABLE, downgrade, stored_revision, upgrade

Run = Callable[[str, list[list[str]]], list[str]]


def test_opening_makes_the_folder_and_a_file_only_its_owner_can_read(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/new/folder/store.db").close()
    assert stat.S_IMODE((tmp_path / "new/folder/store.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new/folder").stat().st_mode) == 0o700


def test_sqlite_lets_readers_go_on_while_one_writes(sqlite_url: str) -> None:
    with open_store(sqlite_url) as store, store.database.write(), store.database.read() as reader:
        assert reader.scalar(text("PRAGMA journal_mode")) == "wal"
        assert reader.scalar(text("PRAGMA foreign_keys")) == 1
        assert reader.scalar(text("PRAGMA busy_timeout")) == 30_000


def test_opening_again_does_not_import_alembic(store_url: str, race: Run) -> None:
    open_store(store_url).close()
    lines = "from lms_toolkit.store import open_store\nopen_store(sys.argv[1]).close()\nprint('alembic' in sys.modules)"
    assert race(lines, [[store_url]]) == ["False"]


def test_processes_that_open_a_new_store_at_once_all_succeed(store_url: str, race: Run) -> None:
    lines = (
        "from lms_toolkit.store import open_store\n"
        "with open_store(sys.argv[1]) as store: print(len(store.events.all()))"
    )
    assert race(lines, [[store_url]] * 6) == ["0"] * 6


def test_the_migrations_make_exactly_the_tables_of_the_schema(store_url: str) -> None:
    with open_store(store_url) as store, store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, metadata) == []
        assert stored_revision(connection) == HEAD


def test_the_migrations_can_be_undone_and_done_again(store_url: str) -> None:
    database = Database(store_url)
    upgrade(database)
    downgrade(database, "base")
    with database.read() as connection:
        assert inspect(connection).get_table_names() == [VERSION_TABLE]
    upgrade(database)
    with database.read() as connection:
        assert set(metadata.tables) < set(inspect(connection).get_table_names())
    database.close()


def test_the_list_of_revisions_is_the_one_alembic_finds() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(lms_toolkit.store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    found = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert found[::-1] == list(REVISIONS)


def test_a_store_of_a_newer_version_is_left_alone(store_url: str) -> None:
    with open_store(store_url) as store, store.database.write() as connection:
        connection.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer lms-toolkit \(revision 9999, this one knows .*upgrade lms-toolkit"):
        open_store(store_url)


def test_a_migration_that_fails_leaves_nothing_behind(store_url: str) -> None:
    database = Database(store_url)
    with database.write() as connection:
        connection.execute(text(f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE pulls (id INTEGER)"))  # in the way of the first migration
    with pytest.raises(StoreError):
        upgrade(database)
    with database.read() as connection:
        assert set(inspect(connection).get_table_names()) == {VERSION_TABLE, "pulls"}
    database.close()


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a letter to somebody, long enough to be read as a header of something " * 20)
    with pytest.raises(StoreError, match=r"notes\.txt: the file is not a store; name another one"):
        open_store(f"sqlite:///{tmp_path}/notes.txt")


def test_the_database_of_another_program_is_not_filled_with_our_tables(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE bookmarks (url TEXT)")
    other.close()
    with pytest.raises(StoreError, match="another program's database"):
        open_store(f"sqlite:///{tmp_path}/other.db")


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match=r"cannot be created.*check the folder"):
        open_store(f"sqlite:///{tmp_path}/file/store.db")


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:///file:x?uri=true"])
def test_a_store_that_would_forget_everything_is_refused(url: str) -> None:
    with pytest.raises(StoreError, match="needs a plain file"):
        open_store(url)


@pytest.mark.parametrize("url", ["mysql://root:hunter2@db/x", "no url hunter2", "postgresql://u:hunter2@h:port/x"])
def test_an_url_that_cannot_be_used_is_refused_without_quoting_it(url: str) -> None:
    with pytest.raises(StoreError, match=r"use sqlite:///folder/store\.db or postgresql://") as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_the_password() -> None:
    pytest.importorskip("psycopg")
    url = "postgresql://toolkit:hunter2@127.0.0.1:1/results?password=hunter2"
    with pytest.raises(StoreError, match="cannot be reached") as caught:
        open_store(url)
    assert "hunter2" not in str(caught.value) + repr(Database(url))
    assert "toolkit:***@127.0.0.1:1/results" in str(caught.value)


def test_a_missing_driver_says_what_to_install(race: Run) -> None:
    lines = (
        "sys.modules['psycopg'] = None\n"
        "from lms_toolkit.errors import StoreError\n"
        "from lms_toolkit.store import open_store\n"
        "try: open_store('postgresql://u@h/x')\n"
        "except StoreError as error: print(error)"
    )
    assert race(lines, [[]]) == ["PostgreSQL needs the package psycopg: pip install 'lms-toolkit[postgres]'"]
