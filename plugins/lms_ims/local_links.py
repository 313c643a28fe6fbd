"""Changes where a piece of sanitised HTML points, and reads what it points at."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from lxml import etree, html

_END_OF_VOID = re.compile("</(?:source|track|wbr)>")
"""Elements of HTML 5 that never end, which the library does not know as such."""
_POINTING = ("src", "href", "poster")


def parse(text: str) -> html.HtmlElement:
    """The HTML inside a `div` of its own."""
    try:
        return html.fragment_fromstring(text, create_parent="div")
    except etree.ParserError:  # nothing but white space or comments
        return html.Element("div")


def serialise(element: html.HtmlElement) -> str:
    """The content of the element, without the element."""
    inner = "".join(html.tostring(child, encoding="unicode") for child in element)
    return html_escape(element.text or "") + _END_OF_VOID.sub("", inner)


def html_escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def redirect(text: str, change: Callable[[str], str]) -> str:
    """The same HTML with every address inside the package changed; addresses of other sites stay."""
    if not any(f"{name}=" in text for name in _POINTING):
        return text
    tree = parse(text)
    for element in tree.iter(etree.Element):
        for name in _POINTING:
            target = element.get(name)
            if target and is_local(target):
                element.set(name, change(target))
    return serialise(tree)


def is_local(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.path) and not parts.scheme and not parts.netloc
