"""What a SCORM 2004 manifest says: the same units as 1.2, how a quiz is passed, and who may go where."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from lms_toolkit.building import build_unit
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Option, Package, PackageFile, Question
from lms_toolkit.units import units_of

THIRD, FOURTH = "scorm2004-3rd", "scorm2004-4th"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_v1p3}"
IMSSS = "{http://www.imsglobal.org/xsd/imsss}"

both = pytest.mark.parametrize("edition", [THIRD, FOURTH])


def manifest(package: Package) -> etree._Element:
    with zipfile.ZipFile(package.path) as archive:
        return etree.fromstring(archive.read("imsmanifest.xml"))


def text_of(package: Package) -> str:
    with zipfile.ZipFile(package.path) as archive:
        return archive.read("imsmanifest.xml").decode()


def items(root: etree._Element) -> dict[str, etree._Element]:
    return {str(item.get("identifier")): item for item in root.iterfind(".//{*}item")}


def linear(workshop: Any, edition: str, **changes: Any) -> etree._Element:
    return manifest(workshop.build(edition, replace(workshop.course(**changes), navigation="linear")))


@both
def test_the_manifest_validates_against_the_editions_schemas(workshop: Any, schema_of: Any, edition: str) -> None:
    schema = schema_of(edition)
    assert schema.validate(manifest(workshop.build(edition))), schema.error_log


@both
def test_the_manifest_of_a_linear_module_validates_too(workshop: Any, schema_of: Any, edition: str) -> None:
    schema = schema_of(edition)
    assert schema.validate(linear(workshop, edition)), schema.error_log


@both
def test_each_edition_says_its_own_version(workshop: Any, edition: str) -> None:
    wanted = {THIRD: "2004 3rd Edition", FOURTH: "2004 4th Edition"}[edition]
    assert manifest(workshop.build(edition)).findtext("{*}metadata/{*}schemaversion") == wanted


@both
def test_items_have_the_identifiers_of_scorm_1_2(workshop: Any, edition: str) -> None:
    ours, other = workshop.build(edition), workshop.build("scorm12")
    assert list(items(manifest(ours))) == list(items(manifest(other)))
    assert ours.items == other.items


@both
def test_prefixes_are_the_ones_moodle_matches_as_text(workshop: Any, edition: str) -> None:
    text = text_of(workshop.build(edition))
    assert 'adlcp:scormType="sco"' in text
    assert "<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure>" in text
    assert "<adlcp:completionThreshold" in text
    assert "Le départ &amp; l’arrivée" in text  # raw UTF-8: Moodle mangles numeric references
    assert "&#" not in text


@both
def test_only_the_quiz_is_passed_by_its_score(workshop: Any, edition: str) -> None:
    found = items(manifest(workshop.build(edition)))
    passing = {
        name: item
        for name, item in found.items()
        if item.find(f"{IMSSS}sequencing//{IMSSS}primaryObjective") is not None
    }
    assert list(passing) == ["quiz"]
    (objective,) = passing["quiz"].iter(f"{IMSSS}primaryObjective")
    assert objective.get("satisfiedByMeasure") == "true"
    assert objective.findtext(f"{IMSSS}minNormalizedMeasure") == "0.7"


def test_the_completion_threshold_has_the_form_of_its_edition(workshop: Any) -> None:
    third = next(manifest(workshop.build(THIRD)).iter(f"{ADLCP}completionThreshold"))
    fourth = next(manifest(workshop.build(FOURTH)).iter(f"{ADLCP}completionThreshold"))
    assert (third.text, dict(third.attrib)) == ("1.0", {})
    assert fourth.text is None
    assert fourth.get("completedByMeasure") == "true"
    assert fourth.get("minProgressMeasure") == "1.0"


@both
def test_every_page_can_be_chosen_and_none_is_gated_by_default(workshop: Any, edition: str) -> None:
    root = manifest(workshop.build(edition))
    modes = [(mode.get("choice"), mode.get("flow")) for mode in root.iter(f"{IMSSS}controlMode")]
    assert modes == [("true", "true")] * 2
    assert list(root.iter(f"{IMSSS}preConditionRule")) == []


@both
def test_beside_a_quiz_lessons_count_for_completion_only(workshop: Any, edition: str) -> None:
    found = items(manifest(workshop.build(edition)))
    rollup = found["lesson-suite"].find(f"{IMSSS}sequencing/{IMSSS}rollupRules")
    assert dict(rollup.attrib) == {"rollupObjectiveSatisfied": "false", "objectiveMeasureWeight": "0"}
    assert found["quiz"].find(f"{IMSSS}sequencing/{IMSSS}rollupRules") is None


@both
def test_a_linear_module_opens_its_quiz_once_all_lessons_are_completed(workshop: Any, edition: str) -> None:
    root = linear(workshop, edition)
    assert {mode.get("choice") for mode in root.iter(f"{IMSSS}controlMode")} == {"false"}
    group = items(root)["before-quiz"]
    assert [item.get("identifier") for item in group.findall("{*}item")] == ["lesson-bienvenue", "lesson-suite"]
    (rule,) = group.findall(f"{IMSSS}sequencing/{IMSSS}rollupRules/{IMSSS}rollupRule")
    assert rule.find(f".//{IMSSS}rollupCondition").get("condition") == "completed"
    assert rule.find(f"{IMSSS}rollupAction").get("action") == "satisfied"
    written, read = root.iter(f"{IMSSS}mapInfo")
    assert written.get("targetObjectiveID") == read.get("targetObjectiveID")
    assert written.get("writeSatisfiedStatus") == "true"
    (gate,) = items(root)["quiz"].iter(f"{IMSSS}preConditionRule")
    assert gate.find(f"{IMSSS}ruleAction").get("action") == "disabled"
    conditions = [(one.get("operator"), one.get("condition")) for one in gate.iter(f"{IMSSS}ruleCondition")]
    assert conditions == [("not", "satisfied"), ("not", "objectiveStatusKnown")]


@pytest.mark.parametrize("edition", ["scorm12", THIRD, FOURTH])
def test_a_linear_package_of_a_whole_course_validates_and_keeps_its_order(
    workshop: Any, schema_of: Any, edition: str
) -> None:
    course = replace(workshop.course(), navigation="linear")
    second = replace(course.modules[0], slug="arrivee-et-tout-ce-qui-vient-ensuite-jusqu-a-la-fin")
    course = replace(course, modules=(*course.modules, second))
    (unit,) = units_of(course, course.modules, "fr", "course")
    fmt = workshop.plugins.format(edition)
    package = build_unit(course, unit, "fr", fmt, workshop.folder / "out", workshop.shell, workshop.plugins)
    root = manifest(package)
    opened = [name for name, item in items(root).items() if item.get("identifierref")]
    assert opened == [item.identifier for item in package.items]
    schema = schema_of(edition)
    assert schema.validate(root), schema.error_log


@both
def test_what_moodle_would_fail_on_has_a_prefix_that_it_does_not_look_for(workshop: Any, edition: str) -> None:
    package = workshop.build(edition, replace(workshop.course(), navigation="linear"))
    assert text_of(package).count("<seq:mapInfo ") == 2
    assert "imsss:mapInfo" not in text_of(package)
    findings = inspect_package(package.path, workshop.plugins).findings
    assert {finding.rule for finding in findings} == {"missing-control-documents"}


@both
def test_in_a_gated_group_every_lesson_counts(workshop: Any, edition: str) -> None:
    lesson = items(linear(workshop, edition))["lesson-suite"]
    assert lesson.find(f".//{IMSSS}rollupRules") is None


@both
def test_a_linear_module_without_quiz_needs_no_group(workshop: Any, edition: str) -> None:
    root = linear(workshop, edition, quiz=())
    assert list(items(root)) == ["module-depart", "lesson-bienvenue", "lesson-suite"]


@both
def test_a_linear_module_keeps_the_identifiers_that_records_hang_on(workshop: Any, edition: str) -> None:
    free = items(manifest(workshop.build(edition)))
    assert set(free) < set(items(linear(workshop, edition)))


@both
def test_identifiers_stay_when_lessons_move_and_titles_change(workshop: Any, edition: str) -> None:
    before = workshop.build(edition, out="one")
    course = workshop.course(title="Un autre titre")
    content = course.modules[0].content["fr"]
    lessons = tuple(replace(lesson, title="Salut") for lesson in reversed(content.lessons))
    moved = replace(course, modules=(replace(course.modules[0], content={"fr": replace(content, lessons=lessons)}),))
    after = workshop.build(edition, moved, out="two")
    assert set(items(manifest(before))) == set(items(manifest(after)))


@both
def test_two_builds_are_the_same_bytes(workshop: Any, edition: str) -> None:
    one, two = workshop.build(edition, out="one"), workshop.build(edition, out="two")
    assert one.path.read_bytes() == two.path.read_bytes()


@both
def test_a_package_with_its_schemas_has_no_findings(workshop: Any, edition: str) -> None:
    workshop.shell = Shell(workshop.shell.templates, {edition: tuple(PackageFile(name, b"<x/>") for name in SCHEMAS)})
    package = workshop.build(edition)
    report = inspect_package(package.path, workshop.plugins)
    assert report.findings == ()
    assert (report.format, report.title, report.items) == (edition, "Le départ & l’arrivée", package.items)
    assert package.notes == ()


@both
def test_a_package_without_its_schemas_says_what_to_do(workshop: Any, edition: str) -> None:
    package = workshop.build(edition)
    assert package.notes == ("built without control documents: run lms-toolkit schemas install",)
    findings = inspect_package(package.path, workshop.plugins).findings
    assert [(finding.severity, finding.rule) for finding in findings] == [("info", "missing-control-documents")]


@both
def test_a_quiz_that_outgrows_suspend_data_is_refused_with_its_size(workshop: Any, edition: str) -> None:
    quiz = tuple(Question(f"q{number}", "fill-in", "?", answers=("x" * 255,)) for number in range(130))
    with pytest.raises(ContentError, match=r"130 questions .*can take \d+ characters and the format keeps 64000"):
        workshop.build(edition, workshop.course(quiz=quiz))
    workshop.build(edition, workshop.course(quiz=quiz[:100]))  # far beyond what SCORM 1.2 keeps


@both
def test_more_choices_than_a_platform_must_keep_are_refused(workshop: Any, edition: str) -> None:
    options = tuple(Option(str(number), correct=number == 0) for number in range(37))
    with pytest.raises(ContentError, match=r"question q: SCORM 2004 .* can report 36 choices and it has 37"):
        workshop.build(edition, workshop.course(quiz=(Question("q", "single", "?", options=options),)))


@both
def test_a_title_that_platforms_need_not_keep_is_refused(workshop: Any, edition: str) -> None:
    with pytest.raises(ContentError, match="has 201 characters; SCORM 2004 promises 200"):
        workshop.build(edition, workshop.course(title="x" * 201))


SCHEMAS = (
    "XMLSchema.dtd",
    "adlcp_v1p3.xsd",
    "adlnav_v1p3.xsd",
    "adlseq_v1p3.xsd",
    "datatypes.dtd",
    "imscp_v1p1.xsd",
    "imsss_v1p0.xsd",
    "imsss_v1p0auxresource.xsd",
    "imsss_v1p0control.xsd",
    "imsss_v1p0delivery.xsd",
    "imsss_v1p0limit.xsd",
    "imsss_v1p0objective.xsd",
    "imsss_v1p0random.xsd",
    "imsss_v1p0rollup.xsd",
    "imsss_v1p0seqrule.xsd",
    "imsss_v1p0util.xsd",
    "xml.xsd",
)
