"""The rows of `grades show`, and a CSV file that no spreadsheet program runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lms_toolkit.grading import ScoreRow, export_csv, pull, scores_of
from lms_toolkit.model import Completion, Deployment, Grade, ResultsPage, User
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def rows_of(
    platform: Any,
    site: Any,
    deployment: Deployment,
    store: Store,
    relay: Any,
    amina: User,
    jorge: User,
    make_grade: Callable[..., Grade],
    make_completion: Callable[..., Completion],
) -> Callable[[str], list[ScoreRow]]:
    grades = (make_grade("module:b", 15.0, "8", score_max=20.0), make_grade("module:a", None))
    completions = (make_completion("module:b", "passed", "8"), make_completion("course", "incomplete"))
    site.pages = {None: ResultsPage((jorge, amina), grades, completions)}
    pull(platform, deployment, store, relay, NOON)
    return lambda text: scores_of(store, "lab", "3", text)


def test_grades_are_shown_by_learner_with_completion_beside(rows_of: Callable[[str], list[ScoreRow]]) -> None:
    shown = [(row.learner, row.item, row.percent, row.state) for row in rows_of("")]
    assert shown == [
        ("Amina Test", "course", None, "incomplete"),
        ("Amina Test", "module:a", None, None),
        ("Jorge Prueba", "module:b", 75.0, "passed"),
    ]


def test_grades_of_one_learner_are_found_by_part_of_the_name(rows_of: Callable[[str], list[ScoreRow]]) -> None:
    assert {row.learner for row in rows_of("prueba")} == {"Jorge Prueba"}
    assert rows_of("nobody") == []


def _exported(rows: list[ScoreRow]) -> str:
    file = io.StringIO()
    export_csv(rows, file)
    return file.getvalue()


def test_a_csv_file_starts_so_that_spreadsheets_read_its_accents() -> None:
    text = _exported([ScoreRow("Chloé Essai", "idnumber:1", "module:a", 66.66667, "passed", NOON)])
    assert text.encode("utf-8")[:3] == b"\xef\xbb\xbf"
    assert text[1:].splitlines() == [
        "learner,learner_id,item,percent,state,graded_at",
        "Chloé Essai,idnumber:1,module:a,66.66667,passed,2026-05-04 12:00:00",
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_that_looks_like_a_formula_is_only_a_text(start: str) -> None:
    text = _exported([ScoreRow(f'{start}HYPERLINK("x")', "l", "module:a", None, None, None)])
    (_, row) = csv.reader(io.StringIO(text, newline=""))
    assert row == [f'\'{start}HYPERLINK("x")', "l", "module:a", "", "", ""]


def test_a_negative_number_stays_a_number() -> None:
    assert ",-5," in _exported([ScoreRow("Amina Test", "l", "module:a", -5.0, None, None)])
