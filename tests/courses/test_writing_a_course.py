"""What docs/writing-a-course.md shows to authors is what the toolkit takes, and names every rule there is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from lms_toolkit.courses import check, course_schema, load, questions_schema
from lms_toolkit.courses.course_file import SECTIONS
from lms_toolkit.courses.prose import BLOCKS
from lms_toolkit.model import ActivityKind, EditionMode, QuestionKind

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "writing-a-course.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
SOURCES = ROOT / "lms_toolkit" / "courses"


@pytest.fixture
def example(tmp_path):
    for name, text in EXAMPLES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    media = tmp_path / "fr/first-steps/media"
    media.mkdir()
    for name in ("parts.svg", "welcome.mp4", "checklist.pdf"):
        (media / name).write_text("<svg/>", encoding="utf-8")
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (media / "welcome.vtt").write_text("WEBVTT\n", encoding="utf-8")
    return tmp_path


def test_the_examples_make_one_course_without_a_finding(example):
    lessons = {"fr/first-steps/welcome.md", "fr/first-steps/blocks.md"}
    assert set(EXAMPLES) == {"course.toml", *lessons, "fr/first-steps/questions.yaml", "fr/glossary.yaml"}
    assert [str(finding) for finding in check(example)] == []


def test_the_examples_show_every_kind_of_question(example):
    content = load(example).module("first-steps").content["fr"]
    assert {question.kind for question in content.quiz} == set(get_args(QuestionKind))


@pytest.mark.parametrize("words", [BLOCKS, get_args(ActivityKind), get_args(EditionMode), get_args(QuestionKind)])
def test_the_page_names_every(words):
    assert [word for word in words if f"`{word}`" not in PAGE and f"::: {word}" not in PAGE] == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_the_example_shows_every_key_of(section):
    example = tomllib.loads(EXAMPLES["course.toml"])
    shown = (
        set(re.findall(r"^([a-z_]+)", EXAMPLES["course.toml"], re.MULTILINE)) | set(example) | set(example["grading"])
    )
    keys = set(SECTIONS[section].model_fields) - {"editions", "phases", "modules", "activities"}
    assert keys - shown == set()


def test_the_page_names_every_rule():
    called = (
        r"(?:error|warning|error_at|_refused|_unwritten)\(\s*(?:path, |self\.path, |module_folder, )?\"([a-z0-9-]+)\""
    )
    rules = {rule for path in SOURCES.glob("*.py") for rule in re.findall(called, path.read_text(encoding="utf-8"))}
    assert {"missing-alt", "not-written", "not-utf8", "missing-key", "yaml", "toml", "no-lessons"} <= rules
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in PAGE] == []


@pytest.mark.parametrize(("name", "schema"), [("course", course_schema), ("questions", questions_schema)])
def test_the_schema_beside_the_page_is_the_one_of_the_code(name, schema):
    written = (DOCS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_refuses_unknown_keys_and_names_the_kinds():
    schema = questions_schema()
    entry = schema["properties"]["quiz"]["items"]
    assert set(entry["discriminator"]["mapping"]) == set(get_args(QuestionKind))
    assert all(table["additionalProperties"] is False for table in (schema, *schema["$defs"].values()))
