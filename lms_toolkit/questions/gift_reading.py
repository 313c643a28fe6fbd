"""Reads GIFT as Moodle reads it; every question that our source cannot say is named with its line and left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lms_toolkit.model import Question
from lms_toolkit.questions import building_blocks as make
from lms_toolkit.questions.building_blocks import Answer, Head
from lms_toolkit.questions.drafts import Imported, Log, NotExpressible, with_own_ids
from lms_toolkit.questions.from_html import as_markdown
from lms_toolkit.questions.gift_text import Block, blocks, release, with_format
from lms_toolkit.questions.notation import ACCENT_INSENSITIVE, CASE_SENSITIVE
from lms_toolkit.questions.plain_text import inline_literal
from lms_toolkit.questions.source_text import decode

_CATEGORY = "$CATEGORY:"
_WEIGHT = re.compile(r"%(-*[0-9]{1,2}\.?[0-9]*)%")
_ID = re.compile(r"\[id:((?:\\\]|[^\]])+)\]")
_TAG = re.compile(r"\[tag:((?:\\\]|[^\]<>`])+)\]")
_TRUE = ("T", "TRUE")
_FALSE = ("F", "FALSE")
_GRADING = (
    "ALL_OR_NOTHING|ABSOLUTE_POSITION|ABSOLUTE|ABS|RELATIVE_NEXT_EXCLUDE_LAST|RELATIVE_NEXT_INCLUDE_LAST"
    "|RELATIVE_ONE_PREVIOUS_AND_NEXT|RELATIVE_ALL_PREVIOUS_AND_NEXT|RELATIVE_TO_CORRECT|RELATIVE|REL"
    "|LONGEST_ORDERED_SUBSET|LONGEST_CONTIGUOUS_SUBSET"
)
_ORDERING = re.compile(
    r">\s*(?P<count>\d+)\s*(?P<select>ALL|EXACT|RANDOM|REL|CONTIGUOUS|CONTIG)?\s*"
    r"(?P<layout>HORIZONTAL|HORI|H|1|VERTICAL|VERT|V|0)?\s*"
    rf"(?P<grading>{_GRADING})?\s*(?P<show>SHOW|TRUE|YES|1|HIDE|FALSE|NO|0)?\s*"
    r"(?P<numbering>none|123|abc|ABCD|iii|IIII)?\s*(?P<items>.*)",
    re.DOTALL,
)


def read_gift(path: Path, data: bytes, encoding: str = "utf-8") -> Imported:
    """Every question of a GIFT file that our source can say. Raises ContentError when the file is not text."""
    log = Log(path)
    questions = [
        question
        for block in blocks(decode(path, data, encoding, log))
        if (question := _read_or_report(block, log)) is not None
    ]
    return Imported(tuple(with_own_ids(questions)), tuple(log.findings))


def _read_or_report(block: Block, log: Log) -> Question | None:
    if not block.text:
        return None
    if block.text.startswith(_CATEGORY):
        name = release(block.text[len(_CATEGORY) :]).strip()
        log.note(f"the category {name} has no place in questions.yaml", block.line)
        return None
    try:
        return _Reader(block, log).question()
    except NotExpressible as reason:
        log.left_out(_first_words(block.text), str(reason), block.line)
        return None


def _first_words(text: str) -> str:
    words = " ".join(release(text).split())
    return f"“{words if len(words) <= 50 else words[:49] + '…'}”"


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question taken apart: its name, its text, and what is between the braces, all with escapes held."""

    name: str
    text: str
    answers: str


def _taken_apart(text: str) -> _Parts:
    name, text = _name_and_rest(text)
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise NotExpressible("it has no answers in braces: it is a text to read, which belongs into a lesson")
    if start < 0 or end < start:
        raise NotExpressible("a brace is missing; write \\{ or \\} for a brace in the text")
    after = text[end + 1 :].strip()
    # Moodle writes a line where answers stand in the middle of a sentence
    stem = f"{text[:start]}_____{text[end + 1 :]}" if after else text[:start]
    return _Parts(name, stem.strip(), text[start + 1 : end].strip())


def _name_and_rest(text: str) -> tuple[str, str]:
    if not text.startswith("::"):
        return "", text
    name, mark, rest = text[2:].partition("::")
    return (name.strip(), rest.strip()) if mark else ("", name)


