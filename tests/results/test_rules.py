"""The host's rule: exact at the mark, monotone in every score, and never earned on a fact that cannot be counted."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit.model import Activity, Award, Completion, Course, Grade, Learner, Module, Phase
from lms_toolkit.rules import decide_award

LEARNER = Learner("idnumber:S-1", "Amina Test")
MakeGrade = Callable[..., Grade]
MakeCompletion = Callable[..., Completion]
WithRule = Callable[..., Course]

scores = st.decimals(min_value=0, max_value=100, places=5).map(float)
empty_or_scores = st.none() | scores
weights = st.decimals(min_value=0, max_value=10, places=2).map(float)


def decide(course: Course, grades: list[Grade], completions: list[Completion] = []) -> Award:  # noqa: B006
    return decide_award(course, course.editions[0], "fr", LEARNER, grades, completions)


def unmet(award: Award) -> list[str]:
    return [reason.rule for reason in award.reasons if not reason.met]


def both(make_grade: MakeGrade, one: float | None, other: float | None) -> list[Grade]:
    return [make_grade("module:cycles", one), make_grade("module:acteurs", other)]


@pytest.mark.parametrize(
    ("one", "other", "earned", "shown"),
    [
        (60.0, 60.0, True, 60.0),
        (59.99, 59.99, False, 59.99),
        (60.0, 59.99999, False, 59.99),
        (20.4, 99.6, True, 60.0),  # as binary fractions they do not reach 120 together
        (100.0, 20.0, True, 60.0),
        (100.0, 0.0, False, 50.0),
        (100.0, 100.0, True, 100.0),
    ],
)
def test_the_mark_is_met_exactly_or_not_at_all(
    course: Course, make_grade: MakeGrade, one: float, other: float, earned: bool, shown: float
) -> None:
    award = decide(course, both(make_grade, one, other))
    assert (award.earned, award.score_percent) == (earned, shown)


@given(one=scores, other=scores, mark=scores)
def test_the_award_is_earned_exactly_when_the_exact_mean_reaches_the_mark(
    course: Course, make_grade: MakeGrade, with_rule: WithRule, one: float, other: float, mark: float
) -> None:
    award = decide(with_rule(course, pass_mark_percent=mark), both(make_grade, one, other))
    assert award.earned == ((Fraction(str(one)) + Fraction(str(other))) / 2 >= Fraction(str(mark)))


@given(one=empty_or_scores, other=empty_or_scores, better=scores, require_all=st.booleans(), weight=weights)
def test_a_better_score_never_costs_the_award(
    course: Course,
    make_grade: MakeGrade,
    with_rule: WithRule,
    one: float | None,
    other: float | None,
    better: float,
    require_all: bool,
    weight: float,
) -> None:
    weighted = replace(with_rule(course, require_all_assessments=require_all), weights={"cycles": weight})
    before = decide(weighted, both(make_grade, one, other))
    after = decide(weighted, both(make_grade, max(better, one or 0.0), other))
    assert after.earned >= before.earned
    assert (after.score_percent or 0) >= (before.score_percent or 0)


@given(one=scores, other=scores, mark=scores)
def test_the_score_shown_is_never_rounded_up(
    course: Course, make_grade: MakeGrade, with_rule: WithRule, one: float, other: float, mark: float
) -> None:
    award = decide(with_rule(course, pass_mark_percent=mark), both(make_grade, one, other))
    assert award.score_percent is not None
    assert 0 <= (Fraction(str(one)) + Fraction(str(other))) / 2 - Fraction(str(award.score_percent)) < Fraction(1, 100)


@given(one=scores, other=scores, weight=st.decimals(min_value="0.01", max_value=10, places=2).map(float))
def test_only_the_ratio_of_weights_matters(
    course: Course, make_grade: MakeGrade, one: float, other: float, weight: float
) -> None:
    grades = both(make_grade, one, other)
    equal = replace(course, weights={"cycles": weight, "acteurs": weight})
    assert decide(equal, grades).score_percent == decide(course, grades).score_percent


def test_a_weight_counts_as_often_as_it_says(course: Course, make_grade: MakeGrade) -> None:
    weighted = replace(course, weights={"cycles": 3.0})
    assert decide(weighted, both(make_grade, 70.0, 30.0)).score_percent == 60.0


def test_weights_that_are_all_zero_earn_nothing(course: Course, make_grade: MakeGrade) -> None:
    award = decide(replace(course, weights={"cycles": 0.0, "acteurs": 0.0}), both(make_grade, 100.0, 100.0))
    assert award.score_percent is None and unmet(award) == ["pass-mark"]


def test_an_edition_where_nothing_is_graded_earns_nothing(course: Course, with_rule: WithRule) -> None:
    phase = Phase("one", {"fr": "Une"}, activities=("forum",))
    edition = replace(course.editions[0], phases=(phase,))
    award = decide(replace(with_rule(course, pass_mark_percent=0.0), editions=(edition,)), [])
    assert not award.earned and unmet(award) == ["pass-mark"]


def test_an_empty_grade_counts_zero_and_is_not_done(course: Course, make_grade: MakeGrade) -> None:
    award = decide(course, both(make_grade, 100.0, None))
    assert award.score_percent == 50.0
    assert unmet(award) == ["assessment", "pass-mark"]
    assert "“Les acteurs”: not done yet, counts 0 %" in [reason.fact for reason in award.reasons]


def test_an_empty_grade_stops_the_award_even_where_the_total_would_pass(
    course: Course, make_grade: MakeGrade, with_rule: WithRule
) -> None:
    easy = with_rule(course, pass_mark_percent=50.0)
    assert unmet(decide(easy, both(make_grade, 100.0, None))) == ["assessment"]
    relaxed = with_rule(easy, require_all_assessments=False)
    assert decide(relaxed, both(make_grade, 100.0, None)).earned


def test_a_failed_quiz_is_done_and_counts_by_its_score(
    course: Course, make_grade: MakeGrade, make_completion: MakeCompletion
) -> None:
    award = decide(course, both(make_grade, 100.0, 20.0), [make_completion("module:acteurs", "failed")])
    assert award.earned


def test_a_failed_module_that_gave_no_score_is_done_and_counts_zero(
    course: Course, make_grade: MakeGrade, make_completion: MakeCompletion, with_rule: WithRule
) -> None:
    grades, failed = both(make_grade, 100.0, None), [make_completion("module:acteurs", "failed")]
    assert decide(with_rule(course, pass_mark_percent=50.0), grades, failed).earned
    assert unmet(decide(with_rule(course, pass_mark_percent=51.0), grades, failed)) == ["pass-mark"]


def test_a_completed_module_without_a_grade_is_done(
    course: Course, make_grade: MakeGrade, make_completion: MakeCompletion, with_rule: WithRule
) -> None:
    grades, done = both(make_grade, 100.0, None), [make_completion("module:acteurs", "complete")]
    assert decide(with_rule(course, pass_mark_percent=50.0), grades, done).earned


@pytest.mark.parametrize("score", [-0.01, 100.01, math.nan, math.inf, -math.inf])
def test_a_grade_out_of_its_scale_never_earns_and_says_so(
    course: Course, make_grade: MakeGrade, with_rule: WithRule, score: float
) -> None:
    relaxed = with_rule(course, pass_mark_percent=0.0, require_all_assessments=False)
    award = decide(relaxed, both(make_grade, 100.0, score))
    assert unmet(award) == ["usable-grade"]
    assert f"cannot be counted: {score} on a scale from 0 to 100" in award.reasons[1].fact


@pytest.mark.parametrize("scale", [(0.0, 0.0), (10.0, 5.0), (0.0, math.nan), (0.0, math.inf), (-math.inf, 100.0)])
def test_a_scale_that_is_none_never_earns(course: Course, make_grade: MakeGrade, scale: tuple[float, float]) -> None:
    odd = make_grade("module:acteurs", 5.0, score_min=scale[0], score_max=scale[1])
    assert "usable-grade" in unmet(decide(course, [make_grade("module:cycles", 100.0), odd]))


def test_any_scale_is_turned_into_percent(course: Course, make_grade: MakeGrade) -> None:
    grades = [
        make_grade("module:cycles", 12.0, score_max=20.0),
        make_grade("module:acteurs", 7.0, score_min=1.0, score_max=11.0),
    ]
    assert decide(course, grades).score_percent == 60.0


def test_the_best_of_two_accounts_of_one_person_counts(course: Course, make_grade: MakeGrade) -> None:
    grades = [
        *both(make_grade, 20.0, 60.0),
        make_grade("module:cycles", 60.0, "9"),
        make_grade("module:acteurs", None, "9"),
    ]
    assert decide(course, grades).earned


def test_a_module_that_is_not_written_stops_the_award_by_name(course: Course, make_grade: MakeGrade) -> None:
    unwritten = Module("acteurs", {"fr": "Les acteurs"}, {}, (), 1.0, 60.0)
    award = decide(replace(course, modules=(course.modules[0], unwritten)), [make_grade("module:cycles", 100.0)])
    assert "“Les acteurs” is not written in this language yet" in [reason.fact for reason in award.reasons]
    assert "written" in unmet(award)


def test_a_module_the_site_says_nothing_of_is_not_done_and_counts_nothing(
    course: Course, make_grade: MakeGrade, with_rule: WithRule
) -> None:
    alone = [make_grade("module:cycles", 100.0)]
    assert unmet(decide(with_rule(course, pass_mark_percent=50.0), alone)) == ["assessment"]
    relaxed = decide(with_rule(course, pass_mark_percent=50.0, require_all_assessments=False), alone)
    assert relaxed.earned and relaxed.score_percent == 50.0
    assert relaxed.reasons[1].fact == "“Les acteurs”: not done yet, counts 0 %"


def test_a_graded_activity_is_an_assessment_too(course: Course, make_grade: MakeGrade) -> None:
    graded = replace(course, activities=(Activity("forum", "forum", {"fr": "Le forum"}, graded=True),))
    grades = both(make_grade, 60.0, 60.0)
    assert unmet(decide(graded, grades)) == ["assessment", "pass-mark"]
    assert decide(graded, [*grades, make_grade("activity:forum", 60.0)]).earned


@pytest.mark.parametrize(
    ("state", "earned"), [(None, False), ("incomplete", False), ("failed", False), ("complete", True), ("passed", True)]
)
def test_what_is_required_must_be_completed(
    course: Course,
    make_grade: MakeGrade,
    make_completion: MakeCompletion,
    with_rule: WithRule,
    state: Any,
    earned: bool,
) -> None:
    completions = [make_completion("activity:forum", state)] if state else []
    award = decide(with_rule(course, required=("forum",)), both(make_grade, 80.0, 80.0), completions)
    assert award.earned == earned
    assert ("“Le forum” is completed" in [reason.fact for reason in award.reasons]) == earned


def test_something_required_that_the_edition_has_not_is_named(
    course: Course, make_grade: MakeGrade, with_rule: WithRule
) -> None:
    award = decide(with_rule(course, required=("webinar",)), both(make_grade, 80.0, 80.0))
    assert unmet(award) == ["required"]
    assert "“webinar” must be completed and is not part of edition TINY-1" in [reason.fact for reason in award.reasons]


def test_every_reason_leads_back_to_the_grade_it_was_read_from(course: Course, make_grade: MakeGrade) -> None:
    award = decide(course, both(make_grade, 80.0, 70.0))
    assert award.reasons[0].fact == "“Les cycles”: 80 %"
    assert award.reasons[0].source == "lab: course 3, user 7, module:cycles, 2026-05-04 12:00:00 UTC (test)"
    assert award.reasons[-1].fact == "weighted total 75 %, pass mark 60 %"


def test_grades_of_other_items_do_not_count(course: Course, make_grade: MakeGrade) -> None:
    award = decide(
        course, [*both(make_grade, 50.0, 50.0), make_grade("total", 100.0), make_grade("module:other", 100.0)]
    )
    assert not award.earned and award.score_percent == 50.0


def test_the_rule_names_its_learner_course_and_edition(course: Course) -> None:
    award = decide(course, [])
    key = (award.learner_id, award.course_id, award.edition, award.language)
    assert key == ("idnumber:S-1", "tiny", "TINY-1", "fr")
