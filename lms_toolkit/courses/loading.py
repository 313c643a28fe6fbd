"""Turns a course folder into a `Course`, or into every fault of all its files at once.

`course.toml` has structure, editions, grading and certification; `<language>/<module>/` has one Markdown file per
lesson, `questions.yaml`, and `media/`. docs/writing-a-course.md describes them to authors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ParamSpec, TypeVar

from lms_toolkit.courses.activity_faults import ACTIVITY_FAULTS
from lms_toolkit.courses.activity_files import read_activity
from lms_toolkit.courses.course_faults import COURSE_FAULTS
from lms_toolkit.courses.course_file import CourseTable, ModuleTable, make_course, validate
from lms_toolkit.courses.edition_faults import EDITION_FAULTS
from lms_toolkit.courses.glossary_file import GLOSSARY_FILE, read_glossary
from lms_toolkit.courses.languages import is_language
from lms_toolkit.courses.lesson_file import read_lesson
from lms_toolkit.courses.places import Document, content_error, error_at
from lms_toolkit.courses.questions_file import Questions, read_questions
from lms_toolkit.courses.shelf import Shelf
from lms_toolkit.courses.sources import is_inside, read_text
from lms_toolkit.courses.toml_reading import read_toml
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Activity, Course, Finding, ModuleContent, Term

COURSE_FILE = "course.toml"
QUESTIONS_FILE = "questions.yaml"

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder gave: the course without the modules that have faults, None without a `course.toml`; the faults."""

    course: Course | None
    findings: tuple[Finding, ...]


def load(folder: Path, shelf: Shelf | None = None) -> Course:
    """The course in `folder`, its texts on the `shelf`. Raises ContentError with every fault of every file."""
    reading = read(folder, shelf)
    if reading.findings or reading.course is None:
        raise content_error(reading.findings)
    return reading.course


def read(folder: Path, shelf: Shelf | None = None) -> Reading:
    """What can be read of the course in `folder`; faults are collected, not raised."""
    faults = _Faults()
    table = faults.collect(_read_table, folder, faults)
    if table is None:
        _read_all_files(folder, faults)
        return Reading(None, tuple(faults.findings))
    keep = shelf.keep if shelf else dict
    contents = {module.slug: keep(dict(_contents(folder, table, module, faults))) for module in table.modules}
    glossary = dict(_glossaries(folder, table, faults))
    course = make_course(table, folder, contents)
    activities = tuple(_with_content(course, activity, faults) for activity in course.activities)
    return Reading(replace(course, glossary=glossary, activities=activities), tuple(faults.findings))


@dataclass(frozen=True, slots=True)
class _Faults:
    """The faults found so far; reading goes on after each."""

    findings: list[Finding] = field(default_factory=list)

    def collect(self, step: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """What a step gives, or None after keeping its faults."""
        try:
            return step(*args, **kwargs)
        except ContentError as error:
            self.findings.extend(error.findings)
            return None


def _read_table(folder: Path, faults: _Faults) -> CourseTable:
    """The tables of `course.toml`. Faults between its tables do not hinder reading the lessons."""
    path = folder / COURSE_FILE
    document: Document = read_toml(path, read_text(path, folder))
    table = validate(document)
    for fault in (*COURSE_FAULTS, *EDITION_FAULTS, *ACTIVITY_FAULTS):
        faults.findings.extend(fault(document, table))
    return table


def _glossaries(folder: Path, table: CourseTable, faults: _Faults) -> Iterator[tuple[str, tuple[Term, ...]]]:
    for language in filter(is_language, dict.fromkeys(table.languages)):
        path = folder / language / GLOSSARY_FILE
        if path.exists() or path.is_symlink():
            terms = faults.collect(read_glossary, path, folder)
            if terms:
                yield language, terms


def _with_content(course: Course, activity: Activity, faults: _Faults) -> Activity:
    """The activity with what its files say in each language it is given in."""
    given_in = [code for code in dict.fromkeys(course.languages) if is_language(code) and activity.is_given_in(code)]
    found = {code: faults.collect(read_activity, course.folder, activity, code) for code in given_in}
    return replace(activity, content={code: content for code, content in found.items() if content})


def _contents(
    folder: Path, table: CourseTable, module: ModuleTable, faults: _Faults
) -> Iterator[tuple[str, ModuleContent]]:
    """The module in each language it is written in; a language without its folder is one it is not written in yet."""
    for language in filter(is_language, dict.fromkeys(table.languages)):
        module_folder = folder / language / module.slug
        if module_folder.exists() or module_folder.is_symlink():
            content = faults.collect(_content, folder, module_folder, module, language)
            if content:
                yield language, content


def _content(folder: Path, module_folder: Path, module: ModuleTable, language: str) -> ModuleContent:
    """One module in one language; ContentError has the faults of all its files."""
    _refuse_odd_folder(folder, module_folder, module)
    faults = _Faults()
    lessons = [faults.collect(read_lesson, module_folder / f"{slug}.md", folder) for slug in module.lessons]
    path = module_folder / QUESTIONS_FILE
    has_questions = path.exists() or path.is_symlink()
    questions = faults.collect(read_questions, path, folder, language) if has_questions else Questions((), ())
    if faults.findings or questions is None:
        raise content_error(faults.findings)
    return ModuleContent(
        language=language,
        folder=module_folder,
        lessons=tuple(lesson for lesson in lessons if lesson),
        quiz=questions.quiz,
        self_checks=questions.self_checks,
        questions_path=path if has_questions else None,
        quiz_settings=questions.settings,
    )


def _refuse_odd_folder(folder: Path, module_folder: Path, module: ModuleTable) -> None:
    if not is_inside(module_folder, folder):
        finding = error_at(
            module_folder, "outside-course", "leads out of the course's folder", hint="copy it into the course"
        )
        raise content_error([finding])
    if not module_folder.is_dir():
        finding = error_at(
            module_folder, "not-a-folder", "is a file where a module's folder is needed", hint="rename it"
        )
        raise content_error([finding])
    if not module.lessons:
        hint = f"list its files, without .md, in {COURSE_FILE}"
        finding = error_at(
            module_folder, "no-lessons", f"is written, but module {module.slug} lists no lessons", hint=hint
        )
        raise content_error([finding])


def _read_all_files(folder: Path, faults: _Faults) -> None:
    """Reads whatever looks like content, for its faults alone: without `course.toml` nobody says what belongs."""
    for path in sorted(folder.glob("*/*/*.md")):
        faults.collect(read_lesson, path, folder)
    for path in sorted(folder.glob(f"*/*/{QUESTIONS_FILE}")):
        language = path.parent.parent.name
        if is_language(language):
            faults.collect(read_questions, path, folder, language)
