"""`build` and `new` as a designer runs them, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
    return kept | {"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data"), "COLUMNS": "200"}


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str]) -> Run:
    def run_command(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "lms_toolkit", *map(str, arguments)]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
        )

    return run_command


def names(ran: subprocess.CompletedProcess[str]) -> list[str]:
    return [Path(package["path"]).name for package in json.loads(ran.stdout)]


def test_several_courses_in_several_formats_are_one_command(run: Run, make_course: Any) -> None:
    formats = ("--format", "scorm12", "--format", "imscp")
    ran = run("build", make_course("cooking"), make_course("baking"), "--lang", "fr", *formats, "--json")
    assert ran.returncode == 0, ran.stderr
    assert names(ran) == [
        "cooking-first-steps-fr-scorm12.zip",
        "cooking-first-steps-fr-imscp.zip",
        "baking-first-steps-fr-scorm12.zip",
        "baking-first-steps-fr-imscp.zip",
    ]


def test_all_formats_are_one_word(run: Run, make_course: Any) -> None:
    from lms_toolkit.manager import Plugins

    ran = run("build", make_course("cooking"), "--lang", "fr", "--format", "all", "--json")
    assert ran.returncode == 0, ran.stderr
    assert {package["format"] for package in json.loads(ran.stdout)} == set(Plugins().format_names())


def test_the_summary_tells_what_is_in_each_package_and_what_was_built(run: Run, make_course: Any) -> None:
    folder = make_course("cooking", languages=("fr",))
    first, second = run("build", folder), run("build", folder)
    assert "dist: 1 built, 0 unchanged" in first.stdout
    assert "dist: 0 built, 1 unchanged" in second.stdout
    for column in ("KiB", "SCOs", "questions", "findings"):
        assert column in second.stdout


def test_what_fails_is_named_and_the_rest_is_there(run: Run, make_course: Any, tmp_path: Path) -> None:
    good, bad = make_course("cooking", languages=("fr",)), make_course("baking", "soups", languages=("fr",))
    (bad / "fr" / "soups" / "media" / "parts.svg").unlink()
    ran = run("build", good, bad)
    assert ran.returncode == 1
    assert "failed: baking-soups-fr-scorm12.zip: " in ran.stderr
    assert "parts.svg does not exist" in ran.stderr
    assert sorted(path.name for path in (tmp_path / "dist").glob("*.zip")) == [
        "baking-first-steps-fr-scorm12.zip",
        "cooking-first-steps-fr-scorm12.zip",
    ]


def test_a_course_that_cannot_be_read_does_not_stop_the_next_one(run: Run, make_course: Any) -> None:
    bad, good = make_course("baking", languages=("fr",)), make_course("cooking", languages=("fr",))
    (bad / "fr" / "first-steps" / "welcome.md").write_text("no front matter", encoding="utf-8")
    ran = run("build", bad, good, "--json")
    assert ran.returncode == 1
    assert "failed: baking: " in ran.stderr
    assert names(ran) == ["cooking-first-steps-fr-scorm12.zip"]


def test_a_site_gets_packages_per_module_and_the_plan_says_so_of_other_courses(
    run: Run, make_course: Any, tmp_path: Path
) -> None:
    folder = make_course("cooking", languages=("fr",))
    course_file = folder / "course.toml"
    course_file.write_text(course_file.read_text(encoding="utf-8") + '\n[packages]\nper = "lesson"\n', encoding="utf-8")
    settings = f'[courses]\nfolders = ["{folder.parent}"]\n[sites.gone]\nurl = "http://127.0.0.1:9"\ntoken_env = "T"\n'
    (tmp_path / "lms-toolkit.toml").write_text(settings, encoding="utf-8")
    ran = run("plan", "COOKING-1", "--site", "gone")
    assert ran.returncode == 2
    assert "cooking makes one package per lesson, but grades and certificates go by module" in ran.stderr
    assert "--per module" in ran.stderr


@contextmanager
def watching(folder: Path, tmp_path: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "lms_toolkit", "build", str(folder), "--watch"]
    process = subprocess.Popen(
        command, env=environment, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def until(process: subprocess.Popen[str], words: str) -> str:
    """The next line with these words in it."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    pytest.fail(f"it ended without saying {words!r}")


def test_watching_builds_what_is_saved_waits_out_faults_and_ends_at_ctrl_c(
    make_course: Any, tmp_path: Path, environment: dict[str, str]
) -> None:
    folder = make_course("cooking", "soups", languages=("fr",))
    lesson = folder / "fr" / "soups" / "welcome.md"
    text = lesson.read_text(encoding="utf-8")
    with watching(folder, tmp_path, environment) as process:
        until(process, "watching")
        lesson.write_text("half a sen", encoding="utf-8")
        assert "front matter" in until(process, "failed")
        lesson.write_text(text + "\nEncore un mot.\n", encoding="utf-8")
        assert "cooking-soups-fr-scorm12.zip" in until(process, "built")
        process.send_signal(signal.SIGINT)
        until(process, "stopped")
        assert process.wait(timeout=60) == 0


@pytest.mark.parametrize("languages", [("en",), ("fr",), ("es",), ("fr", "en", "es")])
def test_a_new_course_checks_without_a_word_and_builds(run: Run, tmp_path: Path, languages: tuple[str, ...]) -> None:
    options = [part for language in languages for part in ("--lang", language)]
    made = run("new", "first-aid", *options, "--json")
    assert made.returncode == 0, made.stderr
    checked = run("check", "first-aid", "--strict")
    assert (checked.returncode, checked.stdout) == (0, "nothing found\n")
    built = run("build", "first-aid", "--json")
    assert names(built) == [f"first-aid-first-steps-{language}-scorm12.zip" for language in languages]


def test_a_new_course_touches_nothing_that_is_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "first-aid").mkdir()
    (tmp_path / "first-aid" / "mine.txt").write_text("mine", encoding="utf-8")
    ran = run("new", "first-aid")
    assert ran.returncode == 2
    assert "first-aid is there already and stays as it is" in ran.stderr
    assert [path.name for path in (tmp_path / "first-aid").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("First Aid",), "cannot be the id of a course"),
        (("first-aid", "--lang", "de"), "there is no course to begin with in 'de' (there is: en, es, fr)"),
        (("missing/" * 2 + "x" * 61,), "cannot be the id of a course"),
    ],
)
def test_what_cannot_be_begun_leaves_nothing_behind(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    ran = run("new", *arguments)
    assert ran.returncode == 2
    assert words in ran.stderr
    assert not [path for path in tmp_path.iterdir() if path.name != "data"]
