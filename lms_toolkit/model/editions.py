"""One run of a course: its dates, its phases, what learners choose from, and how they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from lms_toolkit.model.course import CertificationRule, Localized

EditionMode = Literal["self-paced", "online", "blended"]
ChoiceBy = Literal["groups", "self"]
EnrolmentKind = Literal["manual", "self", "cohort"]
Pages = Literal["per-language", "one"]
"""Whether an edition has a course page for each of its languages, or one that speaks all of them."""


def language_group(language: str) -> str:
    """The key of the group of those who learn in a language, on a page that has several."""
    return f"group:language-{language}"


def variant_key(key: str, language: str) -> str:
    """The key of what is on such a page once for each language: `module:concepts.fr`. Slugs have no dot."""
    return f"{key}.{language}"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of an edition (a week, "before Turin" …); becomes one section of the course page.

    `order` names modules and activities as they stand on the page; when empty, modules come first. `is_locked`:
    learners see that it is there, and get in when it starts.
    """

    slug: str
    title: Localized
    summary: Localized = field(default_factory=dict)
    modules: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None
    is_locked: bool = False
    order: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"section:{self.slug}"

    @property
    def slugs(self) -> tuple[str, ...]:
        """Its modules and activities, in the order of the page."""
        return self.order or (*self.modules, *self.activities)


@dataclass(frozen=True, slots=True)
class Times:
    """When an activity of an edition takes place; all aware. `address` is where a webinar meets, or what is attended.

    `opens_at`, `due_at` and `closes_at` are for what is handed in, answered or discussed, `reviews_due_at` for peers'
    judgements, `starts_at` and `ends_at` for what takes place once.
    """

    opens_at: datetime | None = None
    due_at: datetime | None = None
    closes_at: datetime | None = None
    reviews_due_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class ElectiveBlock:
    """Of the modules and activities `of`, each learner takes `choose`; more may be taken, the best ones count.

    `by` groups: each elective opens to the members of its group. `by` self: all are open to everybody.
    """

    slug: str
    title: Localized
    choose: int
    of: tuple[str, ...]
    by: ChoiceBy = "self"

    @property
    def category_key(self) -> str:
        """The key of its category in a gradebook."""
        return f"category:{self.slug}"

    def group_key(self, slug: str) -> str:
        """The key of the group that an elective opens to."""
        return f"group:{self.slug}-{slug}"


@dataclass(frozen=True, slots=True)
class EnrolmentMethod:
    """A way into the course page; `role` is a short name of the platform, `cohort` the idnumber of one there.

    With a `language` it is on the page in that language alone, or, where languages share one, into that group.
    """

    slug: str
    kind: EnrolmentKind
    role: str = "student"
    cohort: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One run of a course: code, dates, languages, mode and phases.

    `schedule` maps slugs of activities to their times. `price`, `venue` and `apply_by` are told to learners.
    `certification` replaces the course's rule for this edition.
    """

    code: str
    languages: tuple[str, ...]
    mode: EditionMode
    phases: tuple[Phase, ...]
    learning_hours: float
    starts_on: date | None = None
    ends_on: date | None = None
    title: Localized = field(default_factory=dict)
    summary: Localized = field(default_factory=dict)
    price: Localized = field(default_factory=dict)
    venue: Localized = field(default_factory=dict)
    apply_by: date | None = None
    timezone: str = "UTC"
    schedule: Mapping[str, Times] = field(default_factory=dict)
    electives: tuple[ElectiveBlock, ...] = ()
    enrolment: tuple[EnrolmentMethod, ...] = ()
    certification: CertificationRule | None = None
    pages: Pages = "per-language"

    @property
    def has_one_page(self) -> bool:
        """Whether its languages share a course page."""
        return self.pages == "one" and len(self.languages) > 1

    def idnumber(self, language: str) -> str:
        """The site-wide key of this edition's course page in a language."""
        return self.code if len(self.languages) == 1 or self.has_one_page else f"{self.code}-{language}"

    def times(self, slug: str) -> Times:
        """When an activity takes place; nothing known gives empty times."""
        return self.schedule.get(slug, Times())

    def elective_block(self, slug: str) -> ElectiveBlock | None:
        """The block that offers this module or activity, if one does."""
        return next((block for block in self.electives if slug in block.of), None)
