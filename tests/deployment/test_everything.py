"""One of every activity, deployed by one command: what is read back is what was declared, and a second run writes
nothing."""

from __future__ import annotations

from lms_toolkit.config import Secret, Site
from lms_toolkit.courses import load
from lms_toolkit.declaring import declare
from lms_toolkit.declaring_activities import Page
from lms_toolkit.interfaces import Platform
from lms_toolkit.manager import Plugins
from lms_toolkit.model import SiteCourse
from lms_toolkit.planning import changes_between
from lms_toolkit.preparing import prepare

KINDS = {
    "announcements",
    "forum",
    "webinar",
    "assignment",
    "peer-assessment",
    "quiz",
    "group-work",
    "attendance",
    "survey",
    "page",
    "text",
    "link",
    "file",
}


def platform_of(desk) -> Platform:
    import tomllib

    table = tomllib.loads((desk.folder / "lms-toolkit.toml").read_text())["sites"]["lab"]
    site = Site("lab", table["platform"], table["url"], Secret((desk.folder / "token").read_text()))
    return Plugins().platform(site)


def hold_to_the_declaration(desk) -> SiteCourse:
    """Read the site through the platform, and compare every declared field with what is there."""
    course = load(desk.course)
    edition = course.edition(desk.edition)
    platform = platform_of(desk)
    data = desk.folder / "data"
    packages = prepare(course, course.modules, "en", "scorm12", data / "packages", data, Plugins()).packages
    declared = declare(Page(course, edition, "en", data, platform.info().activities), packages)
    found = platform.find_course(declared.idnumber)
    assert found is not None
    for section in declared.sections:
        there = found.section(section.key)
        assert there is not None, section.key
        assert changes_between(section.fields(), there.fields) == (), section.key
    for module in declared.modules:
        there = found.module(module.key)
        assert there is not None, module.key
        assert changes_between(module.fields(), there.fields) == (), module.key
        assert there.package_sha256 == module.package_sha256, module.key
    for part in declared.parts:
        assert part.kind in found.parts, part.kind
        assert changes_between(part.fields, found.parts[part.kind]) == (), part.kind
    assert {module.key for module in found.modules} == {module.key for module in declared.modules}
    return found


def deploy_twice(desk) -> None:
    first = desk.ask("deploy")
    assert {result["outcome"] for result in first["results"]} == {"created"}
    hold_to_the_declaration(desk)
    planned = desk.ask("plan")
    assert {step["action"] for step in planned["steps"]} == {"unchanged"}, planned["steps"]
    second = desk.ask("deploy")
    assert {result["outcome"] for result in second["results"]} == {"unchanged"}


def test_the_course_has_one_of_every_kind(desk):
    assert {activity.kind for activity in load(desk.course).activities} == KINDS


def test_everything_arrives_on_the_sandbox_as_declared(desk):
    deploy_twice(desk)


def test_everything_arrives_on_a_real_moodle_as_declared(moodle_desk):
    deploy_twice(moodle_desk)


def test_changes_of_every_sort_arrive_on_a_real_moodle(moodle_desk):
    changes_arrive(moodle_desk)


def test_changes_of_every_sort_arrive_on_the_sandbox(desk):
    changes_arrive(desk)


def changes_arrive(desk) -> None:
    desk.ask("deploy")
    desk.edit('title.en = "Programme"', 'title.en = "Programme and rooms"')
    desk.edit("max_words = 1500", "max_words = 1200")
    desk.edit('{ points = 10, text.en = "Clear" }', '{ points = 15, text.en = "Clear and lively" }')
    desk.edit("weights = { essay = 3, start = 1 }", "weights = { essay = 4, start = 1 }")
    desk.edit("due_at = 2027-03-20, closes_at = 2027-03-25", "due_at = 2027-03-21, closes_at = 2027-03-26")
    desk.edit(
        'order = ["news", "note", "start", "introductions", "debate", "live", "programme"]',
        'order = ["programme", "news", "note", "start", "introductions", "debate", "live"]',
    )
    changed = {step["key"] for step in desk.ask("plan")["steps"] if step["action"] == "update"}
    assert {"activity:programme", "activity:essay", "gradebook"} <= changed
    desk.ask("deploy")
    hold_to_the_declaration(desk)
    assert {step["action"] for step in desk.ask("plan")["steps"]} == {"unchanged"}


def test_what_is_left_out_later_is_hidden_and_comes_back(desk):
    hidden_and_back(desk)


def test_what_is_left_out_later_is_hidden_on_a_real_moodle_and_comes_back(moodle_desk):
    hidden_and_back(moodle_desk)


def hidden_and_back(desk) -> None:
    desk.ask("deploy")
    desk.edit('"normlex", "checklist"]', '"normlex"]')
    results = {result["key"]: result for result in desk.ask("deploy")["results"]}
    assert (results["activity:checklist"]["outcome"], results["activity:checklist"]["note"]) == ("retired", "hidden")
    assert {step["action"] for step in desk.ask("plan")["steps"]} == {"unchanged"}
    desk.edit('"normlex"]', '"normlex", "checklist"]')
    desk.ask("deploy")
    hold_to_the_declaration(desk)
