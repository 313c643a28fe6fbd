"""Says everything that is wrong with a course, or could be better, before anybody builds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

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
from lms_toolkit.model import Course, Finding

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
    of_course = (
        finding
        for rule in (*COURSE_RULES, *THEME_RULES, *PAGE_COURSE_RULES, *TERM_RULES)
        for finding in rule(course, chosen)
    )
    of_modules = (finding for subject in _subjects(course, chosen) for finding in _module_findings(subject))
    of_plugins = extra(course, chosen) if extra else ()
    return _sorted((*of_course, *of_modules, *of_plugins))


def _subjects(course: Course, languages: tuple[str, ...]) -> Iterator[Subject]:
    for module in course.modules:
        for language, content in module.content.items():
            if language in languages:
                yield Subject(course, module, content, module_prose(content))


def _module_findings(subject: Subject) -> Iterator[Finding]:
    for rule in (*TEXT_RULES, *BLOCK_RULES, *QUESTION_RULES, *READING_RULES, *KEY_RULES, *PAGE_RULES):
        yield from rule(subject)


def _sorted(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: (finding.where, finding.line, finding.column)))
