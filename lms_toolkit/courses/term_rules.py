"""Holds a course to its own words: `terms.toml` beside `course.toml` names each term, and the forms to avoid.

    [reintegration]
    fr = "réinsertion"
    en = "reintegration"
    avoid.fr = ["réintégration"]

`avoid` may also be one list for all languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.courses.places import Document
from lms_toolkit.courses.prose import question_texts
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.subject import CourseRule, warning
from lms_toolkit.courses.toml_reading import read_toml
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Finding, ModuleContent

TERMS_FILE = "terms.toml"
AVOID = "avoid"


@dataclass(frozen=True, slots=True)
class _Avoided:
    """A form to avoid in one language; `wanted` is what to write instead, empty where the term has no word there."""

    pattern: re.Pattern[str]
    wanted: str
    term_id: str


def avoided_terms(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Forms that the course's own list of terms avoids."""
    path = course.folder / TERMS_FILE
    if not path.is_file():
        return
    try:
        document = read_toml(path, read_text(path, course.folder))
    except ContentError as error:
        yield from error.findings
        return
    faults = list(_faults(document, course))
    yield from faults
    if not faults:
        yield from _found(document, course, languages)


def _faults(document: Document, course: Course) -> Iterator[Finding]:
    for term_id, table in document.data.items():
        if not isinstance(table, dict):
            yield document.error("terms", f"{term_id} is no table", (term_id,), f"write [{term_id}]", at_key=True)
            continue
        for key, value in table.items():
            if key != AVOID and key not in course.languages:
                hint = f"a term has {', '.join(course.languages)} and avoid"
                yield document.error("terms", f"{key} is no language of this course", (term_id, key), hint, at_key=True)
            elif not (_is_avoid(value, course) if key == AVOID else isinstance(value, str) and value.strip()):
                hint = 'write fr = "…" and avoid.fr = ["…"]'
                yield document.error("terms", f"{term_id}.{key} is not as it should be", (term_id, key), hint)


def _is_avoid(value: object, course: Course) -> bool:
    if isinstance(value, dict):
        return all(key in course.languages and _is_texts(forms) for key, forms in value.items())
    return _is_texts(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(form, str) and form.strip() for form in value)


def _found(document: Document, course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    for language in languages:
        avoided = list(_avoided(document.data, language))
        for module in course.modules:
            if avoided and language in module.content:
                yield from _in_module(module.content[language], avoided)


def _avoided(terms: Mapping[str, Mapping[str, object]], language: str) -> Iterator[_Avoided]:
    for term_id, table in terms.items():
        avoid = table.get(AVOID, [])
        forms = avoid.get(language, []) if isinstance(avoid, dict) else avoid
        for form in forms if isinstance(forms, list) else ():
            words = r"\s+".join(re.escape(word) for word in form.split())
            pattern = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
            yield _Avoided(pattern, str(table.get(language, "")), term_id)


def _in_module(content: ModuleContent, avoided: list[_Avoided]) -> Iterator[Finding]:
    for lesson in content.lessons:
        yield from _in_text(lesson.title, lesson.path, 1, avoided)
        yield from _in_text(lesson.markdown, lesson.path, lesson.body_line, avoided)
    path = content.questions_path or content.folder
    for question in (*content.quiz, *content.self_checks):
        for text in question_texts(question):
            for finding in _in_text(text, path, 0, avoided):
                yield warning(finding.rule, f"{question.id}: {finding.message}", path, question.line, finding.hint)


def _in_text(text: str, path: Path, first_line: int, avoided: list[_Avoided]) -> Iterator[Finding]:
    for form in avoided:
        for found in form.pattern.finditer(text):
            line = first_line + text.count("\n", 0, found.start())
            hint = f"write {form.wanted}" if form.wanted else "use another word"
            message = f"“{found[0]}” is a form that {TERMS_FILE} avoids ({form.term_id})"
            yield warning("avoided-term", message, path, line, hint)


TERM_RULES: tuple[CourseRule, ...] = (avoided_terms,)
