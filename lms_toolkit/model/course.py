"""What is taught: a course, its modules, lessons, questions, activities and editions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lms_toolkit.model.rules import Deadlines, ParticipationRule, Requirement

if TYPE_CHECKING:
    from lms_toolkit.model.activities import Activity
    from lms_toolkit.model.editions import Edition

Localized = Mapping[str, str]
"""Language code → text; a language a course declares is always there once `check` is clean."""

QuestionKind = Literal[
    "single", "multiple", "true-false", "matching", "ordering", "fill-in", "numeric", "hotspot", "short-text"
]
Granularity = Literal["module", "lesson", "course"]
Navigation = Literal["free", "linear"]
"""Whether learners choose among the pages of a package, or take them in order and the quiz last."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a single, multiple, true-false or hotspot question; texts are Markdown."""

    text: str
    correct: bool = False
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side and the right side that belongs to it, in a matching question; feedback is for who missed it."""

    left: str
    right: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle on the picture of a hotspot question, in per cent of the picture's width and height."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say to one written answer that authors see coming."""

    answer: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question as its author wrote it; only the fields of its kind are filled.

    `items` is the right order of an ordering question. `answers` are the accepted spellings of a fill-in.
    `tolerance` is absolute and in the unit of `answer`. `areas` are where the options of a hotspot lie on `picture`,
    a file of the module's folder, which `picture_alt` describes. `feedback` of a short text is its model answer.
    """

    id: str
    kind: QuestionKind
    text: str
    points: float = 1.0
    options: tuple[Option, ...] = ()
    pairs: tuple[Pair, ...] = ()
    distractors: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    case_sensitive: bool = False
    accent_sensitive: bool = False
    answer: float | None = None
    tolerance: float = 0.0
    unit: str = ""
    feedback: str = ""
    line: int = 0
    hint: str = ""
    picture: str = ""
    picture_alt: str = ""
    areas: tuple[Area, ...] = ()
    replies: tuple[Reply, ...] = ()

    @property
    def is_scored(self) -> bool:
        """Whether the answer earns points: nobody but a person can mark a free text."""
        return self.kind != "short-text"


@dataclass(frozen=True, slots=True)
class QuizSettings:
    """How a graded quiz is taken. Without `attempts` as often as one likes; without `draw` with every question.

    `draw` is how many scored questions each attempt takes from the quiz. `shuffle`: each attempt has its own order of
    questions and of their options.
    """

    attempts: int | None = None
    draw: int | None = None
    shuffle: bool = False

    def length(self, questions: tuple[Question, ...]) -> int:
        """How many of these questions an attempt asks; those that earn no points are always asked."""
        scored = sum(question.is_scored for question in questions)
        return len(questions) - scored + min(scored, self.draw or scored)


@dataclass(frozen=True, slots=True)
class Term:
    """A word that the glossary of a course explains; `also` are further forms of it. `text` is one line of Markdown."""

    term: str
    text: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lesson:
    """One page of a module in one language; `markdown` starts at line `body_line` of `path`."""

    slug: str
    title: str
    minutes: int
    markdown: str
    path: Path
    body_line: int = 1


@dataclass(frozen=True, slots=True)
class ModuleContent:
    """What a module says in one language."""

    language: str
    folder: Path
    lessons: tuple[Lesson, ...]
    quiz: tuple[Question, ...] = ()
    self_checks: tuple[Question, ...] = ()
    questions_path: Path | None = None
    quiz_settings: QuizSettings = field(default_factory=QuizSettings)

    def self_check(self, question_id: str) -> Question | None:
        return next((question for question in self.self_checks if question.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Module:
    """A self-paced learning unit, delivered as one package.

    `content` has an entry for each language the module is written in; none at all means not written yet. `languages`
    are those it is meant for, all of the course's when empty. `requires` names what must be completed before it opens.
    """

    slug: str
    title: Localized
    objectives: Mapping[str, tuple[str, ...]]
    lessons: tuple[str, ...]
    hours: float
    pass_mark_percent: float
    content: Mapping[str, ModuleContent] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The idempotency key of the module on any site."""
        return f"module:{self.slug}"

    @property
    def has_variants(self) -> bool:
        """Whether each language has its own, not its own words alone: a module has a package in each."""
        return True

    def is_given_in(self, language: str) -> bool:
        """Whether course pages in this language show it."""
        return not self.languages or language in self.languages

    def is_written(self, language: str) -> bool:
        return language in self.content


