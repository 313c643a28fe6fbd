"""docs/courses.md says what the courses have, and no package is too large for a slow line."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[2] / "docs"
LARGEST_BYTES = 3_000_000
SIZE = re.compile(r"\b[\d,]+ kB\b")


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_courses", DOCS / "make_courses.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # as an import does
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def courses(generator):
    return generator.all_courses()


@pytest.fixture(scope="module")
def written() -> str:
    return (DOCS / "courses.md").read_text(encoding="utf-8")


def without_sizes(page: str) -> list[str]:
    return SIZE.sub("… kB", page).splitlines()


def test_the_page_says_what_the_courses_have(generator, courses, written):
    """Sizes apart, which change with every style: `python docs/make_courses.py` writes it after a course changed."""
    assert without_sizes(written) == without_sizes(generator.page(courses, {}))


def test_the_packages_are_small_and_about_as_large_as_the_page_says(generator, courses, written, tmp_path):
    for course in courses:
        sizes = dict(generator.measure(course, generator.written_in(course)[:1], tmp_path))
        assert sizes
        assert {key: size for key, size in sizes.items() if size > LARGEST_BYTES} == {}
        for (_, slug, language), size in sizes.items():
            title = course.module(slug).title[language]
            row = next(line for line in written.splitlines() if line.startswith(f"| {title} |"))
            said = int(SIZE.findall(row)[0].removesuffix(" kB").replace(",", "")) * 1000
            assert said == pytest.approx(size, rel=0.25), f"{slug}: run python docs/make_courses.py"


def test_every_written_module_names_its_sources(generator, courses):
    silent = [
        f"{course.id}/{language}/{module.slug}"
        for course in courses
        for module in course.modules
        for language, content in module.content.items()
        if not list(generator.references(content))
    ]
    assert silent == []


def test_what_links_and_blocks_are_made_with_is_not_counted_as_words(generator, courses):
    module = courses[0].modules[0]
    content = module.content["en"]
    markdown = "::: note Two words\n[A link](https://example.org/x) and a [term]{.term}.\n:::\n"
    (lesson, *_), folder = content.lessons, content.folder
    lesson = type(lesson)(lesson.slug, lesson.title, 1, markdown, lesson.path)
    assert generator.words(type(content)("en", folder, (lesson,))) == 7
