"""Lists what pages and style sheets of strangers point at, in time that grows with their length and no faster.

Python's own HTML parser and lxml's both take minutes over five megabytes of the wrong signs. Tags and `url(…)` are all
that is needed here, so they are found by expressions that never go back: every repetition is possessive, and none
runs over the sign that begins the next attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

_RAW = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "textarea", "title")}
_LOADING = frozenset({"src", "poster", "data"})

_TOKEN = re.compile(
    r"""<!--|<(?P<tag>[a-zA-Z][^\s/>"'<]*+)(?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>""",
)
_ATTRIBUTE = re.compile(
    r"""(?<![^\s"'/])(?P<name>[^\s=<>"'/]++)\s*+=\s*+(?:"(?P<a>[^"]*+)"|'(?P<b>[^']*+)'|(?P<c>[^\s"'<>]++))"""
)
_CSS_URL = re.compile(
    r"""url\(\s*+(?:"(?P<a>[^"]*+)"|'(?P<b>[^']*+)'|(?P<c>[^()"'\s]*+))\s*+\)
      | @import\s++(?:"(?P<d>[^"]*+)"|'(?P<e>[^']*+)')""",
    re.IGNORECASE | re.VERBOSE,
)
# CSS Syntax 3, 4.3.7: up to six hex digits and one white space, or any other sign
_CSS_ESCAPE = re.compile(r"\\(?:([0-9a-fA-F]{1,6})[ \t\n]?|([^\n0-9a-fA-F]))")
_STRUCTURE = frozenset("\"'()\\")


@dataclass(frozen=True, slots=True)
class Use:
    """A reference as written; `loads` when the browser fetches it without being asked."""

    target: str
    line: int
    loads: bool


def css_uses(text: str, first_line: int = 1) -> Iterator[Use]:
    """Everything a style sheet loads; escapes are undone, so that they hide nothing."""
    plain = _CSS_ESCAPE.sub(_unescaped, _without_comments(text))
    line, at = first_line, 0
    for found in _CSS_URL.finditer(plain):
        line, at = line + plain.count("\n", at, found.start()), found.start()
        yield Use(next(filter(None, found.groups()), ""), line, True)


def _without_comments(text: str) -> str:
    """The text with nothing but line ends where comments were; one that is never closed ends with the text."""
    parts, at = [], 0
    while (start := text.find("/*", at)) >= 0:
        end = text.find("*/", start + 2)
        end = len(text) if end < 0 else end + 2
        parts += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*parts, text[at:]])


def _unescaped(escape: re.Match[str]) -> str:
    """The sign an escape stands for; those that would change where a `url(…)` ends stay as they are."""
    code = int(escape[1], 16) if escape[1] else ord(escape[2])
    sign = chr(code) if 0 < code <= 0x10FFFF else "\ufffd"
    kept = escape[0] if sign in _STRUCTURE or sign == "\n" else sign
    return kept + "\n" * (escape[0].count("\n") - kept.count("\n"))


def page_uses(text: str) -> Iterator[Use]:
    """Everything a page loads or links to, in its order."""
    line, at = 1, 0
    while token := _TOKEN.search(text, at):
        line, at = line + text.count("\n", at, token.start()), token.start()
        tag = (token["tag"] or "").lower()
        end = _end_of(text, tag, token.end())
        if tag:
            yield from _tag_uses(tag, token["attributes"], line)
        if tag == "style":
            yield from css_uses(text[token.end() : end], line + text.count("\n", at, token.end()))
        line, at = line + text.count("\n", at, end), end


def _end_of(text: str, tag: str, start: int) -> int:
    """Where reading goes on: after a comment, or at the end of a script's or style's own text."""
    if not tag:
        end = text.find("-->", start)
        return len(text) if end < 0 else end + 3
    if tag not in _RAW:
        return start
    closing = _RAW[tag].search(text, start)
    return closing.start() if closing else len(text)


def _tag_uses(tag: str, attributes: str, line: int) -> Iterator[Use]:
    for found in _ATTRIBUTE.finditer(attributes):
        name = found["name"].lower()
        value = unescape(found["a"] or found["b"] or found["c"] or "")
        if name in _LOADING or (name == "href" and tag == "link"):
            yield Use(value, line, True)
        elif name == "href" and tag in ("a", "area"):
            yield Use(value, line, False)
        elif name == "srcset":
            yield from (Use(part.split(maxsplit=1)[0], line, True) for part in value.split(",") if part.strip())
        elif name == "style":
            yield from css_uses(value, line)
