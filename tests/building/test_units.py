"""The designer chooses what becomes one package; every format takes the choice, and identifiers are made of slugs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args
from zipfile import ZipFile

import pytest
from lxml import etree

from lms_toolkit.courses import load
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Granularity
from lms_toolkit.units import GRANULARITIES, units_of

FORMATS = Plugins().format_names()


@pytest.fixture
def folder(make_course: Any) -> Path:
    made: Path = make_course("cooking", "soups", languages=("fr",))
    path = made / "fr" / "soups" / "questions.yaml"
    text = path.read_text(encoding="utf-8")
    # a picture of the same name as in the other module, shown by a question
    text = text.replace('"C’est l’inverse."', '"L’inverse : ![les parties](media/parts.svg)"')
    path.write_text(text, encoding="utf-8")
    (made / "fr" / "soups" / "media" / "parts.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    return made


def declare(folder: Path, per: str) -> None:
    path = folder / "course.toml"
    path.write_text(path.read_text(encoding="utf-8") + f'\n[packages]\nper = "{per}"\n', encoding="utf-8")


def items(package: Any) -> list[str]:
    return [item.identifier for item in package.items]


@pytest.mark.parametrize("per", GRANULARITIES)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_builds_every_unit_twice_to_the_same_sound_bytes(
    bench: Any, folder: Path, name: str, per: Granularity
) -> None:
    first = bench.build(folder, name, per=per)
    before = bench.bytes()
    bench.build(folder, name, per=per, force=True)
    assert bench.bytes() == before
    # a question bank of a page without questions is the one thing that cannot be made
    assert [failure.name for failure in first.failures if "no question" not in str(failure.error)] == []
    plugins = Plugins(strict=True)
    for package in first.packages:
        findings = inspect_package(package.path, plugins).findings
        assert [str(finding) for finding in findings if finding.severity == "error"] == []


def test_one_package_per_module_is_what_a_course_gets_that_says_nothing(bench: Any, folder: Path) -> None:
    assert bench.built(folder) == ["cooking-first-steps-fr-scorm12.zip", "cooking-soups-fr-scorm12.zip"]


def test_the_course_file_chooses_and_the_command_line_overrules_it(bench: Any, folder: Path) -> None:
    declare(folder, "course")
    assert bench.built(folder) == ["cooking-course-fr-scorm12.zip"]
    assert len(bench.built(folder, per="module")) == 2


def test_a_package_per_lesson_has_one_lesson_and_the_quiz_has_its_own(bench: Any, folder: Path) -> None:
    packages = bench.build(folder, per="lesson", modules=("soups",)).packages
    assert {package.module_slug: items(package) for package in packages} == {
        "soups--welcome": ["lesson-welcome"],
        "soups--summary": ["lesson-summary"],
        "soups--quiz": ["quiz"],
    }


def test_a_package_of_the_course_names_pages_by_their_module(bench: Any, folder: Path) -> None:
    (package,) = bench.build(folder, per="course").packages
    assert items(package) == [
        "lesson-first-steps--welcome",
        "lesson-first-steps--summary",
        "quiz-first-steps",
        "lesson-soups--welcome",
        "lesson-soups--summary",
        "quiz-soups",
    ]
    assert package.items[-1].title == "Quiz final – Premiers pas"


def test_identifiers_of_a_package_of_the_course_outlive_titles_and_order(bench: Any, folder: Path) -> None:
    (before,) = bench.build(folder, per="course").packages
    path = folder / "course.toml"
    text = path.read_text(encoding="utf-8").replace("Premiers pas", "Autrement")
    path.write_text(text.replace('["welcome", "summary"]', '["summary", "welcome"]'), encoding="utf-8")
    (after,) = bench.build(folder, per="course").packages
    assert items(after) != items(before)
    assert set(items(after)) == set(items(before))


def test_pictures_of_one_name_in_two_modules_stay_two(bench: Any, folder: Path) -> None:
    (package,) = bench.build(folder, per="course").packages
    with ZipFile(package.path) as archive:
        pictures = {name: archive.read(name) for name in archive.namelist() if name.endswith("parts.svg")}
        page = archive.read("lesson-soups--welcome.html").decode()
    assert set(pictures) == {"first-steps/media/parts.svg", "soups/media/parts.svg"}
    assert len(set(pictures.values())) == 2
    assert page.count("soups/media/parts.svg") == 2  # in the lesson, and in the feedback of its self-check
    assert page.count("media/parts.svg") == 2


def test_questions_of_one_id_in_two_modules_are_marked_apart(bench: Any, folder: Path) -> None:
    (package,) = bench.build(folder, per="course").packages
    with ZipFile(package.path) as archive:
        quizzes = [archive.read(f"quiz-{slug}.html").decode() for slug in ("first-steps", "soups")]
    assert '"id":"first-steps--smallest-part"' in quizzes[0]
    assert '"id":"soups--smallest-part"' in quizzes[1]


def test_each_quiz_of_a_package_of_the_course_has_the_pass_mark(bench: Any, folder: Path) -> None:
    (package,) = bench.build(folder, per="course").packages
    with ZipFile(package.path) as archive:
        manifest = etree.fromstring(archive.read("imsmanifest.xml"))
    scores = [(score.getparent().get("identifier"), score.text) for score in manifest.iter("{*}masteryscore")]
    assert scores == [("quiz-first-steps", "70"), ("quiz-soups", "70")]


def test_a_package_of_the_course_needs_one_pass_mark(bench: Any, folder: Path) -> None:
    path = folder / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("percent = 70", "percent = 80", 1), encoding="utf-8")
    with pytest.raises(ContentError, match=r"module first-steps says 80 % and soups 70 %.*--per module"):
        bench.build(folder, per="course")


def test_a_link_that_cannot_move_along_is_named(bench: Any, folder: Path) -> None:
    path = folder / "fr" / "soups" / "questions.yaml"
    text = path.read_text(encoding="utf-8").replace("media/parts.svg", "media%2Fparts.svg")
    path.write_text(text, encoding="utf-8")
    prepared = bench.build(folder, per="course")
    assert "soups, page welcome: the link to media/parts.svg cannot be moved" in str(prepared.failures[0].error)
    assert bench.build(folder, per="module").failures == ()


def test_a_module_that_is_not_written_is_skipped_and_the_others_make_the_course(bench: Any, make_course: Any) -> None:
    folder = make_course("cooking", "soups", languages=("fr",))
    import shutil

    shutil.rmtree(folder / "fr" / "soups")
    prepared = bench.build(folder, per="course")
    assert [step.key for step in prepared.skipped] == ["module:soups"]
    assert len(prepared.packages[0].items) == 3


def test_two_lessons_that_would_have_one_name_are_refused(make_course: Any) -> None:
    folder = make_course("cooking", languages=("fr",))
    path = folder / "course.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"summary"]', '"quiz"]'), encoding="utf-8")
    (folder / "fr" / "first-steps" / "summary.md").rename(folder / "fr" / "first-steps" / "quiz.md")
    course = load(folder)
    with pytest.raises(ContentError, match="two packages would be named first-steps--quiz"):
        units_of(course, course.modules, "fr", "lesson")


def test_every_granularity_is_on_offer() -> None:
    assert get_args(Granularity) == GRANULARITIES
