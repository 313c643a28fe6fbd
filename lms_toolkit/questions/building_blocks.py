"""Makes our questions out of what other formats say: options with shares, accepted answers, numbers with a tolerance.

Each function raises NotExpressible when our source has no words for the question, and tells the log what it left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import isclose, isfinite

from lms_toolkit.model import Option, Pair, Question, Reply
from lms_toolkit.questions.drafts import Log, NotExpressible
from lms_toolkit.questions.notation import share_percent


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a question elsewhere: `share_percent` is what it earns of the mark, -100 to 100."""

    text: str
    share_percent: float
    feedback: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Head:
    """What every question has. `name` is what findings call it."""

    id: str
    name: str
    text: str
    feedback: str
    points: float
    line: int
    hint: str = ""


def choice(head: Head, answers: Sequence[Answer], *, single: bool, log: Log) -> Question:
    """A choice of one or of several."""
    if len(answers) < 2:
        raise NotExpressible("a choice needs two options or more")
    if any(not answer.text for answer in answers):
        raise NotExpressible("an option has no text")
    return _single(head, answers, log) if single else _multiple(head, answers, log)


def _single(head: Head, answers: Sequence[Answer], log: Log) -> Question:
    right = [answer for answer in answers if answer.share_percent >= 100]
    if len(right) != 1:
        raise NotExpressible(f"one option must be worth 100 %, and {len(right)} are; a choice of several would do")
    partly = [answer.text for answer in answers if 0 < answer.share_percent < 100]
    if partly:
        log.partly(head.name, f"partial credit for {_quoted(partly)}; only the best option is right", head.line)
    if any(answer.share_percent < 0 for answer in answers):
        log.partly(head.name, "marks taken away for a wrong option", head.line)
    return _question(head, "single", options=_options(answers, 100))


def _multiple(head: Head, answers: Sequence[Answer], log: Log) -> Question:
    right = [answer.share_percent for answer in answers if answer.share_percent > 0]
    wrong = [answer.share_percent for answer in answers if answer.share_percent <= 0]
    if not right:
        raise NotExpressible("no option is right")
    even = 100 / len(right)
    written = float(share_percent(len(right)) or even)
    if any(not isclose(share, even, abs_tol=0.01) for share in right):
        log.partly(head.name, "right options of different worth; here each is worth the same", head.line)
    if any(not isclose(share, -written, abs_tol=0.01) for share in wrong):
        log.partly(head.name, f"its own price of a wrong option; here it costs {even:.5g} % of the mark", head.line)
    return _question(head, "multiple", options=_options(answers, 0.0001))


def _options(answers: Sequence[Answer], right_from: float) -> tuple[Option, ...]:
    return tuple(Option(answer.text, answer.share_percent >= right_from, answer.feedback) for answer in answers)


def true_false(head: Head, answer: bool, feedbacks: tuple[str, str]) -> Question:
    """A statement. `feedbacks` are told to who answered true, and to who answered false."""
    when_true, when_false = feedbacks
    options = (Option("true", answer, when_true), Option("false", not answer, when_false))
    return _question(head, "true-false", options=options)


def fill_in(head: Head, answers: Sequence[Answer], *, case: bool, accents: bool, log: Log) -> Question:
    """A typed answer; spellings with a part of the mark are left out, as are those with wildcards."""
    right = [answer for answer in answers if answer.share_percent >= 100]
    spellings = [spelling for answer in right if (spelling := _literal(answer.text)) is not None]
    wild = [answer.text for answer in right if _literal(answer.text) is None]
    partly = [answer.text for answer in answers if 0 < answer.share_percent < 100]
    if not spellings:
        raise NotExpressible("no answer without * is worth 100 %")
    if wild:
        log.partly(head.name, f"answers with the wildcard * ({_quoted(wild)})", head.line)
    if partly:
        log.partly(head.name, f"partial credit for {_quoted(partly)}", head.line)
    flags = {"case_sensitive": case, "accent_sensitive": accents}
    return _question(head, "fill-in", answers=tuple(spellings), replies=tuple(_replies(head, answers, log)), **flags)


def _literal(text: str) -> str | None:
    r"""An accepted answer without wildcards: `\*` is a star; None where a bare `*` stands for any letters."""
    return None if "*" in text.replace(r"\*", "") else text.replace(r"\*", "*")


def numeric(head: Head, answers: Sequence[Answer], unit: str, log: Log) -> Question:
    """A number with a tolerance."""
    right = [answer for answer in answers if answer.share_percent >= 100]
    if len(right) != 1:
        raise NotExpressible(f"one number must be worth 100 %, and {len(right)} are")
    partly = [answer.text for answer in answers if 0 < answer.share_percent < 100]
    if partly:
        log.partly(head.name, f"partial credit for {_quoted(partly)}", head.line)
    value = to_number(right[0].text)
    replies = tuple(Reply(repr(to_number(reply.answer)), reply.feedback) for reply in _replies(head, answers, log))
    if right[0].tolerance < 0 or not isfinite(right[0].tolerance):
        raise NotExpressible("its tolerance is not a number of 0 or more")
    return _question(head, "numeric", answer=value, tolerance=right[0].tolerance, unit=unit, replies=replies)


def to_number(text: str) -> float:
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        raise NotExpressible(f"{text.strip()!r} is not a number") from None
    if not isfinite(value) or "_" in text:
        raise NotExpressible(f"{text.strip()!r} is not a number")
    return value


def matching(head: Head, pairs: Sequence[tuple[str, str]]) -> Question:
    """Left sides and their right sides; a right side without a left one is a distractor."""
    whole = tuple(Pair(left, right) for left, right in pairs if left)
    if len(whole) < 2:
        raise NotExpressible("a matching needs two pairs or more")
    if any(not right for _, right in pairs):
        raise NotExpressible("a right side has no text")
    return _question(head, "matching", pairs=whole, distractors=tuple(right for left, right in pairs if not left))


def ordering(head: Head, items: Sequence[str]) -> Question:
    if len(items) < 2 or not all(items):
        raise NotExpressible("an ordering needs two items or more, each with a text")
    return _question(head, "ordering", items=tuple(items))


def _replies(head: Head, answers: Sequence[Answer], log: Log) -> Iterator[Reply]:
    """Feedback on single answers, right ones first, as our source lists it."""
    for answer in sorted(answers, key=lambda answer: answer.share_percent < 100):
        text = _literal(answer.text)
        if answer.feedback and text:
            yield Reply(text, answer.feedback)
        elif answer.feedback:
            log.partly(head.name, f"feedback on any other answer (“{answer.feedback}”)", head.line)


def short_text(head: Head, log: Log) -> Question:
    """A free text: here nobody marks it, learners compare it with a model answer."""
    if not head.feedback:
        raise NotExpressible("a free text needs a model answer as its general feedback; or make it an assignment")
    if head.points:
        log.partly(head.name, "marks given by a person; here a free text earns none", head.line)
    return _question(replace(head, points=0.0), "short-text")


def _question(head: Head, kind: str, **fields: object) -> Question:
    if not head.text:
        raise NotExpressible("it has no text")
    common = {"id": head.id, "kind": kind, "text": head.text, "points": head.points, "feedback": head.feedback}
    common["hint"] = head.hint
    return Question(**common, line=head.line, **fields)  # type: ignore[arg-type]  # each caller gives its kind's own


def _quoted(texts: Sequence[str]) -> str:
    return ", ".join(f"“{text if len(text) <= 40 else text[:39] + '…'}”" for text in texts)
