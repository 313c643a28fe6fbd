"""Writes the XML of manifests, whatever their vocabulary."""

from __future__ import annotations

from lxml import etree

from lms_toolkit.errors import ContentError

XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"


def new_root(name: str, prefixes: dict[str | None, str]) -> etree._Element:
    """The root element. Moodle's parser matches prefixes as text, so they are part of a format."""
    return etree.Element(qname(prefixes[None], name), nsmap=prefixes)  # type: ignore[arg-type]  # None is the default namespace; the stubs lack it


def add(parent: etree._Element, namespace: str, name: str, text: str | None = None) -> etree._Element:
    """A new last child. Raises ContentError for text that XML cannot hold."""
    element = etree.SubElement(parent, qname(namespace, name))
    try:
        element.text = text
    except ValueError as error:
        raise ContentError(f"{text!r} has a control character that XML cannot hold; remove it") from error
    return element


def to_bytes(root: etree._Element) -> bytes:
    """UTF-8 without character references: Moodle shows `&#233;` as it stands."""
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def qname(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
