"""What `inspect` says of packages of strangers, hostile ones included; they are made here, byte by byte."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.errors import PackageError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.inspecting.xml_reading import has_doctype
from lms_toolkit.model import PackageReport

NS = 'xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"'
ITEM = '<item identifier="i1" identifierref="r1"><title>Un</title></item>'
RESOURCE = (
    '<resource identifier="r1" type="webcontent" adlcp:scormtype="sco" href="a.html"><file href="a.html"/></resource>'
)


def manifest(
    items: str = ITEM,
    resources: str = RESOURCE,
    default: str = "o",
    version: str = "<schema>ADL SCORM</schema><schemaversion>1.2</schemaversion>",
    namespaces: str = NS,
) -> str:
    return (
        f'<?xml version="1.0"?><manifest {namespaces} identifier="m"><metadata>{version}</metadata>'
        f'<organizations default="{default}"><organization identifier="o"><title>Cours</title>'
        f'<item identifier="root"><title>Cours</title>{items}</item></organization></organizations>'
        f"<resources>{resources}</resources></manifest>"
    )


Inspect = Callable[..., PackageReport]


@pytest.fixture
def inspect(tmp_path: Path, local_plugins: Any) -> Inspect:
    """Zips `files` (name → text) and inspects the result; `raw` is a whole zip instead."""

    def inspect(files: dict[str, str | bytes] | None = None, raw: bytes | None = None) -> PackageReport:
        path = tmp_path / "package.zip"
        if raw is None:
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in (files or {}).items():
                    archive.writestr(name, content)
        else:
            path.write_bytes(raw)
        return inspect_package(path, local_plugins)

    return inspect


def rules(report: PackageReport) -> list[str]:
    return [finding.rule for finding in report.findings]


def test_a_package_of_ours_has_no_findings(workshop: Any) -> None:
    package = workshop.build()
    report = inspect_package(package.path, workshop.plugins)
    assert report.findings == ()
    assert (report.format, report.title, report.sha256) == ("scorm12", "Le départ & l’arrivée", package.sha256)
    assert report.items == package.items
    assert report.files == 7


def test_a_plain_good_package_of_somebody_else_has_no_findings(inspect: Inspect) -> None:
    assert rules(inspect({"imsmanifest.xml": manifest(), "a.html": "<p>Un</p>"})) == []


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"default": "nobody"}, "default-organization"),
        ({"items": ITEM.replace("r1", "r9")}, "dangling-reference"),
        ({"items": ITEM + ITEM}, "duplicate-identifier"),
        ({"items": ITEM.replace('"i1"', '"un deux"')}, "identifier-form"),
        ({"items": ITEM.replace("i1", "i" * 256)}, "identifier-length"),
        ({"items": ITEM.replace("Un", "u" * 256)}, "title-length"),
        ({"items": ITEM.replace("<title>Un</title>", "")}, "missing-title"),
        ({"items": ITEM.replace("</item>", "<adlcp:masteryscore>101</adlcp:masteryscore></item>")}, "masteryscore"),
        ({"items": ITEM.replace("</item>", "<adlcp:masteryscore>bien</adlcp:masteryscore></item>")}, "masteryscore"),
        ({"resources": RESOURCE.replace("scormtype", "scormType")}, "scormtype"),
        ({"resources": RESOURCE.replace(' href="a.html">', ">")}, "missing-href"),
        ({"resources": RESOURCE.replace('<file href="a.html"/>', "")}, "href-not-listed"),
        ({"resources": RESOURCE.replace("</resource>", '<file href="b.css"/></resource>')}, "missing-file"),
        ({"resources": RESOURCE.replace("</resource>", '<file href="../b.css"/></resource>')}, "unsafe-href"),
        ({"resources": RESOURCE.replace("</resource>", '<file href="%2e%2e/b"/></resource>')}, "unsafe-href"),
        (
            {"resources": RESOURCE.replace("</resource>", '<dependency identifierref="r9"/></resource>')},
            "dangling-reference",
        ),
        ({"version": "<schema>ADL SCORM</schema>"}, "schemaversion"),
        ({"version": "<schema>ADL SCORM</schema><schemaversion>1.1</schemaversion>"}, "schemaversion"),
        ({"namespaces": NS.replace("imscp_rootv1p1p2", "imscp")}, "namespace"),
    ],
)
def test_each_fault_of_a_manifest_is_named(inspect: Inspect, changes: dict[str, str], rule: str) -> None:
    report = inspect({"imsmanifest.xml": manifest(**changes), "a.html": "<p>Un</p>"})
    assert rules(report) == [rule]
    assert "\n" not in str(report.findings[0])


def test_a_prefix_that_moodle_does_not_know_is_named(inspect: Inspect) -> None:
    text = manifest().replace("adlcp:", "adl:").replace("xmlns:adlcp", "xmlns:adl")
    report = inspect({"imsmanifest.xml": text, "a.html": ""})
    assert rules(report) == ["prefix"]
    assert "'adl'" in report.findings[0].message


def test_items_without_one_root_around_them_break_moodles_navigation(inspect: Inspect) -> None:
    second = ITEM.replace("i1", "i2")
    text = manifest().replace(f'<item identifier="root"><title>Cours</title>{ITEM}</item>', ITEM + second)
    assert rules(inspect({"imsmanifest.xml": text, "a.html": ""})) == ["root-item"]


def test_a_file_that_no_resource_lists_is_named(inspect: Inspect) -> None:
    report = inspect({"imsmanifest.xml": manifest(), "a.html": "", "b.html": "", "adlcp_rootv1p2.xsd": "<x/>"})
    assert [(finding.rule, finding.where) for finding in report.findings] == [("unlisted-file", "b.html")]


def test_percent_encoded_names_are_found_in_the_zip(inspect: Inspect) -> None:
    resource = RESOURCE.replace("</resource>", '<file href="un%20deux/%C3%A9.png"/></resource>')
    files = {"imsmanifest.xml": manifest(resources=resource), "a.html": "", "un deux/é.png": b"x"}
    assert rules(inspect(files)) == []


def test_xml_base_is_part_of_a_files_name(inspect: Inspect) -> None:
    resource = RESOURCE.replace('href="a.html">', 'href="a.html" xml:base="pages/">')
    assert rules(inspect({"imsmanifest.xml": manifest(resources=resource), "pages/a.html": ""})) == []


def test_a_manifest_inside_a_folder_is_told_where_it_belongs(inspect: Inspect) -> None:
    report = inspect({"course/imsmanifest.xml": manifest(), "course/a.html": ""})
    assert rules(report) == ["missing-manifest"]
    assert "zip the content of the folder" in report.findings[0].hint
    assert report.format == "unknown"


def test_a_zip_without_any_manifest_is_no_known_format(inspect: Inspect) -> None:
    assert rules(inspect({"readme.txt": "bonjour"})) == ["unknown-format"]


def test_a_root_element_that_is_no_manifest_is_named(inspect: Inspect) -> None:
    assert "manifest-root" in rules(inspect({"imsmanifest.xml": "<course/>", "a.html": ""}))


def test_a_scorm_2004_package_is_left_to_others(inspect: Inspect) -> None:
    text = '<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"/>'
    report = inspect({"imsmanifest.xml": text, "a.html": ""})
    assert [finding for finding in report.findings if finding.source.startswith("SCORM 1.2")] == []


def test_references_that_lead_nowhere_are_found_in_pages_and_styles(inspect: Inspect) -> None:
    page = """<link href="s/x.css" rel="stylesheet">
