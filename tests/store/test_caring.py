"""A store is copied while others write to it, and what is wrong with one is found before somebody needs it."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from lms_toolkit.errors import PlanRefused, StoreError
from lms_toolkit.model import Grade, Learner
from lms_toolkit.store import Store, open_store
from lms_toolkit.store.caring import backup, damage, open_existing, orphans
from lms_toolkit.store.engine import Database


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Store:
    with open_store(sqlite_url) as store:
        yield store


def test_a_copy_made_in_the_middle_of_a_write_has_what_was_there_before_it(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.people.save_learner(Learner("idnumber:S-1", "Amina Test"))
    with sqlite_store.database.write() as connection:
        connection.execute(text("INSERT INTO learners (id, name) VALUES ('idnumber:S-8', 'Jorge Prueba')"))
        size = backup(sqlite_store.database, tmp_path / "copy.db")
    assert stat.S_IMODE((tmp_path / "copy.db").stat().st_mode) == 0o600
    assert size == (tmp_path / "copy.db").stat().st_size
    assert [path.name for path in tmp_path.glob("copy.db*")] == ["copy.db"]  # complete, with nothing left beside it
    with open_store(f"sqlite:///{tmp_path}/copy.db") as copy:
        with copy.database.read() as connection:  # readers and writers get along in a copy that takes the store's place
            assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert [learner.id for learner in copy.people.learners()] == ["idnumber:S-1"]
        assert damage(copy.database) == []
    assert len(sqlite_store.people.learners()) == 2


def test_a_copy_overwrites_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("somebody's work", encoding="utf-8")
    with pytest.raises(PlanRefused, match="is there already"):
        backup(sqlite_store.database, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text(encoding="utf-8") == "somebody's work"
    with pytest.raises(PlanRefused):
        backup(sqlite_store.database, Path(str(sqlite_store.database.file)))


def test_a_copy_of_a_damaged_store_is_not_kept(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.close()
    break_pages(Path(str(sqlite_store.database.file)))
    with pytest.raises(StoreError, match=r"is not sound|malformed"):
        backup(sqlite_store.database, tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def break_pages(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096 * 4 : 4096 * 8] = b"\xff" * 4096 * 4
    file.write_bytes(data)


def test_a_server_is_left_to_its_own_tool_and_no_password_is_shown(tmp_path: Path) -> None:
    database = Database("postgresql://toolkit:secret@127.0.0.1:1/toolkit")
    with pytest.raises(StoreError, match=r"pg_dump .*copy\.db") as refused:
        backup(database, tmp_path / "copy.db")
    assert "secret" not in str(refused.value)
    database.close()


def test_a_sound_store_has_nothing_wrong(store: Store) -> None:
    assert damage(store.database) == []
    assert orphans(store.database) == []


def test_a_damaged_file_is_found(sqlite_store: Store) -> None:
    sqlite_store.close()
    break_pages(Path(str(sqlite_store.database.file)))
    try:
        rules = {finding.rule for finding in damage(sqlite_store.database)}
    except StoreError as error:  # so much is damaged that nothing can be asked
        rules = {"store-damaged"} if "damaged" in str(error) else set()
    assert rules == {"store-damaged"}


def test_a_row_that_refers_to_nothing_is_found(sqlite_store: Store) -> None:
    with closing(sqlite3.connect(str(sqlite_store.database.file))) as connection, connection:
        connection.execute("INSERT INTO merges VALUES ('a', 'nobody', 'A', 'x', 'y', '2026-05-04 12:00:00')")
    assert [(finding.rule, finding.where) for finding in damage(sqlite_store.database)] == [
        ("store-reference", "merges")
    ]


@pytest.mark.parametrize(
    ("revision", "said"), [("0001", "this lms-toolkit needs"), ("9999", "was written by a newer lms-toolkit")]
)
def test_tables_of_another_version_are_named_and_left_as_they_are(store: Store, revision: str, said: str) -> None:
    with store.database.write() as connection:
        connection.execute(text("UPDATE lms_toolkit_revision SET version_num = :one"), {"one": revision})
    [finding] = damage(store.database)
    assert said in finding.message


def test_a_table_or_column_that_somebody_took_away_is_named(store: Store) -> None:
    with store.database.write() as connection:
        connection.execute(text("DROP TABLE locks"))
        connection.execute(text("ALTER TABLE learners DROP COLUMN chosen_name"))
    found = {(finding.rule, finding.where) for finding in damage(store.database)}
    assert found == {("store-table", "locks"), ("store-column", "learners")}


def test_grades_of_accounts_that_are_not_known_are_counted(store: Store, make_grade: Callable[..., Grade]) -> None:
    store.results.save([make_grade("7"), make_grade("8")], [])
    found = {finding.where: finding.message for finding in orphans(store.database)}
    assert found["grades"] == "2 rows are about accounts that are not known"


def test_a_store_that_is_not_there_is_not_made_by_asking_about_it(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store"):
        open_existing(f"sqlite:///{tmp_path}/data/store.db")
    assert not list(tmp_path.iterdir())
