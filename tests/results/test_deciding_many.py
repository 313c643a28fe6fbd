"""Deciding for many: worker processes decide the same, and plugins are given records all the same."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms_toolkit import certifying, deciding_many, hookimpl
from lms_toolkit.certifying import decide, decide_changes
from lms_toolkit.errors import StoreError
from lms_toolkit.model import (
    Award,
    Completion,
    Course,
    Deployment,
    Grade,
    Learner,
    PullSummary,
    User,
)
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
ITEMS = ("module:cycles", "module:acteurs")
Fill = Callable[[int], None]


@pytest.fixture
def fill(store: Store, deployment: Deployment) -> Fill:
    """So many learners, each with two scores; every third has no second one, and every fifth a second account."""

    def save(learners: int) -> None:
        store.deployments.save(deployment)
        refs = {n: [str(n), f"{n}b"] if n % 5 == 0 else [str(n)] for n in range(learners)}
        people = [
            (User(ref, "", "Amina", "Test", f"S-{n}", ref), Learner(f"l{n:05}", "Amina Test"))
            for n, some in refs.items()
            for ref in some
        ]
        store.people.save_accounts("lab", people)
        store.people.save_enrolments("lab", "3", [user.ref for user, _ in people], NOON)
        passed = [Completion("lab", "3", some[0], ITEMS[0], "passed", NOON, NOON, "x") for some in refs.values()]
        store.results.save([grade for n, some in refs.items() for grade in grades_of(n, some)], passed)
        store.results.save_pull(PullSummary("lab", "TINY-1", "fr", learners, 0, 0, 0, NOON))

    return save


def grades_of(n: int, refs: Sequence[str]) -> list[Grade]:
    at = NOON - timedelta(seconds=n, microseconds=n % 2)
    scores = {ITEMS[0]: float(40 + n % 60), ITEMS[1]: None if n % 3 == 0 else 77.125}
    return [Grade("lab", "3", ref, item, score, 100.0, at, NOON, "x") for ref in refs for item, score in scores.items()]


# --- plugins


class Looking:
    """A plugin that answers for nobody and looks at every record."""

    def __init__(self) -> None:
        self.seen: list[tuple[Learner, list[Grade], list[Completion]]] = []

    @hookimpl
    def lms_decide_award(
        self, learner: Learner, grades: Sequence[Grade], completions: Sequence[Completion]
    ) -> Award | None:
        assert len(grades) == len(list(grades)) and bool(completions) == (len(completions[:]) > 0)
        self.seen.append((learner, list(grades), list(completions)))
        return None


def test_a_plugin_is_given_the_records_of_all_accounts_of_a_learner(
    course: Course, store: Store, fill: Fill, relay_with: Callable[..., Any]
) -> None:
    fill(7)
    looking = Looking()
    with_plugin = decide(course, course.editions[0], "fr", "lab", store, relay_with(looking), NOON)
    learner, grades, completions = looking.seen[5]
    assert learner == Learner("l00005", "Amina Test")
    stored = [*store.results.grades("lab", "3", "5"), *store.results.grades("lab", "3", "5b")]
    assert sorted(grades, key=repr) == sorted(stored, key=repr) and len(grades) == 4
    assert completions == store.results.completions("lab", "3", "5")
    assert [replace(one, id="") for one in with_plugin] == decided_by_records(course, store)


def decided_by_records(course: Course, store: Store) -> list[Award]:
    """The awards by the rule alone, from nothing but records."""
    from lms_toolkit.rules import decide_award

    accounts: dict[str, list[str]] = {}
    for ref, learner in store.people.enrolled("lab", "3").items():
        accounts.setdefault(learner.id, []).append(ref)
    found = []
    for id, refs in sorted(accounts.items()):
        grades = [grade for ref in refs for grade in store.results.grades("lab", "3", ref)]
        completions = [one for ref in refs for one in store.results.completions("lab", "3", ref)]
        award = decide_award(course, course.editions[0], "fr", Learner(id, "Amina Test"), grades, completions)
        found.append(replace(award, decided_at=NOON))
    return found


# --- workers


@pytest.fixture
def in_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two workers, however few learners there are."""
    monkeypatch.setattr(deciding_many, "MANY", 1)
    monkeypatch.setattr(deciding_many, "BATCH", 20)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield


@pytest.mark.usefixtures("in_workers")
def test_workers_decide_as_one_process_does_and_everything_is_kept_at_once(
    course: Course, store: Store, fill: Fill, relay: Any
) -> None:
    fill(50)
    here = decided_by_records(course, store)
    first = decide_changes(course, course.editions[0], "fr", "lab", store, relay, NOON)
    kept = certifying.standing_awards(course, course.editions[0], "fr", "lab", store)
    assert [replace(one, id="") for one in kept] == here
    assert (first.learners, first.earned, first.news) == (50, sum(one.earned for one in here), 50)
    assert len(relay.events) == 50
    store.results.save(grades_of(41, ["42"]), [])
    again = decide_changes(course, course.editions[0], "fr", "lab", store, relay, NOON)
    assert (again.learners, again.everybody) == (1, False)
    assert {one.id for one in kept} == {one.id for one in store.awards.all()}


class Killing:
    """A plugin that ends the process it decides in, as somebody from outside would."""

    @hookimpl
    def lms_decide_award(self, learner: Learner) -> Award | None:
        if learner.id == "l00011":
            os._exit(9)
        return None


@pytest.mark.usefixtures("in_workers")
def test_a_worker_that_is_ended_leaves_nothing_half_decided(
    course: Course, store: Store, fill: Fill, relay_with: Callable[..., Any]
) -> None:
    fill(15)
    with pytest.raises(StoreError, match="ended from outside, perhaps for want of memory; nothing was saved"):
        decide(course, course.editions[0], "fr", "lab", store, relay_with(Killing()), NOON)
    assert store.awards.all() == []
