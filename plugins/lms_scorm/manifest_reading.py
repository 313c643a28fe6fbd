"""Finds things in a manifest of whatever SCORM edition: elements by their plain names, and the files they lead to."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from lms_toolkit.model import PackageItem

MANIFEST = "imsmanifest.xml"
_BASE = "{http://www.w3.org/XML/1998/namespace}base"


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    return etree.QName(element).namespace or ""


def descendants(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iterdescendants(etree.Element) if local(element) == name]


def first(root: etree._Element, name: str) -> etree._Element | None:
    return next(iter(descendants(root, name)), None)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if local(child) == name]


def first_child(element: etree._Element, name: str) -> etree._Element | None:
    return next(iter(children(element, name)), None)


def text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def title(element: etree._Element) -> str:
    return text(first_child(element, "title"))


def default_organization(root: etree._Element) -> etree._Element | None:
    """The organization that platforms show: the default one, else the first."""
    holder = first(root, "organizations")
    found = children(holder, "organization") if holder is not None else []
    default = holder.get("default") if holder is not None else None
    return next((element for element in found if element.get("identifier") == default), found[0] if found else None)


def contents(root: etree._Element) -> tuple[str, tuple[PackageItem, ...]]:
    """Title and launchable items, as far as they can be read."""
    organization = default_organization(root)
    if organization is None:
        return "", ()
    items = [item for item in descendants(organization, "item") if item.get("identifierref")]
    return title(organization), tuple(PackageItem(item.get("identifier", ""), title(item)) for item in items)


def hrefs(root: etree._Element) -> Iterator[str]:
    """Every href of resources and files, with the xml:base around it."""
    for resource in descendants(root, "resource"):
        for element in (resource, *children(resource, "file")):
            if element.get("href"):
                yield _base(resource) + element.get("href", "")


def locations(root: etree._Element, adlcp: str) -> list[str]:
    """Every adlcp:location, which names a file of metadata, with the xml:base around it."""
    found = [element for element in descendants(root, "location") if namespace(element) == adlcp]
    return [_base(element) + text(element) if text(element) else "" for element in found]


def _base(element: etree._Element) -> str:
    around = (*reversed(list(element.iterancestors())), element)
    return "".join(one.get(_BASE, "") for one in around)


def is_unsafe(href: str) -> bool:
    path = unquote(href.partition("?")[0])
    return path.startswith("/") or "\\" in path or path[1:2] == ":" or ".." in PurePosixPath(path).parts


def is_file(href: str) -> bool:
    """Whether a reference leads to a file of the package, and not to another server."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path)


def target(href: str) -> str:
    """The name in the zip that a reference leads to."""
    return posixpath.normpath(unquote(href.partition("?")[0].partition("#")[0]))
