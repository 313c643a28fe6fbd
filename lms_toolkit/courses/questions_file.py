"""Reads `questions.yaml`: the graded quiz of a module, and the ungraded self-checks its lessons show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.languages import languages_with_true_false, true_false_words
from lms_toolkit.courses.places import Document, Loc, content_error
from lms_toolkit.courses.shapes import OptionalText, Slug, Table, Text
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.yaml_reading import read_yaml
from lms_toolkit.model import Area, Finding, Option, Pair, Question, QuizSettings, Reply

Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
Side = Annotated[float, Field(ge=1, le=100, allow_inf_nan=False)]


class OptionEntry(Table):
    """One choice."""

    text: Text
    correct: bool = False
    feedback: OptionalText = ""


class PairEntry(Table):
    """Two sides that belong together."""

    left: Text
    right: Text
    feedback: OptionalText = Field(default="", description="For who missed this pair")


class AreaEntry(Table):
    """A named rectangle on the picture; its place and size are in per cent of the picture."""

    text: Text = Field(description="Its name, which those who do not see the picture choose from")
    x: Share = Field(description="Per cent of the picture's width, from its left edge")
    y: Share = Field(description="Per cent of the picture's height, from its top edge")
    width: Side
    height: Side
    correct: bool = False
    feedback: OptionalText = ""

    @model_validator(mode="after")
    def _lies_on_the_picture(self) -> Self:
        if self.x + self.width > 100 or self.y + self.height > 100:
            raise PydanticCustomError("area", "reaches beyond the picture: x + width and y + height are at most 100")
        return self


class ReplyEntry(Table):
    """A written answer that authors see coming, and what to say to it."""

    answer: Text
    feedback: Text


class NumberReplyEntry(Table):
    """A number that authors see coming, and what to say to it."""

    answer: Number
    feedback: Text


class QuestionEntry(Table):
    """What every kind of question has; texts are Markdown."""

    id: Slug = Field(description="Unique in the file; learners' answers hang on it, so it never changes")
    text: Text
    points: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1.0
    feedback: OptionalText = Field(default="", description="Shown after the answer, whatever it was")
    hint: OptionalText = Field(default="", description="Shown before the answer, to those who ask for it")


class SingleEntry(QuestionEntry):
    """One right choice."""

    kind: Literal["single"]
    options: list[OptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _one_is_correct(self) -> Self:
        _refuse_unless_one_is_correct(self.options, "option")
        return self


class MultipleEntry(QuestionEntry):
    """One right choice or more."""

    kind: Literal["multiple"]
    options: list[OptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _some_are_correct(self) -> Self:
        if not any(option.correct for option in self.options):
            raise PydanticCustomError("correct_options", "needs an option with correct: true, and has none")
        return self


class TrueFalseEntry(QuestionEntry):
    """A statement to judge."""

    kind: Literal["true-false"]
    answer: bool
    feedback_true: OptionalText = Field(default="", description="For who answered true")
    feedback_false: OptionalText = Field(default="", description="For who answered false")


class MatchingEntry(QuestionEntry):
    """Left sides to be given their right sides; distractors are right sides that belong to none."""

    kind: Literal["matching"]
    pairs: list[PairEntry] = Field(min_length=2)
    distractors: list[Text] = Field(default=[], description="Right sides that belong to no left side")


class OrderingEntry(QuestionEntry):
    """Items to be put in order, written here in the right one."""

    kind: Literal["ordering"]
    items: list[Text] = Field(min_length=2)


class FillInEntry(QuestionEntry):
    """A word or a few to be typed."""

    kind: Literal["fill-in"]
    answers: list[Text] = Field(min_length=1, description="Every spelling that is accepted")
    case_sensitive: bool = False
    accent_sensitive: bool = False
    replies: list[ReplyEntry] = Field(default=[], description="Feedback on answers that one sees coming")


class NumericEntry(QuestionEntry):
    """A number to be typed."""

    kind: Literal["numeric"]
    answer: Number
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        default=0.0, description="Absolute, in the unit of the answer"
    )
    unit: OptionalText = ""
    replies: list[NumberReplyEntry] = Field(default=[], description="Feedback on numbers that one sees coming")


class HotspotEntry(QuestionEntry):
    """A place on a picture; whoever does not see it chooses among the names of the places."""

    kind: Literal["hotspot"]
    picture: Text = Field(description="A file of the module's folder: media/map.svg")
    alt: Text = Field(description="What the picture shows, in words")
    areas: list[AreaEntry] = Field(min_length=2, max_length=20)

    @model_validator(mode="after")
    def _one_is_correct(self) -> Self:
        _refuse_unless_one_is_correct(self.areas, "area")
        return self


class ShortTextEntry(Table):
    """A free answer of a few lines. It earns no points; learners compare it with a model answer."""

    kind: Literal["short-text"]
    id: Slug = Field(description="Unique in the file; learners' answers hang on it, so it never changes")
    text: Text
    feedback: Text = Field(description="The model answer, shown after the learner's own")
    hint: OptionalText = Field(default="", description="Shown before the answer, to those who ask for it")


def _refuse_unless_one_is_correct(choices: Sequence[OptionEntry | AreaEntry], what: str) -> None:
    right = sum(choice.correct for choice in choices)
    if right != 1:
        message = "needs exactly one {what} with correct: true, and has {right}"
        raise PydanticCustomError("correct_options", message, {"what": what, "right": right})


AnyEntry = (
    SingleEntry
    | MultipleEntry
    | TrueFalseEntry
    | MatchingEntry
    | OrderingEntry
    | FillInEntry
    | NumericEntry
    | HotspotEntry
    | ShortTextEntry
)
Entry = Annotated[AnyEntry, Field(discriminator="kind")]


class SettingsTable(Table):
    """How the quiz is taken."""

    attempts: Annotated[int, Field(ge=1, le=99)] | None = Field(
        default=None, description="How often it may be taken; as often as one likes if absent"
    )
    draw: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many of its questions each attempt asks; all of them if absent"
    )
    shuffle: bool = Field(default=False, description="Each attempt has its own order of questions and options")


class QuestionsTable(Table):
    """`questions.yaml` of a module."""

    settings: SettingsTable = Field(default=SettingsTable(), description="How the quiz is taken")
    quiz: list[Entry] = Field(default=[], description="Graded, on a page of its own")
    self_checks: list[Entry] = Field(default=[], description="Ungraded; lessons show them with ::: self-check ID")


SECTIONS: dict[str, type[Table]] = {
    "": QuestionsTable,
    "single": SingleEntry,
    "multiple": MultipleEntry,
    "true-false": TrueFalseEntry,
    "matching": MatchingEntry,
    "ordering": OrderingEntry,
    "fill-in": FillInEntry,
    "numeric": NumericEntry,
    "hotspot": HotspotEntry,
    "short-text": ShortTextEntry,
    "settings": SettingsTable,
    "areas": AreaEntry,
    "replies": ReplyEntry,
    "options": OptionEntry,
    "pairs": PairEntry,
}


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a module in one language."""

    quiz: tuple[Question, ...]
    self_checks: tuple[Question, ...]
    settings: QuizSettings = field(default_factory=QuizSettings)


