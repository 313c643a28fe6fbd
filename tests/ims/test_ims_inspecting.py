"""What `inspect` says of content packages and cartridges of others, made here byte by byte."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.inspecting import inspect_package
from lms_toolkit.model import PackageReport

CP = "http://www.imsglobal.org/xsd/imscp_v1p1"
CC = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
PAGE = '<resource identifier="r1" type="webcontent" href="a.html"><file href="a.html"/></resource>'
ITEM = '<item identifier="i1" identifierref="r1"><title>Un</title></item>'
TOPIC = '<resource identifier="t" type="imsdt_xmlv1p1"><file href="t.xml"/></resource>'
BANK = '<resource identifier="b" type="imsqti_xmlv1p2/imscc_xmlv1p1/question-bank"><file href="b.xml"/></resource>'
LINK = '<resource identifier="l" type="imswl_xmlv1p1"><file href="l.xml"/></resource>'


def content_package(items: str = ITEM, resources: str = PAGE, **parts: str) -> str:
    values = {"default": ' default="o"', "schema": "IMS Content", "version": "1.1.4", **parts}
    return (
        f'<manifest xmlns="{CP}" identifier="m"><metadata><schema>{values["schema"]}</schema>'
        f"<schemaversion>{values['version']}</schemaversion></metadata>"
        f'<organizations{values["default"]}><organization identifier="o"><title>Cours</title>{items}</organization>'
        f"</organizations><resources>{resources}</resources></manifest>"
    )


def cartridge(items: str = ITEM, resources: str = PAGE, **parts: str) -> str:
    values = {
        "namespace": CC,
        "version": "1.1.0",
        "lom": "<lom><general><title><string>Cours</string></title></general></lom>",
        "structure": "rooted-hierarchy",
        "root": '<item identifier="root">',
        **parts,
    }
    return (
        f'<manifest xmlns="{values["namespace"]}" identifier="m"><metadata><schema>IMS Common Cartridge</schema>'
        f"<schemaversion>{values['version']}</schemaversion>{values['lom']}</metadata><organizations>"
        f'<organization identifier="o" structure="{values["structure"]}">{values["root"]}{items}</item></organization>'
        f"</organizations><resources>{resources}</resources></manifest>"
    )


Inspect = Callable[..., PackageReport]


@pytest.fixture
def inspect(tmp_path: Path, workshop: Any) -> Inspect:
    def inspect(manifest: str, **files: str) -> PackageReport:
        path = tmp_path / "package.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("imsmanifest.xml", manifest)
            for name, content in {"a_html": "<p>Un</p>", **files}.items():
                archive.writestr(name.replace("_", "."), content)
        return inspect_package(path, workshop.plugins)

    return inspect


def rules(report: PackageReport) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_good_packages_of_others_have_no_findings(inspect: Inspect) -> None:
    content, common = inspect(content_package()), inspect(cartridge())
    assert (content.format, content.title, rules(content)) == ("imscp", "Cours", [])
    assert (common.format, common.title, rules(common)) == ("imscc11", "Cours", [])
    assert [item.title for item in common.items] == ["Un"]


@pytest.mark.parametrize(
    ("code", "version", "name"),
    [("", "1.0.0", "imscc11"), ("v1p2", "1.2.0", "imscc13"), ("v1p3", "1.3.0", "imscc13")],
)
def test_the_other_versions_of_cartridges_are_known(inspect: Inspect, code: str, version: str, name: str) -> None:
    report = inspect(cartridge(namespace=CC.replace("v1p1", code, 1), version=version))
    assert (report.format, rules(report)) == (name, [])


def test_scorm_2004_is_not_taken_for_a_content_package(inspect: Inspect) -> None:
    manifest = content_package(schema="ADL SCORM", version="2004 4th Edition")
    assert inspect(manifest).format != "imscp"


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"version": "3.0"}, "schemaversion"),
        ({"schema": "Something"}, "schemaversion"),
        ({"default": ' default="x"'}, "default-organization"),
        ({"items": ""}, "missing-item"),
        ({"items": '<item identifier="i1" identifierref="r1"/>'}, "missing-title"),
        ({"items": ITEM + '<item identifier="i2"><title>Deux</title></item>'}, "empty-item"),
        ({"items": ITEM.replace("r1", "r9")}, "dangling-reference"),
        ({"items": ITEM + ITEM}, "duplicate-identifier"),
        ({"items": ITEM.replace('"i1"', '"1 i"')}, "identifier-form"),
        ({"resources": PAGE.replace(' type="webcontent"', "")}, "resource-type"),
        ({"resources": PAGE.replace(' href="a.html">', ">")}, "missing-href"),
        ({"resources": PAGE.replace('<file href="a.html"/>', "")}, "href-not-listed"),
        (
            {"resources": PAGE.replace('<file href="a.html"/>', '<file href="a.html"/><file href="b.html"/>')},
            "missing-file",
        ),
        ({"resources": PAGE.replace('<file href="a.html"/>', '<file href="a.html"/>' * 2)}, "repeated-file"),
        ({"resources": PAGE.replace("</resource>", '<file href="../x"/></resource>')}, "unsafe-href"),
    ],
)
def test_faults_of_a_content_package_are_named(inspect: Inspect, changes: dict[str, str], rule: str) -> None:
    assert rules(inspect(content_package(**changes))) == [rule]


def test_prefixed_elements_are_named_because_moodle_shows_nothing_for_them(inspect: Inspect) -> None:
    text = content_package().replace("xmlns=", "xmlns:i=").replace("</", "</i:")
    for name in ("manifest", "metadata", "schema", "organization", "title", "item", "resource", "file"):
        text = text.replace(f"<{name}", f"<i:{name}")
    assert rules(inspect(text)) == ["prefix"]


def test_a_file_that_no_resource_lists_is_named(inspect: Inspect) -> None:
    report = inspect(content_package(), b_html="<p>Deux</p>")
    assert [(finding.rule, finding.where) for finding in report.findings] == [("unlisted-file", "b.html")]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"version": "1.2.0"}, "schemaversion"),
        ({"lom": ""}, "missing-lom"),
        ({"structure": "hierarchical"}, "organizations"),
        ({"root": '<item identifier="root"><title>Racine</title>'}, "root-item"),
        ({"root": '<item identifier="x"><title>x</title></item><item identifier="root"><title>y</title>'}, "root-item"),
        ({"items": '<item identifier="i1" identifierref="r1"/>'}, "missing-title"),
        (
            {
                "items": '<item identifier="i1" identifierref="r1"><title>Un</title>'
                '<item identifier="i2" identifierref="r1"><title>Deux</title></item></item>'
            },
            "mixed-item",
        ),
        ({"resources": PAGE.replace("webcontent", "page")}, "resource-type"),
        ({"resources": PAGE.replace(' href="a.html">', ">")}, "missing-href"),
        ({"resources": PAGE + TOPIC.replace("<file", '<file href="a.html"/><file')}, "one-file"),
        ({"resources": PAGE + TOPIC.replace('v1p1">', 'v1p1" href="t.xml">')}, "forbidden-href"),
        ({"resources": PAGE + BANK + BANK.replace('"b"', '"b2"')}, "question-banks"),
        ({"resources": PAGE + BANK, "items": ITEM + ITEM.replace("r1", "b").replace("i1", "i2")}, "bank-item"),
        ({"resources": PAGE + LINK.replace("</", '<dependency identifierref="r1"/></')}, "dependency"),
        ({"resources": PAGE.replace("</", '<dependency identifierref="t"/></') + TOPIC}, "dependency"),
        ({"resources": PAGE + TOPIC.replace("</", '<dependency identifierref="r1"/>' * 2 + "</")}, "dependency"),
    ],
)
def test_faults_of_a_cartridge_are_named_with_their_rule(inspect: Inspect, changes: dict[str, str], rule: str) -> None:
    small = {"t_xml": "<topic/>", "l_xml": "<webLink/>", "b_xml": "<questestinterop/>"}
    resources = changes.get("resources", "")
    files = {name: text for name, text in small.items() if name.replace("_", ".") in resources}
    assert rules(inspect(cartridge(**changes), **files)) == [rule]


def quiz(body: str, profile: str = "cc.multiple_choice.v0p1", extra: str = "") -> str:
    field = "<qtimetadatafield><fieldlabel>{}</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>".format
    fields = field("cc_profile", profile) + extra
    return (
        '<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2"><objectbank ident="b"><item ident="q">'
        f"<itemmetadata><qtimetadata>{fields}</qtimetadata></itemmetadata>{body}</item></objectbank></questestinterop>"
    )


def choice(labels: int = 3, right: str = "1", cardinality: str = "Single", feedback: str = "") -> str:
    options = "".join(f'<response_label ident="{number}"/>' for number in range(1, labels + 1))
    return (
        f'<presentation><response_lid ident="r" rcardinality="{cardinality}"><render_choice>{options}</render_choice>'
        f'</response_lid></presentation><resprocessing><respcondition><conditionvar><varequal respident="r">{right}'
        f"</varequal></conditionvar></respcondition></resprocessing>{feedback}"
    )


WEIGHT = "<qtimetadatafield><fieldlabel>cc_weighting</fieldlabel><fieldentry>{}</fieldentry></qtimetadatafield>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (quiz(choice()), []),
        (quiz(choice(labels=2)), ["question-options"]),
        (quiz(choice(cardinality="Multiple")), ["question-cardinality"]),
        (quiz(choice(right="9")), ["unknown-answer"]),
        (quiz(choice(), profile="cc.matching.v0p1"), ["question-profile"]),
        (quiz(choice(), extra=WEIGHT.format("1.5")), ["question-weighting"]),
        (quiz(choice(), extra=WEIGHT.format("100")), ["question-weighting"]),
        (quiz(choice(), extra=WEIGHT.format("99")), []),
        (quiz(choice(feedback='<itemfeedback ident="f"/>')), ["feedback"]),
        (
            quiz(choice()).replace("</item>", '</item><item ident="q"/>', 1),
            ["duplicate-identifier", "question-profile"],
        ),
        ("<assessment/>", ["qti-root"]),
    ],
)
def test_faults_of_questions_are_named(inspect: Inspect, text: str, expected: list[str]) -> None:
    report = inspect(cartridge(resources=PAGE + BANK), b_xml=text)
    assert rules(report) == expected
    assert all(finding.where == "b.xml" for finding in report.findings)