class _Reader:
    """One question. `format` is the format its texts are in unless they say otherwise."""

    def __init__(self, block: Block, log: Log) -> None:
        self.log = log
        self.line = block.line
        self.parts = _taken_apart(block.text)
        self.format, self.stem = with_format(self.parts.text, "moodle")
        self.tags = {tag.replace(r"\]", "]").strip() for tag in _TAG.findall(block.comments)}
        found = _ID.search(block.comments)
        self.id = found[1].replace(r"\]", "]").strip() if found else release(self.parts.name)
        self.name = _first_words(self.parts.name or self.stem or block.text)

    def question(self) -> Question:
        answers, mark, feedback = self.parts.answers.rpartition("####")
        if not mark:
            answers, feedback = self.parts.answers, ""
        head = Head(
            id=self.id,
            name=self.name,
            text=self._markdown(self.parts.text, "moodle", inline=False),
            feedback=self._text(feedback, inline=False),
            points=1.0,
            line=self.line,
        )
        return self._kind(answers.strip())(head, answers.strip())

    def _kind(self, answers: str) -> Callable[[Head, str], Question]:
        """Which kind it is, asked in Moodle's order (qformat_gift::readquestion)."""
        if answers.startswith(">") and _ORDERING.fullmatch(answers):
            return self._ordering
        if not answers:
            return self._essay
        if answers.startswith("#"):
            return self._numeric
        if "~" in answers:
            return self._choice
        if "=" in answers and "->" in answers:
            return self._matching
        word = answers.partition("#")[0].strip() if answers.find("#") > 0 else answers
        return self._true_false if word in (*_TRUE, *_FALSE) else self._fill_in

    def _essay(self, head: Head, answers: str) -> Question:
        return make.short_text(head, self.log)

    def _choice(self, head: Head, answers: str) -> Question:
        parts = _split(answers.replace("=", "~="), "~")
        return make.choice(head, [self._option(part) for part in parts], single="=" in answers, log=self.log)

    def _option(self, part: str) -> Answer:
        part = part.strip()
        share = 0.0
        if part.startswith("="):
            share, part = 100.0, part[1:]
        else:
            share, part = _weight(part, 0.0)
        text, feedback = _text_and_feedback(part)
        return Answer(self._text(text, inline=True), share, self._text(feedback, inline=True))

    def _matching(self, head: Head, answers: str) -> Question:
        return make.matching(head, [self._pair(part) for part in _split(answers, "=")])

    def _pair(self, part: str) -> tuple[str, str]:
        left, arrow, right = part.partition("->")
        if not arrow:
            raise NotExpressible(f"{release(part).strip()!r} has no -> between its two sides")
        return self._text(left, inline=True), inline_literal(_one_line(release(right)))

    def _true_false(self, head: Head, answers: str) -> Question:
        word, *feedbacks = answers.split("#", 2)
        wrong, right = (*(self._text(feedback, inline=True) for feedback in feedbacks), "", "")[:2]
        answer = word.strip() in _TRUE
        return make.true_false(head, answer, (right, wrong) if answer else (wrong, right))

    def _fill_in(self, head: Head, answers: str) -> Question:
        made = []
        for part in _split(answers, "="):
            share, rest = _weight(part.strip(), 100.0)
            text, feedback = _text_and_feedback(rest)
            plain = release(with_format(text.strip(), "plain")[1]).strip()
            made.append(Answer(plain, share, self._text(feedback, inline=True)))
        case, accents = CASE_SENSITIVE in self.tags, ACCENT_INSENSITIVE not in self.tags
        return make.fill_in(head, made, case=case, accents=accents, log=self.log)

    def _numeric(self, head: Head, answers: str) -> Question:
        answers, _, wrong = answers[1:].partition("~")
        made = [self._number(part) for part in _split(answers, "=")]
        if wrong:
            made.append(Answer("*", 0.0, self._text(_text_and_feedback(wrong)[1], inline=True)))
        return make.numeric(head, made, "", self.log)

    def _number(self, part: str) -> Answer:
        share, rest = _weight(part.strip(), 100.0)
        text, feedback = _text_and_feedback(rest)
        value, tolerance = _value_and_tolerance(release(text).strip())
        return Answer(value, share, self._text(feedback, inline=True), tolerance)

    def _ordering(self, head: Head, answers: str) -> Question:
        found = _ORDERING.fullmatch(answers)
        assert found is not None  # _kind has matched it
        if found["select"] not in (None, "ALL"):
            self.log.partly(self.name, "showing only some of its items", self.line)
        if found["grading"] not in ("ABSOLUTE_POSITION", "ABSOLUTE", "ABS"):
            self.log.partly(self.name, "its way of marking; here each item in its place earns its share", self.line)
        lines = [line.strip() for line in found["items"].split("\n")]
        return make.ordering(head, [self._markdown(line, "moodle", inline=True) for line in lines if line])

    def _text(self, text: str, *, inline: bool) -> str:
        return self._markdown(text.strip(), self.format, inline=inline)

    def _markdown(self, held: str, default: str, *, inline: bool) -> str:
        name, text = with_format(held, default)
        converted = as_markdown(release(text).strip(), name, {}, inline=inline)
        for lost in converted.lost:
            self.log.partly(self.name, lost, self.line)
        return converted.markdown


def _split(text: str, mark: str) -> list[str]:
    """The parts between marks; what stands before the first one counts unless it is empty."""
    first, *rest = text.split(mark)
    return [first, *rest] if first.strip() else rest


def _weight(part: str, default: float) -> tuple[float, str]:
    found = _WEIGHT.match(part)
    if not found:
        return default, part
    digits = found[1].lstrip("-")
    return float(digits) * (-1 if found[1].startswith("-") else 1), part[found.end() :]


def _text_and_feedback(part: str) -> tuple[str, str]:
    text, _, feedback = part.partition("#")
    return text.strip(), feedback.strip()


def _value_and_tolerance(text: str) -> tuple[str, float]:
    """`3`, `3:2` (two either side) and `1..5` (from, to)."""
    try:
        if ".." in text[1:]:
            low, high = (Decimal(part.strip()) for part in text.split("..", 1))
            return str((low + high) / 2), float((high - low) / 2)
        value, _, tolerance = text.partition(":")
        return value.strip(), float(Decimal(tolerance.strip() or "0"))
    except (InvalidOperation, ValueError):
        raise NotExpressible(f"{text!r} is not a number, a number:tolerance or from..to") from None


def _one_line(text: str) -> str:
    return " ".join(text.split())
