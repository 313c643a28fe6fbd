"""The rows of `grades show`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from lms_toolkit.grading import ScoreRow, pull, scores_of
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
    site.pages = {"": ResultsPage((jorge, amina), grades, completions)}
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
