"""Grades without the companion: by groups, of a whole course, or one by one; the cost is said before it is paid."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from lms_moodle import core_results
from lms_moodle.client import MoodleClient
from lms_toolkit.config import Secret, Site
from lms_toolkit.errors import AuthError, CursorExpired, Unreachable

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CUT = "•cut•"  # see conftest.py
STUDENT, TEACHER = [{"roleid": 5, "shortname": "student"}], [{"roleid": 3, "shortname": "editingteacher"}]


@pytest.fixture
def client(stub):
    client = MoodleClient(Site("staging", "moodle", stub.url, Secret("t" * 32), read_timeout=5), waits=())
    yield client
    client.close()


class Course:
    """A course as Moodle's own functions tell it: learners, a teacher and groups."""

    def __init__(self, stub, learners):
        self.learners = learners
        self.groups = {}
        self.asked = []
        stub.functions |= {
            "core_enrol_get_enrolled_users": self._enrolled,
            "core_group_get_course_groups": lambda params: [{"id": ref, "name": str(ref)} for ref in self.groups],
            "core_group_get_group_members": lambda params: [
                {"groupid": ref, "userids": users} for ref, users in self.groups.items()
            ],
            "core_user_get_users_by_field": lambda params: [
                {"id": int(ref), "username": f"amina-{ref}"} for ref in params["values"]
            ],
            "gradereport_user_get_grade_items": self._report,
        }

    def _enrolled(self, params):
        given = {option["name"]: option["value"] for option in params["options"]}
        everybody = [{"id": ref, "roles": STUDENT} for ref in self.learners] + [{"id": 999, "roles": TEACHER}]
        return everybody if given["limitfrom"] == "0" else []

    def _report(self, params):
        self.asked.append({key: int(params[key]) for key in ("userid", "groupid") if key in params})
        users = self.learners
        if "userid" in params:
            users = [int(params["userid"])]
        elif "groupid" in params:
            users = self.groups[int(params["groupid"])]
        return {"usergrades": [{"userid": ref, "gradeitems": graded(ref)} for ref in users], "warnings": []}


def graded(ref):
    """One of ours, one that is not, and a total that nobody has yet."""
    ours = {"itemtype": "mod", "idnumber": "module:m", "graderaw": ref, "grademin": 0, "grademax": 100}
    total = {"itemtype": "course", "idnumber": "", "graderaw": None, "grademin": 0, "grademax": 100}
    return [ours, {**ours, "idnumber": "theirs"}, total]


@pytest.fixture
def course(stub):
    return Course(stub, [1, 2, 3])


class Reader:
    def __init__(self, client):
        self.said = []
        self.results = core_results.CoreResults(client, self.said.append)

    def read_all(self):
        pages, cursor = [], ""
        while True:
            page = self.results.page("2", cursor, NOW)
            pages.append(page)
            if not page.more:
                assert page.cursor == "", "there are no changes to go on with"
                return pages
            cursor = page.cursor


@pytest.fixture
def reader(client):
    return Reader(client)


def scores(pages):
    return {(grade.user_ref, grade.item): grade.score for page in pages for grade in page.grades}


ALL = {("1", "module:m"): 1.0, ("2", "module:m"): 2.0, ("3", "module:m"): 3.0}


def test_grades_count_where_our_key_is_the_id_number_and_empty_ones_say_nothing(course, reader):
    pages = reader.read_all()

    assert scores(pages) == ALL
    assert [user.ref for page in pages for user in page.users] == ["1", "2", "3"]


def test_groups_that_cover_every_learner_are_read_one_by_one(course, reader):
    course.groups = {11: [1, 2], 12: [3, 2]}

    assert scores(reader.read_all()) == ALL
    assert course.asked == [{"groupid": 11}, {"groupid": 12}]
    assert reader.said == ["staging: no companion, so 2 calls, one per group, for 3 people"]


def test_a_reading_by_groups_goes_on_in_another_process(course, reader, client):
    course.groups = {11: [1, 2], 12: [3]}
    first = reader.results.page("2", "", NOW)

    assert scores([Reader(client).results.page("2", first.cursor, NOW)]) == {("3", "module:m"): 3.0}


@pytest.mark.parametrize("groups", [{}, {11: [1, 2]}, {11: list(range(1, 202))}], ids=["none", "not all", "too large"])
def test_else_the_whole_course_is_read_at_once_in_pages(course, reader, groups, monkeypatch):
    monkeypatch.setattr(core_results, "LEARNERS_PER_PAGE", 2)
    course.groups = groups
    pages = reader.read_all()

    assert scores(pages) == ALL
    assert [len(page.users) for page in pages] == [2, 1]
    assert course.asked == [{"userid": 1}, {}], "one learner for the number of items, then all"
    assert "one slow call for 3 people × 3 grades" in reader.said[0]


