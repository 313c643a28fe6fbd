"""Only what changed is built again, across runs; whatever cannot be trusted is built once more."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit import fingerprints
from lms_toolkit.build_index import FILE_NAME
from lms_toolkit.fingerprints import FileDigests

TWO = ["cooking-first-steps-fr-scorm12.zip", "cooking-soups-fr-scorm12.zip"]


@pytest.fixture
def folder(make_course: Any) -> Path:
    made: Path = make_course("cooking", "soups")
    return made


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once, so that tests need not wait."""
    monkeypatch.setattr(fingerprints, "_SETTLED_NS", -(10**18))


def french(bench: Any, folder: Path) -> list[str]:
    built: list[str] = bench.built(folder, languages=("fr",))
    return built


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_second_build_builds_nothing_and_says_the_same(bench: Any, folder: Path) -> None:
    first = bench.build(folder)
    second = bench.build(folder)
    assert [entry.is_new for entry in first.built] == [True] * 4
    assert [entry.is_new for entry in second.built] == [False] * 4
    assert second.packages == first.packages
    assert [entry.questions for entry in second.built] == [3] * 4


@pytest.mark.usefixtures("remembering")
def test_a_build_with_nothing_new_does_not_read_the_course(
    bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bench.build(folder)
    monkeypatch.setattr("lms_toolkit.courses.load", lambda folder: pytest.fail("the course was read"))
    second = bench.build(folder)
    assert (second.packages, second.skipped) == (first.packages, first.skipped)


@pytest.mark.usefixtures("remembering")
def test_a_changed_lesson_builds_its_package_alone(bench: Any, folder: Path) -> None:
    bench.build(folder)
    append(folder / "fr" / "soups" / "welcome.md", "\nEncore un mot.\n")
    assert bench.built(folder) == ["cooking-soups-fr-scorm12.zip"]
    assert bench.built(folder) == []


def test_a_changed_lesson_builds_one_package_where_each_lesson_has_its_own(bench: Any, folder: Path) -> None:
    bench.build(folder, per="lesson")
    append(folder / "fr" / "soups" / "welcome.md", "\nEncore un mot.\n")
    assert bench.built(folder, per="lesson") == ["cooking-soups--welcome-fr-scorm12.zip"]


def test_a_changed_quiz_leaves_packages_of_lessons_alone(bench: Any, folder: Path) -> None:
    bench.build(folder, per="lesson")
    path = folder / "fr" / "soups" / "questions.yaml"
    path.write_text("# one more line\n" + path.read_text(encoding="utf-8").replace("Le module", "Un module"), "utf-8")
    assert bench.built(folder, per="lesson") == ["cooking-soups--quiz-fr-scorm12.zip"]


def test_a_changed_picture_counts_and_a_touched_one_does_not(bench: Any, folder: Path) -> None:
    french(bench, folder)
    picture = folder / "fr" / "soups" / "media" / "parts.svg"
    os.utime(picture, (1, 1))
    assert french(bench, folder) == []
    append(picture, "<!-- new -->")
    assert french(bench, folder) == ["cooking-soups-fr-scorm12.zip"]


@pytest.mark.parametrize(
    ("old", "new", "built"),
    [
        ('title.fr = "Un nouveau cours"', 'title.fr = "Un autre cours"', TWO),
        ('title.en = "A new course"', 'title.en = "Another course"', []),
        ('licence = "CC-BY-4.0"', 'licence = "MIT"', TWO),
        ("pass_mark_percent = 70", "pass_mark_percent = 80", TWO),
    ],
)
def test_what_the_course_says_of_itself_counts_in_its_language(
    bench: Any, folder: Path, old: str, new: str, built: list[str]
) -> None:
    french(bench, folder)
    course_file = folder / "course.toml"
    course_file.write_text(course_file.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert french(bench, folder) == built


def test_new_control_documents_count(bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lms_toolkit import control_documents
    from lms_toolkit.model import PackageFile

    french(bench, folder)
    sets = {"scorm12": (PackageFile("adlcp_rootv1p2.xsd", b"<schema/>"),)}
    monkeypatch.setattr(control_documents, "load", lambda data_folder: sets)
    (bench.data / "control-documents").mkdir(parents=True)
    (bench.data / "control-documents" / "new").write_text("")
    assert french(bench, folder) == TWO


def test_a_changed_template_counts(bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import shutil

    from lms_toolkit.content import templates_path

    templates = tmp_path / "templates"
    shutil.copytree(templates_path(), templates)
    for module in ("content", "building"):
        monkeypatch.setattr(f"lms_toolkit.{module}.templates_path", lambda: templates)
    assert french(bench, folder) == TWO
    assert french(bench, folder) == []
    append(templates / "page" / "page.css", "\n/* wider */\n")
    assert french(bench, folder) == TWO


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: None,
        lambda text: "",
        lambda text: "[1, 2]",
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"version":1', '"version":99'),
        lambda text: json.dumps(json.loads(text) | {"packages": {TWO[0]: {"size": "big"}}}),
        lambda text: json.dumps(json.loads(text) | {"files": {"x": 3}, "runs": []}),
    ],
    ids=["deleted", "empty", "a-list", "cut-off", "of-another-version", "wrong-types", "wrong-shapes"],
)
def test_a_lost_or_damaged_index_builds_everything_to_the_same_bytes(
    bench: Any, folder: Path, damage: Callable[[str], str | None]
) -> None:
    french(bench, folder)
    before, index = bench.bytes(), bench.out / FILE_NAME
    damaged = damage(index.read_text(encoding="utf-8"))
    index.unlink()
    if damaged is not None:
        index.write_text(damaged, encoding="utf-8")
    assert french(bench, folder) == TWO
    assert bench.bytes() == before
    assert french(bench, folder) == []


@pytest.mark.usefixtures("remembering")
def test_a_package_that_is_gone_or_not_ours_any_more_is_built_again(bench: Any, folder: Path) -> None:
    french(bench, folder)
    before = bench.bytes()
    (bench.out / TWO[0]).unlink()
    assert french(bench, folder) == [TWO[0]]
    (bench.out / TWO[1]).write_bytes(bytes(len(before[TWO[1]])))
    assert french(bench, folder) == [TWO[1]]
    assert bench.bytes() == before


@pytest.mark.usefixtures("remembering")
def test_packages_that_were_copied_to_another_time_are_kept(bench: Any, folder: Path) -> None:
    french(bench, folder)
    os.utime(bench.out / TWO[0], (1, 1))
    assert french(bench, folder) == []


def test_a_course_that_moved_is_not_built_again(bench: Any, folder: Path) -> None:
    french(bench, folder)
    moved = folder.rename(folder.with_name("moved"))
    assert french(bench, moved) == []


def test_two_courses_in_one_folder_keep_each_others_packages(bench: Any, folder: Path, make_course: Any) -> None:
    other = make_course("baking")
    assert french(bench, folder) == TWO
    assert french(bench, other) == ["baking-first-steps-fr-scorm12.zip"]
    assert (french(bench, folder), french(bench, other)) == ([], [])


def test_force_builds_what_has_not_changed(bench: Any, folder: Path) -> None:
    bench.build(folder, languages=("fr",))
    forced = bench.build(folder, languages=("fr",), force=True)
    assert [entry.is_new for entry in forced.built] == [True, True]


def test_plugins_hear_of_new_packages_alone(bench: Any, folder: Path) -> None:
    (package,) = bench.build(folder, modules=("soups",), languages=("fr",)).packages
    bench.build(folder, languages=("fr",))
    assert [(event.name, event.data["module"]) for event in bench.ears.heard] == [
        ("package.built", "soups"),
        ("package.built", "first-steps"),
    ]
    assert bench.ears.heard[0].data["sha256"] == package.sha256


def test_a_package_that_fails_does_not_keep_the_others_waiting(bench: Any, folder: Path) -> None:
    picture = folder / "fr" / "first-steps" / "media" / "parts.svg"
    text = picture.read_text(encoding="utf-8")
    picture.unlink()
    prepared = bench.build(folder, languages=("fr",))
    assert [entry.package.module_slug for entry in prepared.built] == ["soups"]
    (failure,) = prepared.failures
    assert failure.name == TWO[0]
    assert "parts.svg does not exist" in str(failure.error)
    picture.write_text(text, encoding="utf-8")
    assert french(bench, folder) == [TWO[0]]


def test_findings_are_counted_with_the_package_they_are_about(bench: Any, folder: Path) -> None:
    append(folder / "fr" / "soups" / "summary.md", "\n![](media/parts.svg)\n")
    append(folder / "fr" / "soups" / "summary.md", "\n#### Trop bas\n")
    counts = {entry.package.module_slug: entry.findings for entry in bench.build(folder, languages=("fr",)).built}
    assert counts["first-steps"] == 0
    assert counts["soups"] > 0


def test_a_file_that_has_just_changed_is_read_again_next_time(tmp_path: Path) -> None:
    path = tmp_path / "fresh"
    path.write_text("one")
    digests = FileDigests()
    digests.of(path)
    assert digests.known == {}


@pytest.mark.usefixtures("remembering")
def test_a_settled_file_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settled"
    path.write_text("one")
    digests = FileDigests()
    first = digests.of(path)
    monkeypatch.setattr(fingerprints, "sha256_file", lambda path: pytest.fail("the file was read again"))
    assert digests.of(path) == first