def read_questions(path: Path, root: Path, language: str) -> Questions:
    """The questions in `path`, in the course folder `root`; ContentError names every fault."""
    document = read_yaml(path, read_text(path, root))
    table = _validate(document)
    faults = (*_repeated_ids(document, table), *_missing_words(document, table, language), *_long_draw(document, table))
    if faults:
        raise content_error(faults)
    quiz = (_question(document, entry, loc, language) for entry, loc in _entries(table) if loc[0] == "quiz")
    checks = (_question(document, entry, loc, language) for entry, loc in _entries(table) if loc[0] == "self_checks")
    settings = QuizSettings(table.settings.attempts, table.settings.draw, table.settings.shuffle)
    return Questions(tuple(quiz), tuple(checks), settings)


def _validate(document: Document) -> QuestionsTable:
    try:
        return QuestionsTable.model_validate(document.data)
    except ValidationError as error:
        raise explain(error, document, SECTIONS) from error


def _entries(table: QuestionsTable) -> Iterator[tuple[AnyEntry, Loc]]:
    yield from ((entry, ("quiz", index)) for index, entry in enumerate(table.quiz))
    yield from ((entry, ("self_checks", index)) for index, entry in enumerate(table.self_checks))


def _repeated_ids(document: Document, table: QuestionsTable) -> Iterator[Finding]:
    first: dict[str, Loc] = {}
    for entry, loc in _entries(table):
        if entry.id in first:
            line = document.places.of(first[entry.id])[0]
            message = f"two questions have the id {entry.id} (the first in line {line})"
            yield document.error("duplicate-question", message, (*loc, "id"), "rename one")
        first.setdefault(entry.id, loc)


