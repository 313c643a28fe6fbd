"""Names what another format cannot hold of a question, before anything is written.

An error means that the question is left out, because it would be marked differently or not at all there; a warning,
that it goes out without the part that is named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path

from lms_toolkit.model import Finding, Question
from lms_toolkit.questions.notation import share_percent
from lms_toolkit.rendering.markdown import inline_html, plain_text
from lms_toolkit.rendering.sanitising import references, sanitise

NOT_EXPORTED = "not-exported"
PARTLY_EXPORTED = "partly-exported"

_KINDS = frozenset({"single", "multiple", "true-false", "matching", "ordering", "fill-in", "numeric", "short-text"})
# Moodle reads ordering items in GIFT without undoing escapes (qtype_ordering::import_from_gift).
_GIFT_MARKS = frozenset("\\#=~{}:\n\r")

Obstacle = Callable[[Question], str]
"""Why a format cannot hold a question at all; empty when it can."""
Loss = Callable[[Question, str], str]
"""What of a question is lost in a format, given the language; empty for nothing."""


def can_hold(question: Question) -> bool:
    """Whether Moodle XML can hold a question so that it is marked as it is here."""
    return not any(obstacle(question) for obstacle in _MOODLE_OBSTACLES)


def gift_can_hold(question: Question) -> bool:
    return not any(obstacle(question) for obstacle in _GIFT_OBSTACLES)


def moodle_xml_losses(questions: Iterable[Question], path: Path, language: str) -> Iterator[Finding]:
    """What Moodle XML leaves out; `path` is the file the questions stand in."""
    return _findings(questions, path, language, "Moodle XML", _MOODLE_OBSTACLES, _MOODLE_LOSSES)


def gift_losses(questions: Iterable[Question], path: Path, language: str) -> Iterator[Finding]:
    """What GIFT leaves out."""
    return _findings(questions, path, language, "GIFT", _GIFT_OBSTACLES, _GIFT_LOSSES)


def _findings(
    questions: Iterable[Question],
    path: Path,
    language: str,
    target: str,
    obstacles: Iterable[Obstacle],
    losses: Iterable[Loss],
) -> Iterator[Finding]:
    for question in questions:
        reasons = list(filter(None, (obstacle(question) for obstacle in obstacles)))
        for reason in reasons:
            message = f"{question.id} is left out: {target} {reason}"
            yield Finding("error", NOT_EXPORTED, message, where=str(path), line=question.line)
        for lost in () if reasons else filter(None, (loss(question, language) for loss in losses)):
            message = f"{question.id} goes out without a part of it: {target} {lost}"
            yield Finding("warning", PARTLY_EXPORTED, message, where=str(path), line=question.line)


def _other_kind(question: Question) -> str:
    return "" if question.kind in _KINDS else f"has no question of the kind {question.kind}"


def _uneven_share(question: Question) -> str:
    right = sum(option.correct for option in question.options)
    if question.kind != "multiple" or share_percent(right):
        return ""
    return f"cannot share a mark among {right} right options; up to 10, or 20, will do"


def _marks_in_right_sides(question: Question, language: str) -> str:
    sides = (*(pair.right for pair in question.pairs), *question.distractors)
    if all(_is_plain(side, language) for side in sides):
        return ""
    return "has plain text on the right of a matching: emphasis, links and pictures there are lost"


def _accents(question: Question, language: str) -> str:
    if question.kind != "fill-in" or question.accent_sensitive or not any(map(_has_accents, question.answers)):
        return ""
    return "minds accents in a typed answer: list the spellings without them under answers too"


def _pair_feedback(question: Question, language: str) -> str:
    return "has no feedback on a pair" if any(pair.feedback for pair in question.pairs) else ""


def _hint(question: Question, language: str) -> str:
    return "has no hints" if question.hint else ""


def _no_points(question: Question, language: str) -> str:
    return "makes a free text worth 1 point" if question.kind == "short-text" else ""


def _points(question: Question, language: str) -> str:
    return (
        "" if question.points == 1 or question.kind == "short-text" else f"has no points: {question.points:g} become 1"
    )


def _unit(question: Question, language: str) -> str:
    return f"has no units: {question.unit} is lost" if question.unit else ""


def _files(question: Question, language: str) -> str:
    return "has no files: pictures are missing there" if any(_shown_files(question, language)) else ""


def _case(question: Question, language: str) -> str:
    if question.kind == "fill-in" and question.case_sensitive:
        return "does not mind capitals in a typed answer"
    return ""


def _unescapable_items(question: Question) -> str:
    if question.kind == "ordering" and any(map(_breaks_gift_item, question.items)):
        return "cannot hold \\ # = ~ { } or : in the items of an ordering, nor an item 0, nor one that begins with //"
    return ""


def _breaks_gift_item(item: str) -> bool:
    item = item.strip()
    return bool(_GIFT_MARKS & set(item)) or item == "0" or item.startswith("//")


def _arrows(question: Question) -> str:
    texts = [*question.answers, *(pair.left for pair in question.pairs)]
    texts += [text for reply in question.replies for text in (reply.answer, reply.feedback)]
    return "reads -> as the arrow of a matching" if any("->" in text for text in texts) else ""


def _marks_in_items(question: Question, language: str) -> str:
    if all(_is_plain(item, language) for item in question.items):
        return ""
    return "has plain text in an ordering: emphasis, links and pictures there are lost"


def _shown_files(question: Question, language: str) -> Iterator[str]:
    texts = [question.text, question.feedback, *question.items]
    texts += [text for option in question.options for text in (option.text, option.feedback)]
    texts += [pair.left for pair in question.pairs]
    for text in texts:
        if "](" in text or "][" in text:
            found = references(sanitise(inline_html(text, language)))
            yield from (reference.target for reference in found if reference.kind == "resource")


def _is_plain(text: str, language: str) -> bool:
    return inline_html(text, language) == escape(plain_text(text, language), quote=False).replace('"', "&quot;")


def _has_accents(text: str) -> bool:
    decomposed = unicodedata.normalize("NFD", text)
    return any(unicodedata.combining(char) or char in "œŒæÆ" for char in decomposed)


_MOODLE_OBSTACLES: tuple[Obstacle, ...] = (_other_kind, _uneven_share)
_MOODLE_LOSSES: tuple[Loss, ...] = (_marks_in_right_sides, _accents, _pair_feedback)
_GIFT_OBSTACLES: tuple[Obstacle, ...] = (*_MOODLE_OBSTACLES, _unescapable_items, _arrows)
_GIFT_LOSSES: tuple[Loss, ...] = (*_MOODLE_LOSSES, _marks_in_items, _case, _points, _no_points, _hint, _unit, _files)
