"""Recognises a web site that we made, by its start page."""

from __future__ import annotations

from html.parser import HTMLParser

from lms_toolkit.model import OpenedPackage, PackageItem

_START = "index.html"
_GENERATOR = "lms-toolkit"


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and pages; None for anything but our own sites, since any zip may hold an index.html."""
    data = package.read(_START)
    if data is None:
        return None
    reader = _StartPage()
    reader.feed(data.decode("utf-8", errors="replace"))
    reader.close()
    if not reader.is_ours or not reader.items:
        return None
    return reader.title, tuple(PackageItem(key, title) for key, title in reader.items)


class _StartPage(HTMLParser):
    """Reads the generator, the heading, and the list of pages with their titles."""

    def __init__(self) -> None:
        super().__init__()
        self.is_ours = False
        self.title = ""
        self.items: list[tuple[str, str]] = []
        self._within = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and values.get("name") == "generator":
            self.is_ours = values.get("content") == _GENERATOR
        elif tag == "h1":
            self._within = "h1"
        elif tag == "li" and values.get("data-page"):
            self.items.append((str(values["data-page"]), ""))
        elif tag == "span" and values.get("class") == "title" and self.items:
            self._within = "title"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "span"):
            self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within == "h1":
            self.title += data
        elif self._within == "title":
            key, title = self.items[-1]
            self.items[-1] = (key, title + data)
