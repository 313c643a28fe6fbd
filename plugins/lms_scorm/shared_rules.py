"""Checks what every SCORM edition asks of a package: identifiers, references, items and files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from lxml import etree

from lms_scorm.manifest_reading import (
    MANIFEST,
    children,
    default_organization,
    descendants,
    first,
    hrefs,
    is_file,
    is_unsafe,
    local,
    locations,
    namespace,
    target,
    title,
)
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, Severity

MOODLE = "Moodle mod_scorm"
_NCNAME = re.compile(r"[^\W\d][\w.-]*")
_MAX_COLUMN = 255  # identifier and title in Moodle's scorm_scoes
_CONTROL = frozenset({".xsd", ".dtd"})


@dataclass(frozen=True, slots=True)
class Dialect:
    """What an edition calls things. `prefixes` maps namespaces to the prefixes that Moodle matches as text.

    `kind` is the attribute of a resource that says sco or asset; `control_folders` hold schemas besides the top.
    """

    spec: str
    imscp: str
    adlcp: str
    prefixes: Mapping[str, str]
    kind: str
    control_folders: frozenset[str] = frozenset()

    def finding(self, rule: str, message: str, hint: str = "", severity: Severity = "error") -> Finding:
        return Finding(severity, rule, message, MANIFEST, hint=hint, source=self.spec)


def check(root: etree._Element, package: OpenedPackage, dialect: Dialect) -> list[Finding]:
    """Everything that is wrong whatever the edition."""
    rules = (_prefixes, _identifiers, _organizations, _items, _dangling, _resources)
    findings = [finding for rule in rules for finding in rule(root, dialect)]
    about_files = (_missing_files, _metadata_files, _unlisted_files)
    return [*findings, *(finding for rule in about_files for finding in rule(root, package, dialect))]


def misplaced_manifest(package: OpenedPackage) -> Iterator[Finding]:
    """A manifest that no platform will find, because it is not where and as it must be."""
    nested = [name for name in package.files if PurePosixPath(name).name.lower() == MANIFEST]
    if nested and MANIFEST not in package.files:
        hint = "zip the content of the folder, not the folder"
        message = f"{MANIFEST} must be at the top of the zip, and in this spelling"
        yield Finding("error", "missing-manifest", message, nested[0], hint=hint, source="SCORM CAM, Content Packaging")


def is_control_document(name: str, dialect: Dialect) -> bool:
    folders = PurePosixPath(name).parts[:-1]
    is_there = not folders or folders[0] in dialect.control_folders
    return is_there and PurePosixPath(name).suffix.lower() in _CONTROL


def _moodle(rule: str, message: str, hint: str = "", severity: Severity = "error") -> Finding:
    return Finding(severity, rule, message, MANIFEST, hint=hint, source=MOODLE)


def _prefixes(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    """Moodle matches `adlcp:` and unprefixed IMS names as text; the XML may be right and the mark lost."""
    wrong = {prefix for element in root.iter(etree.Element) for prefix in _wrong_prefixes(element, dialect)}
    known = ", ".join(f"{prefix}:" for prefix in dialect.prefixes.values())
    for prefix in sorted(wrong):
        message = f"the prefix {prefix!r} is not the one Moodle looks for; items become assets and marks are lost"
        yield _moodle("prefix", message, f"write {known} for names outside IMS CP and no prefix for IMS CP names")


def _wrong_prefixes(element: etree._Element, dialect: Dialect) -> Iterator[str]:
    wanted = dialect.prefixes.get(namespace(element), "" if namespace(element) == dialect.imscp else None)
    if wanted is not None and (element.prefix or "") != wanted and local(element) != "mapInfo":
        yield element.prefix or ""
    for uri, name in dialect.prefixes.items():
        is_used = any(str(attribute).startswith(f"{{{uri}}}") for attribute in element.attrib)
        if is_used and element.nsmap.get(name) != uri:
            yield from (str(prefix) for prefix, other in element.nsmap.items() if other == uri and prefix)


def _identifiers(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    identified = [element for element in root.iter(etree.Element) if "identifier" in element.attrib]
    for identifier, count in Counter(element.get("identifier", "") for element in identified).items():
        if count > 1:
            yield dialect.finding("duplicate-identifier", f"{count} elements have the identifier {identifier!r}")
        if len(identifier) > _MAX_COLUMN:
            message = f"the identifier {identifier[:40]!r}… is longer than {_MAX_COLUMN} characters"
            yield _moodle("identifier-length", message)
        elif not _NCNAME.fullmatch(identifier):
            hint = "start with a letter, no spaces"
            yield dialect.finding("identifier-form", f"{identifier!r} is not an XML name", hint)


def _organizations(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    holder = first(root, "organizations")
    if holder is None or not children(holder, "organization"):
        yield dialect.finding("missing-organization", "there is no <organization>: platforms show nothing to open")
        return
    default = holder.get("default")
    identifiers = [organization.get("identifier") for organization in children(holder, "organization")]
    if default is None:
        message = "<organizations> names no default organization"
        yield dialect.finding("default-organization", message, f'write default="{identifiers[0]}"', "warning")
    elif default not in identifiers:
        message = f"the default organization {default!r} does not exist"
        yield dialect.finding("default-organization", message, f"there is: {', '.join(map(str, identifiers))}")


def _items(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    organization = default_organization(root)
    if organization is None:
        return
    top = children(organization, "item")
    if not top:
        yield dialect.finding("missing-item", "the organization has no <item>")
    if len(top) > 1 or (top and top[0].get("identifierref") and len(descendants(organization, "item")) > 1):
        message = "the items are not inside one root item that opens nothing; Moodle's previous and next buttons break"
        yield _moodle("root-item", message, "put one <item> without identifierref around them", "warning")
    for item in descendants(organization, "item"):
        yield from _item(item, dialect)


def _item(item: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    name = item.get("identifier", "?")
    if not title(item):
        yield dialect.finding("missing-title", f"item {name!r} has no title", severity="warning")
    elif len(title(item)) > _MAX_COLUMN:
        yield _moodle("title-length", f"the title of item {name!r} is longer than {_MAX_COLUMN} characters")


def _dangling(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    resources = {resource.get("identifier") for resource in descendants(root, "resource")}
    submanifests = {manifest.get("identifier") for manifest in descendants(root, "manifest")}
    for element in [*descendants(root, "item"), *descendants(root, "dependency")]:
        reference = element.get("identifierref")
        if reference and reference not in resources | submanifests:
            where = f"item {element.get('identifier', '?')!r}" if local(element) == "item" else "a dependency"
            message = f"{where} names the resource {reference!r}, which does not exist"
            yield dialect.finding("dangling-reference", message)


def _resources(root: etree._Element, dialect: Dialect) -> Iterator[Finding]:
    launched = {item.get("identifierref") for item in descendants(root, "item")}
    for resource in descendants(root, "resource"):
        yield from _resource(resource, resource.get("identifier") in launched, dialect)


def _resource(resource: etree._Element, is_launched: bool, dialect: Dialect) -> Iterator[Finding]:
    name = resource.get("identifier", "?")
    href = resource.get("href")
    if resource.get(f"{{{dialect.adlcp}}}{dialect.kind}") not in ("sco", "asset"):
        message = f"resource {name!r} has no adlcp:{dialect.kind} of sco or asset"
        yield dialect.finding("scormtype", message, severity="error" if is_launched else "warning")
    if is_launched and not href:
        yield dialect.finding("missing-href", f"resource {name!r} is opened by an item but has no href")
    if href and is_file(href) and href not in [file.get("href") for file in children(resource, "file")]:
        message = f"resource {name!r} does not list its own href {href!r} as a <file>"
        yield dialect.finding("href-not-listed", message, severity="warning")


def _missing_files(root: etree._Element, package: OpenedPackage, dialect: Dialect) -> Iterator[Finding]:
    for href in dict.fromkeys(hrefs(root)):
        if is_unsafe(href):
            yield dialect.finding("unsafe-href", f"{href!r} leads out of the package", "use a path inside it")
        elif is_file(href) and target(href) not in package.files:
            message = "the manifest lists this file, and it is not in the zip"
            yield Finding("error", "missing-file", message, target(href), hint="add it", source=dialect.spec)


def _metadata_files(root: etree._Element, package: OpenedPackage, dialect: Dialect) -> Iterator[Finding]:
    """adlcp:location leads to the metadata of a component, in a file of the package or elsewhere (CAM, Metadata)."""
    for href in dict.fromkeys(locations(root, dialect.adlcp)):
        if not href:
            yield dialect.finding("metadata-location", "adlcp:location names no file", "name the file of the metadata")
        elif is_unsafe(href):
            yield dialect.finding("unsafe-href", f"{href!r} leads out of the package", "use a path inside it")
        elif is_file(href) and target(href) not in package.files:
            message = "adlcp:location names this file as metadata, and it is not in the zip"
            yield Finding("error", "metadata-location", message, target(href), hint="add it", source=dialect.spec)
        elif is_file(href):
            yield from _metadata_file(target(href), package, dialect)


def _metadata_file(name: str, package: OpenedPackage, dialect: Dialect) -> Iterator[Finding]:
    described = read_xml(package, name)
    if described is not None and local(described) != "lom":
        message = f"is named as metadata and its root element is <{local(described)}>; platforms look for <lom>"
        yield Finding("warning", "metadata-kind", message, name, source=dialect.spec)


def _unlisted_files(root: etree._Element, package: OpenedPackage, dialect: Dialect) -> Iterator[Finding]:
    listed = {target(href) for href in (*hrefs(root), *locations(root, dialect.adlcp)) if not is_unsafe(href)}
    for name in package.files:
        if name not in listed and name != MANIFEST and not is_control_document(name, dialect):
            message = "is in the zip but in no resource of the manifest; a platform may leave it out"
            hint = "list it as a <file>"
            yield Finding("warning", "unlisted-file", message, name, hint=hint, source=dialect.spec)
