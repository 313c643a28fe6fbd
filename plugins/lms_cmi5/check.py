"""Checks cmi5 packages against the course structure's rules (cmi5 sections 13 and 14)."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from lxml import etree

from lms_cmi5.structure import FILE, NAMESPACE
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem, Severity

_STRUCTURE = "cmi5 13.1"
_PACKAGE = "cmi5 14.1"
_MOVE_ON = ("NotApplicable", "Passed", "Completed", "CompletedAndPassed", "CompletedOrPassed")
_LAUNCH_METHODS = ("AnyWindow", "OwnWindow")
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_LAUNCH_PARAMETERS = frozenset({"endpoint", "fetch", "actor", "registration", "activityId"})


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and assignable units of a cmi5 package; None for anything else."""
    root = read_xml(package, FILE)
    if root is None or _local(root) != "courseStructure":
        return None
    course = _child(root, "course")
    title = _text_of(course, "title") if course is not None else ""
    return title, tuple(PackageItem(unit.get("id", "").strip(), _text_of(unit, "title")) for unit in _units(root))


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a cmi5 package; nothing for packages of other formats."""
    if FILE not in package.files:
        return list(_misplaced_structure(package))
    root = read_xml(package, FILE)
    if root is None:
        return []
    if _local(root) != "courseStructure":
        return [_fault("structure-root", f"the root element is <{_local(root)}>, not <courseStructure>")]
    findings = [finding for rule in (_namespace, _course, _identifiers, _objectives) for finding in rule(root)]
    findings += [finding for unit in _units(root) for finding in _unit(unit, package)]
    return findings if _units(root) else [*findings, _fault("missing-au", "there is no <au>: nothing can be opened")]


def _misplaced_structure(package: OpenedPackage) -> Iterator[Finding]:
    nested = [name for name in package.files if PurePosixPath(name).name.lower() == FILE]
    if nested and "imsmanifest.xml" not in package.files:
        message = f"{FILE} must be at the top of the zip, and in this spelling"
        hint = "zip the content of the folder, not the folder"
        yield Finding("error", "missing-structure", message, nested[0], hint=hint, source=_PACKAGE)


def _namespace(root: etree._Element) -> Iterator[Finding]:
    if etree.QName(root).namespace != NAMESPACE:
        yield _fault("namespace", f"the structure's namespace is not {NAMESPACE}")


def _course(root: etree._Element) -> Iterator[Finding]:
    course = _child(root, "course")
    if course is None:
        yield _fault("missing-course", "there is no <course> with the title of the whole")
        return
    for element in (course, *_all(root, "block"), *_units(root)):
        yield from _texts(element)


def _texts(element: etree._Element) -> Iterator[Finding]:
    for name in ("title", "description"):
        if not _text_of(element, name):
            yield _fault(f"missing-{name}", f"{_named(element)} has no {name}")


def _identifiers(root: etree._Element) -> Iterator[Finding]:
    elements = [*_all(root, "course"), *_all(root, "block"), *_units(root)]
    found = [element.get("id", "").strip() for element in elements]
    for identifier, count in Counter(found).items():
        if not _IRI.fullmatch(identifier):
            hint = "write an address with its scheme, such as https://example.org/course or urn:example:course"
            yield _fault("identifier-form", f"the id {identifier!r} is not an IRI", hint)
        elif count > 1:
            yield _fault("duplicate-identifier", f"{count} elements have the id {identifier!r}")


def _objectives(root: etree._Element) -> Iterator[Finding]:
    known = {objective.get("id") for objective in _all(root, "objective")} - {None}
    for objective in _all(root, "objective"):
        reference = objective.get("idref")
        if reference and reference not in known:
            yield _fault("dangling-reference", f"the objective {reference!r} is named and not described")


def _unit(unit: etree._Element, package: OpenedPackage) -> Iterator[Finding]:
    yield from _vocabulary(unit, "moveOn", _MOVE_ON)
    yield from _vocabulary(unit, "launchMethod", _LAUNCH_METHODS)
    yield from _mastery_score(unit)
    yield from _url(unit, package)


def _vocabulary(unit: etree._Element, name: str, values: tuple[str, ...]) -> Iterator[Finding]:
    value = unit.get(name)
    if value is not None and value.strip() not in values:
        yield _fault("vocabulary", f"{_named(unit)} has {name}={value!r}", f"choose one of {', '.join(values)}")


def _mastery_score(unit: etree._Element) -> Iterator[Finding]:
    score = unit.get("masteryScore")
    if score is not None and not _is_share(score.strip()):
        message = f"{_named(unit)} has the mastery score {score!r}; it must be a number from 0 to 1, such as 0.7"
        yield _fault("mastery-score", message)
    if score is None and "Passed" in unit.get("moveOn", ""):
        message = f"{_named(unit)} must be passed to move on, and says no mastery score"
        yield _fault("mastery-score", message, "the content alone decides what a pass is", severity="info")


def _is_share(text: str) -> bool:
    return re.fullmatch(r"\d*\.?\d+", text) is not None and float(text) <= 1


def _url(unit: etree._Element, package: OpenedPackage) -> Iterator[Finding]:
    element = _child(unit, "url")
    url = (element.text or "").strip() if element is not None else ""
    if not url:
        yield _fault("missing-url", f"{_named(unit)} has no url")
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        yield _fault("url-form", f"{_named(unit)} has the url {url!r}, which is not an address")
        return
    taken = sorted(_LAUNCH_PARAMETERS & {part.partition("=")[0] for part in parts.query.split("&")})
    if taken:
        yield _fault("url-parameters", f"the url of {_named(unit)} has {taken[0]}, which the LMS adds at launch")
    if not parts.scheme and not parts.netloc:
        yield from _target(unit, unquote(parts.path), package)


def _target(unit: etree._Element, path: str, package: OpenedPackage) -> Iterator[Finding]:
    if path.startswith("/") or "\\" in path or ".." in PurePosixPath(path).parts:
        yield _fault("unsafe-href", f"the url {path!r} leads out of the package", "use a path inside it")
    elif posixpath.normpath(path) not in package.files:
        message = f"{_named(unit)} opens this file, and it is not in the zip"
        yield Finding("error", "missing-file", message, path, hint="add it", source=_PACKAGE)


def _fault(rule: str, message: str, hint: str = "", severity: Severity = "error") -> Finding:
    return Finding(severity, rule, message, FILE, hint=hint, source=_STRUCTURE)


def _named(element: etree._Element) -> str:
    return f"<{_local(element)}> {element.get('id', '').strip()!r}"


def _units(root: etree._Element) -> list[etree._Element]:
    return _all(root, "au")


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iterdescendants(etree.Element) if _local(element) == name]


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element.iterchildren(etree.Element) if _local(child) == name), None)


def _text_of(element: etree._Element, name: str) -> str:
    """The first text of a `langstring` list, which may be empty."""
    holder = _child(element, name)
    langstring = _child(holder, "langstring") if holder is not None else None
    return (langstring.text or "").strip() if langstring is not None else ""


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
