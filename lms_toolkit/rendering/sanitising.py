"""Keeps only harmless HTML, and lists what a piece of HTML points at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from html import unescape
from typing import Literal

import nh3

_TEXT = {"h2", "h3", "h4", "h5", "h6", "p", "blockquote", "pre", "hr", "br", "div", "span", "section", "aside"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
_PHRASES = {"a", "em", "strong", "del", "ins", "s", "sub", "sup", "code", "kbd", "mark", "q", "cite", "abbr", "small"}
_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_MEDIA = {"img", "figure", "figcaption", "audio", "video", "source", "track", "details", "summary"}
_DRAWINGS = {"svg", "rect", "line", "polyline", "circle", "text"}  # what charts are drawn with: nothing that loads
_TAGS = _TEXT | _LISTS | _PHRASES | _TABLES | _MEDIA | _DRAWINGS | {"button"}
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title"},
    "a": {"href", "aria-label", "download"},
    "abbr": {"title"},
    "aside": {"role", "aria-label", "aria-labelledby"},
    "audio": {"src", "controls", "preload"},
    "button": {"type", "popovertarget"},
    "circle": {"cx", "cy", "r"},
    "details": {"name", "open"},
    "div": {"data-self-check", "data-reflection", "role", "aria-label", "tabindex"},
    "img": {"src", "alt", "width", "height"},
    "line": {"x1", "x2", "y1", "y2"},
    "ol": {"start"},
    "polyline": {"points"},
    "rect": {"x", "y", "width", "height", "rx"},
    "section": {"aria-label", "aria-labelledby"},
    "source": {"src", "type"},
    "span": {"popover"},
    "svg": {"role", "aria-label", "viewBox", "width", "height"},
    "td": {"colspan", "rowspan"},
    "text": {"x", "y"},
    "th": {"colspan", "rowspan", "scope"},
    "track": {"src", "kind", "srclang", "label"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
}
_MARKUP = re.compile("[<>&\x00\r\u00a0]")
"""Without any of these a text is its own HTML."""
_EMPHASIS = re.compile("(?:[^<>&\x00\r\ufeff]++|<(em|strong|code)>[^<>&\x00\r\ufeff]*</\\1>)*")
"""Words in `**` and no other mark: there is nothing to take away."""

OWN_IDS = "lms-"
"""Ids that start so belong to the page shell; a lesson may not take them."""

# Exact on sanitised HTML, where text has no bare < and values are in double quotes; many times faster than a parser.
_TAG = re.compile(r'<([a-z][a-z0-9]*)((?:\s+[^\s=>"]+(?:="[^"]*")?)+)\s*/?>')
_PAIR = re.compile(r'\s([^\s=>"]+)="([^"]*)"')
_POINTING = ("src=", "href=", "poster=", "data-self-check=", "data-reflection=")

ReferenceKind = Literal["link", "resource", "self-check", "reflection"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something a piece of HTML points at: a link to follow, a resource to load, a self-check or a reflection."""

    kind: ReferenceKind
    target: str


def sanitise(html: str) -> str:
    """The harmless part of a piece of HTML; scripts, handlers, styles and odd addresses are gone."""
    if not _MARKUP.search(html):
        return html
    if _EMPHASIS.fullmatch(html):
        return html.replace("\u00a0", "&nbsp;")  # as the cleaner writes it
    return cleaned(html)


def cleaned(html: str) -> str:
    """The same, by the long way."""
    return _cleaner().clean(html)


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        link_rel="noopener",
        url_schemes={"http", "https", "mailto", "tel"},
    )


def _keep(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "id" and value.lower().startswith(OWN_IDS) else value


def references(html: str) -> tuple[Reference, ...]:
    """Everything a sanitised piece of HTML points at, in order."""
    return _references(html) if "=" in html else ()  # most are the few words of an option or of its feedback


@lru_cache(maxsize=64)  # the pages of a few modules; more would hold a course's pages in memory
def _references(html: str) -> tuple[Reference, ...]:
    if not any(mark in html for mark in _POINTING):
        return ()
    found = []
    for tag in _TAG.finditer(html):
        for name, value in _PAIR.findall(tag[2]):
            kind = _kind(tag[1], name)
            if kind:
                found.append(Reference(kind, unescape(value)))
    return tuple(found)


def _kind(tag: str, attribute: str) -> ReferenceKind | None:
    if attribute == "data-self-check":
        return "self-check"
    if attribute == "data-reflection":
        return "reflection"
    if attribute in ("src", "poster"):
        return "resource"
    return "link" if (tag, attribute) == ("a", "href") else None
