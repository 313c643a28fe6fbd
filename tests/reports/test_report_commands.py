"""The commands as people call them: reports, exports, copies, checks, and people's data."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lms_toolkit.cli._group import cli
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Deployment, Learner, User
from lms_toolkit.store import Store


@pytest.fixture
def run(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`run("store", "check")`, with the test's store."""
    monkeypatch.setenv("LMS_TOOLKIT_DATA_FOLDER", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lms-toolkit.toml").write_text("", encoding="utf-8")
    return lambda *arguments: CliRunner().invoke(cli, [str(one) for one in arguments])


@pytest.fixture
def pulled(desk: Any, at: Callable[..., Any]) -> Any:
    """An edition of the French course, on one site, with one result."""
    page = Deployment("lab", "sure", "SURE-FR-M1", "fr", "3", "http://127.0.0.1/course/3", (), at(4))
    desk.pulled("Amina Test")
    desk.store.deployments.save(page)
    from lms_toolkit.model import PullSummary

    desk.store.results.save_pull(PullSummary("lab", "SURE-FR-M1", "fr", 1, 0, 0, 0, at(4)))
    desk.done("1", "module:cycles-migratoires", 80.0, at(5))
    return desk


def test_a_report_is_written_for_the_only_site_there_is(run: Any, pulled: Any, tmp_path: Path) -> None:
    done = run("report", "SURE-FR-M1", "-o", "report.html", "--at", "2026-05-06")
    assert (done.exit_code, done.stdout) == (0, "report.html: 1 learner, 1 earned it, 0 to look after\n")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "6 mai 2026, 00:00" in text
    assert run("report", "SURE-FR-M1", "-o", "again.html", "--at", "2026-05-06").exit_code == 0
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == text


def test_grades_go_to_a_workbook_or_as_csv_to_another_program(run: Any, pulled: Any, tmp_path: Path) -> None:
    options = ("grades", "export", "SURE-FR-M1", "--site", "lab", "-o")
    assert run(*options, "grades.xlsx").exit_code == 0
    from openpyxl import load_workbook

    assert load_workbook(tmp_path / "grades.xlsx")["grades"]["A2"].value == "Amina Test"
    header, row = run(*options, "-").stdout.splitlines()
    assert header.startswith("learner,learner_id,item,percent")
    assert row == "Amina Test,idnumber:S-1,module:cycles-migratoires,80,passed,2026-05-05 12:00:00"
    refused = run(*options, "-", "--json")
    assert isinstance(refused.exception, ConfigError)


def test_a_copy_and_a_check_say_what_they_did(run: Any, pulled: Any, tmp_path: Path) -> None:
    done = run("store", "backup", "copy.db")
    assert (done.exit_code, done.stdout.startswith("copy.db: ")) == (0, True)
    assert run("store", "check").stdout == "nothing found\n"
    (tmp_path / "copy.db").replace(tmp_path / "store.db")
    assert json.loads(run("store", "check", "--json").stdout) == []


def test_a_check_that_finds_something_ends_with_1(run: Any, store: Store, make_stray: None) -> None:
    done = run("store", "check", "--json")
    assert done.exit_code == 1
    assert {one["rule"] for one in json.loads(done.stdout)} == {"store-orphans"}


@pytest.fixture
def make_stray(desk: Any, at: Callable[..., Any]) -> None:
    desk.done("99", "module:a", 1.0, at(5))


def test_people_are_erased_once_and_a_second_time_does_no_harm(run: Any, store: Store) -> None:
    store.people.save_accounts("lab", [(User("u", "", "Amina", "Test", "S-1", "1"), Learner("idnumber:S-1", "A Test"))])
    assert run("store", "people", "export", "idnumber:S-1", "-o", "a.json").stdout == "a.json: learners 1, users 1\n"
    assert run("store", "people", "erase", "idnumber:S-1").exit_code == 2  # not unasked by a script
    done = run("store", "people", "erase", "idnumber:S-1", "--yes")
    assert (done.exit_code, done.stdout) == (0, "idnumber:S-1 is erased: users 1, learners 1\n")
    again = run("store", "people", "erase", "idnumber:S-1", "--yes")
    assert (again.exit_code, again.stdout) == (0, "nobody known is 'idnumber:S-1': nothing to erase\n")


def test_whoever_is_still_enrolled_is_said_to_come_back(run: Any, pulled: Any) -> None:
    done = run("store", "people", "erase", "idnumber:S-1", "--yes")
    assert "still enrolled on lab, course 3: the next pull brings this person back" in done.stderr
