"""The shape of `[[activities]]` in `course.toml`: each kind has keys of its own, and others are refused."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from lms_toolkit.courses.shapes import (
    ADDRESS_PATTERN,
    FILE_NAME_PATTERN,
    Line,
    Percent,
    Slug,
    Table,
    Translated,
    TranslatedText,
)
from lms_toolkit.model import Activity, ActivityKind, CompletedBy, Criterion, HandIn, Level, Prompt, SurveyItem

# Moodle grades its activities in whole points.
Points = Annotated[int, Field(ge=1, le=1000)]
PeerPoints = Annotated[int, Field(ge=1, le=100)]
LevelPoints = Annotated[float, Field(ge=0, le=1000, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1, le=20)]
Address = Annotated[str, Field(pattern=ADDRESS_PATTERN, max_length=1000, description="http:// or https://")]
FileName = Annotated[str, Field(pattern=FILE_NAME_PATTERN, max_length=100)]

ALWAYS = frozenset({"slug", "kind", "title", "description", "languages", "requires", "completed_by"})
GRADED = frozenset({"graded", "max_points", "pass_mark_percent"})
WORK = GRADED | {"hand_in", "max_files", "max_words", "rubric"}
KEYS: dict[str, frozenset[str]] = {
    "announcements": frozenset(),
    "forum": GRADED | {"prompts", "group_set"},
    "webinar": frozenset(),
    "assignment": WORK,
    "peer-assessment": GRADED | {"criteria", "reviews"},
    "quiz": GRADED | {"minutes"},
    "group-work": WORK | {"group_set"},
    "attendance": GRADED,
    "survey": frozenset({"items", "anonymous"}),
    "page": frozenset(),
    "text": frozenset(),
    "link": frozenset({"address"}),
    "file": frozenset({"files"}),
}
"""What each kind of activity may say besides the keys of all."""
NEEDED: dict[str, frozenset[str]] = {
    "peer-assessment": frozenset({"criteria"}),
    "group-work": frozenset({"group_set"}),
    "survey": frozenset({"items"}),
    "link": frozenset({"address"}),
    "file": frozenset({"files"}),
}
COMPLETED_BY: dict[str, frozenset[str]] = {
    "forum": frozenset({"posted", "viewed"}),
    "announcements": frozenset({"viewed"}),
    "webinar": frozenset({"viewed"}),
    "assignment": frozenset({"submitted", "viewed"}),
    "group-work": frozenset({"submitted", "viewed"}),
    "peer-assessment": frozenset({"viewed"}),
    "quiz": frozenset({"viewed"}),
    "attendance": frozenset(),
    "survey": frozenset({"submitted", "viewed"}),
    "page": frozenset({"viewed"}),
    "text": frozenset(),
    "link": frozenset({"viewed"}),
    "file": frozenset({"viewed"}),
}
"""What may complete each kind, besides `none` and `manual`; what is graded also by `graded` and `passed`."""


class PromptTable(Table):
    """A discussion that the forum opens with."""

    slug: Slug
    subject: Translated
    message: TranslatedText = Field(description="Language code → Markdown")


class LevelTable(Table):
    """One column of a rubric's row."""

    points: LevelPoints
    text: TranslatedText


class CriterionTable(Table):
    """One row of a rubric: from the weakest level to the best."""

    slug: Slug
    title: Translated
    levels: list[LevelTable] = Field(min_length=2)


class PeerCriterionTable(Table):
    """What peers give points for."""

    slug: Slug
    title: Translated
    points: PeerPoints = Field(description="At most")


class SurveyItemTable(Table):
    """One question of a survey."""

    slug: Slug
    kind: Literal["choice", "rating", "text"]
    text: Translated
    options: list[Translated] = Field(default=[], description="For choice and rating")
    required: bool = False

    @model_validator(mode="after")
    def _options_fit(self) -> Self:
        if (self.kind == "text") == bool(self.options):
            needed = "takes no options" if self.options else "needs options"
            raise PydanticCustomError("options", "of kind {kind} {needed}", {"kind": self.kind, "needed": needed})
        return self


