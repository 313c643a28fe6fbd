"""Says everything that is wrong with a course, or could be better, before anybody builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lms_toolkit.courses.activity_rules import ACTIVITY_RULES
from lms_toolkit.courses.block_rules import BLOCK_RULES
from lms_toolkit.courses.course_rules import COURSE_RULES
from lms_toolkit.courses.key_rules import KEY_RULES
from lms_toolkit.courses.loading import read
from lms_toolkit.courses.page_rules import PAGE_COURSE_RULES, PAGE_RULES
from lms_toolkit.courses.prose import module_prose
from lms_toolkit.courses.question_rules import QUESTION_RULES
from lms_toolkit.courses.reading_rules import READING_RULES
from lms_toolkit.courses.subject import Subject
from lms_toolkit.courses.term_rules import TERM_RULES
from lms_toolkit.courses.text_rules import TEXT_RULES
from lms_toolkit.courses.theme_rules import THEME_RULES
from lms_toolkit.model import Course, Finding, Module

ExtraChecks = Callable[[Course, Sequence[str]], Sequence[Finding]]
"""Called with a course and the languages to look at; the plugin manager's `check_course` is one."""


def check(folder: Path, extra: ExtraChecks | None = None, languages: Sequence[str] = ()) -> tuple[Finding, ...]:
    """Every finding about the course in `folder`, in the order of its files. Faults of content are never raised.

    `languages` narrows the rules to some of the course's; faults that hinder loading are named in any case.
    What plugins find is left out while the course does not load, as they are promised a course that does.
    """
    reading = read(folder)
    if reading.course is None:
        return _sorted(reading.findings)
    extra = None if reading.findings else extra
    return _sorted((*reading.findings, *check_course(reading.course, extra, languages)))


def check_course(
    course: Course, extra: ExtraChecks | None = None, languages: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Every finding about a course that loads."""
    chosen = tuple(language for language in course.languages if not languages or language in languages)
    of_modules = (
        finding for module, language in _written(course, chosen) for finding in check_module(course, module, language)
    )
    of_plugins = extra(course, chosen) if extra else ()
    return _sorted((*check_structure(course, chosen), *of_modules, *of_plugins))


def check_structure(course: Course, languages: tuple[str, ...]) -> Iterator[Finding]:
    """The findings about a course as a whole, without those of plugins and those that `check_module` tells."""
    for rule in (*COURSE_RULES, *ACTIVITY_RULES, *THEME_RULES, *PAGE_COURSE_RULES, *TERM_RULES):
        yield from rule(course, languages)


def check_module(course: Course, module: Module, language: str) -> tuple[Finding, ...]:
    """The findings about one written module in one language; other modules of `course` are not looked at."""
    content = module.content[language]
    subject = Subject(course, module, content, module_prose(content, course.glossary.get(language, ())))
    rules = (*TEXT_RULES, *BLOCK_RULES, *QUESTION_RULES, *READING_RULES, *KEY_RULES, *PAGE_RULES)
    return tuple(finding for rule in rules for finding in rule(subject))


def _written(course: Course, languages: tuple[str, ...]) -> Iterator[tuple[Module, str]]:
    for module in course.modules:
        yield from ((module, language) for language in module.content if language in languages)


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.where, finding.line, finding.column)))
