"""Plain text as Markdown that shows exactly that text; signs are escaped only where they would be read as marks."""

from __future__ import annotations

import re

from lms_toolkit.rendering.markdown import BlockFault, block_html, inline_html

_SUSPECT = re.compile(r"[\\`*_\[\]<>&~{}|!#+=:()-]|\d[.)]|www|://")
_SIGNS = re.compile(r"[\\`*_\[\]<&~{}|!^]")
_LINE_START = re.compile(r"(?m)^([-+=>:#]|\d{1,9}(?=[.)]))")


def inline_literal(text: str) -> str:
    """Markdown for a place that holds one line."""
    if not _SUSPECT.search(text) or inline_html(text, "en") == _shown(text):
        return text
    return escaped(text)


def block_literal(text: str) -> str:
    """Markdown for a place that holds paragraphs; `text` is one of them."""
    if not _SUSPECT.search(text) or paragraph_html(text) == f"<p>{_shown(text)}</p>\n":
        return text
    return _LINE_START.sub(_escaped_start, escaped(text))


def paragraph_html(markdown: str) -> str:
    """What a text renders to; nothing where it has a `:::` that means no block of ours."""
    try:
        return block_html(markdown, "en")
    except BlockFault:
        return ""


def escaped(text: str) -> str:
    """Every sign that could be a mark within a line, escaped."""
    return _SIGNS.sub(r"\\\g<0>", text)


def _escaped_start(start: re.Match[str]) -> str:
    return f"{start[0]}\\" if start[0].isdecimal() else f"\\{start[0]}"


def _shown(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
