"""Checks IMS content packages against IMS CP 1.1.4, and against what Moodle's mod_imscp makes of them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from lms_ims.check_manifest import (
    Manifest,
    Rule,
    default_organization,
    hrefs_listed,
    identifiers,
    manifest_root,
    missing_files,
    opened_items,
    references,
    title_of,
    unlisted_files,
)
from lms_ims.names import IMSCP
from lms_ims.reading import children, first_child, first_named, namespace, text
from lms_toolkit.model import Finding, OpenedPackage, PackageItem

_SPEC = "IMS CP 1.1.4"
_MOODLE = "Moodle mod_imscp"
_SCHEMA = "IMS Content"
_VERSIONS = frozenset({"1.1", "1.1.1", "1.1.2", "1.1.3", "1.1.4"})


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and items of a content package; None for SCORM, cartridges and anything else."""
    root = manifest_root(package)
    if root is None or not _is_ours(root):
        return None
    organization = default_organization(root)
    return (title_of(organization) if organization is not None else ""), opened_items(root)


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a content package; nothing for packages of other formats."""
    root = manifest_root(package)
    if root is None or not _is_ours(root):
        return []
    manifest = Manifest(root, package, _SPEC)
    rules: tuple[Rule, ...] = (
        _version,
        _prefixes,
        identifiers,
        _organizations,
        _items,
        references,
        _resources,
        hrefs_listed,
        missing_files,
        unlisted_files,
    )
    return [finding for rule in rules for finding in rule(manifest)]


def _is_ours(root: etree._Element) -> bool:
    """A manifest in IMS's own namespace without a word of ADL's: SCORM 2004 is a profile of the same manifest."""
    has_adl = any("adlnet.org" in str(uri) for element in root.iter(etree.Element) for uri in element.nsmap.values())
    schema = text(first_named(root, "schema"))
    return namespace(root) == IMSCP and not has_adl and schema != "ADL SCORM"


def _version(manifest: Manifest) -> Iterator[Finding]:
    schema = text(first_named(manifest.root, "schema"))
    version = text(first_named(manifest.root, "schemaversion"))
    if schema and schema.casefold() != _SCHEMA.casefold():
        yield manifest.error("schemaversion", f"<schema> is {schema!r}; IMS CP says {_SCHEMA!r}", severity="warning")
    if version and version not in _VERSIONS:
        yield manifest.error("schemaversion", f"<schemaversion> is {version!r}; IMS CP knows 1.1 to 1.1.4")


def _prefixes(manifest: Manifest) -> Iterator[Finding]:
    prefixes = {str(element.prefix) for element in manifest.root.iter(etree.Element) if element.prefix}
    own = sorted(prefix for prefix in prefixes if manifest.root.nsmap.get(prefix) == IMSCP)
    for prefix in own:
        message = f"elements have the prefix {prefix!r}; Moodle shows no table of contents for them"
        yield Finding("error", "prefix", message, "imsmanifest.xml", hint="write no prefix", source=_MOODLE)


def _organizations(manifest: Manifest) -> Iterator[Finding]:
    holder = first_named(manifest.root, "organizations")
    found = children(holder, "organization") if holder is not None else []
    if not found:
        yield manifest.error("missing-organization", "there is no <organization>: platforms show nothing to open")
        return
    default = holder.get("default") if holder is not None else None
    known = [organization.get("identifier") for organization in found]
    if default is not None and default not in known:
        hint = f"there is: {', '.join(map(str, known))}"
        yield manifest.error("default-organization", f"the default organization {default!r} does not exist", hint)


def _items(manifest: Manifest) -> Iterator[Finding]:
    if default_organization(manifest.root) is not None and not manifest.items:
        yield manifest.error("missing-item", "the organization has no <item>")
    for item in manifest.items:
        name = item.get("identifier", "?")
        if not title_of(item):
            yield manifest.error("missing-title", f"item {name!r} has no title; Moodle shows a question mark")
        if not item.get("identifierref") and first_child(item, "item") is None:
            yield manifest.error("empty-item", f"item {name!r} opens nothing and holds nothing", severity="warning")


def _resources(manifest: Manifest) -> Iterator[Finding]:
    opened = {item.get("identifierref") for item in manifest.items}
    for name, resource in manifest.resources.items():
        if not resource.get("type"):
            yield manifest.error("resource-type", f"resource {name!r} has no type", "write webcontent")
        if name in opened and not resource.get("href"):
            yield manifest.error("missing-href", f"resource {name!r} is opened by an item but has no href")
