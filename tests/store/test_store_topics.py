"""What goes into the store comes out of it, and the rules of each topic hold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from lms_toolkit.errors import StoreError
from lms_toolkit.model import (
    Award,
    Certificate,
    Completion,
    Deployment,
    Event,
    Grade,
    Learner,
    Package,
    PackageItem,
    PullSummary,
    Step,
    StepResult,
    User,
)
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
MODULE_STEP = Step("create", "module", "module:a", "Première leçon")


def _package(**changes: object) -> Package:
    package = Package(
        "tiny",
        "a",
        "fr",
        "scorm12",
        Path("dist/a.zip"),
        "ab" * 32,
        3_000_000_000,
        (PackageItem("i-1", "É"),),
        ("note",),
    )
    return replace(package, **changes)  # type: ignore[arg-type]


def test_a_package_comes_back_as_it_was_saved(store: Store) -> None:
    store.packages.save(_package(), "source")
    assert store.packages.get("tiny", "a", "fr", "scorm12") == _package()
    assert store.packages.source_sha256("tiny", "a", "fr", "scorm12") == "source"


def test_the_newest_build_of_a_package_is_the_one_kept(store: Store) -> None:
    store.packages.save(_package(), "old")
    store.packages.save(_package(sha256="cd" * 32), "new")
    store.packages.save(_package(course_id="other"), "new")
    assert [package.sha256 for package in store.packages.all("tiny")] == ["cd" * 32]
    assert len(store.packages.all()) == 2


def test_a_package_never_built_is_none(store: Store) -> None:
    assert store.packages.get("tiny", "a", "fr", "scorm12") is None
    assert store.packages.source_sha256("tiny", "a", "fr", "scorm12") is None


def test_a_deployment_comes_back_as_it_was_saved(store: Store) -> None:
    results = (StepResult("module", "module:a", "created", "12", "à voir"),)
    deployment = Deployment("lab", "tiny", "TINY-1", "fr", "3", "http://127.0.0.1/course/3", results, NOON)
    store.deployments.save(deployment)
    store.deployments.save(replace(deployment, course_ref="4"))
    assert store.deployments.get("lab", "TINY-1", "fr") == replace(deployment, course_ref="4")
    assert store.deployments.all() == [replace(deployment, course_ref="4")]
    assert store.deployments.get("lab", "TINY-1", "en") is None


def test_a_step_without_an_end_is_unfinished(store: Store) -> None:
    answered = store.journal.start("lab", "TINY-1", "fr", replace(MODULE_STEP, key="module:b"))
    refused = store.journal.start("lab", "TINY-1", "fr", replace(MODULE_STEP, key="module:c"))
    lost = store.journal.start("lab", "TINY-1", "fr", MODULE_STEP)
    store.journal.start("other", "TINY-1", "fr", MODULE_STEP)
    store.journal.finish(answered, "created")
    store.journal.fail(refused, "lab refused")
    assert [(entry.id, entry.key) for entry in store.journal.unfinished("lab", "TINY-1", "fr")] == [(lost, "module:a")]


def test_a_step_that_succeeds_later_closes_the_one_whose_answer_was_lost(store: Store) -> None:
    store.journal.start("lab", "TINY-1", "fr", MODULE_STEP)
    store.journal.finish(store.journal.start("lab", "TINY-1", "fr", MODULE_STEP), "updated")
    assert store.journal.unfinished("lab", "TINY-1", "fr") == []


def test_a_step_started_later_stays_open_when_an_earlier_one_ends(store: Store) -> None:
    first = store.journal.start("lab", "TINY-1", "fr", MODULE_STEP)
    second = store.journal.start("lab", "TINY-1", "fr", MODULE_STEP)
    store.journal.finish(first, "created")
    assert [entry.id for entry in store.journal.unfinished("lab", "TINY-1", "fr")] == [second]


def test_an_account_leads_to_its_learner(store: Store, amina: User) -> None:
    store.people.save_learner(Learner("idnumber:S-1", "Amina Test"))
    store.people.link("lab", amina, "idnumber:S-1")
    assert store.people.users("lab") == [amina]
    assert store.people.learner_of("lab", "7") == Learner("idnumber:S-1", "Amina Test")
    assert store.people.learner_of("lab", "8") is None


def test_an_account_cannot_be_linked_to_nobody(store: Store, amina: User) -> None:
    with pytest.raises(StoreError) as caught:
        store.people.link("lab", amina, "idnumber:S-1")
    assert "amina" not in str(caught.value).lower()


@pytest.mark.parametrize("text", ["chloe", "ESSAI", "chloé@example", "ch-9", "idnumber:42"])
def test_a_learner_is_found_whatever_the_case_and_accents(store: Store, text: str) -> None:
    chloe = User("ch-9", "Chloé@example.org", "Chloé", "Essai", "42", "9")
    store.people.save_accounts("lab", [(chloe, Learner("idnumber:42", "Chloé Essai"))])
    store.people.save_learner(Learner("idnumber:1", "Jorge Prueba"))
    assert store.people.find(text) == [Learner("idnumber:42", "Chloé Essai")]


def test_percent_signs_in_a_search_are_only_percent_signs(store: Store) -> None:
    store.people.save_learner(Learner("idnumber:1", "Jorge Prueba"))
    assert store.people.find("%") == []


def test_somebody_without_any_grade_is_still_on_the_course_page(store: Store, amina: User) -> None:
    store.people.save_accounts("lab", [(amina, Learner("l", "Amina Test"))])
    store.people.save_enrolments("lab", "3", ["7"], NOON)
    assert store.people.enrolled("lab", "3") == {"7": Learner("l", "Amina Test")}
    assert store.people.enrolled("lab", "4") == {}


def test_grades_and_completions_come_back_as_they_were_saved(store: Store, make_grade: Callable[..., Grade]) -> None:
    grades = [make_grade(item="module:a", score=59.99), make_grade(item="module:b", score=None, hidden=True)]
    completion = Completion("lab", "3", "7", "module:a", "passed", NOON, NOON, "test")
    store.results.save(grades, [completion])
    assert store.results.grades("lab", "3") == grades
    assert store.results.grades("lab", "3", "7") == grades
    assert store.results.grades("lab", "3", "8") == []
    assert store.results.completions("lab", "3") == [completion]


@pytest.mark.parametrize("score", [math.inf, -math.inf, 0.1, 1e-300, 66.66667])
def test_a_score_is_kept_exactly(store: Store, make_grade: Callable[..., Grade], score: float) -> None:
    store.results.save([make_grade(score=score)], [])
    assert store.results.grades("lab", "3")[0].score == score


def test_a_score_that_is_no_number_does_not_become_an_empty_grade(
    store: Store, make_grade: Callable[..., Grade]
) -> None:
    store.results.save([make_grade(score=math.nan)], [])
    score = store.results.grades("lab", "3")[0].score
    assert score is not None and math.isnan(score)


def test_only_rows_that_say_something_new_count_as_changed(store: Store, make_grade: Callable[..., Grade]) -> None:
    later = NOON + timedelta(hours=1)
    grades = [make_grade("7"), make_grade("8"), make_grade("9", score=math.nan)]
    assert store.results.save(grades, []) == 3
    assert store.results.save([replace(grade, pulled_at=later) for grade in grades], []) == 0
    assert store.results.grades("lab", "3", "7")[0].pulled_at == later
    assert store.results.save([make_grade("7", score=81.0), make_grade("8"), make_grade("8", item="total")], []) == 2


def test_a_row_given_twice_in_one_save_is_one_row(store: Store, make_grade: Callable[..., Grade]) -> None:
    assert store.results.save([make_grade(score=1.0), make_grade(score=2.0)], []) == 1
    assert [grade.score for grade in store.results.grades("lab", "3")] == [2.0]


def test_a_save_that_fails_keeps_none_of_its_rows(store: Store, make_grade: Callable[..., Grade]) -> None:
    broken = replace(make_grade("8"), source=None)  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        store.results.save([make_grade("7"), broken], [])
    assert store.results.grades("lab", "3") == []


def test_the_last_pull_is_the_newest(store: Store) -> None:
    first = PullSummary("lab", "TINY-1", "fr", 3, 6, 6, 12, NOON)
    assert store.results.last_pull("lab", "TINY-1", "fr") is None
    store.results.save_pull(first)
    store.results.save_pull(replace(first, changed=0, pulled_at=NOON + timedelta(days=1)))
    assert store.results.last_pull("lab", "TINY-1", "fr") == replace(
        first, changed=0, pulled_at=NOON + timedelta(days=1)
    )


def test_times_of_any_zone_come_back_in_utc(store: Store, make_grade: Callable[..., Grade]) -> None:
    store.results.save([make_grade(graded_at=datetime(2026, 5, 4, 14, 0, tzinfo=timezone(timedelta(hours=2))))], [])
    graded_at = store.results.grades("lab", "3")[0].graded_at
    assert graded_at == NOON and graded_at.tzinfo is UTC


def test_a_time_without_a_zone_is_our_fault_and_not_guessed(store: Store, make_grade: Callable[..., Grade]) -> None:
    with pytest.raises(ValueError, match="aware times only"):
        store.results.save([make_grade(graded_at=datetime(2026, 5, 4, 14, 0))], [])


def test_an_award_comes_back_with_an_id(store: Store, make_award: Callable[..., Award]) -> None:
    saved = store.awards.save(make_award())
    assert saved.id and saved == replace(make_award(), id=saved.id)
    assert store.awards.get("idnumber:S-1", "tiny", "TINY-1") == saved == store.awards.by_id(saved.id)
    assert store.awards.get("idnumber:S-1", "tiny", "TINY-2") is None


def test_an_award_not_earned_yet_is_replaced_and_keeps_its_id(store: Store, make_award: Callable[..., Award]) -> None:
    before = store.awards.save(make_award(earned=False, score_percent=40.0))
    after = store.awards.save(make_award(earned=True))
    assert after.earned and after.id == before.id
    assert store.awards.all() == [after]


def test_an_earned_award_is_final(store: Store, make_award: Callable[..., Award]) -> None:
    earned = store.awards.save(make_award())
    assert store.awards.save(make_award(earned=False, score_percent=10.0)) == earned
    assert store.awards.save(make_award(score_percent=99.0)) == earned
    assert store.awards.all(edition="TINY-1", course_id="tiny") == [earned]


def test_awards_are_listed_by_edition_and_course(store: Store, make_award: Callable[..., Award]) -> None:
    store.awards.save_all([make_award(), make_award(edition="TINY-2"), make_award("idnumber:S-2", course_id="other")])
    assert len(store.awards.all()) == 3
    assert len(store.awards.all(edition="TINY-1")) == 2
    assert [award.edition for award in store.awards.all(course_id="other")] == ["TINY-1"]


def test_a_certificate_comes_back_as_it_was_saved(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    certificate = make_certificate(store.awards.save(make_award()))
    assert store.certificates.save(certificate) == certificate
    assert store.certificates.by_code(certificate.code) == certificate
    assert store.certificates.by_award(certificate.record.award_id) == certificate
    assert store.certificates.all() == store.certificates.all("TINY-1") == [certificate]
    assert store.certificates.all("TINY-2") == []


def test_a_second_certificate_for_an_award_is_the_first_one(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    award = store.awards.save(make_award())
    first = store.certificates.save(make_certificate(award))
    assert store.certificates.save(make_certificate(award, "AAAA-BBBB-CCCC")) == first
    assert store.certificates.by_code("AAAA-BBBB-CCCC") is None


def test_there_is_no_certificate_without_an_award(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    with pytest.raises(StoreError):
        store.certificates.save(make_certificate(replace(make_award(), id="unknown")))


def test_revoking_twice_keeps_the_first_reason(
    store: Store, make_award: Callable[..., Award], make_certificate: Callable[..., Certificate]
) -> None:
    certificate = store.certificates.save(make_certificate(store.awards.save(make_award())))
    revoked = store.certificates.revoke(certificate.code, NOON, "somebody else's name")
    assert (revoked.revoked_at, revoked.revocation_reason) == (NOON, "somebody else's name")
    assert store.certificates.revoke(certificate.code, NOON + timedelta(days=1), "again") == revoked


def test_revoking_an_unknown_code_says_so(store: Store) -> None:
    with pytest.raises(StoreError, match="no certificate has the code NONE; lms-toolkit certificates list"):
        store.certificates.revoke("NONE", NOON, "")


def test_events_are_listed_in_the_order_they_were_saved(store: Store) -> None:
    events = [
        Event("package.built", NOON, {"course": "é"}),
        Event("results.pulled", NOON),
        Event("package.built", NOON),
    ]
    store.events.save(*events)
    store.events.save()
    assert store.events.all() == events
    assert store.events.all("package.built") == [events[0], events[2]]