class ActivityTable(Table):
    """Anything on the course page but a module."""

    slug: Slug
    kind: ActivityKind
    title: Translated
    description: TranslatedText = Field(
        default={}, description="Language code → Markdown; <language>/activities/<slug>.md takes its place"
    )
    languages: list[str] = Field(default=[], description="Pages it is on; all if absent")
    requires: list[str] = Field(default=[], description="Slugs of what must be completed before it opens")
    completed_by: CompletedBy | None = Field(default=None, description="What marks it as done; see the table of kinds")
    graded: bool = False
    max_points: Points = 100
    pass_mark_percent: Percent = 0.0
    group_set: Slug | None = Field(default=None, description="Slug of the groups that work on it")
    address: Address | None = None
    files: list[FileName] = Field(default=[], description="In <language>/activities/files/; the first one is shown")
    prompts: list[PromptTable] = Field(default=[])
    hand_in: list[HandIn] = Field(default=["text"], description="text, files, or both")
    max_files: Count = 1
    max_words: Annotated[int, Field(ge=0, le=100_000, description="0 for no limit")] = 0
    rubric: list[CriterionTable] = Field(default=[])
    criteria: list[PeerCriterionTable] = Field(default=[])
    reviews: Annotated[int, Field(ge=1, le=20, description="How many works each person judges")] = 3
    minutes: Annotated[int, Field(ge=0, le=1440, description="Time for one attempt; 0 for no limit")] = 0
    items: list[SurveyItemTable] = Field(default=[])
    anonymous: bool = False

    @model_validator(mode="after")
    def _keys_fit_the_kind(self) -> Self:
        odd = sorted(self.model_fields_set - ALWAYS - KEYS[self.kind])
        if odd:
            _refuse("{kind} has no key {key}", self.kind, odd[0])
        missing = sorted(name for name in NEEDED.get(self.kind, ()) if not getattr(self, name))
        if missing:
            _refuse("{kind} needs {key}", self.kind, missing[0])
        return self

    @model_validator(mode="after")
    def _keys_fit_together(self) -> Self:
        if not self.is_graded:
            idle = sorted(self.model_fields_set & {"max_points", "pass_mark_percent", "rubric"})
            if idle:
                _refuse("{kind} has {key} and needs graded = true", self.kind, idle[0])
        if self.max_words and "text" not in self.hand_in:
            _refuse('{kind} has {key} and needs "text" in hand_in', self.kind, "max_words")
        if self.completed_by == "submitted" and not self.hand_in:
            _refuse("{kind} with an empty hand_in cannot be completed by {key}", self.kind, "submitted")
        return self

    @model_validator(mode="after")
    def _can_be_completed_so(self) -> Self:
        known = {"none", "manual"} | COMPLETED_BY[self.kind] | ({"graded", "passed"} if self.is_graded else set())
        if self.completed_by and self.completed_by not in known:
            _refuse("{kind} cannot be completed by {key}", self.kind, self.completed_by)
        return self

    @property
    def is_graded(self) -> bool:
        """Attendance is there to be graded."""
        return self.graded or self.kind == "attendance"


def _refuse(message: str, kind: str, key: str) -> None:
    raise PydanticCustomError("activity", message, {"kind": f"of kind {kind}", "key": key})


def make_activity(table: ActivityTable) -> Activity:
    """The record of an activity, without what its files say."""
    is_work = table.kind in ("assignment", "group-work")
    return Activity(
        slug=table.slug,
        kind=table.kind,
        title=table.title,
        description=table.description,
        graded=table.is_graded,
        languages=tuple(table.languages),
        max_points=table.max_points,
        pass_mark_percent=table.pass_mark_percent,
        completed_by=table.completed_by,
        requires=tuple(table.requires),
        group_set=table.group_set or "",
        address=table.address or "",
        files=tuple(table.files),
        prompts=tuple(Prompt(prompt.slug, prompt.subject, prompt.message) for prompt in table.prompts),
        hand_in=tuple(table.hand_in) if is_work else (),
        max_files=table.max_files,
        max_words=table.max_words,
        rubric=tuple(_criterion(row) for row in table.rubric),
        criteria=tuple(Criterion(row.slug, row.title, row.points) for row in table.criteria),
        reviews=table.reviews if table.kind == "peer-assessment" else 0,
        minutes=table.minutes,
        items=tuple(_item(item) for item in table.items),
        is_anonymous=table.anonymous,
    )


def _criterion(row: CriterionTable) -> Criterion:
    levels = tuple(Level(level.points, level.text) for level in row.levels)
    return Criterion(row.slug, row.title, max(level.points for level in levels), levels)


def _item(item: SurveyItemTable) -> SurveyItem:
    return SurveyItem(item.slug, item.kind, item.text, tuple(item.options), item.required)


def localized_lines(table: ActivityTable) -> list[tuple[tuple[str | int, ...], dict[str, Line]]]:
    """Each text inside an activity that is there once per language, and where it is, from the activity on."""
    texts: list[tuple[tuple[str | int, ...], dict[str, Line]]] = []
    for index, prompt in enumerate(table.prompts):
        texts += [(("prompts", index, "subject"), prompt.subject), (("prompts", index, "message"), prompt.message)]
    for index, row in enumerate(table.rubric):
        texts.append((("rubric", index, "title"), row.title))
        texts += [(("rubric", index, "levels", n, "text"), level.text) for n, level in enumerate(row.levels)]
    texts += [(("criteria", index, "title"), row.title) for index, row in enumerate(table.criteria)]
    for index, item in enumerate(table.items):
        texts.append((("items", index, "text"), item.text))
        texts += [(("items", index, "options", n), option) for n, option in enumerate(item.options)]
    return texts
