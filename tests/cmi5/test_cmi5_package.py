"""A cmi5 package is what the specification's schema and an importing LMS expect."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_cmi5.interactions import definitions
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Option, Package, PackageReport, Question, RenderedModule, RenderedPage

GOOD = """<?xml version="1.0" encoding="UTF-8"?>
<courseStructure xmlns="https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd">
<course id="https://example.org/c"><title><langstring lang="en">A</langstring></title>
<description><langstring lang="en">B</langstring></description></course>
<au id="https://example.org/c/1" moveOn="Passed" masteryScore="0.8">
<title><langstring lang="en">One</langstring></title>
<description><langstring lang="en">D</langstring></description><url>start.html?mode=1</url></au>
</courseStructure>"""


def structure(package: Package) -> etree._Element:
    with zipfile.ZipFile(package.path) as archive:
        return etree.fromstring(archive.read("cmi5.xml"))


def inspected(tmp_path: Path, text: str, *names: str) -> PackageReport:
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("cmi5.xml", text)
        for name in names or ("start.html",):
            archive.writestr(name, "<!doctype html><html lang=en><title>x</title></html>")
    return inspect_package(path, Plugins())


def test_the_structure_validates_against_the_cmi5_schema(cmi5: Any, xsd_folder: Path) -> None:
    schema = etree.XMLSchema(etree.parse(str(xsd_folder / "cmi5" / "CourseStructure.xsd")))
    for course in (cmi5.course(), cmi5.course(quiz=())):
        assert schema.validate(structure(cmi5.build(course))), schema.error_log


def test_one_unit_holds_the_whole_module(cmi5: Any) -> None:
    package = cmi5.build()
    (unit,) = structure(package).iterfind("{*}au")
    assert dict(unit.attrib) == {
        "id": "urn:lms-toolkit:tiny:depart:fr:unit",
        "moveOn": "CompletedAndPassed",
        "masteryScore": "0.7",
        "launchMethod": "AnyWindow",
        "activityType": "http://adlnet.gov/expapi/activities/module",
    }
    assert unit.findtext("{*}url") == "index.html"
    assert [(item.identifier, item.title) for item in package.items] == [(unit.get("id"), "Le départ")]


def test_a_module_without_a_quiz_asks_for_completion_and_no_score(cmi5: Any) -> None:
    unit = structure(cmi5.build(cmi5.course(quiz=()))).find("{*}au")
    assert unit is not None
    assert unit.get("moveOn") == "Completed"
    assert unit.get("masteryScore") is None


@pytest.mark.parametrize(("percent", "share"), [(70, "0.7"), (66.67, "0.6667"), (100, "1"), (0, "0"), (57, "0.57")])
def test_the_pass_mark_becomes_a_share_with_at_most_four_decimals(cmi5: Any, percent: float, share: str) -> None:
    unit = structure(cmi5.build(cmi5.course(pass_mark_percent=percent))).find("{*}au")
    assert unit is not None
    assert unit.get("masteryScore") == share


def test_identifiers_stay_when_titles_change_and_lessons_move(cmi5: Any) -> None:
    course = cmi5.course()
    content = course.modules[0].content["fr"]
    moved = replace(content, lessons=tuple(reversed(content.lessons)))
    changed = cmi5.course(title={"fr": "Autre"}, content={"fr": moved})
    first, second = cmi5.build(course, "one"), cmi5.build(changed, "two")
    assert first.items[0].identifier == second.items[0].identifier
    assert second.items[0].title == "Autre"


def test_inspection_knows_the_package_and_finds_nothing_wrong(cmi5: Any) -> None:
    report = inspect_package(cmi5.build().path, Plugins())
    assert (report.format, report.title, report.findings) == ("cmi5", "Le départ", ())


def test_a_control_character_in_a_title_is_refused(cmi5: Any) -> None:
    with pytest.raises(ContentError, match="has a control character that XML cannot hold"):
        cmi5.build(cmi5.course(title={"fr": "a\x0bb"}))


def test_a_question_that_looks_like_a_tag_stays_inside_the_script(cmi5: Any) -> None:
    options = (Option("</script>", correct=True), Option("b"))
    question = Question("q</script>", "single", "`</script><!--`", options=options)
    package = cmi5.build(cmi5.course(quiz=(question,)))
    with zipfile.ZipFile(package.path) as archive:
        line = archive.read("assets/session.js").decode().splitlines()[1]
    data = json.loads(line.removeprefix("window.lmsToolkit.unit = ").removesuffix(";"))
    (activity,) = data["interactions"].values()
    assert activity["id"] == "urn:lms-toolkit:tiny:depart:fr:question:q%3C%2Fscript%3E"


def test_a_case_sensitive_word_says_so_in_its_pattern(cmi5: Any) -> None:
    question = Question("mot", "fill-in", "?", answers=("Rabat", "RABAT"), case_sensitive=True)
    course = cmi5.course()
    module = RenderedModule(
        course, course.modules[0], "fr", (RenderedPage("quiz", "quiz", "Quiz", "", 1, questions=(question,)),)
    )
    definition = definitions(module)["mot"]["definition"]
    assert definition["correctResponsesPattern"] == ["{case_matters=true}Rabat", "{case_matters=true}RABAT"]


def test_questions_without_a_mark_have_no_right_answer_and_areas_are_choices(cmi5: Any) -> None:
    course = cmi5.course()
    questions = (
        Question("essai", "short-text", "Expliquez."),
        Question("carte", "hotspot", "Où ?", options=(Option("Nord"), Option("Sud", correct=True))),
    )
    page = RenderedPage("quiz", "quiz", "Quiz", "", 1, questions=questions)
    made = definitions(RenderedModule(course, course.modules[0], "fr", (page,)))
    assert made["essai"]["definition"]["interactionType"] == "long-fill-in"
    assert "correctResponsesPattern" not in made["essai"]["definition"]
    assert made["carte"]["definition"]["interactionType"] == "choice"
    assert made["carte"]["definition"]["correctResponsesPattern"] == ["choice-1"]


def test_somebody_elses_package_is_described(tmp_path: Path) -> None:
    report = inspected(tmp_path, GOOD)
    assert (report.format, report.title, report.findings) == ("cmi5", "A", ())
    assert [(item.identifier, item.title) for item in report.items] == [("https://example.org/c/1", "One")]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("courseStructure", "course2", "structure-root"),
        ("v1/CourseStructure.xsd", "v2/CourseStructure.xsd", "namespace"),
        ('<course id="https://example.org/c">', '<kurs id="x">', "missing-course"),
        ("<description><langstring lang=\"en\">D</langstring></description>", "", "missing-description"),
        (">One<", "><", "missing-title"),
        ("https://example.org/c/1", "one", "identifier-form"),
        ("https://example.org/c/1", "https://example.org/c", "duplicate-identifier"),
        ('moveOn="Passed"', 'moveOn="passed"', "vocabulary"),
        ('moveOn="Passed"', 'launchMethod="Popup"', "vocabulary"),
        ('masteryScore="0.8"', 'masteryScore="80"', "mastery-score"),
        ('masteryScore="0.8"', 'masteryScore="NaN"', "mastery-score"),
        ("start.html?mode=1", "", "missing-url"),
        ("start.html?mode=1", "start.html?fetch=1", "url-parameters"),
        ("start.html?mode=1", "gone.html", "missing-file"),
        ("start.html?mode=1", "../start.html", "unsafe-href"),
        ("start.html?mode=1", "http://[x", "url-form"),
        ("<url>", '<objectives><objective idref="https://example.org/o"/></objectives><url>', "dangling-reference"),
    ],
)  # fmt: skip
def test_each_fault_of_a_structure_has_its_rule(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new)
    if old.startswith("<course id"):
        text = text.replace("</course>", "</kurs>")
    found = [finding for finding in inspected(tmp_path, text).findings if finding.severity == "error"]
    assert [finding.rule for finding in found][:1] == [rule]
    assert found[0].source.startswith("cmi5 1")


def test_a_structure_without_units_opens_nothing(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("<au ")] + "</courseStructure>"
    assert "missing-au" in [finding.rule for finding in inspected(tmp_path, text).findings]


def test_a_pass_without_a_mastery_score_is_worth_a_word(tmp_path: Path) -> None:
    (finding,) = inspected(tmp_path, GOOD.replace(' masteryScore="0.8"', "")).findings
    assert (finding.severity, finding.rule) == ("info", "mastery-score")


def test_a_structure_in_a_folder_is_pointed_at(tmp_path: Path) -> None:
    path = tmp_path / "nested.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("course/cmi5.xml", GOOD)
    findings = {finding.rule: finding for finding in inspect_package(path, Plugins()).findings}
    assert findings["missing-structure"].hint == "zip the content of the folder, not the folder"


def test_an_entity_in_the_structure_is_not_opened(tmp_path: Path) -> None:
    text = GOOD.replace("<courseStructure", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><courseStructure', 1)
    report = inspected(tmp_path, text.replace(">One<", ">&e;<"))
    assert "xml-doctype" in [finding.rule for finding in report.findings]
    assert report.items == ()
