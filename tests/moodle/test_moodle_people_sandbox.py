"""Lists with groups on the sandbox, through the same client as on Moodle."""

from __future__ import annotations

import json

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.doctor import examine
from lms_moodle.enrolments import Enrolling
from lms_moodle.withdrawing import withdraw
from lms_sandbox.server import Sandbox
from lms_toolkit.config import Secret, Site
from lms_toolkit.model import Enrolment, EnrolOptions, User

ROLES = {"student": 5}
AMINA = User("amina", "amina@example.org", "Amina", "Test")


@pytest.fixture
def sandbox_site(tmp_path):
    with Sandbox(tmp_path) as sandbox:
        yield Site("sandbox", "sandbox", sandbox.url, Secret(sandbox.token))


@pytest.fixture
def course(sandbox_site):
    """A client, and a course with one group."""
    client = MoodleClient(sandbox_site)
    [category] = client.write("core_course_create_categories", categories=[{"name": "C", "idnumber": "c"}])
    settings = {"fullname": "A", "shortname": "A", "idnumber": "A", "categoryid": category["id"]}
    [made] = client.write("core_course_create_courses", courses=[settings])
    groups = {"groups": [{"key": "group:teams-1", "name": "Tables"}], "groupings": []}
    payload = {"courseid": made["id"], **groups, "dryrun": False}
    client.write("local_lmstoolkit_apply_groups", payload=json.dumps(payload))
    yield client, str(made["id"])
    client.close()


def test_a_list_with_groups_is_taken_in_once_and_can_be_withdrawn(course):
    client, ref = course
    listed = [Enrolment(AMINA, groups=("teams-1",)), Enrolment(User("jorge", "j@example.org", "Jorge", "Prueba"))]
    enrolling = Enrolling(client, ref, ROLES, EnrolOptions(create=True))

    first, second = enrolling.enrol(listed), enrolling.enrol(listed)

    assert [(one.outcome, one.note) for one in first] == [
        ("enrolled", "new account; group Tables"),
        ("enrolled", "new account"),
    ]
    assert [one.outcome for one in second] == ["already", "already"]
    assert [one.outcome for one in withdraw(client, ref, listed, ROLES, EnrolOptions())] == ["withdrawn"] * 2
    assert [one.note for one in enrolling.enrol(listed)] == ["was withdrawn before"] * 2


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ({"cohort": "C26"}, "there is no cohort “C26”"),
        ({"groups": ("teams-2",)}, "there is no group “teams-2”"),
        ({"sponsor": "UNDP"}, "no profile field “sponsor”"),
        ({"role": "tutor"}, "may give nobody the role tutor"),
    ],
)
def test_what_the_sandbox_does_not_have_is_told(course, places, said):
    client, ref = course

    [outcome] = Enrolling(client, ref, ROLES, EnrolOptions(create=True)).enrol([Enrolment(AMINA, **places)])

    assert outcome.outcome == "refused"
    assert said in outcome.note


def test_the_doctor_finds_the_sandbox_well(sandbox_site):
    assert [finding.rule for finding in examine(sandbox_site)] == ["languages"]
