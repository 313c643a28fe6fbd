"""What the pages for authors show is what the toolkit takes, and they name every rule there is."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from lms_toolkit.courses import check, course_schema, load, questions_schema
from lms_toolkit.courses.activity_tables import COMPLETED_BY, KEYS, NEEDED
from lms_toolkit.courses.course_file import SECTIONS
from lms_toolkit.courses.prose import BLOCKS
from lms_toolkit.declaring_activities import default_completion
from lms_toolkit.model import Activity, ActivityKind, CompletedBy, EditionMode, HandIn, QuestionKind, SurveyKind
from lms_toolkit.model.editions import ChoiceBy, EnrolmentKind

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SOURCES = ROOT / "lms_toolkit" / "courses"


def examples(page):
    """The files that a page shows; parts of one file stand in several places."""
    files: dict[str, str] = {}
    for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        files[name] = files.get(name, "") + text
    return files


PAGE = (DOCS / "writing-a-course.md").read_text(encoding="utf-8")
ACTIVITIES_PAGE = (DOCS / "activities.md").read_text(encoding="utf-8")
EXAMPLES = examples(PAGE)
ACTIVITIES = examples(ACTIVITIES_PAGE)


def write_all(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def example(tmp_path):
    write_all(tmp_path, EXAMPLES)
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


def test_the_activities_make_one_course_without_a_finding(academy):
    assert set(ACTIVITIES) == {"course.toml", "fr/activities/charter.md", "fr/activities/final-quiz.yaml"}
    assert [str(finding) for finding in check(academy.path)] == []


def test_the_activities_show_every_kind(academy):
    assert {activity.kind for activity in academy.load().activities} == set(get_args(ActivityKind))


def test_the_table_of_kinds_is_the_one_of_the_code():
    rows = {
        cells[1].strip("` "): cells
        for cells in (line.split("|") for line in ACTIVITIES_PAGE.splitlines())
        if len(cells) == 7 and cells[1].startswith(" `")
    }
    for kind in get_args(ActivityKind):
        keys, otherwise = rows[kind][3], rows[kind][5]
        assert set(re.findall(r"\*\*`(\w+)`", keys)) == NEEDED.get(kind, frozenset()), kind
        assert ("graded" in keys or "as an assignment" in keys) == ("graded" in KEYS[kind]), kind
        default = default_completion(Activity("a", kind, {}, hand_in=("text",), graded=kind == "attendance"))
        assert default in rows[kind][4], kind
        assert set(re.findall(r"`(\w+)`", otherwise)) == COMPLETED_BY[kind] - {default}, kind


def test_the_examples_show_every_kind_of_question(example):
    content = load(example).module("first-steps").content["fr"]
    assert {question.kind for question in content.quiz} == set(get_args(QuestionKind))


@pytest.mark.parametrize("words", [BLOCKS, get_args(EditionMode), get_args(QuestionKind)])
def test_the_page_names_every(words):
    assert [word for word in words if f"`{word}`" not in PAGE and f"::: {word}" not in PAGE] == []


@pytest.mark.parametrize("kind", [ActivityKind, CompletedBy, HandIn, SurveyKind, ChoiceBy, EnrolmentKind])
def test_the_page_of_activities_names_every(kind):
    words = set(get_args(kind)) - {"completed"}  # of packages alone
    assert [word for word in sorted(words) if not re.search(rf"`(\w+ = )?\"?{word}\"?`", ACTIVITIES_PAGE)] == []


@pytest.mark.parametrize("section", sorted(SECTIONS))
def test_the_example_shows_every_key_of(section):
    shown = {key for text in (EXAMPLES, ACTIVITIES) for key in keys_of(tomllib.loads(text["course.toml"]))}
    assert set(SECTIONS[section].model_fields) - shown == set()


def keys_of(table):
    """Every key of a table and of the tables within it."""
    if isinstance(table, list):
        return {key for entry in table for key in keys_of(entry)}
    return (
        set(table) | {key for value in table.values() for key in keys_of(value)} if isinstance(table, dict) else set()
    )


def test_the_page_names_every_rule():
    called = (
        r"(?:error|warning|error_at|_refused|_unwritten)\(\s*(?:path, |self\.path, |module_folder, )?\"([a-z0-9-]+)\""
    )
    rules = {rule for path in SOURCES.glob("*.py") for rule in re.findall(called, path.read_text(encoding="utf-8"))}
    assert {"missing-alt", "not-written", "not-utf8", "missing-key", "yaml", "toml", "no-lessons"} <= rules
    pages = PAGE + ACTIVITIES_PAGE
    assert [rule for rule in sorted(rules) if f"`{rule}`" not in pages] == []


@pytest.mark.parametrize(("name", "schema"), [("course", course_schema), ("questions", questions_schema)])
def test_the_schema_beside_the_page_is_the_one_of_the_code(name, schema):
    written = (DOCS / f"{name}.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def test_the_schema_refuses_unknown_keys_and_names_the_kinds():
    schema = questions_schema()
    entry = schema["properties"]["quiz"]["items"]
    assert set(entry["discriminator"]["mapping"]) == set(get_args(QuestionKind))
    assert all(table["additionalProperties"] is False for table in (schema, *schema["$defs"].values()))
