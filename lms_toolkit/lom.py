"""Describes a module in LOM, the learning object metadata of IEEE (1484.12.1 in the binding 1484.12.3).

Title, language, description, keywords, version, authors, typical learning time and licence, as `course.toml` has them.
Formats that bind a part of it to names of their own take what they need from here.
"""

from __future__ import annotations

from fractions import Fraction

from lxml import etree

from lms_toolkit.model import RenderedModule
from lms_toolkit.xml_writing import Writer, document

LOM = "http://ltsc.ieee.org/xsd/LOM"
_SOURCE = "LOMv1.0"


def lom_document(module: RenderedModule) -> bytes:
    """The complete description as a file of its own. Raises ContentError for text that XML cannot hold."""
    root = Writer(LOM).root("lom", {None: LOM})
    _add_parts(root, module)
    return document(root)


def add_lom(parent: etree._Element, module: RenderedModule) -> None:
    """The complete description inside another document."""
    _add_parts(Writer(LOM).add(parent, "lom"), module)


def description(module: RenderedModule) -> str:
    """What learners will be able to do; the course's summary where a module does not say it."""
    objectives = module.module.objectives.get(module.language, ())
    return " ; ".join(objectives) or module.course.summary[module.language]


def learning_time(hours: float) -> str:
    """Hours as an ISO 8601 duration: 1.5 → `PT1H30M`."""
    whole, minutes = divmod(round(Fraction(hours) * 60), 60)
    return "PT" + (f"{whole}H" if whole or not minutes else "") + (f"{minutes}M" if minutes else "")


def vcard(name: str) -> str:
    """The form LOM wants for people (vCard 3.0). Name parts are not ours to guess: the whole name is one."""
    escaped = name
    for character in ("\\", ",", ";"):
        escaped = escaped.replace(character, f"\\{character}")
    return f"BEGIN:VCARD\nVERSION:3.0\nFN:{escaped}\nN:{escaped};;;;\nEND:VCARD"


def add_general(writer: Writer, lom: etree._Element, module: RenderedModule) -> None:
    language = module.language
    general = writer.add(lom, "general")
    _add_text(writer, general, "title", module.title, language)
    writer.add(general, "language", language)
    _add_text(writer, general, "description", description(module), language)
    for keyword in module.course.keywords.get(language, ()):
        _add_text(writer, general, "keyword", keyword, language)


def add_authors(writer: Writer, life_cycle: etree._Element, module: RenderedModule, source: str = _SOURCE) -> None:
    """`source` names the vocabulary of LOM's words; a binding that knows only one leaves it out."""
    for author in module.course.authors:
        contribute = writer.add(life_cycle, "contribute")
        _add_word(writer, contribute, "role", "author", source)
        writer.add(contribute, "entity", vcard(author))


def add_rights(writer: Writer, lom: etree._Element, module: RenderedModule, source: str = _SOURCE) -> None:
    if module.course.licence:
        rights = writer.add(lom, "rights")
        _add_word(writer, rights, "copyrightAndOtherRestrictions", "yes", source)
        _add_text(writer, rights, "description", module.course.licence, module.language)


def _add_parts(lom: etree._Element, module: RenderedModule) -> None:
    writer = Writer(LOM)
    add_general(writer, lom, module)
    life_cycle = writer.add(lom, "lifeCycle")
    _add_text(writer, life_cycle, "version", module.course.version, module.language)
    add_authors(writer, life_cycle, module)
    educational = writer.add(lom, "educational")
    writer.add(writer.add(educational, "typicalLearningTime"), "duration", learning_time(module.module.hours))
    add_rights(writer, lom, module)


def _add_word(writer: Writer, parent: etree._Element, name: str, value: str, source: str) -> None:
    element = writer.add(parent, name)
    if source:
        writer.add(element, "source", source)
    writer.add(element, "value", value)


def _add_text(writer: Writer, parent: etree._Element, name: str, text: str, language: str) -> None:
    writer.add(writer.add(parent, name), "string", text.strip(), {"language": language})
