"""Keeps only harmless HTML, and lists what a piece of HTML points at."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal

import nh3

_TEXT = {"h2", "h3", "h4", "h5", "h6", "p", "blockquote", "pre", "hr", "br", "div", "span", "section", "aside"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd"}
_PHRASES = {"a", "em", "strong", "del", "ins", "s", "sub", "sup", "code", "kbd", "mark", "q", "cite", "abbr", "small"}
_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_MEDIA = {"img", "figure", "figcaption", "audio", "video", "source", "track", "details", "summary"}
_TAGS = _TEXT | _LISTS | _PHRASES | _TABLES | _MEDIA
_ATTRIBUTES = {
    "*": {"id", "class", "lang", "dir", "title"},
    "a": {"href", "aria-label"},
    "abbr": {"title"},
    "aside": {"role", "aria-label", "aria-labelledby"},
    "audio": {"src", "controls", "preload"},
    "div": {"data-self-check", "role", "aria-label", "tabindex"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "section": {"aria-label", "aria-labelledby"},
    "source": {"src", "type"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "track": {"src", "kind", "srclang", "label"},
    "video": {"src", "controls", "preload", "poster", "width", "height"},
}
OWN_IDS = "lms-"
"""Ids that start so belong to the page shell; a lesson may not take them."""

_POINTING = ("src=", "href=", "poster=", "data-self-check=")

ReferenceKind = Literal["link", "resource", "self-check"]


@dataclass(frozen=True, slots=True)
class Reference:
    """Something a piece of HTML points at: a link to follow, a resource to load, or a self-check to show."""

    kind: ReferenceKind
    target: str


def sanitise(html: str) -> str:
    """The harmless part of a piece of HTML; scripts, handlers, styles and odd addresses are gone."""
    return nh3.clean(
        html,
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
    if not any(mark in html for mark in _POINTING):
        return ()  # most options and feedback; parsing them would be half of a build
    reader = _ReferenceReader()
    reader.feed(html)
    reader.close()
    return tuple(reader.found)


class _ReferenceReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Reference] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            kind = _kind(tag, name)
            if kind and value is not None:
                self.found.append(Reference(kind, value))


def _kind(tag: str, attribute: str) -> ReferenceKind | None:
    if attribute == "data-self-check":
        return "self-check"
    if attribute in ("src", "poster"):
        return "resource"
    return "link" if (tag, attribute) == ("a", "href") else None
