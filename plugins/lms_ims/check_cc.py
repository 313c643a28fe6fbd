"""Checks Common Cartridges 1.0 to 1.3 against the rules of version 1.1 (manifest and QTI profile).

The rules are written from the specification; their numbers are those of its own list. Versions 1.2 and 1.3 name types
otherwise and are held to the same rules.
"""

from __future__ import annotations

import re
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
from lms_ims.check_qti import check_question_file
from lms_ims.names import CC11, Cartridge
from lms_ims.reading import all_named, children, first_child, first_named, namespace, text
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem

_NAMESPACE = re.compile(r"http://www\.imsglobal\.org/xsd/imscc(v1p[1-3])?/imscp_v1p1")
_VERSIONS = {"": "1.0.0", "v1p1": "1.1.0", "v1p2": "1.2.0", "v1p3": "1.3.0"}
_WEB = frozenset({"webcontent", "associated"})
_KINDS = (
    (re.compile(r"webcontent"), "webcontent"),
    (re.compile(r"associatedcontent/imscc_xmlv1p[0-3]/learning-application-resource"), "associated"),
    (re.compile(r"imsqti_xmlv1p2/imscc_xmlv1p[0-3]/assessment"), "assessment"),
    (re.compile(r"imsqti_xmlv1p2/imscc_xmlv1p[0-3]/question-bank"), "bank"),
    (re.compile(r"imsdt_xmlv1p[0-3]"), "topic"),
    (re.compile(r"imswl_xmlv1p[0-3]"), "link"),
    (re.compile(r"imsbasiclti_xmlv1p[0-3](p1)?|imsapip_zipv1p0|assignment_xmlv1p0|idpfepub_v3p0|iwb_iwbv1p0"), "other"),
)
_ONE_FILE = {"topic": "1", "link": "2", "assessment": "3", "bank": "4"}
"""Kinds that are one file of XML and no href, with the number of their rules."""


def describe(package: OpenedPackage, cartridge: Cartridge) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and items of a cartridge; None for anything else.

    Version 1.1 answers for 1.0 as well, and 1.3 for 1.2.
    """
    root = manifest_root(package)
    if root is None:
        return None
    code = _code(root)
    if code is None or (code in ("", "v1p1")) != (cartridge is CC11):
        return None
    return _title(root), opened_items(root)


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a cartridge; nothing for packages of other formats."""
    root = manifest_root(package)
    code = _code(root) if root is not None else None
    if root is None or code is None:
        return []
    version = _VERSIONS[code]
    manifest = Manifest(root, package, f"CC {version[:3]}")
    rules: tuple[Rule, ...] = (
        _version,
        _metadata,
        identifiers,
        _organization,
        _items,
        references,
        _resource_kinds,
        _one_file,
        _one_bank,
        _dependencies,
        _opened,
        hrefs_listed,
        missing_files,
        unlisted_files,
    )
    return [*(finding for rule in rules for finding in rule(manifest)), *_question_files(manifest)]


def _code(root: etree._Element) -> str | None:
    """The version as namespaces spell it, empty for 1.0; None when this is no cartridge."""
    match = _NAMESPACE.fullmatch(namespace(root))
    return (match[1] or "") if match else None


def _title(root: etree._Element) -> str:
    general = first_named(root, "general")
    told = first_child(first_child(general, "title"), "string") if general is not None else None
    organization = default_organization(root)
    return text(told) or (title_of(organization) if organization is not None else "")


def _kind(resource: etree._Element) -> str:
    found = resource.get("type", "")
    return next((kind for pattern, kind in _KINDS if pattern.fullmatch(found)), "")


def _version(manifest: Manifest) -> Iterator[Finding]:
    expected = _VERSIONS[_code(manifest.root) or ""]
    version = text(first_named(manifest.root, "schemaversion"))
    if version != expected:
        yield manifest.error("schemaversion", f"<schemaversion> is {version!r}, and the namespace says {expected}")
    if text(first_named(manifest.root, "schema")) != "IMS Common Cartridge":
        yield manifest.error("schemaversion", "<schema> must be 'IMS Common Cartridge'")


