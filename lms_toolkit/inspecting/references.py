"""Finds references inside pages and style sheets that lead nowhere in the package, or out of it."""

from __future__ import annotations

import posixpath
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lms_toolkit.inspecting.uses import Use, css_uses, page_uses
from lms_toolkit.model import Finding, OpenedPackage

_PAGES = frozenset({".htm", ".html", ".xhtml"})


def check_references(package: OpenedPackage) -> list[Finding]:
    """`broken-reference` for what is not in the package, `remote-resource` for what other servers must deliver."""
    names = sorted(package.files)
    return [finding for name, data in package.texts.items() for finding in _check_file(name, data, package, names)]


def _check_file(name: str, data: bytes, package: OpenedPackage, names: Sequence[str]) -> Iterator[Finding]:
    seen: set[str] = set()
    for use in _uses(name, data):
        if use.target not in seen:
            seen.add(use.target)
            yield from _check(name, use, package, names)


def _uses(name: str, data: bytes) -> Iterable[Use]:
    suffix = PurePosixPath(name).suffix.lower()
    if suffix == ".css":
        return css_uses(data.decode("utf-8", errors="replace"))
    return page_uses(data.decode("utf-8", errors="replace")) if suffix in _PAGES else ()


def _check(name: str, use: Use, package: OpenedPackage, names: Sequence[str]) -> Iterator[Finding]:
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
    if not _exists(target, package, names):
        message = f"points at {use.target}, which is not in the package"
        yield Finding("error", "broken-reference", message, name, use.line, hint="add the file or correct the path")


def _exists(target: str, package: OpenedPackage, names: Sequence[str]) -> bool:
    """Whether a file has this name, or a folder: then the next of the sorted names is inside it."""
    if target in package.files:
        return True
    following = bisect_left(names, f"{target}/")
    return following < len(names) and names[following].startswith(f"{target}/")
