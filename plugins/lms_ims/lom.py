"""Describes a module in IEEE LOM (1484.12.3): what it is called, who made it, who may use it.

Common Cartridge binds a part of LOM to a namespace of its own; what it has no room for is left out there.
"""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from lms_ims.xml_writing import Writer
from lms_toolkit.model import RenderedModule

LOM = "http://ltsc.ieee.org/xsd/LOM"
_SOURCE = "LOMv1.0"


def add_lom(parent: etree._Element, module: RenderedModule) -> None:
    """The complete description, for Content Packaging."""
    writer = Writer(LOM)
    lom = writer.add(parent, "lom")
    _add_general(writer, lom, module)
    life_cycle = writer.add(lom, "lifeCycle")
    _add_text(writer, life_cycle, "version", module.course.version, module.language)
    _add_authors(writer, life_cycle, module, with_source=True)
    educational = writer.add(lom, "educational")
    writer.add(writer.add(educational, "typicalLearningTime"), "duration", learning_time(module.module.hours))
    _add_rights(writer, lom, module, with_source=True)


def add_cartridge_lom(parent: etree._Element, module: RenderedModule, namespace: str) -> None:
    """The part that a cartridge's manifest may hold: no version, no learning time (CC 1.1, manifest profile of LOM)."""
    writer = Writer(namespace)
    lom = writer.add(parent, "lom")
    _add_general(writer, lom, module)
    if module.course.authors:
        _add_authors(writer, writer.add(lom, "lifeCycle"), module, with_source=False)
    kind = writer.add(writer.add(lom, "educational"), "learningResourceType")
    writer.add(kind, "value", "IMS Common Cartridge")
    _add_rights(writer, lom, module, with_source=False)


def learning_time(hours: float) -> str:
    """Hours as an ISO 8601 duration: 1.5 → `PT1H30M`."""
    whole, minutes = divmod(round(Fraction(hours) * 60), 60)
    return "PT" + (f"{whole}H" if whole or not minutes else "") + (f"{minutes}M" if minutes else "")


def _add_general(writer: Writer, lom: etree._Element, module: RenderedModule) -> None:
    language = module.language
    general = writer.add(lom, "general")
    _add_text(writer, general, "title", module.title, language)
    writer.add(general, "language", language)
    objectives = module.module.objectives.get(language, ())
    _add_text(writer, general, "description", " ; ".join(objectives) or module.course.summary[language], language)
    for keyword in module.course.keywords.get(language, ()):
        _add_text(writer, general, "keyword", keyword, language)


def _add_authors(writer: Writer, parent: etree._Element, module: RenderedModule, *, with_source: bool) -> None:
    for author in module.course.authors:
        contribute = writer.add(parent, "contribute")
        _add_word(writer, contribute, "role", "author", with_source)
        writer.add(contribute, "entity", _vcard(author))


def _add_rights(writer: Writer, lom: etree._Element, module: RenderedModule, *, with_source: bool) -> None:
    if module.course.licence:
        rights = writer.add(lom, "rights")
        _add_word(writer, rights, "copyrightAndOtherRestrictions", "yes", with_source)
        _add_text(writer, rights, "description", module.course.licence, module.language)


def _add_word(writer: Writer, parent: etree._Element, name: str, value: str, with_source: bool) -> None:
    """A word of LOM's vocabulary; the cartridge's binding knows only one source and does not name it."""
    element = writer.add(parent, name)
    if with_source:
        writer.add(element, "source", _SOURCE)
    writer.add(element, "value", value)


def _add_text(writer: Writer, parent: etree._Element, name: str, text: str, language: str) -> None:
    writer.add(writer.add(parent, name), "string", text.strip(), {"language": language})


def _vcard(name: str) -> str:
    """The form LOM wants for people (vCard 3.0). Name parts are not ours to guess: the whole name is one."""
    escaped = name
    for character in ("\\", ",", ";"):
        escaped = escaped.replace(character, f"\\{character}")
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{escaped}\nN:{escaped};;;;\nEND:VCARD"