def _metadata(manifest: Manifest) -> Iterator[Finding]:
    metadata = first_child(manifest.root, "metadata")
    if metadata is None or first_child(metadata, "lom") is None:
        yield manifest.error(
            "missing-lom", "the manifest's metadata has no <lom>", "a cartridge says what it is in LOM"
        )


def _organization(manifest: Manifest) -> Iterator[Finding]:
    found = all_named(manifest.root, "organization")
    if len(found) > 1:
        yield manifest.error("organizations", f"there are {len(found)} organizations; a cartridge has one at most")
    for organization in found[:1]:
        if organization.get("structure") != "rooted-hierarchy":
            yield manifest.error("organizations", 'the organization\'s structure must be "rooted-hierarchy"')
        top = children(organization, "item")
        if len(top) != 1:
            yield manifest.error("root-item", f"the organization has {len(top)} items at its top; it must have one")
        elif title_of(top[0]) or top[0].get("identifierref"):
            yield manifest.error("root-item", "the root item has no title and opens nothing; put items inside it")


def _items(manifest: Manifest) -> Iterator[Finding]:
    banks = {name for name, resource in manifest.resources.items() if _kind(resource) == "bank"}
    for item in manifest.items[1:]:
        name = item.get("identifier", "?")
        if not title_of(item):
            yield manifest.error("missing-title", f"item {name!r} has no title")
        if item.get("identifierref") in banks:
            yield manifest.error("bank-item", f"item {name!r} opens a question bank, which nothing may do (rule 8a)")
        if item.get("identifierref") and children(item, "item"):
            message = f"item {name!r} opens a resource and holds other items, it may do one of the two (rule 8b)"
            yield manifest.error("mixed-item", message)


def _resource_kinds(manifest: Manifest) -> Iterator[Finding]:
    for name, resource in manifest.resources.items():
        if not _kind(resource):
            message = f"resource {name!r} has the type {resource.get('type')!r}, which no cartridge has"
            yield manifest.error("resource-type", message)


def _one_file(manifest: Manifest) -> Iterator[Finding]:
    for name, resource in manifest.resources.items():
        number = _ONE_FILE.get(_kind(resource))
        if number is None:
            continue
        count = len(children(resource, "file"))
        if count != 1:
            yield manifest.error("one-file", f"resource {name!r} has {count} files; it must have one (rule {number})")
        if resource.get("href") is not None:
            yield manifest.error("forbidden-href", f"resource {name!r} must not have an href (rule {number})")


def _one_bank(manifest: Manifest) -> Iterator[Finding]:
    count = sum(_kind(resource) == "bank" for resource in manifest.resources.values())
    if count > 1:
        yield manifest.error("question-banks", f"there are {count} question banks; a cartridge has one (rule 4a)")


def _dependencies(manifest: Manifest) -> Iterator[Finding]:
    for name, resource in manifest.resources.items():
        kind = _kind(resource)
        allowed = frozenset() if kind == "link" else frozenset({"webcontent"}) if kind in _WEB else _WEB
        needs = [dependency.get("identifierref", "") for dependency in children(resource, "dependency")]
        for need in dict.fromkeys(needs):
            target = manifest.resources.get(need)
            if target is not None and (_kind(target) not in allowed or need == name):
                message = f"resource {name!r} may not depend on {need!r} (rules 1 to 7)"
                yield manifest.error("dependency", message)
        if len(set(needs)) < len(needs):
            yield manifest.error("dependency", f"resource {name!r} names a dependency twice (rule 7b)")


def _opened(manifest: Manifest) -> Iterator[Finding]:
    for item in manifest.items:
        resource = manifest.resources.get(item.get("identifierref", ""))
        if resource is not None and _kind(resource) in _WEB and not resource.get("href"):
            name = resource.get("identifier", "?")
            message = f"resource {name!r} is opened by an item but has no href (rules 5g and 6g)"
            yield manifest.error("missing-href", message)


def _question_files(manifest: Manifest) -> Iterator[Finding]:
    for resource in manifest.resources.values():
        if _kind(resource) not in ("assessment", "bank"):
            continue
        for file in children(resource, "file"):
            name = file.get("href", "")
            root = read_xml(manifest.package, name)
            if root is not None:
                yield from check_question_file(root, name)
