"""Writes questions as GIFT, in Markdown, which Moodle reads too.

What GIFT cannot hold is named by `losses.gift_losses`. Ids and our own settings travel in comments that Moodle keeps
as ID number and tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from lms_toolkit.model import Question
from lms_toolkit.questions.gift_text import write
from lms_toolkit.questions.losses import gift_can_hold
from lms_toolkit.questions.notation import (
    ACCENT_INSENSITIVE,
    CASE_SENSITIVE,
    answers_and_replies,
    name_of,
    number,
    share_percent,
)
from lms_toolkit.rendering.markdown import plain_text


def write_gift(questions: Iterable[Question], category: str, *, language: str = "en") -> bytes:
    """A question bank in one category; `/` in its name makes a category inside another."""
    made = [_question(question, language) for question in questions if gift_can_hold(question)]
    return "\n\n".join([f"$CATEGORY: $course$/top/{category}", *made, ""]).encode()


def _question(question: Question, language: str) -> str:
    name, opener = write(name_of(question, language)), "{#" if question.kind == "numeric" else "{"
    lines = [f"// {_comment(question)}", f"::{name}::[markdown]{write(question.text)}{opener}"]
    lines += [f"\t{line}" for line in _BODIES[question.kind](question, language)]
    if question.feedback.strip():
        lines.append(f"\t####{write(question.feedback)}")
    return "\n".join([*lines, "}"])


def _comment(question: Question) -> str:
    tags = []
    if question.kind == "fill-in" and question.case_sensitive:
        tags.append(CASE_SENSITIVE)
    if question.kind == "fill-in" and not question.accent_sensitive:
        tags.append(ACCENT_INSENSITIVE)
    return " ".join([f"[id:{question.id}]", *(f"[tag:{tag}]" for tag in tags)])


def _single(question: Question, language: str) -> Iterator[str]:
    for option in question.options:
        # a text that begins with % would be taken for a share
        mark = "=" if option.correct else "~%0%" if option.text.lstrip().startswith("%") else "~"
        yield mark + _text(option.text) + _feedback(option.feedback)


def _multiple(question: Question, language: str) -> Iterator[str]:
    share = share_percent(sum(option.correct for option in question.options))
    for option in question.options:
        sign = "" if option.correct else "-"
        yield f"~%{sign}{share}%{_text(option.text)}{_feedback(option.feedback)}"


def _true_false(question: Question, language: str) -> Iterator[str]:
    true, false = question.options
    right, wrong = (true, false) if true.correct else (false, true)
    word = "TRUE" if true.correct else "FALSE"
    to_right = f"#{_text(right.feedback)}" if right.feedback else ""
    to_wrong = f"#{_text(wrong.feedback)}" if wrong.feedback or right.feedback else ""
    yield f"{word}{to_wrong}{to_right}"


def _matching(question: Question, language: str) -> Iterator[str]:
    for pair in question.pairs:
        yield f"={_text(pair.left)} -> {write(plain_text(pair.right, language))}"
    for right in question.distractors:
        yield f"= -> {write(plain_text(right, language))}"


def _ordering(question: Question, language: str) -> Iterator[str]:
    yield f">{len(question.items)} ALL VERTICAL ABSOLUTE_POSITION SHOW none"
    yield from (escape(plain_text(item, language), quote=False) for item in question.items)


def _fill_in(question: Question, language: str) -> Iterator[str]:
    for answer, share, feedback in answers_and_replies(question):
        spelled = write(answer.replace("*", r"\*"))  # a bare * stands for any letters
        yield f"=%{share}%{'[plain]' if spelled.startswith('[') else ''}{spelled}{_feedback(feedback)}"


def _numeric(question: Question, language: str) -> Iterator[str]:
    for answer, share, feedback in answers_and_replies(question):
        yield f"=%{share}%{answer}:{number(question.tolerance if share else 0.0)}{_feedback(feedback)}"


def _short_text(question: Question, language: str) -> Iterator[str]:
    yield from ()


_BODIES: dict[str, Callable[[Question, str], Iterator[str]]] = {
    "single": _single,
    "multiple": _multiple,
    "true-false": _true_false,
    "matching": _matching,
    "ordering": _ordering,
    "fill-in": _fill_in,
    "numeric": _numeric,
    "short-text": _short_text,
}


def _text(text: str) -> str:
    """A text in the format of its question; said once more where it begins like the name of a format."""
    return ("[markdown]" if text.lstrip().startswith("[") else "") + write(text)


def _feedback(text: str) -> str:
    return f"#{_text(text)}" if text.strip() else ""
