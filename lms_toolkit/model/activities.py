"""What stands on a course page besides modules: forums, webinars, assignments, and how they are done and graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lms_toolkit.model.course import Localized, Question, QuizSettings

ActivityKind = Literal[
    "announcements",
    "forum",
    "webinar",
    "assignment",
    "peer-assessment",
    "quiz",
    "group-work",
    "attendance",
    "survey",
    "page",
    "text",
    "link",
    "file",
]
CompletedBy = Literal["none", "manual", "viewed", "posted", "submitted", "graded", "passed", "completed"]
"""What marks something on the course page as done. `completed` is for packages alone."""
HandIn = Literal["text", "files"]
SurveyKind = Literal["choice", "rating", "text"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A discussion that a forum opens with; the message is Markdown."""

    slug: str
    subject: Localized
    message: Localized


@dataclass(frozen=True, slots=True)
class Level:
    """One column of a rubric's row: what it takes, and the points it gives."""

    points: float
    text: Localized


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a piece of work is judged by: with `levels` in a rubric, with `points` at most among peers."""

    slug: str
    title: Localized
    points: float = 0.0
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyItem:
    """One question of a survey; `options` are for `choice` and `rating`, where they go from low to high."""

    slug: str
    kind: SurveyKind
    text: Localized
    options: tuple[Localized, ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class ActivityContent:
    """What an activity says in one language: `markdown` from `activities/<slug>.md`, the questions of a quiz."""

    language: str
    markdown: str = ""
    path: Path | None = None
    quiz: tuple[Question, ...] = ()
    questions_path: Path | None = None
    quiz_settings: QuizSettings = field(default_factory=QuizSettings)


@dataclass(frozen=True, slots=True)
class Activity:
    """Anything on the course page but a module; only the fields of its kind are filled.

    `languages` are those of the pages it is on, all of the course's when empty. `requires` names what must be completed
    before it opens. `hand_in`, `max_files`, `max_words` and `rubric` are an assignment's; group work has them too and
    is handed in by the groups of `group_set`. `criteria` and `reviews` (how many works each person judges) are of a
    peer assessment. `minutes` is how long a quiz may take, 0 for no limit. `files` are names of files in the course's
    `<language>/activities/files/`.
    """

    slug: str
    kind: ActivityKind
    title: Localized
    description: Localized = field(default_factory=dict)
    graded: bool = False
    languages: tuple[str, ...] = ()
    max_points: float = 100.0
    pass_mark_percent: float = 0.0
    completed_by: CompletedBy | None = None
    requires: tuple[str, ...] = ()
    group_set: str = ""
    address: str = ""
    files: tuple[str, ...] = ()
    prompts: tuple[Prompt, ...] = ()
    hand_in: tuple[HandIn, ...] = ()
    max_files: int = 1
    max_words: int = 0
    rubric: tuple[Criterion, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    reviews: int = 0
    minutes: int = 0
    items: tuple[SurveyItem, ...] = ()
    is_anonymous: bool = False
    content: Mapping[str, ActivityContent] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The idempotency key of the activity on any site."""
        return f"activity:{self.slug}"

    @property
    def has_variants(self) -> bool:
        """Whether each language has its own, not its own words alone: questions and files are more than a text."""
        return self.kind in ("quiz", "file")

    def is_given_in(self, language: str) -> bool:
        """Whether course pages in this language show it."""
        return not self.languages or language in self.languages

    def text(self, language: str) -> str:
        """What it says, in Markdown: its file where it has one, else its description."""
        content = self.content.get(language)
        return (content.markdown if content else "") or self.description.get(language, "")
