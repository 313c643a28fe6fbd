"""Describes a module in the part of LOM that a cartridge's manifest may hold (CC 1.1, manifest profile of LOM).

It has no version and no learning time, and its binding names no vocabulary.
"""

from __future__ import annotations

from lxml import etree

from lms_toolkit.lom import add_authors, add_general, add_rights
from lms_toolkit.model import RenderedModule
from lms_toolkit.xml_writing import Writer


def add_cartridge_lom(parent: etree._Element, module: RenderedModule, namespace: str) -> None:
    writer = Writer(namespace)
    lom = writer.add(parent, "lom")
    add_general(writer, lom, module)
    if module.course.authors:
        add_authors(writer, writer.add(lom, "lifeCycle"), module, source="")
    kind = writer.add(writer.add(lom, "educational"), "learningResourceType")
    writer.add(kind, "value", "IMS Common Cartridge")
    add_rights(writer, lom, module, source="")
