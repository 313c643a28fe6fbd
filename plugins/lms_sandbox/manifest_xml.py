"""Parses a manifest into plain nodes with names as written, because Moodle reads packages by their literal prefixes.

expat without namespace processing gives names as written. A document type declaration is refused before anything in it
is expanded, which leaves no room for entity bombs or external entities.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn
from xml.parsers import expat

from lms_sandbox.errors import Refusal

MAX_MANIFEST_BYTES = 5_000_000
MAX_DEPTH = 200


@dataclass(slots=True)
class Node:
    """An element; its name and its attributes' names are in lower case, as Moodle compares them."""

    name: str
    attributes: dict[str, str]
    children: list[Node] = field(default_factory=list)
    text: str = ""

    def all(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def text_of(self, name: str) -> str:
        child = self.first(name)
        return child.text.strip() if child else ""

    def attribute(self, name: str) -> str:
        return self.attributes.get(name, "")


def invalid(why: str) -> NoReturn:
    raise Refusal("manifestinvalid", f"imsmanifest.xml: {why}")


def parse(xml: bytes) -> Node:
    """The root element. Raises Refusal `manifestinvalid` for what is too large, ill-formed or has a document type."""
    if len(xml) > MAX_MANIFEST_BYTES:
        invalid(f"it is larger than {MAX_MANIFEST_BYTES} bytes")
    top = Node("", {})
    open_nodes = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_nodes) > MAX_DEPTH:
            invalid(f"its elements are nested more than {MAX_DEPTH} deep")
        node = Node(name.lower(), {key.lower(): value for key, value in attributes.items()})
        open_nodes[-1].children.append(node)
        open_nodes.append(node)

    def text(data: str) -> None:
        open_nodes[-1].text += data

    def doctype(*parts: object) -> None:
        invalid("it declares a document type, which packages do not need and which is refused")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: open_nodes.pop()
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        invalid(f"it is not well-formed XML ({error})")
    return top.children[0]
