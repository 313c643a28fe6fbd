"""Writes questions as authors write them: `questions.yaml`, with every text in quotes and long ones as blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Literal

from lms_toolkit.model import Question
from lms_toolkit.questions.notation import number

QuestionList = Literal["quiz", "self_checks"]

# What YAML takes for a line end or refuses to print, and JSON does not escape.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_BLOCK_UNSAFE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]|^[ \n]|[ \n]$| \n|\n[ ]*\n[ ]*$"
)


def write_questions(questions: Iterable[Question], into: QuestionList = "quiz") -> str:
    """The text of a `questions.yaml` with one list."""
    blocks = ["\n".join(_entry(question)) for question in questions]
    return f"{into}:\n" + "\n\n".join(blocks) + "\n" if blocks else f"{into}: []\n"


def _entry(question: Question) -> Iterator[str]:
    yield f"  - id: {question.id}"
    yield f"    kind: {question.kind}"
    yield from _text("    ", "text", question.text)
    if question.kind != "short-text":
        yield f"    points: {number(question.points)}"
    yield from _body(question)
    if question.hint:
        yield from _text("    ", "hint", question.hint)
    if question.feedback:
        yield from _text("    ", "feedback", question.feedback)


def _body(question: Question) -> Iterator[str]:
    if question.kind == "true-false":
        yield f"    answer: {_word(question.options[0].correct)}"
        for key, option in zip(("feedback_true", "feedback_false"), question.options, strict=True):
            if option.feedback:
                yield from _text("    ", key, option.feedback)
    elif question.options:
        yield from _options(question)
    if question.pairs:
        yield "    pairs:"
        for pair in question.pairs:
            yield from (f"      - left: {_quoted(pair.left)}", f"        right: {_quoted(pair.right)}")
    yield from _list("distractors", question.distractors)
    yield from _list("items", question.items)
    if question.answers:
        yield from _list("answers", question.answers)
        yield f"    case_sensitive: {_word(question.case_sensitive)}"
        yield f"    accent_sensitive: {_word(question.accent_sensitive)}"
    if question.answer is not None:
        yield f"    answer: {_float(question.answer)}"
        yield f"    tolerance: {_float(question.tolerance)}"
        if question.unit:
            yield f"    unit: {_quoted(question.unit)}"
    if question.replies:
        yield "    replies:"
        for reply in question.replies:
            answer = _quoted(reply.answer) if question.answer is None else _float(float(reply.answer))
            yield f"      - answer: {answer}"
            yield from _text("        ", "feedback", reply.feedback)


def _options(question: Question) -> Iterator[str]:
    yield "    options:"
    for option in question.options:
        yield f"      - text: {_quoted(option.text)}"
        if option.correct:
            yield "        correct: true"
        if option.feedback:
            yield from _text("        ", "feedback", option.feedback)


def _list(key: str, texts: tuple[str, ...]) -> Iterator[str]:
    if texts:
        yield f"    {key}:"
        yield from (f"      - {_quoted(text)}" for text in texts)


def _text(indent: str, key: str, text: str) -> Iterator[str]:
    """A text of several lines as a block that can be read; any other in quotes."""
    if "\n" not in text or _BLOCK_UNSAFE.search(text):
        yield f"{indent}{key}: {_quoted(text)}"
        return
    yield f"{indent}{key}: |-"
    yield from (f"{indent}  {line}" if line else "" for line in text.split("\n"))


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _float(value: float) -> str:
    # YAML 1.2 readers differ on 1e-07; with a point it is a number to all of them
    text = number(value)
    return re.sub(r"^(-?\d+)e", r"\1.0e", text)


def _word(value: bool) -> str:
    return "true" if value else "false"