<img src="gone.png"><a href="a.html#top">ok</a><a href="mailto:a@example.org">ok</a><img src="data:image/png;base64,x">
<a href="https://example.org">ok</a><video poster="gone.png"></video><img srcset="one.png 1x, gone2.png 2x">
<style>p { background: url('gone3.png') }</style><p style="background: url(gone4.png)">x</p>
"""
    css = "/* url(no.png) */\n@import 'y.css';\np { background: url(../one.png) }"
    names = ("a.html", "s/x.css", "one.png")
    resource = RESOURCE.replace("</resource>", "".join(f'<file href="{name}"/>' for name in names[1:]) + "</resource>")
    files = {"imsmanifest.xml": manifest(resources=resource), "a.html": page, "s/x.css": css, "one.png": b"x"}
    found = [(finding.rule, finding.where, finding.line) for finding in inspect(files).findings]
    assert found == [("broken-reference", "a.html", line) for line in (2, 3, 4, 4)] + [
        ("broken-reference", "s/x.css", 2)
    ]


def test_what_other_servers_must_deliver_is_noted(inspect: Inspect) -> None:
    page = '<script src="https://cdn.example.org/x.js"></script><img src="//example.org/y.png">'
    report = inspect({"imsmanifest.xml": manifest(), "a.html": page})
    assert [(finding.severity, finding.rule) for finding in report.findings] == [("info", "remote-resource")] * 2


# --- hostile XML

BOMB = '<!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
XXE = '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("doctype", [BOMB, XXE, '<!DOCTYPE m SYSTEM "http://example.org/m.dtd">', "<!DOCTYPE m>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_reported_and_never_opened(inspect: Inspect, doctype: str, encoding: str) -> None:
    text = manifest(items=ITEM.replace("Un", "&b;&x;")).replace('<?xml version="1.0"?>', doctype)
    report = inspect({"imsmanifest.xml": text.encode(encoding), "a.html": ""})
    assert rules(report) == ["xml-doctype"]
    assert report.format == "unknown"


def test_a_doctype_is_seen_in_an_encoding_that_expat_does_not_know() -> None:
    assert has_doctype(b'<?xml version="1.0" encoding="x-unheard-of"?><!DOCTYPE m><m/>')
    assert not has_doctype(b'<?xml version="1.0" encoding="x-unheard-of"?><m/>')


def test_a_doctype_inside_text_is_no_doctype(inspect: Inspect) -> None:
    text = manifest(items=ITEM.replace("Un", "<![CDATA[<!DOCTYPE m>]]>"))
    assert rules(inspect({"imsmanifest.xml": text, "a.html": ""})) == []


def test_ill_formed_xml_is_reported_with_its_place(inspect: Inspect) -> None:
    report = inspect({"imsmanifest.xml": "<manifest>\n  <x>\n</manifest>", "a.html": ""})
    assert rules(report) == ["xml-malformed"]
    assert "line 3" in report.findings[0].message


def test_xml_that_is_too_deep_is_reported(inspect: Inspect) -> None:
    report = inspect({"imsmanifest.xml": "<a>" * 100_000, "a.html": ""})
    assert "xml-malformed" in rules(report)


# --- hostile zips


@pytest.mark.parametrize(
    "name", ["../evil.html", "/etc/evil", "C:/evil", "a/../../evil", "..\\evil", "a" * 300, "bell\x07.html"]
)
def test_names_that_lead_elsewhere_are_reported_and_nothing_is_written(
    inspect: Inspect, tmp_path: Path, name: str
) -> None:
    report = inspect({"imsmanifest.xml": manifest(), "a.html": "", name: "x"})
    assert "unsafe-name" in rules(report)
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["package.zip"]


def test_a_name_cut_by_a_nul_character_is_reported(inspect: Inspect) -> None:
    raw = zipped({"imsmanifest.xml": manifest(), "a.html": "", "evil.htm_.png": "x"})
    assert "unsafe-name" in rules(inspect(raw=raw.replace(b"evil.htm_.png", b"evil.htm\0.png")))


def zipped(files: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_bomb_is_reported_and_not_unpacked(inspect: Inspect) -> None:
    report = inspect({"imsmanifest.xml": manifest(), "a.html": b"\0" * (8 << 20)})
    assert rules(report) == ["zip-bomb"]
    assert report.files == 0


def test_a_size_that_lies_reads_no_more_than_announced(inspect: Inspect) -> None:
    content = "<p>" + "x" * 5000
    raw = zipped({"imsmanifest.xml": manifest(), "a.html": content})
    real, announced = struct.pack("<I", len(content)), struct.pack("<I", 10)
    assert "corrupt-entry" in rules(inspect(raw=raw.replace(real, announced)))


def test_overlapping_entries_are_reported(inspect: Inspect) -> None:
    raw = bytearray(zipped({"a.html": "x" * 90, "b.html": "y" * 90}))
    first = raw.find(b"PK\x01\x02")
    second = raw.find(b"PK\x01\x02", first + 4)
    raw[second + 42 : second + 46] = struct.pack("<I", 8)  # where its local header would be
    assert "overlapping-entries" in rules(inspect(raw=bytes(raw)))


def test_encrypted_entries_are_reported(inspect: Inspect) -> None:
    raw = bytearray(zipped({"imsmanifest.xml": manifest()}))
    raw[raw.find(b"PK\x01\x02") + 8] |= 1
    assert rules(inspect(raw=bytes(raw))) == ["encrypted"]


def test_symbolic_links_are_reported(inspect: Inspect) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("imsmanifest.xml", manifest())
        archive.writestr("a.html", "")
        link = zipfile.ZipInfo("passwords")
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "symlink" in rules(inspect(raw=buffer.getvalue()))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_names_used_twice_or_alike_are_reported(inspect: Inspect) -> None:
    raw = zipped({"imsmanifest.xml": manifest(), "a.html": "", "b.html": "", "A.html": "", "c_.html": ""})
    found = rules(inspect(raw=raw.replace(b"b.html", b"a.html")))
    assert "duplicate-name" in found
    assert "colliding-names" in found


def test_too_many_entries_are_refused_before_they_are_read(inspect: Inspect) -> None:
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 20_001, 20_001, 46 * 20_001, 0, 0)
    report = inspect(raw=b"\0" * (46 * 20_001) + end)
    assert rules(report) == ["too-many-entries"]


@pytest.mark.parametrize(
    "raw", [b"", b"PK", b"not a zip at all", b"PK\x05\x06" + b"\xff" * 18, b"PK\x05\x06" + b"\0" * 10]
)
def test_what_is_no_zip_is_said_to_be_none(inspect: Inspect, raw: bytes) -> None:
    report = inspect(raw=raw)
    assert rules(report) in (["not-a-zip"], ["too-many-entries"])
    assert report.format == "unknown"


def test_a_truncated_zip_is_no_zip(inspect: Inspect) -> None:
    raw = zipped({"imsmanifest.xml": manifest(), "a.html": "x" * 2000})
    assert rules(inspect(raw=raw[: len(raw) // 2])) == ["not-a-zip"]


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path, local_plugins: Any) -> None:
    with pytest.raises(PackageError, match=r"gone\.zip cannot be read \(No such file or directory\)"):
        inspect_package(tmp_path / "gone.zip", local_plugins)
