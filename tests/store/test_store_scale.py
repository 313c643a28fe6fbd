"""Ten thousand learners: saved page by page, in batches, and read again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import event

from lms_toolkit.model import Grade, Learner, User
from lms_toolkit.store import Store

LEARNERS, ITEMS, PAGE = 10_000, 12, 1000


def test_ten_thousand_learners_are_saved_in_one_transaction_a_page(
    store: Store, make_grade: Callable[..., Grade]
) -> None:
    commits: list[object] = []
    event.listen(store.database.engine, "commit", commits.append)
    for start in range(0, LEARNERS, PAGE):
        refs = [str(number) for number in range(start, start + PAGE)]
        accounts = [(User(ref, "", "Amina", "Test", ref, ref), Learner(f"l{ref}", "Amina Test")) for ref in refs]
        store.people.save_accounts("lab", accounts)
        page = [make_grade(ref, f"module:m{item}", score=float(item)) for ref in refs for item in range(ITEMS)]
        assert store.results.save(page, []) == PAGE * ITEMS
    assert len(commits) == 2 * LEARNERS // PAGE
    assert len(store.people.learners()) == LEARNERS
    grades = store.results.grades("lab", "3")
    assert len(grades) == LEARNERS * ITEMS
    again = [replace(grade, pulled_at=grade.pulled_at + timedelta(hours=1)) for grade in grades[: PAGE * ITEMS]]
    assert store.results.save([*again, make_grade("1", "module:m1", score=99.0)], []) == 1
