"""Each edition of SCORM says in LOM all that a course says of itself, and `inspect` looks where metadata are named."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_toolkit.inspecting import inspect_package
from lms_toolkit.model import Course

LOM_2004 = {
    "general/title/string": "Le départ & l’arrivée",
    "general/language": "fr",
    "general/description/string": "Commencer.",
    "general/keyword/string": "migration",
    "lifeCycle/version/string": "1.0",
    "lifeCycle/contribute/role/value": "author",
    "lifeCycle/contribute/entity": "BEGIN:VCARD\nVERSION:3.0\nFN:Amina Test\nN:Amina Test;;;;\nEND:VCARD",
    "educational/typicalLearningTime/duration": "PT1H",
    "rights/description/string": "CC BY 4.0",
}
LOM_12 = {
    "general/title/langstring": "Le départ & l’arrivée",
    "general/language": "fr",
    "general/description/langstring": "Commencer.",
    "general/keyword/langstring": "migration",
    "lifecycle/version/langstring": "1.0",
    "lifecycle/contribute/role/value/langstring": "Author",
    "lifecycle/contribute/centity/vcard": LOM_2004["lifeCycle/contribute/entity"],
    "educational/typicallearningtime/datetime": "PT1H",
    "rights/description/langstring": "CC BY 4.0",
}
SCORM_2004 = ["scorm2004-3rd", "scorm2004-4th"]


def described(workshop: Any) -> Course:
    words = {"fr": ("migration", "retour")}
    return replace(workshop.course(), authors=("Amina Test",), licence="CC BY 4.0", keywords=words)


def texts(lom: Any, paths: Any) -> dict[str, Any]:
    return {path: lom.findtext("/".join(f"{{*}}{name}" for name in path.split("/"))) for path in paths}


@pytest.fixture
def content(workshop: Any) -> Any:
    def content(edition: str) -> dict[str, bytes]:
        with zipfile.ZipFile(workshop.build(edition, described(workshop)).path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    return content


def test_scorm_1_2_holds_its_lom_in_the_manifest(content: Any, schema_of: Any) -> None:
    root = etree.fromstring(content("scorm12")["imsmanifest.xml"])
    assert texts(root.find(".//{*}lom"), LOM_12) == LOM_12
    schema = schema_of("scorm12")
    assert schema.validate(root), schema.error_log


@pytest.mark.parametrize("edition", SCORM_2004)
def test_scorm_2004_names_a_file_of_lom_that_a_resource_lists(content: Any, edition: str) -> None:
    files = content(edition)
    root = etree.fromstring(files["imsmanifest.xml"])
    name = str(root.findtext("{*}metadata/{http://www.adlnet.org/xsd/adlcp_v1p3}location"))
    assert name in [file.get("href") for file in root.iterfind(".//{*}file")]
    lom = etree.fromstring(files[name])
    assert lom.tag == "{http://ltsc.ieee.org/xsd/LOM}lom"
    assert texts(lom, LOM_2004) == LOM_2004


def test_the_lom_of_scorm_2004_validates_against_ieees_schemas(content: Any, xsd_folder: Path) -> None:
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    schema = etree.XMLSchema(etree.parse(str(xsd_folder / "ieee-lom" / "lomStrict.xsd"), parser))
    assert schema.validate(etree.fromstring(content("scorm2004-4th")["metadata.xml"])), schema.error_log


@pytest.mark.parametrize("edition", ["scorm12", *SCORM_2004])
@pytest.mark.parametrize(
    ("location", "also", "rule"),
    [
        ("absent.xml", "", "metadata-location"),
        ("", "", "metadata-location"),
        ("../outside.xml", "", "unsafe-href"),
        ("other.xml", "<html/>", "metadata-kind"),
        ("other.xml", "<lom/>", ""),
        ("https://example.org/lom.xml", "", ""),
    ],
)
def test_metadata_that_cannot_be_read_are_told(
    content: Any, workshop: Any, tmp_path: Path, edition: str, location: str, also: str, rule: str
) -> None:
    files = content(edition)
    manifest = files["imsmanifest.xml"].decode().replace("<adlcp:location>metadata.xml</adlcp:location>", "")
    named = manifest.replace("</metadata>", f"<adlcp:location>{location}</adlcp:location></metadata>")
    files |= {"imsmanifest.xml": named.encode()} | ({location: also.encode()} if also else {})
    with zipfile.ZipFile(tmp_path / "changed.zip", "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    findings = inspect_package(tmp_path / "changed.zip", workshop.plugins).findings
    assert [finding.rule for finding in findings if finding.severity != "info"] == ([rule] if rule else [])
