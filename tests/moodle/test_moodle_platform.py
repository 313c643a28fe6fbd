"""What the platform sends to a site and makes of its answers: second runs write nothing, lost answers are looked up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms_moodle.companion_functions import FUNCTIONS
from lms_moodle.platform import MoodlePlatform
from lms_toolkit.errors import ConfigError, Refused, Unreachable
from lms_toolkit.model import DeclaredCourse, DeclaredModule, DeclaredSection

COURSE = DeclaredCourse(
    idnumber="SURE-1",
    shortname="SURE-1",
    fullname="Réinsertion",
    summary="<p>é</p>",
    language="fr",
    category="",
    starts_at=datetime(2027, 1, 4, tzinfo=UTC),
)
CUT = "•cut•"
"""What the stub takes for an answer that never comes; see conftest.py."""
SECTION = DeclaredSection("section:one", 1, "Départ")
OPEN = {"visible": True, "availability": []}


def site_info(functions=FUNCTIONS, **changes):
    return {
        "sitename": "Test",
        "siteurl": "",
        "release": "4.5",
        "username": "lmstoolkit",
        "uploadfiles": 1,
        "usermaxuploadfilesize": -1,
        "functions": [{"name": name, "version": "1"} for name in functions],
        **changes,
    }


def companion_info(**changes):
    return {
        "plugin": "0.1.0",
        "release": "4.5",
        "languages": ["en", "fr"],
        "activities": ["page", "forum"],
        "max_upload_bytes": 100_000_000,
        "student_roleid": 9,
        "checks": [{"check": "cron", "ok": True, "detail": "Cron ran."}],
        **changes,
    }


class Courses:
    """The course functions of Moodle, as far as they matter here: one course at most."""

    def __init__(self, stub):
        self.stub = stub
        self.record = None
        self.categories = {}
        stub.functions |= {
            "core_webservice_get_site_info": lambda params: site_info(),
            "local_lmstoolkit_get_info": lambda params: json.dumps(companion_info()),
            "core_course_get_courses_by_field": self.find,
            "core_course_create_courses": self.create,
            "core_course_update_courses": self.update,
            "core_course_get_categories": self.find_category,
            "core_course_create_categories": self.create_category,
        }

    def find(self, params):
        field, value = params["field"], params["value"]
        return {"courses": [self.record] if self.record and str(self.record[field]) == value else [], "warnings": []}

    def create(self, params):
        self.record = {"id": 2, "summary": "", "startdate": "0", "enddate": "0", "lang": "", **params["courses"][0]}
        return [{"id": 2, "shortname": self.record["shortname"]}]

    def update(self, params):
        self.record |= params["courses"][0] | {"id": 2}
        return {"warnings": []}

    def find_category(self, params):
        wanted = params["criteria"][0]["value"]
        return [{"id": self.categories[wanted]}] if wanted in self.categories else []

    def create_category(self, params):
        self.categories[params["categories"][0]["idnumber"]] = 4
        return [{"id": 4, "name": "x"}]


@pytest.fixture
def courses(stub):
    return Courses(stub)


@pytest.fixture
def platform(site):
    platform = MoodlePlatform(site)
    yield platform
    platform.client.close()


def writes(platform):
    return [call.function for call in platform.client.calls if call.writes]


def test_a_new_course_is_set_up_for_completion_in_the_default_category(platform, courses):
    result = platform.apply_course(COURSE, None)

    assert (result.outcome, result.ref) == ("created", "2")
    sent = courses.record
    assert sent["idnumber"] == "SURE-1"
    assert sent["categoryid"] == "4"
    assert list(courses.categories) == ["lms-toolkit"]
    assert sent["format"] == "topics"
    assert sent["enablecompletion"] == "1"
    assert sent["newsitems"] == "0"
    assert sent["lang"] == "fr"
    assert sent["startdate"] == str(int(COURSE.starts_at.timestamp()))


def test_an_undeclared_date_is_not_sent(platform, courses):
    platform.apply_course(COURSE, None)

    assert courses.record["enddate"] == "0"
    assert "enddate" not in courses.stub.sent[-1].params["courses"][0]


def test_the_category_of_the_configuration_is_used_when_it_is_there(site, courses):
    courses.categories["migration"] = 31
    platform = MoodlePlatform(replace(site, category="migration"))

    platform.apply_course(COURSE, None)
    platform.client.close()

    assert courses.record["categoryid"] == "31"


def test_a_language_the_site_lacks_is_left_out_and_said(platform, courses, stub):
    stub.functions["local_lmstoolkit_get_info"] = lambda params: json.dumps(companion_info(languages=["en"]))

    result = platform.apply_course(COURSE, None)

    assert "lang" not in courses.stub.sent[-1].params["courses"][0]
    assert "no language pack fr" in result.note


def test_a_second_run_writes_nothing(platform, courses):
    platform.apply_course(COURSE, None)
    before = writes(platform)

    assert platform.apply_course(COURSE, None).outcome == "unchanged"
    assert platform.apply_course(COURSE, "2").outcome == "unchanged"
    assert writes(platform) == before


def test_only_what_differs_is_sent(platform, courses):
    platform.apply_course(COURSE, None)

    result = platform.apply_course(replace(COURSE, fullname="Autre"), "2")

    assert result.outcome == "updated"
    assert courses.stub.sent[-1].params["courses"] == [{"id": "2", "fullname": "Autre"}]


def test_a_summary_is_sent_with_its_format(platform, courses):
    platform.apply_course(COURSE, None)

    platform.apply_course(replace(COURSE, summary="<p>Neu</p>"), "2")

    assert courses.stub.sent[-1].params["courses"] == [{"id": "2", "summary": "<p>Neu</p>", "summaryformat": "1"}]


def test_a_warning_of_an_update_is_a_refusal(platform, courses, stub):
    platform.apply_course(COURSE, None)
    warning = {"item": "course", "itemid": 2, "warningcode": "nopermissions", "message": "No rights"}
    stub.functions["core_course_update_courses"] = lambda params: {"warnings": [warning]}

    with pytest.raises(Refused, match="No rights") as caught:
        platform.apply_course(replace(COURSE, fullname="Autre"), "2")
    assert caught.value.errorcode == "nopermissions"


def test_a_creation_whose_answer_was_lost_is_looked_up(platform, courses, stub):
    def create_and_lose(params):
        courses.create(params)
        return CUT

    stub.functions["core_course_create_courses"] = create_and_lose

    result = platform.apply_course(COURSE, None)

    assert (result.outcome, result.ref) == ("created", "2")
    assert stub.called().count("core_course_create_courses") == 1


def test_a_creation_that_was_lost_on_its_way_is_not_repeated_blindly(platform, courses, stub):
    stub.functions["core_course_create_courses"] = lambda params: CUT

    with pytest.raises(Unreachable) as caught:
        platform.apply_course(COURSE, None)
    assert caught.value.outcome_unknown
    assert stub.called().count("core_course_create_courses") == 1


def test_a_course_that_another_run_made_meanwhile_is_taken_over(platform, courses, stub):
    def lose_the_race(params):
        courses.create(params)
        return {"exception": "moodle_exception", "errorcode": "courseidnumbertaken", "message": "taken"}

    stub.functions["core_course_create_courses"] = lose_the_race

    assert platform.apply_course(COURSE, None).outcome == "unchanged"


def test_a_short_name_taken_by_a_course_of_others_is_refused(platform, courses, stub):
    taken = {"exception": "moodle_exception", "errorcode": "shortnametaken", "message": "taken"}
    stub.functions["core_course_create_courses"] = lambda params: taken

    with pytest.raises(Refused, match="rename that course or the edition"):
        platform.apply_course(COURSE, None)


def test_a_course_deleted_since_the_plan_is_not_made_again_silently(platform, courses):
    with pytest.raises(ConfigError, match="was deleted meanwhile"):
        platform.apply_course(COURSE, "2")


def test_the_course_found_has_the_fields_that_are_declared(platform, courses, stub):
    found = {
        "id": 2,
        "idnumber": "SURE-1",
        "shortname": "SURE-1",
        "fullname": "Réinsertion",
        "summary": "<p>é</p>",
        "language": "fr",
        "starts_at": int(COURSE.starts_at.timestamp()),
        "ends_at": None,
        "sections": [{"key": "section:one", "id": 8, "position": 1, "name": "Départ", "summary": "", **OPEN}],
        "modules": [
            {
                "key": "module:m",
                "id": 5,
                "section_key": "section:one",
                "position": 1,
                "modname": "scorm",
                "name": "M",
                "intro": "",
                **OPEN,
                "group_mode": "none",
                "grouping_key": None,
                "max_points": 100,
                "pass_mark_percent": 60,
                "completion": "passed",
                "settings": {},
                "files": {"draftitemid": None, "content": {}},
                "package_sha256": "a" * 64,
                "items": [{"identifier": "L1", "title": "Un", "learners": 3}],
            }
        ],
    }
    stub.functions["local_lmstoolkit_get_course"] = lambda params: json.dumps({"course": found})

    course = platform.find_course("SURE-1")

    assert course.fields == COURSE.fields()
    assert course.section("section:one").fields == SECTION.fields()
    module = course.module("module:m")
    declared = DeclaredModule("module:m", "section:one", "M", pass_mark_percent=60.0)
    assert module.fields == declared.fields()
    assert module.learners_by_item == {"L1": 3}
    assert module.item_titles == {"L1": "Un"}
    assert json.loads(stub.sent[-1].params["payload"]) == {"idnumber": "SURE-1"}


def test_no_course_is_none(platform, courses, stub):
    stub.functions["local_lmstoolkit_get_course"] = lambda params: '{"course": null}'

    assert platform.find_course("X") is None


@pytest.fixture
def module(tmp_path):
    path = tmp_path / "anything.zip"
    path.write_bytes(b"PK")
    return DeclaredModule(
        "module:m",
        "section:one",
        "M",
        pass_mark_percent=60.0,
        package_path=path,
        package_sha256="b" * 64,
        items={"L1": "Un"},
    )


def upload_answer(params):
    return json.dumps([{"itemid": 77, "filesize": 2}])


def applied(outcome="created"):
    return lambda params: json.dumps({"outcome": outcome, "id": 5})


def test_a_module_is_uploaded_once_and_applied_with_its_hash(platform, courses, stub, module):
    stub.functions |= {"upload": upload_answer, "local_lmstoolkit_apply_module": applied()}

    result = platform.apply_module("2", module, upload=True)

    assert (result.outcome, result.ref) == ("created", "5")
    assert b'filename="m.zip"' in stub.sent[-2].body
    payload = json.loads(stub.sent[-1].params["payload"])
    assert payload["package"] == {"draftitemid": 77, "sha256": "b" * 64}
    assert payload["allow_track_loss"] is False
    assert payload["dryrun"] is False


def test_settings_alone_need_no_upload(platform, courses, stub, module):
    stub.functions["local_lmstoolkit_apply_module"] = applied("updated")

    assert platform.apply_module("2", module, upload=False, allow_track_loss=True).outcome == "updated"

    assert json.loads(stub.sent[-1].params["payload"])["package"] is None
    assert json.loads(stub.sent[-1].params["payload"])["allow_track_loss"] is True
    assert "upload" not in stub.called()


def test_track_loss_keeps_its_code_and_its_numbers(platform, courses, stub, module):
    message = "Learners would lose what they did in: “Leçon” (2 learner(s))"
    stub.functions["local_lmstoolkit_apply_module"] = lambda params: {
        "exception": "moodle_exception",
        "errorcode": "trackloss",
        "message": message,
    }

    with pytest.raises(Refused, match=r"2 learner\(s\)") as caught:
        platform.apply_module("2", module, upload=False)
    assert caught.value.errorcode == "trackloss"


@pytest.mark.parametrize(
    "answer", [None, 5, "[]", '"x"', "{", '{"outcome": "exploded", "id": 1}', '{"outcome": "created"}']
)
def test_an_answer_of_the_companion_that_makes_no_sense_is_not_believed(platform, courses, stub, answer):
    stub.functions["local_lmstoolkit_apply_section"] = lambda params: answer

    with pytest.raises(Unreachable, match="upgrade"):
        platform.apply_section("2", SECTION)


def test_the_tier_and_the_limits_are_read_from_the_site(platform, courses):
    info = platform.info()

    assert (info.tier, info.companion, info.user) == ("companion", "0.1.0", "lmstoolkit")
    assert info.languages == {"en", "fr"}
    assert info.max_upload_bytes == 100_000_000


class TestWithoutTheCompanion:
    @pytest.fixture(autouse=True)
    def core_site(self, courses, stub):
        self.sections = [{"id": 1, "section": 0, "name": "General"}]
        stub.functions |= {
            "core_webservice_get_site_info": lambda params: site_info(functions=["core_course_get_contents"]),
            "core_course_get_contents": lambda params: self.sections,
            "core_courseformat_update_course": self.add_section,
            "core_update_inplace_editable": self.rename_section,
            "upload": upload_answer,
        }

    def add_section(self, params):
        self.sections.append({"id": 10 + len(self.sections), "section": len(self.sections), "name": "New section"})
        return "[]"

    def rename_section(self, params):
        section = next(section for section in self.sections if str(section["id"]) == params["itemid"])
        section["name"] = params["value"]
        return {"value": params["value"]}

    def test_the_tier_is_core(self, platform):
        assert platform.info().tier == "core"

    def test_a_section_is_added_once_and_then_found_by_its_name(self, platform):
        first = platform.apply_section("2", SECTION)
        second = platform.apply_section("2", SECTION)

        assert (first.outcome, second.outcome) == ("created", "unchanged")
        assert first.ref == second.ref == "11"
        assert [section["name"] for section in self.sections] == ["General", "Départ"]

    def test_a_package_is_uploaded_and_the_result_says_that_it_is_not_attached(self, platform, module):
        result = platform.apply_module("2", module, upload=True)

        assert result.outcome == "skipped"
        assert result.ref == "draft:77"
        assert "uploaded, not attached" in result.note
        assert "module:m" in result.note
