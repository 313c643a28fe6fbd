"""Who is behind an account, and what of them may show in a log."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lms_toolkit.model import User
from lms_toolkit.people import resolve_learner, same_account


def test_an_idnumber_is_the_person_on_every_site(jorge: User) -> None:
    assert resolve_learner("lab", jorge).id == "idnumber:S-8"
    assert resolve_learner("other", replace(jorge, email="", ref="99")).id == "idnumber:S-8"


def test_an_address_is_the_person_however_it_is_typed(amina: User) -> None:
    typed = replace(amina, email=" Amina@Example.ORG ", ref="99")
    assert resolve_learner("lab", amina).id == resolve_learner("other", typed).id


def test_a_learner_id_does_not_show_the_address(amina: User) -> None:
    learner = resolve_learner("lab", amina)
    assert learner.id.startswith("person:")
    assert "amina" not in repr(learner).lower()


def test_an_account_with_neither_is_a_person_of_that_site_only(amina: User) -> None:
    assert resolve_learner("lab", replace(amina, email="")).id == "site:lab:7"


def test_a_name_has_its_spaces_tidied_and_is_never_empty(amina: User) -> None:
    assert resolve_learner("lab", replace(amina, first_name=" Amina  Zoé ", last_name="Test ")).name == "Amina Zoé Test"
    assert resolve_learner("lab", replace(amina, first_name="", last_name=" ")).name == "amina"


@pytest.mark.parametrize("kept", ["username", "email", "idnumber"])
def test_one_thing_that_stayed_the_same_makes_it_the_same_account(jorge: User, kept: str) -> None:
    other = User("x", "x@example.org", "X", "Y", "S-9", jorge.ref)
    assert not same_account(jorge, other)
    assert same_account(jorge, replace(other, **{kept: getattr(jorge, kept)}))


def test_two_empty_idnumbers_say_nothing(amina: User) -> None:
    assert not same_account(amina, User("x", "x@example.org", "Amina", "Test", "", "7"))