def test_a_reading_of_a_whole_course_cannot_go_on_in_another_process(course, reader, client, monkeypatch):
    monkeypatch.setattr(core_results, "LEARNERS_PER_PAGE", 2)
    first = reader.results.page("2", "", NOW)

    with pytest.raises(CursorExpired):
        Reader(client).results.page("2", first.cursor, NOW)


def test_a_reading_of_a_whole_course_that_broke_off_begins_again(course, reader, stub, monkeypatch):
    monkeypatch.setattr(core_results, "LEARNERS_PER_PAGE", 1)
    first = reader.results.page("2", "", NOW)
    second = reader.results.page("2", first.cursor, NOW)
    users = stub.functions["core_user_get_users_by_field"]
    stub.functions["core_user_get_users_by_field"] = lambda params: CUT
    with pytest.raises(Unreachable):
        reader.results.page("2", second.cursor, NOW)
    stub.functions["core_user_get_users_by_field"] = users

    with pytest.raises(CursorExpired, match="begin again"):
        reader.results.page("2", second.cursor, NOW)
    assert scores(reader.read_all()) == ALL


def test_learners_are_read_one_by_one_only_where_one_call_would_take_too_long(course, reader, monkeypatch):
    monkeypatch.setattr(core_results, "COURSE_GRADES", 8)
    monkeypatch.setattr(core_results, "LEARNERS_PER_PAGE", 2)

    pages = reader.read_all()

    assert scores(pages) == ALL
    assert pages[0].cursor == "core|learners|2"
    assert "3 calls, one per person" in reader.said[0]


def test_learners_are_read_one_by_one_where_the_web_server_gives_up_on_the_whole_course(course, reader, stub):
    report = stub.functions["gradereport_user_get_grade_items"]
    stub.functions["gradereport_user_get_grade_items"] = lambda params: report(params) if "userid" in params else CUT

    assert scores(reader.read_all()) == ALL
    assert ["one slow call" in line or "one per person" in line for line in reader.said] == [True, True]


def test_groups_that_the_account_may_not_see_are_none(course, reader, stub):
    stub.functions["core_group_get_course_groups"] = lambda params: {
        "exception": "x",
        "errorcode": "nopermissions",
        "message": "no",
    }

    assert scores(reader.read_all()) == ALL


@pytest.mark.parametrize("cursor", ["@5", "core|groups|x", "core|course|0", "core|groups|99", "grades||1"])
def test_a_cursor_that_leads_nowhere_is_expired(course, reader, cursor):
    course.groups = {11: [1, 2, 3]}
    with pytest.raises(CursorExpired):
        reader.results.page("2", cursor, NOW)


@pytest.mark.parametrize("learners", [0, 1, 300])
def test_an_answer_is_read_in_pieces_wherever_they_end(stub, client, learners, monkeypatch):
    monkeypatch.setattr(core_results, "_PIECE", 97)
    Course(stub, list(range(1, learners + 1)))

    pages = list(core_results.whole_course(client, "2", NOW))

    assert scores(pages) == {(str(ref), "module:m"): float(ref) for ref in range(1, learners + 1)}
    assert sum(len(page.users) for page in pages) == learners


def test_a_refusal_in_the_place_of_a_large_answer_is_raised(stub, client):
    said = {"exception": "x", "errorcode": "invalidtoken", "message": "Invalid token"}
    stub.functions["gradereport_user_get_grade_items"] = lambda params: said

    with pytest.raises(AuthError, match="invalidtoken"):
        next(core_results.whole_course(client, "2", NOW))


@pytest.mark.parametrize("cut", [1, 30, 4000, 90_000])
def test_an_answer_that_was_cut_off_is_no_answer(stub, client, cut):
    answer = {"usergrades": [{"userid": ref, "gradeitems": graded(ref)} for ref in range(1, 400)]}
    stub.answer(json.dumps(answer)[:cut])

    with pytest.raises(Unreachable):
        list(core_results.whole_course(client, "2", NOW))


def test_a_line_that_breaks_off_is_told_without_the_token(stub, client):
    stub.cut()

    with pytest.raises(Unreachable, match="try again later") as caught:
        next(core_results.whole_course(client, "2", NOW))
    assert "t" * 32 not in repr(caught.value)