def _missing_words(document: Document, table: QuestionsTable, language: str) -> Iterator[Finding]:
    if true_false_words(language):
        return
    for entry, loc in _entries(table):
        if isinstance(entry, TrueFalseEntry):
            message = f"there are no words for true and false in {language} yet"
            hint = f"use kind: single with two options, or write in {', '.join(languages_with_true_false())}"
            yield document.error("no-words", message, (*loc, "kind"), hint)


def _long_draw(document: Document, table: QuestionsTable) -> Iterator[Finding]:
    scored = sum(not isinstance(entry, ShortTextEntry) for entry in table.quiz)
    if table.settings.draw is not None and table.settings.draw > scored:
        message = f"settings.draw takes {table.settings.draw} questions, and the quiz has {scored} that earn points"
        yield document.error("draw", message, ("settings", "draw"), "draw fewer, or write more questions")


def _question(document: Document, entry: AnyEntry, loc: Loc, language: str) -> Question:
    # what a kind of question does not have is left at its default; asking a pydantic model for it is slow
    has = entry.__dict__
    return Question(
        id=entry.id,
        kind=entry.kind,
        text=entry.text,
        points=has.get("points", 0.0),  # a short text earns none
        feedback=entry.feedback,
        line=document.places.of(loc)[0],
        options=_options(entry, language),
        pairs=tuple(Pair(pair.left, pair.right, pair.feedback) for pair in has.get("pairs", ())),
        distractors=tuple(has.get("distractors", ())),
        items=tuple(has.get("items", ())),
        answers=tuple(has.get("answers", ())),
        case_sensitive=has.get("case_sensitive", False),
        accent_sensitive=has.get("accent_sensitive", False),
        answer=entry.answer if isinstance(entry, NumericEntry) else None,
        tolerance=has.get("tolerance", 0.0),
        unit=has.get("unit", ""),
        hint=entry.hint,
        picture=has.get("picture", ""),
        picture_alt=has.get("alt", ""),
        areas=tuple(Area(area.x, area.y, area.width, area.height) for area in has.get("areas", ())),
        replies=tuple(Reply(str(reply.answer), reply.feedback) for reply in has.get("replies", ())),
    )


def _options(entry: AnyEntry, language: str) -> tuple[Option, ...]:
    if isinstance(entry, SingleEntry | MultipleEntry):
        return tuple(Option(option.text, option.correct, option.feedback) for option in entry.options)
    if isinstance(entry, TrueFalseEntry):
        words = true_false_words(language) or ()  # a language without words has been refused
        told = (entry.feedback_true, entry.feedback_false)
        return tuple(
            Option(word, right is entry.answer, feedback)
            for word, right, feedback in zip(words, (True, False), told, strict=True)
        )
    if isinstance(entry, HotspotEntry):
        return tuple(Option(area.text, area.correct, area.feedback) for area in entry.areas)
    return ()
