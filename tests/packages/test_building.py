"""A package says what is in it, in the form platforms want, and is the same bytes whenever its source is."""

from __future__ import annotations

import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_scorm.scorm12 import Scorm12
from lms_toolkit.building import build
from lms_toolkit.errors import ContentError, PackageError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Option, Package, PackageFile, Question

ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


def _manifest(package: Package) -> etree._Element:
    with zipfile.ZipFile(package.path) as archive:
        return etree.fromstring(archive.read("imsmanifest.xml"))


def _identifiers(package: Package) -> list[str]:
    return [str(item.get("identifier")) for item in _manifest(package).iterfind(".//{*}item")]


def test_manifest_lists_every_file_in_the_zip_once(workshop: Any) -> None:
    package = workshop.build()
    with zipfile.ZipFile(package.path) as archive:
        names = archive.namelist()
    listed = [str(file.get("href")) for file in _manifest(package).iterfind(".//{*}file")]
    assert names[0] == "imsmanifest.xml"
    assert sorted(listed) == sorted(names[1:])


def test_manifest_validates_against_the_scorm_1_2_schemas(workshop: Any, xsd_folder: Path) -> None:
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    schema = etree.XMLSchema(etree.parse(str(xsd_folder / "scorm12" / "_driver.xsd"), parser))
    manifest = _manifest(workshop.build())
    assert schema.validate(manifest), schema.error_log


def test_one_root_item_that_opens_nothing_holds_the_lessons_and_the_quiz(workshop: Any) -> None:
    manifest = _manifest(workshop.build())
    (root,) = manifest.findall("{*}organizations/{*}organization/{*}item")
    assert root.get("identifierref") is None
    assert [item.get("identifier") for item in root.findall("{*}item")] == ["lesson-bienvenue", "lesson-cas", "quiz"]


def test_only_the_quiz_has_the_modules_mastery_score(workshop: Any) -> None:
    manifest = _manifest(workshop.build())
    assert [(score.getparent().get("identifier"), score.text) for score in manifest.iter(f"{ADL}masteryscore")] == [
        ("quiz", "70")
    ]


def test_prefixes_are_the_ones_moodle_matches_as_text(workshop: Any) -> None:
    with zipfile.ZipFile(workshop.build().path) as archive:
        text = archive.read("imsmanifest.xml").decode()
    assert "<adlcp:masteryscore>70</adlcp:masteryscore>" in text
    assert 'adlcp:scormtype="sco"' in text
    assert "Le départ &amp; l’arrivée" in text  # raw UTF-8: Moodle mangles numeric references
    assert "&#" not in text


def test_two_builds_are_the_same_bytes(workshop: Any) -> None:
    assert workshop.build(out="one").path.read_bytes() == workshop.build(out="two").path.read_bytes()


def test_a_build_does_not_depend_on_file_times_or_on_where_the_course_is(workshop: Any, tmp_path: Path) -> None:
    course = workshop.course()
    first = workshop.build(course, out="one")
    for file in course.folder.rglob("*"):
        os.utime(file, (1_000_000_000, 1_000_000_000))
    moved = type(workshop)(tmp_path / "elsewhere", workshop.make, workshop.plugins)
    shutil.copytree(course.folder, tmp_path / "elsewhere" / "course")
    assert workshop.build(course, out="two").sha256 == first.sha256
    assert moved.build().sha256 == first.sha256


def test_identifiers_stay_when_lessons_move_and_titles_change(workshop: Any) -> None:
    before = workshop.build(out="one")
    texts = {"cas": ("Un autre titre", "Texte."), "bienvenue": ("Salut", "Texte.")}
    course = workshop.course()
    content = course.modules[0].content["fr"]
    lessons = [replace(lesson, title=texts[lesson.slug][0]) for lesson in reversed(content.lessons)]
    module = replace(course.modules[0], content={"fr": replace(content, lessons=tuple(lessons))})
    after = workshop.build(replace(course, modules=(module,)), out="two")
    assert sorted(_identifiers(after)) == sorted(_identifiers(before))
    assert [item.title for item in after.items] == ["Un autre titre", "Salut", "Quiz final"]


