"""The rules of our own courses decide as their course notes say: who earns the certificate, and who does not yet."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

import pytest

from lms_toolkit.content import content_path
from lms_toolkit.courses import load
from lms_toolkit.model import Award, Completion, Course, Grade, Learner
from lms_toolkit.rules import decide_award

AMINA = Learner("amina-test", "Amina Test")
FACT = {
    "site": "campus",
    "course_ref": "7",
    "user_ref": "12",
    "pulled_at": datetime(2026, 12, 1, tzinfo=UTC),
    "source": "x",
}
ELECTIVES = {
    "en": ("labour-migration-policy", "elective-climate", "elective-media", "elective-social-security"),
    "fr": ("migration-and-development", "elective-diaspora", "elective-return", "elective-social-security"),
}


@cache
def course(folder: str) -> Course:
    return load(content_path(folder))


def decide(folder: str, code: str, language: str, percents: dict[str, float]) -> Award:
    """What a learner earns who has these scores, and has completed what reached 60 %; the rest was never begun."""
    loaded = course(folder)
    at = loaded.edition(code).starts_on
    assert at is not None
    done_at = datetime(at.year, at.month, at.day, 12, tzinfo=UTC)
    keys = {slug: loaded.entry(slug).key for slug in percents}
    grades = [
        Grade(item=keys[slug], score=percent, score_max=100.0, graded_at=done_at, **FACT)
        for slug, percent in percents.items()
    ]
    completions = [
        Completion(item=keys[slug], state="passed" if percent >= 60 else "failed", completed_at=done_at, **FACT)
        for slug, percent in percents.items()
    ]
    return decide_award(loaded, loaded.edition(code), language, AMINA, grades, completions)


def all_of(folder: str, code: str, language: str, percent: float) -> dict[str, float]:
    """Each assessment of the page that is no elective, with one score."""
    loaded = course(folder)
    edition = loaded.edition(code)
    given = (one.slug for one in loaded.assessments(edition) if one.is_given_in(language))
    return {slug: percent for slug in given if edition.elective_block(slug) is None}


ONLINE = [("A9719042", "en"), ("A9713751", "en"), ("A9713751", "es")]


@pytest.mark.parametrize(("code", "language"), ONLINE)
def test_sixty_of_a_hundred_in_everything_earns_the_certificate(code, language):
    assert decide("reintegration", code, language, all_of("reintegration", code, language, 60.0)).earned


@pytest.mark.parametrize(("code", "language"), ONLINE)
def test_less_than_sixty_in_all_does_not(code, language):
    scores = {**all_of("reintegration", code, language, 59.0), "final-assignment": 60.0}
    award = decide("reintegration", code, language, scores)
    assert [reason.rule for reason in award.reasons if not reason.met] == ["pass-mark"]


@pytest.mark.parametrize("missing", ["final-assignment", "peer-indicators", "concepts-and-cycles"])
def test_a_high_total_does_not_make_up_for_what_was_never_done(missing):
    scores = all_of("reintegration", "A9713751", "es", 100.0)
    del scores[missing]
    assert not decide("reintegration", "A9713751", "es", scores).earned


def test_the_role_play_counts_in_the_edition_that_has_it():
    assert "role-play" in all_of("reintegration", "A9713751", "en", 1)
    assert "role-play" not in all_of("reintegration", "A9719042", "en", 1)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_who_was_in_turin_and_handed_in_both_works_took_part_in_2013(language):
    days = all_of("reintegration", "A906126", language, 100.0)
    assert len(days) == 5
    works = {"turin-group-work": 100.0, "action-plan-2013": 100.0}
    assert decide("reintegration", "A906126", language, {**days, **works}).earned
    assert not decide("reintegration", "A906126", language, days).earned
    assert not decide(
        "reintegration", "A906126", language, {**days, **works, "turin-day-1": 0.0, "turin-day-2": 0.0}
    ).earned


def academy(language: str, electives: int, percent: float = 80.0, **other: float) -> Award:
    scores = all_of("migration_academy", "A9718837", language, percent)
    chosen = dict.fromkeys(ELECTIVES[language][:electives], percent)
    return decide("migration_academy", "A9718837", language, {**scores, **chosen, **other})


@pytest.mark.parametrize("language", ["en", "fr"])
def test_two_electives_online_and_two_in_turin_are_enough_for_the_academy(language):
    assert academy(language, 4).earned
    assert academy(language, 4).score_percent == 80


@pytest.mark.parametrize("language", ["en", "fr"])
def test_three_electives_are_not(language):
    assert "electives" in [reason.rule for reason in academy(language, 3).reasons if not reason.met]


def test_more_electives_do_not_lower_the_total():
    scores = {"fair-recruitment-and-protection": 10.0}
    assert academy("en", 4, **scores).score_percent == 80


@pytest.mark.parametrize("work", ["simulation", "final-essay"])
def test_the_simulation_and_the_essay_must_both_be_passed(work):
    assert not academy("en", 4, 100.0, **{work: 40.0}).earned


def test_who_stayed_away_from_the_plenary_sessions_does_not_earn_the_academys_certificate():
    away = {"plenary-trends": 0.0, "plenary-standards": 0.0}
    assert not academy("fr", 4, 100.0, **away).earned
