"""The sandbox answers the companion's functions as docs/companion.md describes them."""

from __future__ import annotations

import zipfile
from threading import Thread

import pytest

from lms_toolkit.archive import sha256_file
from lms_toolkit.testing import TinyPackage, tiny_scorm12

MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>{doctype}
<manifest identifier="m" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2">
<metadata><schemaversion>{version}</schemaversion></metadata>
<organizations><organization identifier="o"><title>T</title>{items}</organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scormtype="sco" href="page.html"/></resources></manifest>"""
ITEM = '<item identifier="{0}" identifierref="r"><title>{0}</title>{1}</item>'


def package_of(path, names: dict[str, bytes]) -> TinyPackage:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return TinyPackage(path, sha256_file(path), {})


def with_manifest(path, items: str, version: str = "1.2", doctype: str = "", page: str = "page.html") -> TinyPackage:
    manifest = MANIFEST.format(items=items, version=version, doctype=doctype)
    return package_of(path, {"imsmanifest.xml": manifest.encode(), page: b"<p>page</p>"})


@pytest.fixture
def course(wire):
    made = wire.new_course()
    wire.new_section(made)
    return made


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not JSON"),
        ("[]", "must be an object"),
        ("{}", "missing key idnumber"),
        ('{"idnumber": 5}', "idnumber has the wrong type"),
        ('{"idnumber": "a", "x": 1}', "unknown key x"),
        ('{"idnumber": "a", "idnumber": "b"}', "there twice"),
    ],
)
def test_a_payload_that_is_not_as_declared_is_refused(wire, text, complaint):
    answer = wire.call("local_lmstoolkit_get_course", {"payload": text})

    assert answer["errorcode"] == "payloadinvalid"
    assert complaint in answer["message"]


def test_true_is_no_number(wire):
    answer = wire.companion("get_changes", courseid=True, cursor=0, limit=10)

    assert answer["errorcode"] == "payloadinvalid"


def test_a_dry_run_says_what_it_would_do_and_does_nothing(wire, course, package):
    section = {"courseid": course, "key": "section:two", "position": 2, "name": "Deux", "summary": "", "dryrun": True}

    assert wire.companion("apply_section", **section) == {"outcome": "created", "id": None}
    assert wire.apply_module(course, package, dryrun=True) == {"outcome": "created", "id": None}
    found = wire.companion("get_course", idnumber="c1")["course"]
    assert [section["key"] for section in found["sections"]] == ["section:one"]
    assert found["modules"] == []


def test_a_section_put_in_between_moves_the_others_along(wire, course):
    wire.new_section(course, "section:two", 2)
    wire.new_section(course, "section:first", 1)

    sections = wire.companion("get_course", idnumber="c1")["course"]["sections"]
    assert [(section["position"], section["key"]) for section in sections] == [
        (1, "section:first"),
        (2, "section:one"),
        (3, "section:two"),
    ]


def test_a_position_beyond_the_end_means_the_end_and_stays_so(wire, course):
    assert wire.new_section(course, "section:far", 9)["outcome"] == "created"
    assert wire.new_section(course, "section:far", 9)["outcome"] == "unchanged"
    assert wire.companion("get_course", idnumber="c1")["course"]["sections"][1]["position"] == 2


def test_a_course_nobody_made_and_one_nobody_can_apply_to(wire):
    assert wire.companion("get_course", idnumber="none") == {"course": None}
    assert wire.new_section(999)["errorcode"] == "coursenotfound"


@pytest.mark.parametrize("change", [{"modname": "chat"}, {"completion": "seen"}, {"pass_mark_percent": 101}])
def test_settings_outside_the_contract_are_refused(wire, course, package, change):
    assert wire.apply_module(course, package, **change)["errorcode"] == "payloadinvalid"


def test_a_new_module_needs_a_package(wire, course):
    assert wire.apply_module(course, None)["errorcode"] == "payloadinvalid"


@pytest.mark.parametrize(
    ("items", "options", "complaint"),
    [
        ("", {}, "no item"),
        (ITEM.format("a", ""), {"version": "2004 2nd Edition"}, "the sandbox plays 1.2"),
        (ITEM.format("a", "") * 2, {}, "two items"),
        (ITEM.format("a", "<adlcp:masteryscore>high</adlcp:masteryscore>"), {}, "masteryscore"),
        (ITEM.format("a", ""), {"page": "other.html"}, "page.html, which is not in the package"),
        (
            ITEM.format("a", "&xxe;"),
            {"doctype": '<!DOCTYPE m [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'},
            "document type",
        ),
        ("<item>", {}, "not well-formed"),
    ],
)
def test_a_package_that_cannot_be_played_is_refused_with_the_reason(wire, course, tmp_path, items, options, complaint):
    answer = wire.apply_module(course, with_manifest(tmp_path / "p.zip", items, **options))

    assert answer["errorcode"] == "manifestinvalid"
    assert complaint in answer["message"]


@pytest.mark.parametrize(
    "name", ["../evil.html", "/etc/evil.html", "a/../../evil.html", "C:/evil.html", "..\\evil.html"]
)
def test_a_package_with_a_name_that_points_outside_is_refused(wire, course, tmp_path, name):
    package = with_manifest(tmp_path / "p.zip", ITEM.format("a", ""))
    with zipfile.ZipFile(package.path, "a") as archive:
        archive.writestr(name, "evil")
    answer = wire.apply_module(course, TinyPackage(package.path, sha256_file(package.path), {}))

    assert answer["errorcode"] == "manifestinvalid"
    assert "outside the package" in answer["message"]


def test_a_zip_bomb_is_refused(wire, course, tmp_path):
    manifest = MANIFEST.format(items=ITEM.format("a", ""), version="1.2", doctype="")
    bomb = package_of(tmp_path / "p.zip", {"imsmanifest.xml": manifest.encode(), "page.html": bytes(5_000_000)})

    assert "unpacks to" in wire.apply_module(course, bomb)["message"]


def test_something_that_is_no_zip_is_refused(wire, course, tmp_path):
    path = tmp_path / "p.zip"
    path.write_bytes(b"no zip at all")
    assert wire.apply_module(course, TinyPackage(path, sha256_file(path), {}))["errorcode"] == "manifestinvalid"


def test_a_wrong_prefix_makes_a_sco_an_asset_as_in_moodle(wire, course, tmp_path):
    package = with_manifest(tmp_path / "p.zip", ITEM.format("a", ""))
    manifest = MANIFEST.replace("adlcp", "adl").format(items=ITEM.format("a", ""), version="1.2", doctype="")
    wrong = package_of(tmp_path / "q.zip", {"imsmanifest.xml": manifest.encode(), "page.html": b"x"})
    wire.apply_module(course, package, key="module:right")
    wire.apply_module(course, wrong, key="module:wrong")

    with wire.sandbox.site.database.reading() as db:
        rows = db.execute("SELECT key, is_sco FROM scos JOIN modules ON modules.id = module_id").fetchall()
    assert {row["key"]: row["is_sco"] for row in rows} == {"module:right": 1, "module:wrong": 0}


def test_a_course_that_is_being_written_to_is_busy(start, package):
    wire = start(lock_wait_seconds=0.05)
    course = wire.new_course()
    with wire.sandbox.site.locks.hold(course):
        busy = wire.new_section(course)
        other = wire.new_section(wire.new_course("c2"))

    assert busy["errorcode"] == "lockbusy"
    assert other["outcome"] == "created"
    assert wire.new_section(course)["outcome"] == "created"


def test_many_writers_at_once_lose_nothing(wire, course):
    threads = [Thread(target=wire.new_section, args=(course, f"section:{number}", 1)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sections = wire.companion("get_course", idnumber="c1")["course"]["sections"]
    assert sorted(section["position"] for section in sections) == list(range(1, 14))


def test_the_track_loss_message_names_what_is_lost_by_how_many(deployed, learner, tmp_path):
    learner.commit(deployed.module, "lesson-one", {"cmi.core.lesson_status": "completed"})
    shorter = tiny_scorm12(tmp_path / "short.zip", {"quiz": "Quiz"})

    answer = deployed.wire.apply_module(deployed.course, shorter)

    assert answer["errorcode"] == "trackloss"
    assert answer["message"] == "1 learners would lose their records of Première leçon (lesson-one): 1"
