"""A course page has one writer at a time, whether it deploys or enrols; whoever comes second is told who is at it."""

from __future__ import annotations

from contextlib import closing

import pytest

from lms_toolkit.deploying import page_lock
from lms_toolkit.store import open_store


@pytest.fixture
def people(desk):
    path = desk.folder / "people.csv"
    path.write_text("email,first name,last name\namina@example.org,Amina,Test\n", encoding="utf-8")
    return str(path)


def test_an_enrolment_and_a_deployment_of_one_page_keep_each_other_out(desk, people):
    desk.ask("deploy")
    with (
        closing(open_store(f"sqlite:///{desk.folder / 'data' / 'store.db'}")) as store,
        page_lock(store, "lab", desk.edition, "en"),
    ):
        for command in (("enrol", people, "--create"), ("deploy",)):
            said = desk.refused(*command, code=2)
            assert f"the page of {desk.edition} (en) on lab is being worked on by process" in said
            assert "try again" in said
    assert desk.ask("enrol", people, "--create")["outcomes"][0]["outcome"] == "enrolled"
