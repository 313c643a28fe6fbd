"""One person across sites and years: what decides, what is only proposed, and what a person said stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from lms_toolkit.certifying import decide_changes
from lms_toolkit.errors import ConfigError, PlanRefused
from lms_toolkit.grading import pull
from lms_toolkit.model import Award, Course, Decision, Deployment, Grade, Learner, Merge, ResultsPage, User
from lms_toolkit.people import names_agree, propose_merges, resolve_learner
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def add(store: Store, site: str, *accounts: User) -> list[str]:
    """Save accounts as a pull does; the ids of the learners behind them."""
    store.people.save_accounts(site, [(user, resolve_learner(site, user)) for user in accounts])
    known = store.people.accounts(site, [user.ref for user in accounts])
    return [known[user.ref][1].id for user in accounts]


def account(ref: str, first: str, last: str, email: str = "office@example.org", idnumber: str = "") -> User:
    return User(f"user{ref}", email, first, last, idnumber, ref)


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Amina Test", "TEST Amina", True),
        ("José Núñez Prueba", "Jose Prueba", True),
        ("Amina Test", "Amina B. Test", True),
        ("Amina Test", "Jorge Test", False),
        ("Amina", "Amina Test", False),  # one word is too little to go by
        ("Amina Test", "A. Test", False),
    ],
)
def test_names_agree_when_the_words_of_one_are_in_the_other(one: str, other: str, agree: bool) -> None:
    assert names_agree(one, other) == agree == names_agree(other, one)


def test_one_address_and_one_name_are_one_person_on_two_sites(store: Store) -> None:
    (first,) = add(store, "lab", account("7", "Amina", "Test"))
    (second,) = add(store, "prod", account("90", "Amina", "TEST"))
    assert first == second


def test_one_address_and_two_names_are_a_proposal_and_no_merge(store: Store) -> None:
    (amina,) = add(store, "lab", account("7", "Amina", "Test"))
    (jorge,) = add(store, "prod", account("90", "Jorge", "Prueba"))
    assert amina != jorge
    (proposal,) = propose_merges(store.people.traces())
    assert {proposal.first_id, proposal.second_id} == {amina, jorge}
    assert proposal.reasons == ("same e-mail address (lab 7; prod 90), but the names differ",) or proposal.reasons == (
        "same e-mail address (prod 90; lab 7), but the names differ",
    )


def test_two_people_of_one_office_in_one_pull_are_two_learners(store: Store) -> None:
    assert len(set(add(store, "lab", account("7", "Amina", "Test"), account("8", "Jorge", "Prueba")))) == 2


def test_an_idnumber_decides_whatever_the_names_are(store: Store) -> None:
    (first,) = add(store, "lab", account("7", "Amina", "Test", idnumber="S-1"))
    (second,) = add(store, "prod", account("90", "Amina", "Ejemplo", "new@example.org", "S-1"))
    assert first == second


def test_an_account_that_is_known_stays_with_its_learner_when_the_name_changes(store: Store) -> None:
    (before,) = add(store, "lab", account("7", "Amina", "Test"))
    (after,) = add(store, "lab", account("7", "Amina", "Ejemplo"))
    assert before == after and store.people.get(before) == Learner(before, "Amina Ejemplo")


def test_the_same_name_on_two_sites_is_proposed_and_says_why(store: Store) -> None:
    add(store, "lab", account("7", "Amina", "Test", "a@example.org"))
    add(store, "prod", account("90", "Amina", "Test", "b@example.org"))
    (proposal,) = propose_merges(store.people.traces())
    assert len(proposal.reasons) == 1 and proposal.reasons[0].startswith("same name (")


def test_a_name_that_was_chosen_stays_through_pulls(store: Store) -> None:
    (id,) = add(store, "lab", account("7", "Amina", "Test"))
    assert store.people.rename(id, "Amina Belén Test") == Learner(id, "Amina Belén Test")
    add(store, "lab", account("7", "Amina", "Ejemplo"))
    assert store.people.learners() == [Learner(id, "Amina Belén Test")]
    assert store.people.rename(id, None).name == "Amina Ejemplo"


def said(kept: str, gone: str) -> Merge:
    return Merge(gone, kept, "Amina Test", "same passport", "Registrar", NOON)


@pytest.fixture
def two(store: Store) -> tuple[str, str]:
    """Amina on two sites, with two addresses."""
    (kept,) = add(store, "lab", account("7", "Amina", "Test", "a@example.org", "S-1"))
    (gone,) = add(store, "prod", account("90", "Amina", "Test", "b@example.org"))
    return kept, gone


def award(learner_id: str, *, earned: bool, **changes: Any) -> Award:
    return replace(Award(learner_id, "tiny", "TINY-1", "fr", earned, 80.0, (), NOON), **changes)


def test_a_merge_takes_everything_along(store: Store, two: tuple[str, str]) -> None:
    kept, gone = two
    earned = store.awards.save(award(gone, earned=True))
    store.awards.save(award(kept, earned=False))
    store.decisions.save(Decision(gone, "tiny", "TINY-2", "all", "met", "why", "Board", NOON))
    store.people.merge(said(kept, gone))
    assert store.awards.all() == [replace(earned, learner_id=kept)]
    assert [one.learner_id for one in store.decisions.all()] == [kept]
    assert [site for site, _ in store.people.accounts_of(kept)] == ["lab", "prod"]
    assert store.people.get(gone) == store.people.get(kept)
    assert store.people.merges() == [said(kept, gone)]


def test_a_new_account_of_the_merged_learner_is_the_one_merged_into(store: Store, two: tuple[str, str]) -> None:
    kept, gone = two
    store.people.merge(said(kept, gone))
    assert add(store, "third", account("1", "Amina", "Test", "b@example.org")) == [kept]


def test_two_certificates_of_one_edition_are_not_merged(store: Store, two: tuple[str, str]) -> None:
    from sqlalchemy import insert

    from lms_toolkit.store.schema import certificates

    kept, gone = two
    store.awards.save(award(kept, earned=True))
    other = store.awards.save(award(gone, earned=True))
    row = {
        "code": "ABCD",
        "award_id": other.id,
        "edition": "TINY-1",
        "record": {},
        "signed_json": "",
        "pdf_path": "",
        "pdf_sha256": "",
        "issued_at": NOON,
        "revocation_reason": "",
    }
    with store.database.write() as connection:
        connection.execute(insert(certificates).values(row))
    with pytest.raises(PlanRefused, match="both learners have a certificate of TINY-1"):
        store.people.merge(said(kept, gone))
    assert len(store.awards.all()) == 2 and store.people.merges() == []


def test_nobody_is_merged_with_nobody(store: Store, two: tuple[str, str]) -> None:
    with pytest.raises(ConfigError, match="no learner has the id 'idnumber:X'"):
        store.people.merge(said(two[0], "idnumber:X"))
    with pytest.raises(ConfigError, match="one learner already"):
        store.people.merge(said(two[0], two[0]))


def test_an_account_that_is_split_is_somebody_else_and_stays_so(store: Store) -> None:
    (amina,) = add(store, "lab", account("7", "Amina", "Test", idnumber="S-1"))
    add(store, "prod", account("90", "Jorge", "Prueba", "j@example.org", "S-1"))
    before, after = store.people.split("prod", "90")
    assert (before.id, after) == (amina, Learner("site:prod:90", "Jorge Prueba"))
    with pytest.raises(ConfigError, match="cannot be split"):
        store.people.split("lab", "7")
    with pytest.raises(ConfigError, match="no account 8 of lab"):
        store.people.split("lab", "8")


def test_a_pull_leaves_a_split_account_alone(
    store: Store, platform: Any, site: Any, deployment: Deployment, relay: Any, make_grade: Callable[..., Grade]
) -> None:
    users = (account("7", "Amina", "Test", idnumber="S-1"), account("8", "Jorge", "Prueba", idnumber="S-1"))
    site.pages = {"": ResultsPage(users, (), ())}
    store.deployments.save(deployment)
    pull(platform, deployment, store, relay, NOON)
    store.people.split("lab", "8")
    pull(platform, deployment, store, relay, NOON)
    assert {learner.id for learner in store.people.learners()} == {"idnumber:S-1", "site:lab:8"}


def test_those_who_were_merged_are_decided_again(
    course: Course,
    store: Store,
    platform: Any,
    site: Any,
    deployment: Deployment,
    relay: Any,
    make_grade: Callable[..., Grade],
) -> None:
    users = (account("7", "Amina", "Test", idnumber="S-1"), account("8", "Amina", "Test", "b@example.org"))
    grades = (make_grade("module:cycles", 90.0, "7"), make_grade("module:acteurs", 90.0, "8"))
    site.pages = {"": ResultsPage(users, grades, ())}
    store.deployments.save(deployment)
    pull(platform, deployment, store, relay, NOON)
    decide_changes(course, course.editions[0], "fr", "lab", store, relay, NOON)
    assert not any(one.earned for one in store.awards.all())
    kept, gone = (store.people.accounts("lab", [ref])[ref][1].id for ref in ("7", "8"))
    store.people.merge(said(kept, gone))
    assert decide_changes(course, course.editions[0], "fr", "lab", store, relay, NOON).learners == 1
    assert [(one.learner_id, one.earned) for one in store.awards.all()] == [(kept, True)]


def test_traces_and_merges_hide_people(store: Store, two: tuple[str, str]) -> None:
    store.people.merge(said(*two))
    assert "Amina" not in repr([store.people.traces(), store.people.merges()])
