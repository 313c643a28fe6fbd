"""Rules for a course as a whole: what is written in which language, and files that belong to nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

from lms_toolkit.courses.activity_files import ACTIVITIES_FOLDER
from lms_toolkit.courses.glossary_file import GLOSSARY_FILE
from lms_toolkit.courses.loading import COURSE_FILE, QUESTIONS_FILE
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.subject import CourseRule, warning
from lms_toolkit.courses.toml_reading import find_places
from lms_toolkit.model import Course, Finding, Module, ModuleContent


def not_written(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A module without a folder in any of the languages; it is left out of builds until then."""
    for module in course.modules:
        given_in = _given_in(module, languages)
        if not any(_folder(course, module, language).exists() for language in given_in):
            for language in given_in:
                yield _unwritten("not-written", course, module, language, "")


def missing_translation(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """A module, or a question of it, that one language has and another has not."""
    for module in course.modules:
        given_in = _given_in(module, languages)
        yield from _missing_modules(course, module, given_in)
        for language, other in permutations(given_in, 2):
            if language in module.content and other in module.content:
                yield from _missing_questions(module.content[language], module.content[other])


def _given_in(module: Module, languages: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(language for language in languages if module.is_given_in(language))


def _missing_modules(course: Course, module: Module, languages: tuple[str, ...]) -> Iterator[Finding]:
    written = [language for language in languages if _folder(course, module, language).exists()]
    for language in languages:
        if written and language not in written:
            yield _unwritten("missing-translation", course, module, language, f", but in {', '.join(written)}")


def _unwritten(rule: str, course: Course, module: Module, language: str, besides: str) -> Finding:
    message = f"module {module.slug} is not written in {language} yet{besides}"
    hint = f"write {language}/{module.slug}/; until then it is left out of builds in {language}"
    return warning(rule, message, course.folder / COURSE_FILE, _line_of(course, module), hint)


def _line_of(course: Course, module: Module) -> int:
    """Where `course.toml` declares a module."""
    places = find_places(read_text(course.folder / COURSE_FILE, course.folder))
    return places.of(("modules", course.modules.index(module), "slug"))[0]


def _missing_questions(content: ModuleContent, other: ModuleContent) -> Iterator[Finding]:
    there = {question.id for question in (*other.quiz, *other.self_checks)}
    for question in (*content.quiz, *content.self_checks):
        if question.id not in there:
            path = other.questions_path or other.folder
            message = f"{question.id} is a question in {content.language}, and not in {other.language}"
            yield warning("missing-translation", message, path, hint="translate it, under the same id")


def unlisted_file(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """Files and folders that nothing names: mostly a slug with a slip of the pen."""
    modules = {module.slug: module for module in course.modules}
    for language in languages:
        for path in _entries(course.folder / language):
            if path.name in (GLOSSARY_FILE, ACTIVITIES_FOLDER):
                continue
            if path.name in modules:
                yield from _unlisted_in_module(path, modules[path.name])
            else:
                yield warning("unlisted-file", "is not a module of this course", path, hint=f"name it in {COURSE_FILE}")


def _unlisted_in_module(folder: Path, module: Module) -> Iterator[Finding]:
    known = {"media", QUESTIONS_FILE, *(f"{slug}.md" for slug in module.lessons)}
    for path in _entries(folder):
        if path.name not in known:
            hint = f"name it in {COURSE_FILE}, or move it to media/"
            yield warning("unlisted-file", f"is not a lesson of module {module.slug}", path, hint=hint)


def _entries(folder: Path) -> list[Path]:
    """What is in a folder, in order, without hidden files; nothing where there is no folder."""
    return sorted(path for path in folder.glob("*") if not path.name.startswith("."))


def _folder(course: Course, module: Module, language: str) -> Path:
    return course.folder / language / module.slug


COURSE_RULES: tuple[CourseRule, ...] = (not_written, missing_translation, unlisted_file)
