"""Divides a course into units, each of which becomes one package: a module, a lesson, or the whole course.

A format sees no difference: a unit is a module to it. The slugs are made of the author's own, so that what learners
did stays with a unit when titles and order change:

    per module   the module itself
    per lesson   `<module>--<lesson>` with one lesson, and `<module>--quiz` with the graded quiz
    per course   `course`, with the lessons `<module>--<lesson>` and one quiz page for each module
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, get_args

from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Granularity, Module, ModuleContent, RenderedModule

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

GRANULARITIES: tuple[Granularity, ...] = get_args(Granularity)

COURSE_SLUG = "course"
QUIZ_SLUG = "quiz"


@dataclass(frozen=True, slots=True)
class Unit:
    """What becomes one package: `module` is what a format sees, `parts` are the modules whose pages go in."""

    module: Module
    parts: tuple[Module, ...]
    cut_from: Module | None = None
    """The module that the only part is a piece of; None where parts are whole."""

    @property
    def slug(self) -> str:
        return self.module.slug

    @property
    def is_joined(self) -> bool:
        return self.parts != (self.module,)

    @property
    def sources(self) -> tuple[Module, ...]:
        """The whole modules that its pages come from."""
        return (self.cut_from,) if self.cut_from else self.parts


def units_of(course: Course, modules: Sequence[Module], language: str, per: Granularity) -> tuple[Unit, ...]:
    """The units of the modules that are written in `language`. Raises ContentError where they cannot be made."""
    written = tuple(module for module in modules if module.is_written(language))
    if per == "course":
        return (_whole(course, written, language),) if written else ()
    if per == "module":
        return tuple(Unit(module, (module,)) for module in written)
    found = tuple(unit for module in written for unit in _lessons_of(module, language))
    _refuse_repeated_slugs(course, found)
    return found


def render_unit(course: Course, unit: Unit, language: str, plugins: Plugins) -> RenderedModule:
    """The pages of a unit; what is outside it is not in the course that formats and hooks are given."""
    from lms_toolkit.rendering import render_module
    from lms_toolkit.rendering.joining import join

    narrowed = replace(course, modules=unit.parts)
    parts = tuple(render_module(narrowed, part, language, plugins) for part in unit.parts)
    return join(parts, unit.module) if unit.is_joined else parts[0]


def _lessons_of(module: Module, language: str) -> list[Unit]:
    content = module.content[language]
    made = [_part(module, language, lesson.slug, lesson.title, lesson.minutes / 60) for lesson in content.lessons]
    if content.quiz:
        made.append(_part(module, language, None, _quiz_title(module, language), len(content.quiz) / 60))
    return [Unit(part, (part,), module) for part in made]


def _part(module: Module, language: str, lesson: str | None, title: str, hours: float) -> Module:
    """One lesson of a module, or its quiz."""
    return replace(
        module,
        slug=f"{module.slug}--{lesson or QUIZ_SLUG}",
        title={language: title},
        lessons=(lesson,) if lesson else (),
        hours=hours,
        content=_Part(module.content, language, lesson),
    )


class _Part(Mapping[str, ModuleContent]):
    """What a module says in one language, but for the other lessons; it is cut out whenever it is asked for."""

    __slots__ = ("_language", "_lesson", "_whole")

    def __init__(self, whole: Mapping[str, ModuleContent], language: str, lesson: str | None) -> None:
        self._whole = whole
        self._language = language
        self._lesson = lesson

    def __getitem__(self, language: str) -> ModuleContent:
        if language != self._language:
            raise KeyError(language)
        content = self._whole[language]
        lessons = tuple(lesson for lesson in content.lessons if lesson.slug == self._lesson)
        return replace(content, lessons=lessons, quiz=() if self._lesson else content.quiz)

    def __contains__(self, language: object) -> bool:
        return language == self._language

    def __iter__(self) -> Iterator[str]:
        return iter((self._language,))

    def __len__(self) -> int:
        return 1


def _quiz_title(module: Module, language: str) -> str:
    from lms_toolkit.rendering import wording

    return f"{wording(language)['page']['quiz_title']} – {module.title[language]}"


def _whole(course: Course, parts: tuple[Module, ...], language: str) -> Unit:
    """All modules as one. It has the pass mark that their quizzes have in common."""
    contents = [part.content[language] for part in parts]
    whole = Module(
        slug=COURSE_SLUG,
        title={language: course.title[language]},
        objectives={language: tuple(line for part in parts for line in part.objectives.get(language, ()))},
        lessons=tuple(f"{part.slug}--{slug}" for part in parts for slug in part.lessons),
        hours=sum(part.hours for part in parts),
        pass_mark_percent=_common_pass_mark(course, parts, language),
        content={
            language: ModuleContent(
                language=language,
                folder=course.folder / language,
                lessons=tuple(lesson for content in contents for lesson in content.lessons),
                quiz=tuple(question for content in contents for question in content.quiz),
                self_checks=tuple(question for content in contents for question in content.self_checks),
            )
        },
    )
    return Unit(whole, parts)


def _common_pass_mark(course: Course, parts: tuple[Module, ...], language: str) -> float:
    marks = {part.pass_mark_percent: part.slug for part in parts if part.content[language].quiz}
    if len(marks) > 1:
        (one, first), (other, second) = list(marks.items())[:2]
        raise ContentError(
            f"{course.id}: one package for the whole course has one pass mark, but module {first} says {one:g} % and"
            f" {second} {other:g} %; give them the same pass_mark_percent, or build --per module"
        )
    return next(iter(marks), parts[0].pass_mark_percent)


def _refuse_repeated_slugs(course: Course, units: Sequence[Unit]) -> None:
    for slug, count in Counter(unit.slug for unit in units).items():
        if count > 1:
            raise ContentError(
                f"{course.id}: two packages would be named {slug}; rename one of the lessons, or build --per module"
            )
