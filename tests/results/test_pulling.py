"""A pull saves page by page, finds the person behind each account, and cannot be made to run for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lms_toolkit import hookimpl
from lms_toolkit.errors import Refused, StoreError, Unreachable
from lms_toolkit.grading import pull
from lms_toolkit.model import Completion, Deployment, Grade, Learner, ResultsPage, User
from lms_toolkit.store import Store

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def two_pages(
    site: Any, amina: User, jorge: User, make_grade: Callable[..., Grade], make_completion: Callable[..., Completion]
) -> Any:
    first = ResultsPage(
        (amina,),
        (make_grade("module:cycles", 80.0),),
        (make_completion("module:cycles", "passed"),),
        cursor="7",
        more=True,
    )
    second = ResultsPage((jorge,), (make_grade("module:cycles", None, "8"),), ())
    site.pages = {"": first, "7": second}
    return site


def test_a_pull_saves_every_page_and_says_what_it_read(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    summary = pull(platform, deployment, store, relay, NOON)
    assert two_pages.asked == ["", "7"]
    assert (summary.users, summary.grades, summary.completions, summary.changed) == (2, 2, 1, 3)
    assert store.results.last_pull("lab", "TINY-1", "fr") == summary
    assert {grade.user_ref for grade in store.results.grades("lab", "3")} == {"7", "8"}
    assert set(store.people.enrolled("lab", "3")) == {"7", "8"}


def test_a_second_pull_of_the_same_results_changes_nothing(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    pull(platform, deployment, store, relay, NOON)
    assert pull(platform, deployment, store, relay, NOON + timedelta(hours=1)).changed == 0


def test_plugins_are_told_of_a_pull_once_it_is_saved(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    pull(platform, deployment, store, relay, NOON)
    assert relay.events == store.events.all("results.pulled")
    assert relay.events[0].data == {
        "site": "lab",
        "edition": "TINY-1",
        "language": "fr",
        "users": "2",
        "grades": "2",
        "completions": "1",
        "changed": "3",
        "attempts": "0",
        "gone": "0",
        "whole": "yes",
    }


def test_a_pull_that_stops_half_way_loses_nothing_and_the_next_one_finishes(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    whole = two_pages.pages["7"]
    two_pages.pages["7"] = Unreachable("lab did not answer")
    with pytest.raises(Unreachable):
        pull(platform, deployment, store, relay, NOON)
    assert len(store.results.grades("lab", "3")) == 1
    assert store.results.last_pull("lab", "TINY-1", "fr") is None and relay.events == []
    two_pages.pages["7"] = whole
    assert pull(platform, deployment, store, relay, NOON).changed == 1


@pytest.mark.parametrize("last", ["7", "1"])
def test_a_site_that_repeats_a_page_is_refused(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any, last: str
) -> None:
    two_pages.pages["7"] = replace(two_pages.pages["7"], cursor=last, more=True)
    two_pages.pages["1"] = replace(two_pages.pages["7"], cursor="7", more=True)
    with pytest.raises(Refused, match=r"lab gave the same page of results twice \(cursor 7\)") as caught:
        pull(platform, deployment, store, relay, NOON)
    assert caught.value.errorcode == "repeatedpage"
    assert len(two_pages.asked) <= 3


def test_two_pulls_of_one_course_page_do_not_run_at_once(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    with store.lock("pull:lab:3"), pytest.raises(StoreError, match="is being worked on"):
        pull(platform, deployment, store, relay, NOON)
    assert two_pages.asked == []


def test_an_empty_course_page_is_a_pull_too(
    platform: Any, site: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    site.pages = {"": ResultsPage((), (), ())}
    assert pull(platform, deployment, store, relay, NOON).users == 0
    assert store.results.last_pull("lab", "TINY-1", "fr") is not None


def test_a_new_address_leaves_the_learner_the_same(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any, amina: User
) -> None:
    pull(platform, deployment, store, relay, NOON)
    before = store.people.learner_of("lab", "7")
    married = replace(amina, email="amina.married@example.org", last_name="Married", idnumber="S-7")
    two_pages.pages[""] = replace(two_pages.pages[""], users=(married,))
    pull(platform, deployment, store, relay, NOON)
    after = store.people.learner_of("lab", "7")
    assert before and after and after.id == before.id
    assert after.name == "Amina Married"


def test_a_rebuilt_site_that_reuses_a_number_does_not_mix_up_two_people(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    pull(platform, deployment, store, relay, NOON)
    before = store.people.learner_of("lab", "7")
    somebody = User("chloe", "chloe@example.org", "Chloé", "Essai", "", "7")
    two_pages.pages[""] = replace(two_pages.pages[""], users=(somebody,))
    pull(platform, deployment, store, relay, NOON)
    after = store.people.learner_of("lab", "7")
    assert before and after and after.id != before.id


class Registry:
    @hookimpl
    def lms_resolve_learner(self, site: str, user: User) -> Learner | None:
        return Learner(f"registry:{user.username}", "Amina de Test") if user.username == "amina" else None


def test_a_plugin_may_know_the_person_better(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any, relay_with: Callable[..., Any]
) -> None:
    pull(platform, deployment, store, relay, NOON)
    pull(platform, deployment, store, relay_with(Registry()), NOON)
    assert store.people.learner_of("lab", "7") == Learner("registry:amina", "Amina de Test")
    assert store.people.learner_of("lab", "8") == Learner("idnumber:S-8", "Jorge Prueba")


def test_progress_counts_accounts(
    platform: Any, two_pages: Any, deployment: Deployment, store: Store, relay: Any
) -> None:
    counted: list[int] = []
    pull(platform, deployment, store, relay, NOON, counted.append)
    assert counted == [1, 2]
