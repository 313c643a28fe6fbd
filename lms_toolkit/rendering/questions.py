"""Prepares a question for a page: what is shown, in which order, and the key that marks it.

Answers are kept as positions in the author's order, so that a learner's draft survives a new shuffle. The order shown
is drawn from the question's id and texts: the same on every build and machine, and telling nothing about the key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from html import escape
from typing import Any

from lms_toolkit.model import Area, Option, Pair, Question
from lms_toolkit.rendering.markdown import block_html, inline_html, is_one_paragraph, plain_paragraph, plain_text
from lms_toolkit.rendering.sanitising import sanitise

_NUMBER_LENGTH = 20
_TEXT_LENGTH = 255  # SCORM 1.2 CMIFeedback, the narrowest of the formats
_SHORT_TEXT_LENGTH = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to tick, place or match: its position in the author's order, as HTML and as plain text."""

    index: int
    html: str
    text: str


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a choice lies on the picture, in per cent of it; `number` is what the picture and the list call it."""

    index: int
    number: int
    area: Area


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as a page shows it. `legend` is inline HTML; `body` holds a longer text, or nothing.

    `choices` are options, items or left sides in the order shown; `targets` are the right sides of a matching.
    `picture` is the HTML of a hotspot's picture, and `spots` are its areas in the order of `choices`.
    """

    id: str
    ref: str
    kind: str
    points: float
    legend: str
    body: str
    choices: tuple[Choice, ...]
    targets: tuple[Choice, ...]
    unit: str
    max_length: int
    clue: str
    picture: str
    spots: tuple[Spot, ...]
    is_scored: bool


@lru_cache(maxsize=256)
def question_view(question: Question, language: str) -> QuestionView:
    one_line = is_one_paragraph(question.text, language)
    choices = _choices(question, language)
    return QuestionView(
        id=question.id,
        ref=reference(question),
        kind=question.kind,
        points=question.points,
        legend=_inline(question.text, language) if one_line else "",
        body="" if one_line else _block(question.text, language),
        choices=choices,
        targets=_shuffled(question, _made(targets(question), language)) if question.kind == "matching" else (),
        unit=question.unit,
        max_length=max_length(question),
        clue=_block(question.hint, language),
        picture=_picture(question),
        spots=tuple(
            Spot(choice.index, number, question.areas[choice.index]) for number, choice in enumerate(choices, 1)
        )
        if question.areas
        else (),
        is_scored=question.is_scored,
    )


def _picture(question: Question) -> str:
    if not question.picture:
        return ""
    return sanitise(f'<img src="{escape(question.picture)}" alt="{escape(question.picture_alt)}">')


def reference(question: Question) -> str:
    """A short name for a question in a learner's saved state, where every character counts."""
    return sha256(question.id.encode()).hexdigest()[:8]


def targets(question: Question) -> tuple[str, ...]:
    """The right sides one may choose from, each once, the distractors last."""
    return tuple(dict.fromkeys([*(pair.right for pair in question.pairs), *question.distractors]))


def right_answer(question: Question) -> Any:
    """The key, in the form in which answers are kept."""
    if question.kind in ("single", "true-false", "hotspot"):
        return next(index for index, option in enumerate(question.options) if option.correct)
    if question.kind == "multiple":
        return [index for index, option in enumerate(question.options) if option.correct]
    if question.kind == "matching":
        return [targets(question).index(pair.right) for pair in question.pairs]
    if question.kind == "ordering":
        return list(range(len(question.items)))
    if question.kind == "short-text":
        return None
    return list(question.answers) if question.kind == "fill-in" else question.answer


def key_data(question: Question, language: str, *, reveal: bool) -> dict[str, Any]:
    """What the page's script needs to mark a question; `reveal` adds the right answer in words, else `labels`.

    A hotspot is answered, marked and reported to platforms as the single choice that its list of areas is.
    """
    parts: list[Option | Pair] = [*question.options, *question.pairs]
    data: dict[str, Any] = {
        "id": question.id,
        "ref": reference(question),
        "kind": "single" if question.kind == "hotspot" else question.kind,
        "points": question.points if question.is_scored else 0,
        "key": right_answer(question),
        "feedback": _block(question.feedback, language),
        "choiceFeedback": [_inline(part.feedback, language) for part in parts],
    }
    if question.kind == "fill-in":
        data |= {"caseSensitive": question.case_sensitive, "accentSensitive": question.accent_sensitive}
    if question.kind == "numeric":
        data |= {"tolerance": question.tolerance, "unit": question.unit}
    if question.replies:
        data["replies"] = [[reply.answer, _inline(reply.feedback, language)] for reply in question.replies]
    if reveal:
        return data | {"answerHtml": _answer_html(question, language)}
    return data | {"labels": _labels(question, language)}


