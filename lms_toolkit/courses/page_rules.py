"""Rules for what pages need besides an author's text: words around it in the language, and room for the answers."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.content import templates_path
from lms_toolkit.courses.loading import COURSE_FILE
from lms_toolkit.courses.prose import SELF_CHECK
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.subject import CourseRule, ModuleRule, Subject, error, warning
from lms_toolkit.courses.toml_reading import find_places
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Finding

if TYPE_CHECKING:
    from lms_toolkit.model import Question, RenderedPage

SMALLEST_MEMORY_CHARS = 4096
"""What the narrowest format keeps of a page's answers (SCORM 1.2 RTE, cmi.suspend_data)."""


def missing_wording(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Buttons and messages exist in every language of the course; a page cannot be made without them."""
    for language in languages:
        missing = _missing_strings(language)
        if missing:
            yield _wording_fault(course, language, missing)


def _wording_fault(course: Course, language: str, missing: tuple[str, ...]) -> Finding:
    places = find_places(read_text(course.folder / COURSE_FILE, course.folder))
    named = ", ".join(missing[:3]) + (f" and {len(missing) - 3} more" if len(missing) > 3 else "")
    message = f"the words around lessons are not translated into {language} ({named})"
    hint = f"complete templates/strings/{language}.toml"
    return error("missing-wording", message, course.folder / COURSE_FILE, places.of(("languages",))[0], hint)


def _missing_strings(language: str) -> tuple[str, ...]:
    """The strings that another language has and this one has not, `section.key`; all of them without a file."""
    known = {path.stem: _keys(path) for path in (templates_path() / "strings").glob("*.toml")}
    return tuple(sorted(set().union(*known.values()) - known.get(language, frozenset())))


@cache
def _keys(path: Path) -> frozenset[str]:
    sections = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(f"{section}.{key}" for section, texts in sections.items() for key in texts)


def memory_budget(subject: Subject) -> Iterator[Finding]:
    """A learner's answers to one page must fit into what the platform keeps, in the worst case."""
    from lms_toolkit.rendering import memory_limit_exceeded

    for page, line in _pages(subject):
        too_much: ContentError | None = memory_limit_exceeded(page, SMALLEST_MEMORY_CHARS)
        if too_much:
            hint = "SCORM 1.2 keeps the least; SCORM 2004 keeps 64,000 characters"
            yield warning("memory-budget", str(too_much), subject.questions_path, line, hint)


def _pages(subject: Subject) -> Iterator[tuple[RenderedPage, int]]:
    """What of each page matters here: its questions."""
    from lms_toolkit.model import RenderedPage

    content = subject.content
    if content.quiz:
        yield (
            RenderedPage("quiz", "quiz", "", "", 0, content.quiz, quiz_settings=content.quiz_settings),
            content.quiz[0].line,
        )
    for prose in subject.prose:
        asked = [content.self_check(block.argument) for block in prose.blocks if block.kind == SELF_CHECK]
        questions: tuple[Question, ...] = tuple({one.id: one for one in asked if one}.values())
        if prose.lesson and questions:
            yield RenderedPage(prose.lesson.slug, "lesson", "", "", 0, questions), questions[0].line


PAGE_COURSE_RULES: tuple[CourseRule, ...] = (missing_wording,)
PAGE_RULES: tuple[ModuleRule, ...] = (memory_budget,)
