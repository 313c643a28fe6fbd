"""What GIFT and Moodle XML have in common: shares in per cent, numbers, names, and tags that carry our flags."""

from __future__ import annotations

from collections.abc import Iterator

from lms_toolkit.model import Question
from lms_toolkit.rendering.markdown import plain_text

ACCENT_INSENSITIVE = "accent-insensitive"
"""The tag of a fill-in that forgives accents; Moodle keeps tags, and has no such setting."""
CASE_SENSITIVE = "case-sensitive"
"""The tag of a fill-in that minds capitals, in GIFT, which has no such setting."""

# The shares of one mark that Moodle accepts on import (question_bank::fraction_options_full).
_SHARES = {1: "100", 2: "50", 3: "33.33333", 4: "25", 5: "20", 6: "16.66667", 7: "14.28571", 8: "12.5", 9: "11.11111"}
_SHARES |= {10: "10", 20: "5"}
_NAME_CHARS = 80


def share_percent(right_options: int) -> str | None:
    """What one of several right options is worth, as Moodle writes it; None for a number of options it cannot share."""
    return _SHARES.get(right_options)


def number(value: float) -> str:
    """A number that reads back as itself: `45`, `0.5`, `1e-07`."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def name_of(question: Question, language: str) -> str:
    """What teachers see in a question bank: the question's first words."""
    words = " ".join(plain_text(question.text, language).split()) or question.id
    return words if len(words) <= _NAME_CHARS else words[: _NAME_CHARS - 1].rstrip() + "…"


def answers_and_replies(question: Question) -> Iterator[tuple[str, int, str]]:
    """The answers to be typed: each with its share of the mark, 100 or 0, and what is said to who gives it."""
    replies = {reply.answer: reply.feedback for reply in reversed(question.replies)}  # the first one counts
    if question.answer is None:
        accepted = question.answers
    else:
        accepted = (number(question.answer),)
        replies = {number(float(answer)): feedback for answer, feedback in replies.items()}
    for answer in accepted:
        yield answer, 100, replies.pop(answer, "")
    for answer, feedback in reversed(replies.items()):
        yield answer, 0, feedback
