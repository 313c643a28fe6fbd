"""Results of a page in several languages: which one somebody learned in, under the keys that rules know."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lms_toolkit.model import Completion, Edition, Grade
from lms_toolkit.one_page_results import own_results

EDITION = Edition("E1", ("en", "fr"), "online", (), 1, pages="one")
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def done(item, state="complete"):
    return Completion("lab", "7", "3", item, state, NOW, NOW, "test")


def grade(item, score=80.0):
    return Grade("lab", "7", "3", item, score, 100.0, NOW, NOW, "test")


@pytest.mark.parametrize(
    ("grades", "completions", "language"),
    [
        ([], [], "en"),
        ([], [done("module:a.fr"), done("module:b.en", "incomplete")], "fr"),
        ([], [done("module:a.fr"), done("module:a.en"), done("module:b.fr")], "fr"),
        ([grade("activity:quiz.fr"), grade("module:a.en", None)], [], "fr"),
        ([grade("activity:essay"), grade("total")], [done("activity:forum")], "en"),
        ([grade("module:a.en")], [done("module:a.fr")], "fr"),  # what was done counts before what was tried
    ],
)
def test_somebody_learns_in_the_language_in_which_most_was_done(grades, completions, language):
    assert own_results(EDITION, grades, completions).language == language


def test_rules_see_one_thing_whatever_the_language():
    found = own_results(
        EDITION, [grade("module:a.fr"), grade("module:a.en", 20.0), grade("total")], [done("activity:quiz.en")]
    )
    assert [one.item for one in found.grades] == ["module:a", "module:a", "total"]
    assert [one.item for one in found.completions] == ["activity:quiz"]


def test_a_key_that_only_looks_like_one_of_a_language_stays():
    assert own_results(EDITION, [grade("module:a.es")], []).grades[0].item == "module:a.es"
