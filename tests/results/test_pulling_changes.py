"""After everything was read once, a pull asks what changed; it survives being killed, resets and lies of clocks."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms_toolkit.certifying import decide
from lms_toolkit.errors import CursorExpired, PluginError, StoreError, Unreachable
from lms_toolkit.grading import history_of, scores_of
from lms_toolkit.model import Completion, Course, Deployment, Gone, Grade, PullSummary, ResultsPage, User
from lms_toolkit.pulling import RESTARTS, pull
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Pulling:
    """Pulls of one course page, an hour apart unless told otherwise."""

    site: Any
    store: Store
    run: Callable[..., PullSummary]

    def scores(self) -> dict[tuple[str, str], float | None]:
        return {(grade.user_ref, grade.item): grade.score for grade in self.store.results.grades("lab", "3")}

    def asked(self) -> list[str]:
        """The cursors since this was asked last."""
        asked, self.site.asked = self.site.asked, []
        return list(asked)


@pytest.fixture
def pulling(platform: Any, site: Any, deployment: Deployment, store: Store, relay: Any) -> Pulling:
    def run(hours: float = 0, **options: Any) -> PullSummary:
        return pull(platform, deployment, store, relay, NOON + hours * HOUR, **options)

    return Pulling(site, store, run)


def changes(cursor: str, *, more: bool = False, **rows: Any) -> ResultsPage:
    return ResultsPage(**{"users": (), "grades": (), "completions": (), **rows}, cursor=cursor, more=more, whole=False)


@pytest.fixture
def whole(amina: User, jorge: User, make_grade: Callable[..., Grade]) -> ResultsPage:
    """Everything there is, in one page."""
    grades = tuple(make_grade(item, 80.0, ref) for ref in ("7", "8") for item in ("module:cycles", "total"))
    return ResultsPage((amina, jorge), grades, (), cursor="@1")


@pytest.fixture
def pulled(pulling: Pulling, whole: ResultsPage) -> Pulling:
    pulling.site.pages = {"": whole, "@1": changes("@1")}
    pulling.run()
    assert pulling.asked() == [""]
    return pulling


def test_the_next_pull_asks_what_changed_and_saves_nothing_else(
    pulled: Pulling, make_grade: Callable[..., Grade]
) -> None:
    pulled.site.pages["@1"] = changes("@2", more=True, grades=(make_grade("module:cycles", 90.0),))
    pulled.site.pages["@2"] = changes("@3", grades=(make_grade("total", 85.0),))

    summary = pulled.run(1)

    assert pulled.asked() == ["@1", "@2"]
    assert (summary.whole, summary.users, summary.grades, summary.changed) == (False, 0, 2, 2)
    assert pulled.scores() == {
        ("7", "module:cycles"): 90.0,
        ("7", "total"): 85.0,
        ("8", "module:cycles"): 80.0,
        ("8", "total"): 80.0,
    }


def test_when_nothing_changed_nobody_is_marked_for_deciding(pulled: Pulling) -> None:
    with pulled.store.deciding.run() as run:
        run.unmark("lab", "3", pulled.store.undecided.marks("lab", "3"))
    pulled.run(1)
    assert pulled.store.undecided.marks("lab", "3") == {}


def test_a_pull_that_was_killed_goes_on_where_it_stopped_and_finds_at_its_end_what_is_gone(
    pulled: Pulling, whole: ResultsPage, amina: User, make_grade: Callable[..., Grade]
) -> None:
    first = replace(whole, users=(amina,), grades=(), cursor="users|7", more=True)
    last = replace(whole, users=(), grades=(make_grade("module:cycles", 80.0),), cursor="@9")
    pulled.site.pages |= {"": first, "users|7": Unreachable("lab did not answer")}
    with pytest.raises(Unreachable):
        pulled.run(1, full=True)
    assert len(pulled.scores()) == 4, "a reading that did not reach its end has found nothing gone"

    pulled.site.pages |= {"users|7": last}
    summary = pulled.run(2)

    assert pulled.asked() == ["", "users|7", "users|7"]
    assert (summary.whole, summary.gone) == (True, 2)
    assert pulled.scores() == {("7", "module:cycles"): 80.0, ("8", "module:cycles"): 80.0, ("8", "total"): 80.0}
    assert [one.until for one in pulled.store.history.enrolments("lab", "3")] == [None, NOON + 2 * HOUR]


def test_a_page_and_its_cursor_are_saved_together_or_not_at_all(
    pulled: Pulling, make_grade: Callable[..., Grade]
) -> None:
    broken = replace(make_grade("total", 1.0), source=None)  # type: ignore[arg-type]
    pulled.site.pages["@1"] = changes("@2", grades=(make_grade("module:cycles", 1.0), broken))
    with pytest.raises(StoreError):
        pulled.run(1)

    pulled.site.pages["@1"] = changes("@2", grades=(make_grade("module:cycles", 2.0),))
    pulled.run(2)

    assert pulled.asked() == ["@1", "@1"]
    seen = [one.fact.score for one in pulled.store.history.grades("lab", "3", "7") if one.fact.item != "total"]
    assert seen == [80.0, 2.0]


def test_a_site_that_no_longer_knows_the_cursor_is_read_from_the_start(pulled: Pulling) -> None:
    pulled.site.pages["@1"] = CursorExpired("lab: the course was reset")
    assert pulled.run(1).whole
    assert pulled.asked() == ["@1", ""]


def test_a_site_that_never_knows_its_own_cursor_is_not_read_for_ever(pulled: Pulling, whole: ResultsPage) -> None:
    pulled.site.pages |= {"": replace(whole, more=True), "@1": CursorExpired("lab: the course was reset")}
    with pytest.raises(CursorExpired):
        pulled.run(1)
    assert pulled.asked().count("") == RESTARTS


def test_everything_is_read_again_after_a_day_and_when_asked(pulled: Pulling) -> None:
    assert not pulled.run(23.9).whole
    assert pulled.run(24).whole, "24 hours after the last reading of everything began"
    assert not pulled.run(25).whole
    assert pulled.run(26, full=True).whole
    assert not pulled.run(500, repair_after=None).whole
    assert pulled.run(-30).whole, "a reading that began in the future was timed by a wrong clock"


def test_a_platform_that_cannot_tell_changes_is_read_whole_each_time(pulling: Pulling, whole: ResultsPage) -> None:
    pulling.site.pages = {"": replace(whole, cursor="")}
    assert pulling.run().whole
    pulling.site.pages = {"": replace(whole, cursor="", grades=whole.grades[1:])}
    assert pulling.run(1).gone == 1
    assert pulling.asked() == ["", ""]


def test_what_a_site_can_no_longer_tell_stays_as_it_was_known(pulled: Pulling, whole: ResultsPage) -> None:
    """A site that lost its companion shows grades, but neither completions nor attempts."""
    done = Completion("lab", "3", "7", "course", "complete", NOON, NOON, "lab")
    pulled.site.pages[""] = replace(whole, completions=(done,))
    pulled.run(1, full=True)
    pulled.site.pages[""] = replace(whole, cursor="", unseen=frozenset({"completion", "attempt"}))

    assert pulled.run(2, full=True).gone == 0
    assert [one.item for one in pulled.store.results.completions("lab", "3")] == ["course"]


def test_a_platform_that_tells_changes_of_nothing_is_refused(pulling: Pulling, whole: ResultsPage) -> None:
    pulling.site.pages = {"": replace(whole, whole=False)}
    with pytest.raises(PluginError, match="paged answered with changes where everything was asked for"):
        pulling.run()
    assert pulling.scores() == {}


def test_what_is_gone_is_remembered_and_shown_as_of_its_time(pulled: Pulling) -> None:
    pulled.site.pages["@1"] = changes("@2", gone=(Gone("grade", "7", "total"),))
    assert pulled.run(1).gone == 1

    assert ("7", "total") not in pulled.scores()
    assert [row.item for row in scores_of(pulled.store, "lab", "3", "amina")] == ["module:cycles"]
    before = scores_of(pulled.store, "lab", "3", "amina", at=NOON + HOUR / 2)
    assert [(row.item, row.percent) for row in before] == [("module:cycles", 80.0), ("total", 80.0)]
    assert scores_of(pulled.store, "lab", "3", at=NOON - HOUR) == []
    past = [
        (row.said, row.since, row.until) for row in history_of(pulled.store, "lab", "3", "amina") if row.item == "total"
    ]
    assert past == [("80 of 100", NOON, NOON + HOUR)]


def test_whoever_left_is_decided_on_what_was_known_and_brings_everything_along_when_coming_back(
    pulled: Pulling, amina: User, make_grade: Callable[..., Grade], make_completion: Callable[..., Completion]
) -> None:
    # Some sites forget the results of those who leave.
    pulled.site.pages["@1"] = changes("@2", gone=(Gone("user", "7"), Gone("grade", "7", "total")))
    pulled.run(1)
    assert pulled.scores()["7", "total"] == 80.0 and set(pulled.store.people.enrolled("lab", "3")) == {"7", "8"}
    assert "7" in pulled.store.undecided.marks("lab", "3")

    back = changes("@3", users=(amina,), grades=(make_grade("module:cycles", 80.0),))
    pulled.site.pages["@2"] = back
    pulled.run(2)

    assert ("7", "total") not in pulled.scores()
    enrolled = [(one.since, one.until) for one in pulled.store.history.enrolments("lab", "3") if one.user_ref == "7"]
    assert enrolled == [(NOON, NOON + HOUR), (NOON + 2 * HOUR, None)]
    seen = [one.fact.item for one in pulled.store.history.grades("lab", "3", "7")]
    assert seen == ["module:cycles", "total"], "what did not change is in the history once"


@pytest.mark.parametrize("score", [-5.0, 100.01, 1e308, math.inf, -math.inf, math.nan])
def test_a_number_no_gradebook_should_hold_is_kept_as_said_and_earns_nothing(
    pulling: Pulling,
    course: Course,
    deployment: Deployment,
    relay: Any,
    amina: User,
    make_grade: Callable[..., Grade],
    score: float,
) -> None:
    grades = (make_grade("module:cycles", score), make_grade("module:acteurs", 90.0))
    pulling.site.pages = {"": ResultsPage((amina,), grades, (), cursor="@1")}
    pulling.store.deployments.save(deployment)
    pulling.run()

    stored = pulling.scores()["7", "module:cycles"]
    (award,) = decide(course, course.editions[0], "fr", "lab", pulling.store, relay, NOON)

    assert stored is not None and repr(stored) == repr(score)
    assert not award.earned
    assert next(reason.rule for reason in award.reasons if not reason.met) == "usable-grade"
    assert "cannot be counted" in next(reason.fact for reason in award.reasons if reason.rule == "usable-grade")
