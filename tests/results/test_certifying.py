"""Deciding for a whole edition: every learner once, the earned for good, everybody told what changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms_toolkit import hookimpl
from lms_toolkit.certifying import decide, explain
from lms_toolkit.errors import ConfigError, PluginError
from lms_toolkit.grading import pull
from lms_toolkit.model import Award, Course, Deployment, Grade, ResultsPage, User
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MakeGrade = Callable[..., Grade]


@pytest.fixture
def pulled(
    platform: Any,
    site: Any,
    deployment: Deployment,
    store: Store,
    relay: Any,
    amina: User,
    jorge: User,
    make_grade: MakeGrade,
) -> Any:
    """Amina has 80 and 70; Jorge is enrolled and nothing more."""
    grades = (make_grade("module:cycles", 80.0), make_grade("module:acteurs", 70.0))
    site.pages = {"": ResultsPage((amina, jorge), grades, ())}
    store.deployments.save(deployment)
    pull(platform, deployment, store, relay, NOON)
    relay.events.clear()
    return site


def _decide(course: Course, store: Store, relay: Any, now: datetime = NOON) -> dict[str, Award]:
    """The awards: Amina's under `person` (known by her address), Jorge's under `idnumber`."""
    awards = decide(course, course.editions[0], "fr", "lab", store, relay, now)
    return {award.learner_id.partition(":")[0]: award for award in awards}


def test_every_learner_of_the_course_page_gets_a_decision(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    awards = _decide(course, store, relay)
    assert {award.learner_id: award for award in store.awards.all()} == {a.learner_id: a for a in awards.values()}
    assert awards["person"].earned
    assert not awards["idnumber"].earned


def test_a_trial_run_decides_the_same_and_saves_nothing(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    tried = decide(course, course.editions[0], "fr", "lab", store, relay, NOON, save=False)
    assert store.awards.all() == [] and relay.events == []
    assert [replace(award, id="") for award in _decide(course, store, relay).values()] == tried


def test_the_time_of_a_decision_is_the_one_of_the_run(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    assert {award.decided_at for award in _decide(course, store, relay).values()} == {NOON}


def test_an_earned_award_stands_when_the_grade_drops_later(
    course: Course, pulled: Any, platform: Any, deployment: Deployment, store: Store, relay: Any, make_grade: MakeGrade
) -> None:
    before = [award for award in _decide(course, store, relay).values() if award.earned]
    pulled.pages[""] = replace(pulled.pages[""], grades=(make_grade("module:cycles", 0.0),))
    pull(platform, deployment, store, relay, NOON)
    after = [award for award in _decide(course, store, relay, NOON + timedelta(days=1)).values() if award.earned]
    assert after == before and len(after) == 1


def test_somebody_who_passes_later_earns_the_award_then(
    course: Course, pulled: Any, platform: Any, deployment: Deployment, store: Store, relay: Any, make_grade: MakeGrade
) -> None:
    first = _decide(course, store, relay)["idnumber"]
    late = (make_grade("module:cycles", 60.0, "8"), make_grade("module:acteurs", 60.0, "8"))
    pulled.pages[""] = replace(pulled.pages[""], grades=late)
    pull(platform, deployment, store, relay, NOON)
    relay.events.clear()
    second = _decide(course, store, relay, NOON + timedelta(days=1))["idnumber"]
    assert second.earned and second.id == first.id
    assert [event.data["learner_id"] for event in relay.events] == ["idnumber:S-8"]


def test_plugins_are_told_of_news_only_and_after_it_is_saved(
    course: Course, pulled: Any, store: Store, relay: Any
) -> None:
    _decide(course, store, relay)
    assert sorted(event.data["earned"] for event in relay.events) == ["no", "yes"]
    assert relay.events == store.events.all("award.decided")
    relay.events.clear()
    _decide(course, store, relay)
    assert relay.events == []


def test_events_carry_no_names(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    _decide(course, store, relay)
    assert not any("Amina" in text or "@" in text for event in relay.events for text in event.data.values())


class Generous:
    """A course plugin with a rule of its own."""

    @hookimpl
    def lms_decide_award(self, course: Course, edition: Any, language: str, learner: Any) -> Award | None:
        return Award(learner.id, course.id, edition.code, language, True, None, (), NOON - timedelta(days=9))


class Confused:
    @hookimpl
    def lms_decide_award(self, course: Course, edition: Any, language: str) -> Award:
        return Award("idnumber:S-8", course.id, edition.code, language, True, None, (), NOON)


class Broken:
    @hookimpl
    def lms_decide_award(self, learner: Any) -> Award | None:
        if learner.id.startswith("person:"):
            raise ZeroDivisionError
        return None


def test_a_course_may_have_a_rule_of_its_own(
    course: Course, pulled: Any, store: Store, relay_with: Callable[..., Any]
) -> None:
    awards = _decide(course, store, relay_with(Generous()))
    assert [award.earned for award in awards.values()] == [True, True]
    assert {award.decided_at for award in awards.values()} == {NOON}


def test_a_plugin_that_answers_about_somebody_else_is_caught(
    course: Course, pulled: Any, store: Store, relay_with: Callable[..., Any]
) -> None:
    with pytest.raises(PluginError, match="is about idnumber:S-8 in TINY-1; fix the plugin"):
        _decide(course, store, relay_with(Confused()))
    assert store.awards.all() == []


def test_a_plugin_that_raises_leaves_nobody_decided(
    course: Course, pulled: Any, store: Store, relay_with: Callable[..., Any]
) -> None:
    with pytest.raises(PluginError, match="plugin test-0: lms_decide_award: ZeroDivisionError"):
        _decide(course, store, relay_with(Broken()))
    assert store.awards.all() == []


class Asked:
    def __init__(self) -> None:
        self.about: list[str] = []

    @hookimpl
    def lms_decide_award(self, learner: Any) -> None:
        self.about.append(learner.id)


def test_an_earned_award_is_not_decided_again(
    course: Course, pulled: Any, store: Store, relay_with: Callable[..., Any]
) -> None:
    asked = Asked()
    _decide(course, store, relay_with(asked))
    assert len(asked.about) == 2
    asked.about.clear()
    _decide(course, store, relay_with(asked))
    assert asked.about == ["idnumber:S-8"]


def test_an_edition_that_was_not_deployed_says_what_to_run(course: Course, store: Store, relay: Any) -> None:
    with pytest.raises(ConfigError, match="TINY-1 in fr was not deployed to lab; run lms-toolkit deploy first"):
        _decide(course, store, relay)


def test_an_edition_never_pulled_says_what_to_run(
    course: Course, deployment: Deployment, store: Store, relay: Any
) -> None:
    store.deployments.save(deployment)
    with pytest.raises(ConfigError, match="run lms-toolkit grades pull first"):
        _decide(course, store, relay)


def test_two_accounts_of_one_person_make_one_award(
    course: Course,
    platform: Any,
    pulled: Any,
    deployment: Deployment,
    store: Store,
    relay: Any,
    jorge: User,
    make_grade: MakeGrade,
) -> None:
    grades = (make_grade("module:cycles", 90.0, "8"), make_grade("module:acteurs", 90.0, "9"))
    pulled.pages[""] = ResultsPage((jorge, replace(jorge, username="jorge2", email="", ref="9")), grades, ())
    pull(platform, deployment, store, relay, NOON)
    assert _decide(course, store, relay)["idnumber"].score_percent == 90.0


def test_an_explanation_has_every_reason_on_a_line(course: Course, pulled: Any, store: Store, relay: Any) -> None:
    lines = explain(_decide(course, store, relay)["idnumber"]).splitlines()
    assert lines[0] == "TINY-1 (fr), idnumber:S-8: not earned: 3 of 3 reasons not met"
    assert lines[1] == "✗ assessment: “Les cycles”: not done yet, counts 0 %"
    assert lines[3] == "✗ pass-mark: weighted total 0 %, pass mark 60 %"


def test_ten_thousand_learners_are_decided_with_one_commit(
    course: Course, deployment: Deployment, platform: Any, site: Any, store: Store, relay: Any, make_grade: MakeGrade
) -> None:
    from sqlalchemy import event

    users = tuple(User(f"u{n}", "", "Amina", "Test", str(n), str(n)) for n in range(10_000))
    items = ("module:cycles", "module:acteurs")
    grades = tuple(make_grade(item, float(n % 101), str(n)) for n in range(10_000) for item in items)
    site.pages = {"": ResultsPage(users, grades, ())}
    store.deployments.save(deployment)
    pull(platform, deployment, store, relay, NOON)
    writes: list[object] = []
    event.listen(
        store.database.engine,
        "before_cursor_execute",
        lambda c, cursor, statement, *rest: writes.append(statement) if statement == "BEGIN IMMEDIATE" else None,
    )
    awards = decide(course, course.editions[0], "fr", "lab", store, relay, NOON)
    assert sum(award.earned for award in awards) == sum(n % 101 >= 60 for n in range(10_000))
    assert len(writes) == 1
