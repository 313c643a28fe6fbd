"""Writes XML that says what is wrong in one line when a text cannot be said in XML."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from lxml import etree

from lms_toolkit.errors import ContentError

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,254}")
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Writer:
    """Makes elements of one namespace, or of none when it is empty. Raises ContentError for control characters."""

    def __init__(self, namespace: str = "") -> None:
        self._prefix = f"{{{namespace}}}" if namespace else ""

    def root(self, name: str, prefixes: Mapping[str | None, str] | None = None) -> etree._Element:
        return etree.Element(f"{self._prefix}{name}", nsmap=dict(prefixes or {}))  # type: ignore[arg-type]  # None is the default namespace; the stubs lack it

    def add(
        self,
        parent: etree._Element,
        name: str,
        text: str | None = None,
        attributes: Mapping[str, str] = _NOTHING,
    ) -> etree._Element:
        element = etree.SubElement(parent, f"{self._prefix}{name}")
        try:
            for key, value in attributes.items():
                element.set(key, value)
            element.text = text
        except ValueError as error:
            value = text or " ".join(attributes.values())
            message = f"{value[:80]!r} has a character that XML cannot hold; remove control characters from it"
            raise ContentError(message) from error
        return element


def document(root: etree._Element) -> bytes:
    """The whole file, indented, in UTF-8 without numeric references: Moodle shows those as they are written."""
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def ncname(identifier: str) -> str:
    """The identifier itself, once it is known to be one (XML 1.0, NCName; our slugs are ASCII)."""
    if not _NCNAME.fullmatch(identifier):
        raise ContentError(f"{identifier!r} cannot be an identifier in a manifest; use a slug of letters, digits and -")
    return identifier
