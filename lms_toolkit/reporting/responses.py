"""Says in words what a package reported as an answer: `b` or `b_La_bonne_reponse` is the second option."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape

from lms_toolkit.model import Question

MAX_LENGTH = 160
# The letters of our packages: SCORM 1.2 (RTE 3.4.7) has room for one character a choice, and 2004 begins with the same.
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
_CHOICE = re.compile(r"([a-z0-9])(?:_.*)?")
_CHOSEN = ("single", "multiple", "true-false", "ordering")
_TAGS = re.compile(r"<[^>]*>")


def is_chosen(question: Question | None) -> bool:
    """Whether answers are made of the course's own words."""
    return question is not None and question.kind in _CHOSEN


def readable(response: str, question: Question | None) -> str:
    """An answer as its learner saw it, as far as the course still has its words."""
    if question is not None and question.kind in _CHOSEN:
        options = question.items if question.kind == "ordering" else tuple(one.text for one in question.options)
        texts = [_option(part, options) for part in _parts(response)]
        if texts and all(texts):
            joint = " → " if question.kind == "ordering" else " + "
            return _cut(joint.join(plain(text) for text in texts if text))
    return _cut(" ".join(response.split())) or "–"


def _parts(response: str) -> list[str]:
    return re.split(r"\[,\]|,", response)


def _option(part: str, options: Sequence[str]) -> str | None:
    word = part.strip().lower()
    number = {"t": 0, "true": 0, "f": 1, "false": 1}.get(word) if len(options) == 2 else None
    if number is None and (match := _CHOICE.fullmatch(part.strip())):
        number = _LETTERS.index(match[1])
    return options[number] if number is not None and number < len(options) else None


@lru_cache(maxsize=1 << 12)
def plain(markdown: str) -> str:
    """A text of a question without its marks, on one line."""
    from lms_toolkit.rendering.markdown import BlockFault, block_html

    try:
        html = block_html(markdown, "en")
    except BlockFault:
        html = markdown
    return _cut(" ".join(unescape(_TAGS.sub(" ", html)).split()))


def _cut(text: str) -> str:
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rstrip() + "…"
