"""A plugin of somebody else's, built and installed as its own distribution, adds a format and a course."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "greetings-for-lms"
version = "2.1"

[project.entry-points.lms_toolkit]
greetings = "greetings_for_lms"

[tool.hatch.build.targets.wheel]
packages = ["greetings_for_lms"]
"""

PLUGIN = '''
"""A plain-text format and a course of one lesson."""

from pathlib import Path

from lms_toolkit import CourseSource, PackageFormat, hookimpl
from lms_toolkit.model import PackageFile, PackageItem


class PlainText(PackageFormat):
    name = "plaintext"
    title = "Plain text"

    def files(self, module, shell):
        for page in module.pages:
            yield PackageFile(f"{page.slug}.txt", page.title.encode())

    def items(self, module):
        return tuple(PackageItem(page.slug, page.title) for page in module.pages)


@hookimpl
def lms_register_formats():
    return {"plaintext": PlainText}


@hookimpl
def lms_register_courses():
    return [CourseSource("greetings", Path(__file__).parent / "course")]
'''

COURSE = """
id = "greetings"
version = "1.0"
languages = ["en"]
title.en = "Greetings"
summary.en = "How to say hello."

[[modules]]
slug = "hello"
title.en = "Saying hello"
objectives.en = ["Say hello"]
lessons = ["first"]
hours = 1

[certification]
title.en = "Certificate"

[[editions]]
code = "HELLO-1"
languages = ["en"]
mode = "self-paced"
learning_hours = 1
[[editions.phases]]
slug = "only"
title.en = "Only phase"
modules = ["hello"]
"""

LESSON = "---\ntitle: Hello\nminutes: 1\n---\n\nHello, world.\n"


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    source = tmp_path_factory.mktemp("source")
    package = source / "greetings_for_lms"
    (package / "course" / "en" / "hello").mkdir(parents=True)
    (source / "pyproject.toml").write_text(PYPROJECT)
    (package / "__init__.py").write_text(PLUGIN)
    (package / "course" / "course.toml").write_text(COURSE)
    (package / "course" / "en" / "hello" / "first.md").write_text(LESSON)
    target = tmp_path_factory.mktemp("installed")
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--no-deps",
            "--no-index",
            "--no-build-isolation",
            "--target",
            target,
            source,
        ],
        check=True,
        capture_output=True,
    )
    return target


def test_its_plugin_course_and_format_appear_beside_ours(run, installed):
    found = {state["name"]: state for state in run("plugins", "--json", paths=(installed,)).data}
    assert found["greetings"]["state"] == "active"
    assert (found["greetings"]["distribution"], found["greetings"]["version"]) == ("greetings-for-lms", "2.1")
    assert {course["id"] for course in run("courses", "--json", paths=(installed,)).data} >= {"sure", "greetings"}


def test_its_format_builds_our_course_and_its_course_builds_in_our_format(run, installed, tmp_path):
    ours = run("build", "sure", "--format", "plaintext", "--json", paths=(installed,))
    assert ours.code == 0, ours.err
    with zipfile.ZipFile(tmp_path / ours.data[0]["path"]) as package:
        assert "bienvenue.txt" in package.namelist()
    theirs = run("build", "greetings", "--format", "scorm12", "--json", paths=(installed,))
    assert theirs.code == 0, theirs.err
    assert [item["title"] for item in theirs.data[0]["items"]] == ["Hello"]