def _labels(question: Question, language: str) -> dict[str, Any]:
    """The words of a graded question without their marks, for the platform's reports; in the author's order."""
    choices = question.items or [pair.left for pair in question.pairs] or [option.text for option in question.options]
    return {
        "question": _words(question.text, language),
        "choices": [_words(text, language) for text in choices],
        "targets": [_words(text, language) for text in targets(question)],
    }


def _words(text: str, language: str) -> str:
    return " ".join(plain_text(text, language).split())


def max_length(question: Question) -> int:
    """How many characters a written answer may have."""
    if question.kind == "numeric":
        return _NUMBER_LENGTH
    if question.kind == "short-text":
        return _SHORT_TEXT_LENGTH
    longest = max((len(answer) for answer in question.answers), default=0)
    return min(_TEXT_LENGTH, max(60, 2 * longest))


def memory_chars(question: Question) -> int:
    """The most characters that any answer to this question takes in the saved state (JSON)."""
    frame = len('"12345678":,')
    if question.kind in ("fill-in", "numeric", "short-text"):
        return frame + 2 + 2 * max_length(question)  # a quote or backslash is written with two characters
    count = max(len(question.options), len(question.items), len(targets(question)))
    widest = max(len(str(count)), len("null"))
    parts = max(1, len(question.options), len(question.items), len(question.pairs))
    return frame + 2 + parts * (widest + 1)


def _choices(question: Question, language: str) -> tuple[Choice, ...]:
    if question.kind == "true-false":
        return _made([option.text for option in question.options], language)
    if question.kind == "matching":
        return _made([pair.left for pair in question.pairs], language)
    if question.kind == "ordering":
        return _out_of_order(_shuffled(question, _made(question.items, language)))
    return _shuffled(question, _made([option.text for option in question.options], language))


def _made(texts: Sequence[str], language: str) -> tuple[Choice, ...]:
    return tuple(Choice(index, _inline(text, language), plain_text(text, language)) for index, text in enumerate(texts))


def _shuffled(question: Question, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    return tuple(sorted(choices, key=lambda choice: sha256(f"{question.id}\n{choice.text}".encode()).digest()))


def _out_of_order(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """An ordering question must not show its answer."""
    is_ordered = [choice.index for choice in choices] == list(range(len(choices)))
    return (*choices[1:], *choices[:1]) if is_ordered else choices


@lru_cache(maxsize=1024)
def _inline(text: str, language: str) -> str:
    return sanitise(inline_html(text, language)) if text else ""


@lru_cache(maxsize=1024)
def _block(text: str, language: str) -> str:
    plain = plain_paragraph(text)
    if plain is not None:
        return plain.replace("\u00a0", "&nbsp;")  # as sanitised HTML has it
    return sanitise(block_html(text, language)) if text else ""


def _answer_html(question: Question, language: str) -> str:
    if not question.is_scored:
        return ""
    if question.kind == "numeric":
        number = f"{question.answer:g}".replace(".", "," if language != "en" else ".")
        return f"<p>{escape(f'{number} {question.unit}'.strip())}</p>"
    if question.kind == "fill-in":
        return f"<p>{escape(question.answers[0])}</p>"
    tag = "ol" if question.kind == "ordering" else "ul"
    lines = "".join(f"<li>{_inline(text, language)}</li>" for text in _answer_lines(question))
    return f"<{tag}>{lines}</{tag}>"


def _answer_lines(question: Question) -> Sequence[str]:
    if question.kind == "matching":
        return [f"{pair.left} → {pair.right}" for pair in question.pairs]
    return question.items or [option.text for option in question.options if option.correct]
