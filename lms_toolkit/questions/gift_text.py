r"""The letters of GIFT: its escapes, its comments, and the blank lines that part one question from the next.

An escaped sign is kept as a lone surrogate while a question is taken apart. No decoded file holds one, so nothing that
an author wrote can be mistaken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

FORMATS = ("html", "markdown", "plain", "moodle")

_ESCAPED = "\\:#={}~n"
_PLAIN = "\\:#={}~\n"
_HELD = {sign: chr(0xD800 + place) for place, sign in enumerate(_ESCAPED)}
_ESCAPE = re.compile(r"\\([\\:#={}~n])")
_RELEASE = {0xD800 + place: sign for place, sign in enumerate(_PLAIN)}
_RESERVED = re.compile(r"[\\#=~{}:]")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")


@dataclass(frozen=True, slots=True)
class Block:
    """What stands between two blank lines: its text with escapes held, its comments, and where it begins."""

    text: str
    comments: str
    line: int


def blocks(source: str) -> Iterator[Block]:
    """The blocks of a GIFT file; those of nothing but comments too, with an empty text."""
    lines: list[str] = []
    first = 1
    for place, line in enumerate([*source.split("\n"), ""], start=1):
        if line.strip():
            lines.append(line)
            continue
        if lines:
            yield _block(lines, first)
        lines, first = [], place + 1


def _block(lines: list[str], first: int) -> Block:
    comments = [line.strip() for line in lines if line.strip().startswith("//")]
    kept = ["" if line.strip().startswith("//") else line for line in lines]
    while len(kept) > 1 and not kept[0]:
        kept, first = kept[1:], first + 1
    return Block(hold("\n".join(kept)).strip(), "\n".join(comments), first)


def hold(text: str) -> str:
    """Escaped signs as placeholders, so that a split does not find them."""
    return _ESCAPE.sub(lambda found: _HELD[found[1]], text)


def release(text: str) -> str:
    """Placeholders as the signs they stand for."""
    return text.translate(_RELEASE)


def write(text: str) -> str:
    """A text with its signs escaped, on one line."""
    return _RESERVED.sub(r"\\\g<0>", text.strip()).replace("\n", r"\n")


def with_format(text: str, default: str) -> tuple[str, str]:
    """The name of a text's format, and the text without it."""
    found = _FORMAT.match(text)
    return (found[1], text[found.end() :]) if found else (default, text)
