"""Lists of people on a real Moodle: taken in once, in batches that PHP takes whole, suspended and brought back.

Cohorts and profile fields need LMS_TOOLKIT_TEST_MOODLE_PHP, as for the doctor.

With LMS_TOOLKIT_TEST_MOODLE_PHPINI, a command that sets a value of the web server's PHP
(`command max_input_vars 1000`) and takes it back (`command max_input_vars`), also under PHP's narrowest usual limit.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from lms_moodle import functions
from lms_moodle.enrolments import Enrolling
from lms_moodle.withdrawing import withdraw
from lms_toolkit.model import Enrolment, EnrolOptions, User

pytestmark = pytest.mark.live

CREATE = EnrolOptions(create=True)
COHORT = """
global $CFG;
require_once($CFG->dirroot . '/cohort/lib.php');
$cohort = ['contextid' => \\context_system::instance()->id, 'name' => 'Class <COHORT>', 'idnumber' => '<COHORT>'];
return cohort_add_cohort((object) ($cohort + ['description' => '']));
"""
SPONSOR_FIELD = """
global $DB;
if (!$DB->record_exists('user_info_field', ['shortname' => 'lmstksponsor'])) {
    $category = $DB->get_field_sql('SELECT MIN(id) FROM {user_info_category}')
        ?: $DB->insert_record('user_info_category', (object) ['name' => 'Other', 'sortorder' => 1]);
    $DB->insert_record('user_info_field', (object) ['shortname' => 'lmstksponsor', 'name' => 'Sponsor',
        'datatype' => 'text', 'categoryid' => $category, 'sortorder' => 9, 'visible' => 2, 'description' => '',
        'descriptionformat' => 1, 'defaultdata' => '', 'defaultdataformat' => 0, 'param1' => '30', 'param2' => '2048']);
}
"""


@pytest.fixture
def roles(live_client: Any) -> dict[str, int]:
    info = json.loads(live_client.read("local_lmstoolkit_get_info", payload="{}"))
    return {"student": info["student_roleid"], **info.get("roles", {})}


def people(count: int, **places: Any) -> list[Enrolment]:
    mark = uuid.uuid4().hex[:10]
    users = (
        User(f"{mark}-{n}", f"{mark}-{n}@example.org", "Amina Éloïse", f"Test {n}", f"{mark.upper()}-{n}")
        for n in range(count)
    )
    return [Enrolment(user, **places) for user in users]


def writes(client: Any) -> list[str]:
    return [call.function for call in client.calls if call.writes]


def in_course(client: Any, course: Any) -> set[str]:
    return {user.username for user in functions.get_enrolled(client, str(course.id))}


def test_a_list_is_taken_in_once_with_its_groups(live_client: Any, live_course: Any, roles: dict[str, int]) -> None:
    live_course.call(
        "apply_groups",
        groups=[{"key": "group:teams-1", "name": "Table Ñandú"}, {"key": "group:teams-2", "name": "Table 2"}],
        groupings=[],
        dryrun=False,
    )
    listed = [*people(3, groups=("teams-1", "table 2")), *people(2)]
    enrolling = Enrolling(live_client, str(live_course.id), roles, CREATE)

    preview = Enrolling(live_client, str(live_course.id), roles, EnrolOptions(create=True, dry_run=True)).enrol(listed)
    assert [one.outcome for one in preview] == ["enrolled"] * 5
    assert in_course(live_client, live_course) == set()

    first = enrolling.enrol(listed)
    live_client.calls.clear()
    second = enrolling.enrol(listed)

    assert [one.outcome for one in first] == ["enrolled"] * 5
    assert first[0].note == preview[0].note == "new account; group Table Ñandú; group Table 2"
    assert [(one.outcome, one.note) for one in second] == [("already", "")] * 5
    assert writes(live_client) == []
    groups = {place.idnumber: place.id for place in functions.get_groups(live_client, str(live_course.id))}
    members = functions.get_group_members(live_client, list(groups.values()))
    assert members[groups["group:teams-1"]] == {one.user.ref for one in first[:3]}


def test_one_bad_apple_does_not_spoil_the_batch(live_client: Any, live_course: Any, roles: dict[str, int]) -> None:
    listed = people(6)
    taken = Enrolment(User("someone-else", listed[0].user.email, "Jorge", "Prueba"))
    tags = Enrolment(User("tagged", "tagged@example.org", "Chloé <b>", "Essai"))
    Enrolling(live_client, str(live_course.id), roles, CREATE).enrol(listed[:1])

    options = EnrolOptions(create=True, match=("username",))
    outcomes = Enrolling(live_client, str(live_course.id), roles, options).enrol([*listed, taken, tags])

    assert [one.outcome for one in outcomes] == ["already", *["enrolled"] * 5, "refused", "refused"]
    assert "no account could be made" in outcomes[6].note
    assert listed[0].user.email not in outcomes[6].note


def test_withdrawn_people_are_suspended_and_come_back(
    live_client: Any, live_course: Any, roles: dict[str, int]
) -> None:
    listed = people(3)
    course = str(live_course.id)
    Enrolling(live_client, course, roles, CREATE).enrol(listed)

    gone = withdraw(live_client, course, listed[:2], roles, EnrolOptions())
    assert [one.outcome for one in gone] == ["withdrawn", "withdrawn"]
    assert {one.ref for one in functions.get_members(live_client, course, "onlysuspended")} == {
        one.user.ref for one in gone
    }
    assert [one.outcome for one in withdraw(live_client, course, listed[:2], roles, EnrolOptions())] == ["already"] * 2

    back = Enrolling(live_client, course, roles, CREATE).enrol(listed)
    assert [(one.outcome, one.note) for one in back] == [
        ("enrolled", "was withdrawn before"),
        ("enrolled", "was withdrawn before"),
        ("already", ""),
    ]
    assert len(in_course(live_client, live_course)) == 3


def test_a_profile_field_that_is_not_there_is_told(live_client: Any, live_course: Any, roles: dict[str, int]) -> None:
    options = EnrolOptions(create=True, sponsor_field="lmstk-no-such-field")

    [outcome] = Enrolling(live_client, str(live_course.id), roles, options).enrol(people(1, sponsor="UNDP"))

    assert outcome.outcome == "refused"
    assert "is enrolled, but without the sponsor: the site has no profile field" in outcome.note


def test_tutors_get_a_tutors_role_where_the_companion_tells_which(
    live_client: Any, live_course: Any, roles: dict[str, int]
) -> None:
    [outcome] = Enrolling(live_client, str(live_course.id), roles, CREATE).enrol(people(1, role="tutor"))

    if "teacher" in roles:
        [member] = functions.get_members(live_client, str(live_course.id), "onlyactive")
        assert (outcome.outcome, member.roles) == ("enrolled", (roles["teacher"],))
    else:
        assert (outcome.outcome, in_course(live_client, live_course)) == ("refused", set())


def test_cohorts_are_joined_and_sponsors_written_once(
    live_client: Any, live_course: Any, roles: dict[str, int], on_site: Callable[[str], Any]
) -> None:
    cohort = f"C-{uuid.uuid4().hex[:10]}"
    on_site(SPONSOR_FIELD + COHORT.replace("<COHORT>", cohort))
    options = EnrolOptions(create=True, sponsor_field="lmstksponsor")
    enrolling = Enrolling(live_client, str(live_course.id), roles, options)
    listed = people(2, cohort=cohort, sponsor="UNDP")
    elsewhere = [replace(one, sponsor="ILO") for one in listed]

    outcomes = [enrolling.enrol(entries)[0] for entries in (listed, listed, elsewhere, elsewhere)]

    assert [(one.outcome, one.note) for one in outcomes] == [
        ("enrolled", f"new account; cohort Class {cohort}"),
        ("already", ""),
        ("updated", "sponsor"),
        ("already", ""),
    ]


@pytest.fixture
def few_input_vars() -> Iterator[None]:
    command = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_PHPINI", "")
    if not command:
        pytest.skip("PHP's limit cannot be lowered: set LMS_TOOLKIT_TEST_MOODLE_PHPINI")
    try:
        subprocess.run([*shlex.split(command), "max_input_vars", "1000"], check=True, timeout=60)
        yield
    finally:
        subprocess.run([*shlex.split(command), "max_input_vars"], check=True, timeout=60)


def test_max_input_vars_at_1000_loses_nobody(
    live_client: Any, live_course: Any, roles: dict[str, int], few_input_vars: None
) -> None:
    listed = people(400, language="en")

    outcomes = Enrolling(live_client, str(live_course.id), roles, CREATE).enrol(listed)

    assert {one.outcome for one in outcomes} == {"enrolled"}
    assert in_course(live_client, live_course) == {one.user.username for one in listed}