@dataclass(frozen=True, slots=True)
class CertificationRule:
    """When an edition earns its certificate.

    `pass_mark_percent` is compared with the weighted total, where an empty grade counts as 0.
    `require_all_assessments`: every graded module and activity must have been done.
    `required` names further slugs that must be completed, `requirements` whatever else it takes. `deadlines`: whether
    work that came late counts; `counts_until`: after that day, or moment, nothing does. `participation` is the rule of
    a second certificate, for those who do not earn this one. `valid_months`: after so many months it expires.
    """

    title: Localized
    pass_mark_percent: float = 60.0
    require_all_assessments: bool = True
    required: tuple[str, ...] = ()
    show_score: bool = False
    requirements: tuple[Requirement, ...] = ()
    deadlines: Deadlines = "none"
    counts_until: date | None = None
    participation: ParticipationRule | None = None
    valid_months: int | None = None


@dataclass(frozen=True, slots=True)
class GroupSet:
    """Groups that work on something together; learners are in one of them at most."""

    slug: str
    title: Localized
    groups: tuple[Localized, ...]

    @property
    def key(self) -> str:
        return f"grouping:{self.slug}"

    def group_keys(self) -> tuple[str, ...]:
        """The key of each group, in order."""
        return tuple(f"group:{self.slug}-{number}" for number, _ in enumerate(self.groups, start=1))


@dataclass(frozen=True, slots=True)
class GradeCategory:
    """Assessments that weigh as one in the total; their own weights count within it."""

    slug: str
    title: Localized
    weight: float
    of: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"category:{self.slug}"


@dataclass(frozen=True, slots=True)
class Theme:
    """A course's own look: `logo` is a file of its folder, colours are `#rrggbb`.

    Without `accent_dark` a lighter shade of `accent` serves on dark pages.
    """

    accent: str = ""
    accent_dark: str = ""
    logo: str = ""
    logo_alt: Localized = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Course:
    """A course as loaded from its folder, in all its languages."""

    id: str
    version: str
    languages: tuple[str, ...]
    title: Localized
    summary: Localized
    modules: tuple[Module, ...]
    activities: tuple[Activity, ...]
    editions: tuple[Edition, ...]
    weights: Mapping[str, float]
    certification: CertificationRule
    folder: Path
    licence: str = ""
    authors: tuple[str, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    package_per: Granularity = "module"
    navigation: Navigation = "free"
    glossary: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)
    theme: Theme | None = None
    group_sets: tuple[GroupSet, ...] = ()
    grade_categories: tuple[GradeCategory, ...] = ()
    image: str = ""

    def module(self, slug: str) -> Module:
        return next(module for module in self.modules if module.slug == slug)

    def activity(self, slug: str) -> Activity:
        return next(activity for activity in self.activities if activity.slug == slug)

    def edition(self, code: str) -> Edition:
        return next(edition for edition in self.editions if edition.code == code)

    def entry(self, slug: str) -> Module | Activity:
        """The module or activity that is called so."""
        module = next((module for module in self.modules if module.slug == slug), None)
        return module or self.activity(slug)

    def rule_of(self, edition: Edition) -> CertificationRule:
        """When this edition earns its certificate."""
        return edition.certification or self.certification

    def assessments(self, edition: Edition) -> tuple[Module | Activity, ...]:
        """The graded modules and activities of an edition, in the order learners meet them."""
        modules = [self.module(slug) for phase in edition.phases for slug in phase.modules]
        activities = [self.activity(slug) for phase in edition.phases for slug in phase.activities]
        return (*modules, *(activity for activity in activities if activity.graded))
