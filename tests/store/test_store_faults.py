"""Full, locked, read-only: one line each, nothing half-saved, and nobody's data in the message."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event, text

from lms_toolkit.errors import StoreError
from lms_toolkit.model import Grade, Learner
from lms_toolkit.store import Store, open_store

Run = Callable[[str, list[list[str]]], list[str]]


@pytest.fixture
def sqlite_store(sqlite_url: str) -> Iterator[Store]:
    with open_store(f"{sqlite_url}?timeout=0.1") as store:
        yield store


def _is_one_line(error: StoreError) -> bool:
    return "\n" not in str(error) and "INSERT" not in str(error)


def test_a_full_store_keeps_what_it_had_and_goes_on_once_there_is_room(
    sqlite_store: Store, make_grade: Callable[..., Grade]
) -> None:
    sqlite_store.results.save([make_grade("1")], [])
    with sqlite_store.database.read() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
    limit = [pages + 5]
    event.listen(
        sqlite_store.database.engine,
        "begin",
        lambda connection: connection.exec_driver_sql(f"PRAGMA max_page_count = {limit[0]}"),
    )
    many = [make_grade(str(number)) for number in range(5000)]
    with pytest.raises(StoreError, match=r"no space left.*run the same command again") as caught:
        sqlite_store.results.save(many, [])
    assert _is_one_line(caught.value)
    assert len(sqlite_store.results.grades("lab", "3")) == 1
    limit[0] = 1_000_000
    assert sqlite_store.results.save(many, []) == 4999


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are POSIX")
def test_a_file_that_may_not_grow_is_reported_and_keeps_what_it_had(sqlite_url: str, race: Run) -> None:
    lines = (
        "import resource\n"
        "from lms_toolkit.errors import StoreError\n"
        "from lms_toolkit.model import Learner\n"
        "from lms_toolkit.store import open_store\n"
        "store = open_store(sys.argv[1])\n"
        "store.people.save_learner(Learner('kept', 'Amina Test'))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "try:\n"
        "    for number in range(100): store.people.save_learner(Learner(f'l{number}', 'Jorge Prueba ' * 1000))\n"
        "except StoreError as error: print(error)\n"
    )
    (message,) = race(lines, [[sqlite_url]])
    assert "no space left" in message or "check free space" in message
    assert "Jorge" not in message
    with open_store(sqlite_url) as store:
        assert Learner("kept", "Amina Test") in store.people.learners()


def test_a_store_another_program_holds_is_said_to_be_busy(sqlite_store: Store, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "data/store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StoreError, match="another program is writing to it") as caught:
            sqlite_store.people.save_learner(Learner("l", "Amina Test"))
    finally:
        other.close()
    assert _is_one_line(caught.value)
    sqlite_store.people.save_learner(Learner("l", "Amina Test"))


def test_a_store_that_may_not_be_written_says_to_check_the_rights(sqlite_store: Store) -> None:
    event.listen(
        sqlite_store.database.engine,
        "begin",
        lambda connection: connection.exec_driver_sql("PRAGMA query_only = ON"),
    )
    with pytest.raises(StoreError, match="cannot be written to; check the rights") as caught:
        sqlite_store.people.save_learner(Learner("l", "Amina Test"))
    assert _is_one_line(caught.value)


def test_a_damaged_store_says_to_restore_a_backup(sqlite_url: str, tmp_path: Path) -> None:
    with open_store(sqlite_url) as store:
        store.people.save_accounts("lab", [])
    file = tmp_path / "data/store.db"
    content = file.read_bytes()
    file.write_bytes(content[:100] + b"\xff" * (len(content) - 100))
    with pytest.raises(StoreError, match=r"restore a backup|is not a store"):
        open_store(sqlite_url)


def test_a_store_shows_neither_password_nor_parameters_when_printed(sqlite_store: Store) -> None:
    assert repr(sqlite_store).startswith("Store(sqlite:///")
    assert "timeout" not in repr(sqlite_store)
