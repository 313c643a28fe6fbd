"""Reads `questions.yaml`: the graded quiz of a module, and the ungraded self-checks its lessons show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from lms_toolkit.model import Finding, Option, Pair, Question

Number = Annotated[float, Field(allow_inf_nan=False)]


class OptionEntry(Table):
    """One choice."""

    text: Text
    correct: bool = False
    feedback: OptionalText = ""


class PairEntry(Table):
    """Two sides that belong together."""

    left: Text
    right: Text


class QuestionEntry(Table):
    """What every kind of question has; texts are Markdown."""

    id: Slug = Field(description="Unique in the file; learners' answers hang on it, so it never changes")
    text: Text
    points: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] = 1.0
    feedback: OptionalText = Field(default="", description="Shown after the answer, whatever it was")


class SingleEntry(QuestionEntry):
    """One right choice."""

    kind: Literal["single"]
    options: list[OptionEntry] = Field(min_length=2)

    @model_validator(mode="after")
    def _one_is_correct(self) -> Self:
        right = sum(option.correct for option in self.options)
        if right != 1:
            message = "needs exactly one option with correct: true, and has {right}"
            raise PydanticCustomError("correct_options", message, {"right": right})
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


class NumericEntry(QuestionEntry):
    """A number to be typed."""

    kind: Literal["numeric"]
    answer: Number
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        default=0.0, description="Absolute, in the unit of the answer"
    )
    unit: OptionalText = ""


AnyEntry = SingleEntry | MultipleEntry | TrueFalseEntry | MatchingEntry | OrderingEntry | FillInEntry | NumericEntry
Entry = Annotated[AnyEntry, Field(discriminator="kind")]


class QuestionsTable(Table):
    """`questions.yaml` of a module."""

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
    "options": OptionEntry,
    "pairs": PairEntry,
}


@dataclass(frozen=True, slots=True)
class Questions:
    """The questions of a module in one language."""

    quiz: tuple[Question, ...]
    self_checks: tuple[Question, ...]


def read_questions(path: Path, root: Path, language: str) -> Questions:
    """The questions in `path`, in the course folder `root`; ContentError names every fault."""
    document = read_yaml(path, read_text(path, root))
    table = _validate(document)
    faults = (*_repeated_ids(document, table), *_missing_words(document, table, language))
    if faults:
        raise content_error(faults)
    quiz = (_question(document, entry, loc, language) for entry, loc in _entries(table) if loc[0] == "quiz")
    checks = (_question(document, entry, loc, language) for entry, loc in _entries(table) if loc[0] == "self_checks")
    return Questions(tuple(quiz), tuple(checks))


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


def _question(document: Document, entry: AnyEntry, loc: Loc, language: str) -> Question:
    return Question(
        id=entry.id,
        kind=entry.kind,
        text=entry.text,
        points=entry.points,
        feedback=entry.feedback,
        line=document.places.of(loc)[0],
        options=_options(entry, language),
        pairs=tuple(Pair(pair.left, pair.right) for pair in getattr(entry, "pairs", ())),
        distractors=tuple(getattr(entry, "distractors", ())),
        items=tuple(getattr(entry, "items", ())),
        answers=tuple(getattr(entry, "answers", ())),
        case_sensitive=getattr(entry, "case_sensitive", False),
        accent_sensitive=getattr(entry, "accent_sensitive", False),
        answer=entry.answer if isinstance(entry, NumericEntry) else None,
        tolerance=getattr(entry, "tolerance", 0.0),
        unit=getattr(entry, "unit", ""),
    )


def _options(entry: AnyEntry, language: str) -> tuple[Option, ...]:
    if isinstance(entry, SingleEntry | MultipleEntry):
        return tuple(Option(option.text, option.correct, option.feedback) for option in entry.options)
    if isinstance(entry, TrueFalseEntry):
        words = true_false_words(language) or ()  # a language without words has been refused
        return tuple(
            Option(word, correct=right is entry.answer) for word, right in zip(words, (True, False), strict=True)
        )
    return ()