def test_the_records_items_are_those_of_the_manifest(workshop: Any) -> None:
    package = workshop.build()
    assert [item.identifier for item in package.items] == _identifiers(package)[1:]
    assert package.path.name == "mini-depart-fr-scorm12.zip"
    assert package.key == "module:depart"


def test_a_build_without_control_documents_says_how_to_get_them(workshop: Any) -> None:
    assert workshop.build().notes == ("built without control documents: run lms-toolkit schemas install",)


def test_control_documents_go_to_the_top_of_the_zip_unchanged(workshop: Any) -> None:
    schema = PackageFile("adlcp_rootv1p2.xsd", b"<schema/>")
    workshop.shell = Shell(workshop.shell.templates, {"scorm12": (schema,)})
    package = workshop.build()
    assert package.notes == ()
    with zipfile.ZipFile(package.path) as archive:
        assert archive.read("adlcp_rootv1p2.xsd") == b"<schema/>"


def test_a_module_without_quiz_has_no_mastery_score(workshop: Any) -> None:
    package = workshop.build(workshop.course(quiz=()))
    assert list(_manifest(package).iter(f"{ADL}masteryscore")) == []
    assert [item.identifier for item in package.items] == ["lesson-bienvenue", "lesson-cas"]


def test_a_quiz_that_outgrows_suspend_data_is_refused_with_its_size(workshop: Any) -> None:
    long = "x" * 200
    quiz = tuple(Question(f"q{number}", "fill-in", "?", answers=(long,)) for number in range(9))
    with pytest.raises(
        ContentError, match=r"page quiz: .* 9 questions can take \d+ characters and the format keeps 4096"
    ):
        workshop.build(workshop.course(quiz=quiz))


def test_too_many_options_for_scorm_1_2_are_refused(workshop: Any) -> None:
    options = tuple(Option(str(number), correct=number == 0) for number in range(37))
    with pytest.raises(ContentError, match=r"question q: SCORM 1\.2 can report 36 choices and it has 37"):
        workshop.build(workshop.course(quiz=(Question("q", "single", "?", options=options),)))


def test_a_title_too_long_for_the_schema_is_refused(workshop: Any) -> None:
    with pytest.raises(ContentError, match=r"has 201 characters; SCORM 1\.2 takes 200"):
        workshop.build(workshop.course(texts={"bienvenue": ("x" * 201, "Texte.")}))


def test_a_control_character_in_a_title_is_refused(workshop: Any) -> None:
    with pytest.raises(ContentError, match="remove control characters"):
        workshop.build(workshop.course(texts={"bienvenue": ("a\x0bb", "Texte.")}))


def test_a_slug_that_is_no_identifier_is_refused(workshop: Any) -> None:
    with pytest.raises(ContentError, match="'lesson-deux mots' cannot be an identifier"):
        workshop.build(workshop.course(texts={"deux mots": ("Titre", "Texte.")}))


def test_a_module_that_is_not_written_is_not_built(workshop: Any, tmp_path: Path) -> None:
    course = workshop.course(module={"content": {}})
    with pytest.raises(ContentError, match="module depart is not written in fr yet"):
        build(course, course.modules[0], "fr", Scorm12(), tmp_path, workshop.shell, workshop.plugins)
    assert not list(tmp_path.glob("*.zip"))


def test_a_fault_leaves_the_earlier_package_as_it_was(workshop: Any) -> None:
    before = workshop.build().path.read_bytes()
    with pytest.raises(ContentError):
        workshop.build(workshop.course(texts={"bienvenue": ("x" * 201, "Texte.")}))
    assert workshop.build().path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_line(workshop: Any, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(PackageError) as caught:
        workshop.build(out="taken")
    assert "cannot be written" in str(caught.value)
    assert "\n" not in str(caught.value)
