"""Looks up elements by their local names, whatever prefix somebody's manifest gives them."""

from __future__ import annotations

from typing import Any

from lxml import etree


def local(element: etree._Element) -> str:
    return etree.QName(element).localname


def namespace(element: etree._Element) -> str:
    return str(etree.QName(element).namespace or "")


def all_named(root: etree._Element, name: str) -> list[etree._Element]:
    return [element for element in root.iterdescendants(etree.Element) if local(element) == name]


def first_named(root: etree._Element, name: str) -> etree._Element | None:
    return next(iter(all_named(root, name)), None)


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if local(child) == name]


def first_child(element: etree._Element | None, name: str) -> etree._Element | None:
    return next(iter(children(element, name)), None) if element is not None else None


def text(element: etree._Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""


def line_of(element: etree._Element) -> int:
    """The line an element begins in, from 1; 0 when it is not known."""
    line: Any = element.sourceline  # the stubs have no type for it
    return line or 0
