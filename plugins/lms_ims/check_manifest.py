"""Rules that the manifests of Content Packaging and Common Cartridge share: names, references, files."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from lms_ims.manifest import MANIFEST
from lms_ims.reading import all_named, children, first_child, first_named, local, text
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem, Severity

_NCNAME = re.compile(r"[^\W\d][\w.-]*")
_CONTROL = frozenset({".xsd", ".dtd"})
_XML = "{http://www.w3.org/XML/1998/namespace}"

Rule = Callable[["Manifest"], Iterable[Finding]]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest that somebody wrote, the package it is in, and the specification it is held to."""

    root: etree._Element
    package: OpenedPackage
    spec: str

    def error(self, rule: str, message: str, hint: str = "", severity: Severity = "error") -> Finding:
        return Finding(severity, rule, message, MANIFEST, hint=hint, source=self.spec)

    @property
    def items(self) -> list[etree._Element]:
        organization = default_organization(self.root)
        return all_named(organization, "item") if organization is not None else []

    @property
    def resources(self) -> dict[str, etree._Element]:
        return {element.get("identifier", ""): element for element in all_named(self.root, "resource")}


def manifest_root(package: OpenedPackage) -> etree._Element | None:
    root = read_xml(package, MANIFEST)
    return root if root is not None and local(root) == "manifest" else None


def default_organization(root: etree._Element) -> etree._Element | None:
    """The organization that platforms show; as Moodle does, the first when the default names none."""
    holder = first_named(root, "organizations")
    found = children(holder, "organization") if holder is not None else []
    default = holder.get("default") if holder is not None else None
    return next((one for one in found if default and one.get("identifier") == default), found[0] if found else None)


def title_of(element: etree._Element) -> str:
    return text(first_child(element, "title"))


def opened_items(root: etree._Element) -> tuple[PackageItem, ...]:
    """What the table of contents opens, in order."""
    organization = default_organization(root)
    if organization is None:
        return ()
    items = [item for item in all_named(organization, "item") if item.get("identifierref")]
    return tuple(PackageItem(item.get("identifier", ""), title_of(item)) for item in items)


def identifiers(manifest: Manifest) -> Iterator[Finding]:
    found = [element.get("identifier", "") for element in manifest.root.iter(etree.Element) if _is_named(element)]
    for identifier, count in Counter(found).items():
        if count > 1:
            yield manifest.error("duplicate-identifier", f"{count} elements have the identifier {identifier!r}")
        if not _NCNAME.fullmatch(identifier):
            message = f"{identifier!r} is not an XML name"
            yield manifest.error("identifier-form", message, "start with a letter, no spaces")


def _is_named(element: etree._Element) -> bool:
    return "identifier" in element.attrib and local(element) in {"manifest", "organization", "item", "resource"}


def references(manifest: Manifest) -> Iterator[Finding]:
    known = {*manifest.resources, *(inner.get("identifier", "") for inner in all_named(manifest.root, "manifest"))}
    for element in [*all_named(manifest.root, "item"), *all_named(manifest.root, "dependency")]:
        target = element.get("identifierref")
        if target and target not in known:
            where = f"item {element.get('identifier', '?')!r}" if local(element) == "item" else "a dependency"
            yield manifest.error("dangling-reference", f"{where} names the resource {target!r}, which does not exist")


def hrefs_listed(manifest: Manifest) -> Iterator[Finding]:
    """IMS CP 1.1.4, 4.5.2; CC 1.1 rule 10b."""
    for name, resource in manifest.resources.items():
        href = resource.get("href")
        listed = [file.get("href") for file in children(resource, "file")]
        if href and _is_file(href) and href not in listed:
            yield manifest.error(
                "href-not-listed", f"resource {name!r} does not list its own href {href!r} as a <file>"
            )
        for repeated, count in Counter(listed).items():
            if count > 1:
                yield manifest.error("repeated-file", f"resource {name!r} lists {repeated!r} {count} times")


def missing_files(manifest: Manifest) -> Iterator[Finding]:
    for href in dict.fromkeys(_hrefs(manifest.root)):
        if _is_unsafe(href):
            yield manifest.error("unsafe-href", f"{href!r} leads out of the package", "use a path inside it")
        elif _is_file(href) and _target(href) not in manifest.package.files:
            message = "the manifest lists this file, and it is not in the zip"
            yield Finding("error", "missing-file", message, _target(href), hint="add it", source=manifest.spec)


def unlisted_files(manifest: Manifest) -> Iterator[Finding]:
    listed = {_target(href) for href in _hrefs(manifest.root) if not _is_unsafe(href)}
    for name in manifest.package.files:
        is_control = "/" not in name and PurePosixPath(name).suffix.lower() in _CONTROL
        if name not in listed and name != MANIFEST and not is_control:
            message = "is in the zip but in no resource of the manifest; a platform may leave it out"
            yield Finding("warning", "unlisted-file", message, name, hint="list it as a <file>", source=manifest.spec)


def _hrefs(root: etree._Element) -> Iterator[str]:
    """Every href of resources and files, with the xml:base around it."""
    for resource in all_named(root, "resource"):
        for element in (resource, *children(resource, "file")):
            href = element.get("href")
            if href:
                yield _base(resource) + href


def _base(resource: etree._Element) -> str:
    around = (*reversed(list(resource.iterancestors())), resource)
    return "".join(element.get(f"{_XML}base", "") for element in around)


def _is_unsafe(href: str) -> bool:
    path = unquote(href.partition("?")[0])
    return path.startswith("/") or "\\" in path or path[1:2] == ":" or ".." in PurePosixPath(path).parts


def _is_file(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return False
    return not parts.scheme and not parts.netloc and bool(parts.path)


def _target(href: str) -> str:
    return posixpath.normpath(unquote(href.partition("?")[0].partition("#")[0]))
