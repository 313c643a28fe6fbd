"""What `inspect` says of SCORM 2004 packages of strangers, each made here with one fault."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lms_toolkit.inspecting import inspect_package
from lms_toolkit.manager import Plugins
from lms_toolkit.model import PackageReport

NS = (
    'xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"'
    ' xmlns:adlseq="http://www.adlnet.org/xsd/adlseq_v1p3" xmlns:adlnav="http://www.adlnet.org/xsd/adlnav_v1p3"'
    ' xmlns:imsss="http://www.imsglobal.org/xsd/imsss"'
)
OBJECTIVE = (
    '<imsss:sequencing><imsss:objectives><imsss:primaryObjective satisfiedByMeasure="true" objectiveID="o">'
    "<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure></imsss:primaryObjective></imsss:objectives>"
    "</imsss:sequencing>"
)
ITEM = f'<item identifier="i1" identifierref="r1"><title>Un</title>{OBJECTIVE}</item>'
RESOURCE = (
    '<resource identifier="r1" type="webcontent" adlcp:scormType="sco" href="a.html"><file href="a.html"/></resource>'
)
FOURTH = "<schema>ADL SCORM</schema><schemaversion>2004 4th Edition</schemaversion>"
THIRD = FOURTH.replace("4th", "3rd")
SCHEMAS = [
    *(f"{name}.xsd" for name in ("adlcp_v1p3", "adlnav_v1p3", "adlseq_v1p3", "imscp_v1p1", "imsss_v1p0", "xml")),
    *(
        f"imsss_v1p0{part}.xsd"
        for part in ["auxresource", "control", "delivery", "limit", "objective", "random", "rollup", "seqrule", "util"]
    ),
    "XMLSchema.dtd",
    "datatypes.dtd",
]


def manifest(items: str = ITEM, resources: str = RESOURCE, version: str = FOURTH, namespaces: str = NS) -> str:
    return (
        f'<?xml version="1.0"?><manifest {namespaces} identifier="m"><metadata>{version}</metadata>'
        '<organizations default="o"><organization identifier="o"><title>Cours</title>'
        f'<item identifier="root"><title>Cours</title>{items}</item></organization></organizations>'
        f"<resources>{resources}</resources></manifest>"
    )


def in_item(xml: str) -> str:
    return ITEM.replace("</item>", f"{xml}</item>")


Inspect = Callable[..., PackageReport]


@pytest.fixture
def inspect(tmp_path: Path) -> Inspect:
    """Zips a manifest with its page and the schemas, and inspects the result."""

    def inspect(text: str, *names: str, without: tuple[str, ...] = ()) -> PackageReport:
        path = tmp_path / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("imsmanifest.xml", text)
            for name in ("a.html", *names, *(name for name in SCHEMAS if name not in without)):
                archive.writestr(name, "")
        return inspect_package(path, Plugins(strict=True))

    return inspect


def rules(report: PackageReport) -> list[str]:
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(("version", "format_name"), [(THIRD, "scorm2004-3rd"), (FOURTH, "scorm2004-4th")])
def test_a_plain_good_package_is_known_by_its_edition(inspect: Inspect, version: str, format_name: str) -> None:
    report = inspect(manifest(version=version))
    assert rules(report) == []
    assert (report.format, report.title) == (format_name, "Cours")
    assert [(item.identifier, item.title) for item in report.items] == [("i1", "Un")]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"version": FOURTH.replace("4th", "5th")}, "schemaversion"),
        ({"version": "<schema>ADL SCORM</schema>"}, "schemaversion"),
        ({"version": FOURTH.replace("ADL SCORM", "SCORM")}, "schemaversion"),
        ({"version": FOURTH.replace("2004 4th Edition", "CAM 1.3")}, "schemaversion"),
        ({"items": ITEM + ITEM}, "duplicate-identifier"),
        ({"items": ITEM.replace('"i1"', '"un deux"')}, "identifier-form"),
        ({"items": ITEM.replace('"r1"', '"r9"')}, "dangling-reference"),
        ({"items": ITEM.replace("<title>Un</title>", "")}, "missing-title"),
        ({"items": in_item('<item identifier="i2" identifierref="r1"><title>Deux</title></item>')}, "branch-reference"),
        ({"items": ITEM + '<item identifier="i2"><title>Vide</title></item>'}, "leaf-without-resource"),
        ({"items": in_item("<adlcp:completionThreshold>0.5</adlcp:completionThreshold>")}, "completion-threshold"),
        ({"items": in_item('<adlcp:completionThreshold minProgressMeasure="2"/>')}, "completion-threshold"),
        (
            {"items": in_item("<adlcp:completionThreshold>2</adlcp:completionThreshold>"), "version": THIRD},
            "completion-threshold",
        ),
        (
            {"items": in_item('<adlcp:completionThreshold minProgressMeasure="1"/>'), "version": THIRD},
            "completion-threshold",
        ),
        ({"items": in_item("<adlcp:timeLimitAction>stop</adlcp:timeLimitAction>")}, "vocabulary"),
        ({"items": in_item("<adlnav:hideLMSUI>next</adlnav:hideLMSUI>")}, "vocabulary"),
        ({"items": ITEM.replace("0.7", "70")}, "objective-measure"),
        ({"items": ITEM.replace(' satisfiedByMeasure="true"', "")}, "objective-measure"),
        (
            {"items": ITEM.replace("<imsss:minNormalizedMeasure>0.7</imsss:minNormalizedMeasure>", "")},
            "objective-measure",
        ),
        (
            {"items": ITEM.replace("</imsss:objectives>", '<imsss:objective objectiveID="o"/></imsss:objectives>')},
            "duplicate-objective",
        ),
        (
            {
                "items": ITEM.replace(
                    "<imsss:sequencing>",
                    '<imsss:sequencing><imsss:ruleCondition referencedObjective="p" condition="always"/>',
                )
            },
            "dangling-objective",
        ),
        ({"items": in_item('<imsss:sequencing IDRef="nowhere"/>')}, "dangling-sequencing"),
        ({"resources": RESOURCE.replace(' href="a.html">', ">")}, "missing-href"),
        ({"resources": RESOURCE.replace('<file href="a.html"/>', "")}, "href-not-listed"),
        ({"resources": RESOURCE.replace("</resource>", '<file href="b.css"/></resource>')}, "missing-file"),
        ({"resources": RESOURCE.replace("</resource>", '<file href="../b.css"/></resource>')}, "unsafe-href"),
    ],
)
def test_each_fault_of_a_manifest_is_named(inspect: Inspect, changes: dict[str, str], rule: str) -> None:
    report = inspect(manifest(**changes))
    assert rules(report)[0] == rule
    assert set(rules(report)) <= {rule, "unlisted-file"}
    assert "\n" not in str(report.findings[0])
    assert report.findings[0].source


def test_the_spelling_of_1_2_is_named_with_the_right_one(inspect: Inspect) -> None:
    report = inspect(manifest(resources=RESOURCE.replace("scormType", "scormtype")))
    assert rules(report) == ["scormtype", "scormtype-spelling"]
    assert "capital T" in report.findings[1].hint


def test_a_prefix_that_moodle_does_not_know_is_named(inspect: Inspect) -> None:
    report = inspect(manifest().replace("imsss:", "ss:").replace("xmlns:imsss", "xmlns:ss"))
    assert rules(report) == ["prefix"]
    assert "'ss'" in report.findings[0].message


def test_a_prefix_on_the_names_of_content_packaging_is_named(inspect: Inspect) -> None:
    text = manifest().replace("<metadata>", f"<cp:metadata {NS.replace('xmlns=', 'xmlns:cp=')}>")
    report = inspect(text.replace("</metadata>", "</cp:metadata>"))
    assert "prefix" in rules(report)


def test_a_manifest_inside_the_manifest_is_named(inspect: Inspect) -> None:
    inner = '<manifest identifier="inner"><organizations/><resources/></manifest>'
    assert rules(inspect(manifest().replace("</resources></manifest>", f"</resources>{inner}</manifest>"))) == [
        "submanifest"
    ]


def test_a_file_that_no_resource_lists_is_named_and_schemas_are_not(inspect: Inspect) -> None:
    report = inspect(manifest(), "b.html", "lom.xsd", "vocab/strict.xsd")
    assert [(finding.rule, finding.where) for finding in report.findings] == [("unlisted-file", "b.html")]


def test_a_schema_that_is_missing_among_others_is_a_warning_with_its_name(inspect: Inspect) -> None:
    (finding,) = inspect(manifest(), without=("imsss_v1p0util.xsd",)).findings
    assert (finding.severity, finding.rule) == ("warning", "missing-control-documents")
    assert "imsss_v1p0util.xsd" in finding.message


def test_ims_content_and_common_cartridge_are_left_to_others(inspect: Inspect) -> None:
    version = "<schema>IMS Content</schema><schemaversion>1.1.4</schemaversion>"
    cartridge = NS.replace("xsd/imscp_v1p1", "xsd/imsccv1p1/imscp_v1p1")
    for text in (manifest(version=version), manifest(version=version, namespaces=cartridge)):
        assert not inspect(text).format.startswith("scorm")


@pytest.mark.parametrize(("prefix", "found"), [("imsss", ["map-info"]), ("seq", [])])
def test_global_objectives_that_moodle_fails_on_are_told(inspect: Inspect, prefix: str, found: list[str]) -> None:
    link = f'<{prefix}:mapInfo xmlns:{prefix}="http://www.imsglobal.org/xsd/imsss" targetObjectiveID="g"/>'
    changed = OBJECTIVE.replace("</imsss:primaryObjective>", f"{link}</imsss:primaryObjective>")
    assert rules(inspect(manifest(ITEM.replace(OBJECTIVE, changed)))) == found
