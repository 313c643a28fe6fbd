"""What ADL's package checker asks of a SCORM 2004 package in nine checks, asked again of a package of ours.

The schemas are the installed originals, so these tests need them: `lms-toolkit schemas install`.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_toolkit import control_documents
from lms_toolkit.config import load_config
from lms_toolkit.interfaces import Shell

IMSCP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_v1p3}"


@pytest.fixture(params=["scorm2004-3rd", "scorm2004-4th"])
def package(request: Any, workshop: Any) -> Iterator[zipfile.ZipFile]:
    installed = control_documents.load(load_config(env={}).data_folder)
    if request.param not in installed:
        pytest.skip("no control documents: run lms-toolkit schemas install")
    workshop.shell = Shell(workshop.shell.templates, installed)
    with zipfile.ZipFile(workshop.build(request.param).path) as archive:
        yield archive


@pytest.fixture
def root(package: zipfile.ZipFile) -> etree._Element:
    return etree.fromstring(package.read("imsmanifest.xml"))


def test_1_and_2_a_well_formed_manifest_is_at_the_top(package: zipfile.ZipFile) -> None:
    assert package.namelist()[0] == "imsmanifest.xml"
    assert etree.fromstring(package.read("imsmanifest.xml")) is not None


def test_3_and_4_the_root_is_a_manifest_and_holds_no_other(root: etree._Element) -> None:
    assert root.tag == f"{IMSCP}manifest"
    assert list(root.iterdescendants(f"{IMSCP}manifest")) == []


def test_5_every_schema_that_the_manifest_names_is_at_the_top(package: zipfile.ZipFile, root: etree._Element) -> None:
    location = str(root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")).split()
    namespaces = {uri for prefix, uri in root.nsmap.items() if prefix != "xsi"}
    assert set(location[0::2]) == namespaces
    assert set(location[1::2]) <= set(package.namelist())
    assert len([name for name in package.namelist() if name.endswith((".xsd", ".dtd"))]) == 17


def test_6_the_manifest_validates_against_the_schemas_that_are_in_the_package(
    package: zipfile.ZipFile, root: etree._Element, tmp_path: Path
) -> None:
    package.extractall(tmp_path / "unpacked")
    location = str(root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")).split()
    pairs = zip(location[0::2], location[1::2], strict=True)
    imports = "".join(f'<xs:import namespace="{uri}" schemaLocation="{name}"/>' for uri, name in pairs)
    driver = tmp_path / "unpacked" / "driver.xsd"
    driver.write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:driver">{imports}</xs:schema>'
    )
    schema = etree.XMLSchema(etree.parse(str(driver), etree.XMLParser(no_network=True, load_dtd=False)))
    assert schema.validate(root), schema.error_log


def test_7_every_reference_of_a_resource_leads_to_a_file(package: zipfile.ZipFile, root: etree._Element) -> None:
    resources = list(root.iter(f"{IMSCP}resource"))
    assert resources
    for resource in resources:
        listed = [file.get("href") for file in resource.iter(f"{IMSCP}file")]
        assert set(listed) <= set(package.namelist())
        assert resource.get("href") is None or resource.get("href") in listed


def test_8_the_application_profile_is_kept(root: etree._Element) -> None:
    resources = {resource.get("identifier"): resource for resource in root.iter(f"{IMSCP}resource")}
    assert {resource.get("type") for resource in resources.values()} == {"webcontent"}
    assert {resource.get(f"{ADLCP}scormType") for resource in resources.values()} == {"sco", "asset"}
    for item in root.iter(f"{IMSCP}item"):
        is_leaf = item.find(f"{IMSCP}item") is None
        assert (item.get("identifierref") is not None) is is_leaf
        assert not is_leaf or resources[item.get("identifierref")].get("href")
    for dependency in root.iter(f"{IMSCP}dependency"):
        assert dependency.get("identifierref") in resources
    organizations = root.find(f"{IMSCP}organizations")
    assert organizations is not None
    assert organizations.get("default") == organizations[0].get("identifier")


def test_9_there_is_no_file_that_nothing_lists(package: zipfile.ZipFile, root: etree._Element) -> None:
    listed = {file.get("href") for file in root.iter(f"{IMSCP}file")}
    excess = [name for name in package.namelist() if name not in listed and not name.endswith((".xsd", ".dtd"))]
    assert excess == ["imsmanifest.xml"]
