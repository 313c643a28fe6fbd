"""Finds references inside pages and style sheets that lead nowhere in the package, or out of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lms_toolkit.model import Finding, OpenedPackage

_PAGES = frozenset({".htm", ".html", ".xhtml"})
_CSS_URL = re.compile(r"""url\(\s*(?:"([^"]*)"|'([^']*)'|([^)"'\s]*))\s*\)|@import\s+(?:"([^"]*)"|'([^']*)')""")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_LOADING = frozenset({"src", "poster", "data"})


@dataclass(frozen=True, slots=True)
class _Use:
    """A reference as written; `loads` when the browser fetches it without being asked."""

    target: str
    line: int
    loads: bool


def check_references(package: OpenedPackage) -> list[Finding]:
    """`broken-reference` for what is not in the package, `remote-resource` for what other servers must deliver."""
    return [finding for name, data in package.texts.items() for finding in _check_file(name, data, package)]


def _check_file(name: str, data: bytes, package: OpenedPackage) -> Iterator[Finding]:
    seen: set[str] = set()
    for use in _uses(name, data):
        if use.target not in seen:
            seen.add(use.target)
            yield from _check(name, use, package)


def _uses(name: str, data: bytes) -> Iterable[_Use]:
    suffix = PurePosixPath(name).suffix.lower()
    text = data.decode("utf-8", errors="replace") if suffix in _PAGES or suffix == ".css" else ""
    if suffix == ".css":
        return _css_uses(text, 1)
    reader = _PageReader()
    reader.feed(text)
    reader.close()
    return reader.uses


def _css_uses(text: str, first_line: int) -> list[_Use]:
    plain = _CSS_COMMENT.sub(lambda match: "\n" * match[0].count("\n"), text)
    return [
        _Use(next(filter(None, match.groups()), ""), first_line + plain.count("\n", 0, match.start()), True)
        for match in _CSS_URL.finditer(plain)
    ]


class _PageReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.uses: list[_Use] = []
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        line = self.getpos()[0]
        for name, value in attrs:
            if value is None:
                continue
            if name in _LOADING or (name == "href" and tag == "link"):
                self.uses.append(_Use(value, line, True))
            elif name == "href" and tag in ("a", "area"):
                self.uses.append(_Use(value, line, False))
            elif name == "srcset":
                self.uses += [_Use(part.split()[0], line, True) for part in value.split(",") if part.split()]
            elif name == "style":
                self.uses += _css_uses(value, line)

    def handle_endtag(self, tag: str) -> None:
        self._in_style = False

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.uses += _css_uses(data, self.getpos()[0])


def _check(name: str, use: _Use, package: OpenedPackage) -> Iterator[Finding]:
    try:
        parts = urlsplit(use.target.strip())
    except ValueError:
        yield Finding("warning", "broken-reference", f"{use.target!r} is not an address", name, use.line)
        return
    if parts.scheme in ("http", "https") or parts.netloc:
        if use.loads:
            message = f"loads {use.target} from another server"
            hint = "learners behind a firewall or offline will miss it"
            yield Finding("info", "remote-resource", message, name, use.line, hint=hint)
        return
    if parts.scheme or not parts.path:
        return
    target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path)))
    if not _exists(target, package):
        message = f"points at {use.target}, which is not in the package"
        yield Finding("error", "broken-reference", message, name, use.line, hint="add the file or correct the path")


def _exists(target: str, package: OpenedPackage) -> bool:
    return target in package.files or any(name.startswith(f"{target}/") for name in package.files)
