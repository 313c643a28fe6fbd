"""Checks SCORM 1.2 packages against the Content Aggregation Model, and against what Moodle makes of them."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from lms_scorm.manifest12 import ADLCP, IMSCP
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem, Severity

MANIFEST = "imsmanifest.xml"
_SPEC = "SCORM 1.2 CAM 2.3"  # Content Packaging
_MOODLE = "Moodle mod_scorm"
_NCNAME = re.compile(r"[^\W\d][\w.-]*")
_MAX_COLUMN = 255  # identifier and title in Moodle's scorm_scoes
_CONTROL = frozenset({".xsd", ".dtd"})
_OTHER_VERSIONS = ("2004", "CAM 1.3", "1.3")


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and launchable items of a SCORM 1.2 package; None for anything else."""
    root = read_xml(package, MANIFEST)
    if root is None or not _is_ours(root):
        return None
    organization = _default_organization(root)
    if organization is None:
        return "", ()
    items = [item for item in _all(organization, "item") if item.get("identifierref")]
    return _title(organization), tuple(PackageItem(item.get("identifier", ""), _title(item)) for item in items)


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a SCORM 1.2 package; nothing for packages of other formats."""
    if MANIFEST not in package.files:
        return list(_misplaced_manifest(package))
    root = read_xml(package, MANIFEST)
    if root is None or not _is_scorm(root):
        return []
    if _local(root) != "manifest":
        return [_error("manifest-root", f"the root element is <{_local(root)}>, not <manifest>")]
    if not _is_ours(root):
        return []
    rules = (_version, _prefixes, _identifiers, _organizations, _items, _dangling, _resources)
    findings = [finding for rule in rules for finding in rule(root)]
    return [*findings, *_missing_files(root, package), *_unlisted_files(root, package)]


def _misplaced_manifest(package: OpenedPackage) -> Iterator[Finding]:
    nested = [name for name in package.files if PurePosixPath(name).name.lower() == MANIFEST]
    if nested:
        hint = "zip the content of the folder, not the folder"
        message = f"{MANIFEST} must be at the top of the zip, and in this spelling"
        yield Finding("error", "missing-manifest", message, nested[0], hint=hint, source=_SPEC)


def _is_scorm(root: etree._Element) -> bool:
    """Not one of the other formats that also keep an imsmanifest.xml."""
    namespaces = " ".join(str(uri) for uri in root.nsmap.values())
    return "imscc" not in namespaces and "imsglobal.org/xsd/imscp_v1p1" not in namespaces


def _is_ours(root: etree._Element) -> bool:
    version = _text(_first(root, "schemaversion"))
    schema = _text(_first(root, "schema"))
    return _is_scorm(root) and not version.startswith(_OTHER_VERSIONS) and schema != "IMS Content"


def _version(root: etree._Element) -> Iterator[Finding]:
    version = _text(_first(root, "schemaversion"))
    if version != "1.2":
        found = f"is {version!r}" if version else "is missing"
        yield _error("schemaversion", f"<schemaversion> {found}; SCORM 1.2 says 1.2")
    if _text(_first(root, "schema")) != "ADL SCORM":
        yield _error("schemaversion", "<schema> must be 'ADL SCORM'", severity="warning")
    if etree.QName(root).namespace != IMSCP:
        yield _error("namespace", f"the manifest's namespace is not {IMSCP}", severity="warning")


def _prefixes(root: etree._Element) -> Iterator[Finding]:
    """Moodle matches `adlcp:` and unprefixed IMS names as text; the XML may be right and the mark lost."""
    wrong: set[str] = set()
    for element in root.iter(etree.Element):
        prefixes = {prefix for prefix, uri in element.nsmap.items() if uri == ADLCP} - {"adlcp"}
        is_adl = etree.QName(element).namespace == ADLCP or any(ADLCP in str(name) for name in element.attrib)
        if is_adl and prefixes and "adlcp" not in element.nsmap:
            wrong.update(str(prefix) for prefix in prefixes)
        if etree.QName(element).namespace == IMSCP and element.prefix:
            wrong.add(str(element.prefix))
    for prefix in sorted(wrong):
        message = f"the prefix {prefix!r} is not the one Moodle looks for; items become assets and marks are lost"
        yield _error("prefix", message, "write adlcp: for ADL names and no prefix for IMS names", _MOODLE)


def _identifiers(root: etree._Element) -> Iterator[Finding]:
    identified = [element for element in root.iter(etree.Element) if "identifier" in element.attrib]
    for identifier, count in Counter(element.get("identifier", "") for element in identified).items():
        if count > 1:
            yield _error("duplicate-identifier", f"{count} elements have the identifier {identifier!r}")
        if len(identifier) > _MAX_COLUMN:
            message = f"the identifier {identifier[:40]!r}… is longer than {_MAX_COLUMN} characters"
            yield _error("identifier-length", message, source=_MOODLE)
        elif not _NCNAME.fullmatch(identifier):
            yield _error("identifier-form", f"{identifier!r} is not an XML name", "start with a letter, no spaces")


def _organizations(root: etree._Element) -> Iterator[Finding]:
    holder = _first(root, "organizations")
    if holder is None or not _children(holder, "organization"):
        yield _error("missing-organization", "there is no <organization>: platforms show nothing to open")
        return
    default = holder.get("default")
    identifiers = [organization.get("identifier") for organization in _children(holder, "organization")]
    if default is None:
        message = "<organizations> names no default organization"
        yield _error("default-organization", message, f'write default="{identifiers[0]}"', severity="warning")
    elif default not in identifiers:
        message = f"the default organization {default!r} does not exist"
        yield _error("default-organization", message, f"there is: {', '.join(map(str, identifiers))}", _SPEC)


def _items(root: etree._Element) -> Iterator[Finding]:
    organization = _default_organization(root)
    if organization is None:
        return
    top = _children(organization, "item")
    if not top:
        yield _error("missing-item", "the organization has no <item>")
    if len(top) > 1 or (top and top[0].get("identifierref") and len(_all(organization, "item")) > 1):
        message = "the items are not inside one root item that opens nothing; Moodle's previous and next buttons break"
        yield _error(
            "root-item", message, "put one <item> without identifierref around them", _MOODLE, severity="warning"
        )
    for item in _all(organization, "item"):
        yield from _item(item)


def _item(item: etree._Element) -> Iterator[Finding]:
    name = item.get("identifier", "?")
    title = _first_child(item, "title")
    if title is None or not _text(title):
        yield _error("missing-title", f"item {name!r} has no title", severity="warning")
    elif len(_text(title)) > _MAX_COLUMN:
        yield _error(
            "title-length", f"the title of item {name!r} is longer than {_MAX_COLUMN} characters", source=_MOODLE
        )
    score = _first_child(item, "masteryscore")
    if score is not None and not _is_percent(_text(score)):
        message = f"the mastery score of item {name!r} is {_text(score)!r}; it must be a number from 0 to 100"
        yield _error("masteryscore", message)


def _is_percent(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d+)?", text) is not None and float(text) <= 100


def _dangling(root: etree._Element) -> Iterator[Finding]:
    resources = {resource.get("identifier") for resource in _all(root, "resource")}
    submanifests = {manifest.get("identifier") for manifest in _all(root, "manifest")}
    for element in [*_all(root, "item"), *_all(root, "dependency")]:
        reference = element.get("identifierref")
        if reference and reference not in resources | submanifests:
            where = f"item {element.get('identifier', '?')!r}" if _local(element) == "item" else "a dependency"
            yield _error("dangling-reference", f"{where} names the resource {reference!r}, which does not exist")


def _resources(root: etree._Element) -> Iterator[Finding]:
    launched = {item.get("identifierref") for item in _all(root, "item")}
    for resource in _all(root, "resource"):
        yield from _resource(resource, resource.get("identifier") in launched)


def _resource(resource: etree._Element, is_launched: bool) -> Iterator[Finding]:
    name = resource.get("identifier", "?")
    kind = resource.get(f"{{{ADLCP}}}scormtype")
    href = resource.get("href")
    if kind not in ("sco", "asset"):
        message = f"resource {name!r} has no adlcp:scormtype of sco or asset"
        yield _error("scormtype", message, severity="error" if is_launched else "warning")
    if is_launched and not href:
        yield _error("missing-href", f"resource {name!r} is opened by an item but has no href")
    if href and _is_file(href) and href not in [file.get("href") for file in _children(resource, "file")]:
        message = f"resource {name!r} does not list its own href {href!r} as a <file>"
        yield _error("href-not-listed", message, severity="warning")


def _missing_files(root: etree._Element, package: OpenedPackage) -> Iterator[Finding]:
    for href in dict.fromkeys(_hrefs(root)):
        if _is_unsafe(href):
            yield _error("unsafe-href", f"{href!r} leads out of the package", "use a path inside it")
        elif _is_file(href) and _target(href) not in package.files:
            message = "the manifest lists this file, and it is not in the zip"
            yield Finding("error", "missing-file", message, _target(href), hint="add it", source=_SPEC)


def _unlisted_files(root: etree._Element, package: OpenedPackage) -> Iterator[Finding]:
    listed = {_target(href) for href in _hrefs(root) if not _is_unsafe(href)}
    for name in package.files:
        is_control = "/" not in name and PurePosixPath(name).suffix.lower() in _CONTROL
        if name not in listed and name != MANIFEST and not is_control:
            message = "is in the zip but in no resource of the manifest; a platform may leave it out"
            yield Finding("warning", "unlisted-file", message, name, hint="list it as a <file>", source=_SPEC)


def _hrefs(root: etree._Element) -> list[str]:
    """Every href of resources and files, with the xml:base around it."""
    found = []
    for resource in _all(root, "resource"):
        for element in (resource, *_children(resource, "file")):
            if element.get("href"):
                found.append(_based(resource, element.get("href", "")))
    return found


def _based(resource: etree._Element, href: str) -> str:
    base = ""
    for element in (*reversed(list(resource.iterancestors())), resource):
        base += element.get("{http://www.w3.org/XML/1998/namespace}base", "")
    return base + href


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


def _default_organization(root: etree._Element) -> etree._Element | None:
    holder = _first(root, "organizations")
    found = _children(holder, "organization") if holder is not None else []
    default = holder.get("default") if holder is not None else None
    return next((element for element in found if element.get("identifier") == default), found[0] if found else None)


def _error(rule: str, message: str, hint: str = "", source: str = _SPEC, severity: Severity = "error") -> Finding:
    return Finding(severity, rule, message, MANIFEST, hint=hint, source=source)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iterdescendants(etree.Element) if _local(element) == name]


def _first(root: etree._Element, name: str) -> etree._Element | None:
    return next(iter(_all(root, name)), None)


def _children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if _local(child) == name]


def _first_child(element: etree._Element, name: str) -> etree._Element | None:
    return next(iter(_children(element, name)), None)


def _text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def _title(element: etree._Element) -> str:
    return _text(_first_child(element, "title"))
