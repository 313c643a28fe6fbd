"""Describes a module in the LOM of SCORM 1.2: the names and forms of IMS Learning Resource Metadata 1.2.1."""

from __future__ import annotations

from lxml import etree

from lms_toolkit.lom import description, learning_time, vcard
from lms_toolkit.model import RenderedModule
from lms_toolkit.xml_writing import XML, Writer

IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
_SOURCE = "LOMv1.0"
_NO_LANGUAGE = "x-none"  # of words from a vocabulary
_WRITER = Writer(IMSMD)


def add_lom(parent: etree._Element, module: RenderedModule) -> None:
    """Title, language, description, keywords, version, authors, typical learning time and licence."""
    lom = _WRITER.add(parent, "lom")
    _add_general(lom, module)
    _add_life_cycle(lom, module)
    time = _WRITER.add(_WRITER.add(lom, "educational"), "typicallearningtime")
    _WRITER.add(time, "datetime", learning_time(module.module.hours))
    if module.course.licence:
        rights = _WRITER.add(lom, "rights")
        _add_word(rights, "copyrightandotherrestrictions", "yes")
        _add_text(rights, "description", module.course.licence, module.language)


def _add_general(lom: etree._Element, module: RenderedModule) -> None:
    language = module.language
    general = _WRITER.add(lom, "general")
    _add_text(general, "title", module.title, language)
    _WRITER.add(general, "language", language)
    _add_text(general, "description", description(module), language)
    for keyword in module.course.keywords.get(language, ()):
        _add_text(general, "keyword", keyword, language)


def _add_life_cycle(lom: etree._Element, module: RenderedModule) -> None:
    life_cycle = _WRITER.add(lom, "lifecycle")
    _add_text(life_cycle, "version", module.course.version, module.language)
    for author in module.course.authors:
        contribute = _WRITER.add(life_cycle, "contribute")
        _add_word(contribute, "role", "Author")
        _WRITER.add(_WRITER.add(contribute, "centity"), "vcard", vcard(author))


def _add_word(parent: etree._Element, name: str, value: str) -> None:
    element = _WRITER.add(parent, name)
    _add_text(element, "source", _SOURCE, _NO_LANGUAGE)
    _add_text(element, "value", value, _NO_LANGUAGE)


def _add_text(parent: etree._Element, name: str, text: str, language: str) -> None:
    _WRITER.add(_WRITER.add(parent, name), "langstring", text.strip(), {f"{{{XML}}}lang": language})
