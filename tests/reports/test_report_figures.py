"""What a report counts: progress, totals, who is at risk and why, and what is still missing by the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms_toolkit.certifying import decide
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import ElectiveBlock, Grade

At = Callable[..., datetime]


@pytest.fixture
def everybody(desk: Any, at: At) -> Any:
    """Amina has everything; Jorge did badly and went silent; Chloé has not begun; Fatou is on her way."""
    desk.pulled("Amina Test", "Jorge Prueba", "Chloé Essai", "Fatou Exemple")
    for item in ("module:cycles", "module:acteurs", "activity:essai"):
        desk.done("1", item, 80.0, at(9))
    desk.done("2", "module:cycles", 40.0, at(5), "failed")
    desk.done("4", "module:cycles", 90.0, at(9))
    return desk


def test_progress_says_how_many_are_done_under_way_and_late(everybody: Any, at: At) -> None:
    cycles, acteurs, essai = everybody.report(at(12)).progress
    assert (cycles.done, cycles.under_way, cycles.not_begun, cycles.late) == (2, 1, 1, 2)
    assert (acteurs.done, acteurs.not_begun, acteurs.late) == (1, 3, 0)  # its phase has not ended
    assert cycles.mean_percent == 70.0
    assert essai.title == "L’essai"


def test_a_phase_ends_with_its_last_day_where_the_edition_is(everybody: Any) -> None:
    last_moment = datetime(2026, 5, 10, 21, 59, 59, tzinfo=UTC)  # a second to midnight in Rome
    assert everybody.report(last_moment).progress[0].late == 0
    assert everybody.report(last_moment + timedelta(seconds=1)).progress[0].late == 2


def test_the_most_urgent_come_first_each_with_the_reasons(everybody: Any, at: At) -> None:
    report = everybody.report(at(12), inactive_days=7)
    found = [(one.name, one.level, [signal.kind for signal in one.signals]) for one in report.at_risk]
    assert found == [
        ("Jorge Prueba", "high", ["late", "inactive", "low"]),
        ("Chloé Essai", "high", ["late", "not-begun"]),
    ]
    [late, inactive, _] = report.at_risk[0].signals
    assert late.titles == ("Les cycles & <départs>",)
    assert inactive.days == 7
    assert report.at_risk[0].percent == 40.0
    assert (report.learners, report.begun, report.earned) == (4, 3, 1)


def test_what_is_missing_is_what_the_rule_says(everybody: Any, at: At) -> None:
    [jorge] = [one for one in everybody.report(at(12)).at_risk if one.name == "Jorge Prueba"]
    assert [lack.title for lack in jorge.lacks] == ["Les acteurs", "L’essai", ""]
    assert jorge.lacks[-1].rule == "pass-mark"
    awards = decide(
        everybody.course,
        everybody.course.editions[0],
        "fr",
        "lab",
        everybody.store,
        everybody.plugins,
        at(12),
        save=False,
    )
    [award] = [one for one in awards if one.learner_id == "idnumber:S-2"]
    assert [lack.fact for lack in jorge.lacks] == [reason.fact for reason in award.reasons if not reason.met]


def test_somebody_who_does_what_is_due_in_time_is_not_at_risk(everybody: Any, at: At) -> None:
    assert "Fatou Exemple" not in [one.name for one in everybody.report(at(12)).at_risk]
    assert "Fatou Exemple" in [one.name for one in everybody.report(at(12), inactive_days=2).at_risk]


def test_before_an_edition_begins_nobody_is_late_with_beginning(desk: Any, at: At) -> None:
    desk.pulled("Amina Test")
    assert desk.report(at(3)).at_risk == ()
    assert [one.name for one in desk.report(at(4)).at_risk] == ["Amina Test"]


def test_once_an_edition_is_over_everybody_without_the_certificate_is_named(everybody: Any, at: At) -> None:
    report = everybody.report(at(20))
    assert report.is_over
    assert {one.name for one in report.at_risk} == {"Jorge Prueba", "Chloé Essai", "Fatou Exemple"}
    assert {signal.kind for one in report.at_risk for signal in one.signals} == {"late"}


def test_nobody_is_late_with_an_elective(desk: Any, at: At) -> None:
    [edition] = desk.course.editions
    block = ElectiveBlock("choice", {"fr": "Au choix"}, 1, ("cycles", "acteurs"))
    course = replace(desk.course, editions=(replace(edition, electives=(block,)),))
    chosen = replace(desk, course=course)
    chosen.pulled("Amina Test")
    assert [one.late for one in chosen.report(at(20)).progress] == [0, 0, 1]


def test_a_page_in_several_languages_is_one_page_of_the_report(desk: Any, at: At) -> None:
    [edition] = desk.course.editions
    module = replace(desk.course.module("cycles"), content={})
    chosen = replace(
        desk,
        course=replace(
            desk.course,
            languages=("fr", "es"),
            modules=(module, *desk.course.modules[1:]),
            editions=(replace(edition, languages=("fr", "es"), pages="one"),),
        ),
    )
    chosen.pulled("Amina Test", "Jorge Prueba")
    chosen.done("1", "module:cycles.fr", 80.0, at(5))
    chosen.done("2", "module:cycles.es", 60.0, at(5))
    first = chosen.report(at(6)).progress[0]
    assert (first.slug, first.done, first.mean_percent) == ("cycles", 2, 70.0)


def test_what_happened_later_is_not_known_yet(everybody: Any, at: At) -> None:
    assert everybody.report(at(6)).progress[0].done == 0


def test_totals_are_the_rules_and_those_without_a_score_are_counted_apart(everybody: Any, at: At) -> None:
    scores = everybody.report(at(12)).scores
    assert scores.counts == (0, 1, 0, 1, 0, 0, 0, 0, 1, 0)  # 40 / 3, 90 / 3 and 80
    assert (scores.graded, scores.ungraded, scores.reached) == (3, 1, 1)
    assert scores.median_percent == 30.0


def test_a_grade_that_cannot_be_counted_is_left_out(desk: Any, at: At) -> None:
    desk.pulled("Amina Test")
    strange = [("module:cycles", float("nan")), ("module:acteurs", -5.0), ("activity:essai", 1e9)]
    desk.store.results.save(
        [Grade("lab", "3", "1", item, score, 100.0, at(5), at(5), "") for item, score in strange], []
    )
    report = desk.report(at(6))
    assert [one.mean_percent for one in report.progress] == [None, None, None]
    assert report.scores.graded == 0


def test_those_who_left_the_course_page_are_not_in_the_report(everybody: Any, at: At) -> None:
    from lms_toolkit.store.enrolments import leave

    with everybody.store.database.write() as connection:
        leave(connection, "lab", "3", {"2"}, at(6))
    assert everybody.report(at(12)).learners == 3


def test_before_the_first_pull_it_says_what_to_do(desk: Any, at: At) -> None:
    desk.store.deployments.save(desk.deployment)
    with pytest.raises(ConfigError, match="run lms-toolkit grades pull first"):
        desk.report(at(12))
