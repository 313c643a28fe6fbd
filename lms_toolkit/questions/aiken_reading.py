"""Reads Aiken: a line of text, options `A.` or `A)`, then `ANSWER: A`. Each line that does not fit is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lms_toolkit.model import Question
from lms_toolkit.questions import building_blocks as make
from lms_toolkit.questions.building_blocks import Answer, Head
from lms_toolkit.questions.drafts import Imported, Log, with_own_ids
from lms_toolkit.questions.plain_text import block_literal, inline_literal
from lms_toolkit.questions.source_text import decode

_OPTION = re.compile(r"([A-Z])[.)][ \t]+(.*\S)")
_ANSWER = re.compile(r"ANSWER:[ \t]*([A-Z])")


@dataclass(slots=True)
class _Open:
    """A question whose ANSWER line has not come yet; `broken` once a line of it was refused."""

    text: str
    line: int
    options: list[str] = field(default_factory=list)
    broken: bool = False


def read_aiken(path: Path, data: bytes, encoding: str = "utf-8") -> Imported:
    """Every question of an Aiken file. Raises ContentError when the file is not text."""
    log = Log(path)
    questions = list(_questions(decode(path, data, encoding, log), log))
    return Imported(tuple(with_own_ids(questions)), tuple(log.findings))


def _questions(source: str, log: Log) -> Iterator[Question]:
    current: _Open | None = None
    for number, line in enumerate((line.strip() for line in source.split("\n")), start=1):
        option, answer = _OPTION.fullmatch(line), _ANSWER.fullmatch(line)
        if not line:
            continue
        if current is None:
            if option or answer:
                log.left_out(f"“{line}”", "there is no question above it", number)
            else:
                current = _Open(line, number)
        elif option:
            _add_option(current, option[1], option[2], number, log)
        elif answer:
            question = _closed(current, answer[1], number, log)
            current = None
            if question:
                yield question
        else:
            _refuse(current, line, number, log)
            current = _Open(line, number) if current.options else current
    if current is not None:
        log.left_out(f"“{current.text}”", "its line ANSWER: is missing", current.line)


def _add_option(current: _Open, letter: str, text: str, number: int, log: Log) -> None:
    wanted = chr(ord("A") + len(current.options))
    if letter != wanted and not current.broken:
        log.left_out(f"“{current.text}”", f"option {letter} stands where {wanted} is needed", number)
        current.broken = True
    current.options.append(text)


def _refuse(current: _Open, line: str, number: int, log: Log) -> None:
    """A line that is neither option nor answer: the text of a question has one line."""
    if current.broken:
        return
    why = "its line ANSWER: is missing" if current.options else "its text has a second line; write it on one"
    log.left_out(f"“{current.text}”", why, number, "options look like “A. text” or “A) text”")
    current.broken = True


def _closed(current: _Open, letter: str, number: int, log: Log) -> Question | None:
    right = ord(letter) - ord("A")
    if current.broken:
        return None
    if len(current.options) < 2 or right >= len(current.options):
        few = len(current.options) < 2
        why = "it needs two options or more" if few else f"ANSWER: {letter} is none of its options"
        log.left_out(f"“{current.text}”", why, number)
        return None
    head = Head("", f"“{current.text}”", block_literal(current.text), "", 1.0, current.line)
    answers = [Answer(inline_literal(text), 100.0 * (place == right)) for place, text in enumerate(current.options)]
    return make.choice(head, answers, single=True, log=log)
