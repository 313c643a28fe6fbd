"""Reads XML of strangers: no DOCTYPE, so no entities to expand and nothing to fetch."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from xml.parsers import expat

from lxml import etree

from lms_toolkit.errors import PackageError
from lms_toolkit.model import Finding, OpenedPackage


class _Seen(Exception):
    """Stops the scan: what comes first, a DOCTYPE or the root element."""

    def __init__(self, is_doctype: bool) -> None:
        super().__init__()
        self.is_doctype = is_doctype


def read_xml(package: OpenedPackage, name: str) -> etree._Element | None:
    """The root element of a file of a package; None when it is missing, ill-formed or has a DOCTYPE.

    The reason is among the findings of `inspect_package` already.
    """
    data = package.read(name)
    if data is None or has_doctype(data):
        return None
    try:
        return parse_xml(data)
    except PackageError:
        return None


def parse_xml(data: bytes) -> etree._Element:
    """Parse without entities, network or unlimited trees. Raises PackageError with line and column."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise PackageError(f"line {line}, column {column}: {error.msg}") from error


def has_doctype(data: bytes) -> bool:
    """Whether a document type is declared; decided before any entity is looked at."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_: _stop(True)
    parser.StartElementHandler = lambda *_: _stop(False)
    try:
        parser.Parse(data, True)
    except _Seen as seen:
        return seen.is_doctype
    except (expat.ExpatError, LookupError, ValueError):
        return b"<!DOCTYPE" in data or re.search(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y", data) is not None
    return False


def _stop(is_doctype: bool) -> None:
    raise _Seen(is_doctype)


def check_xml(package: OpenedPackage) -> list[Finding]:
    """One finding per XML file that is ill-formed or declares a document type."""
    names = [name for name in package.texts if PurePosixPath(name).suffix.lower() == ".xml"]
    return [finding for name in names if (finding := _check(name, package.texts[name]))]


def _check(name: str, data: bytes) -> Finding | None:
    if has_doctype(data):
        message = "declares a DOCTYPE, which can read files or fill the memory of whoever opens it; it was not opened"
        return Finding("error", "xml-doctype", message, name, hint="remove the DOCTYPE and its entities")
    try:
        parse_xml(data)
    except PackageError as error:
        return Finding("error", "xml-malformed", f"is not well-formed XML: {error}", name)
    return None
