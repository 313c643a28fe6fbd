"""Writes `cmi5.xml`, the course structure (cmi5 section 13): one course with one assignable unit.

Identifiers come from slugs alone: an LRS keys learners' records on them, so they must outlive every new title or order.
"""

from __future__ import annotations

from urllib.parse import quote

from lxml import etree

from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedModule

FILE = "cmi5.xml"
START = "index.html"
NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
_ACTIVITY_TYPE = "http://adlnet.gov/expapi/activities/module"


def course_id(module: RenderedModule) -> str:
    """The IRI of the structure, with the language in it: one LMS may hold a module in several."""
    slugs = (module.course.id, module.module.slug, module.language)
    return "urn:lms-toolkit:" + ":".join(quote(slug, safe="") for slug in slugs)


def unit_id(module: RenderedModule) -> str:
    """The IRI of the assignable unit, which must be another one than the course's."""
    return f"{course_id(module)}:unit"


def question_id(module: RenderedModule, question: str) -> str:
    """The IRI of a question, the same in every LMS."""
    return f"{course_id(module)}:question:{quote(question, safe='')}"


def has_quiz(module: RenderedModule) -> bool:
    return any(page.kind == "quiz" for page in module.pages)


def write(module: RenderedModule) -> bytes:
    """The course structure as UTF-8. Raises ContentError for text that XML cannot hold."""
    root = etree.Element(_q("courseStructure"), nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # None is the default namespace; the stubs lack it
    course = _add(root, "course")
    course.set("id", course_id(module))
    _add_texts(course, module)
    unit = _add(root, "au")
    unit.set("id", unit_id(module))
    unit.set("moveOn", "CompletedAndPassed" if has_quiz(module) else "Completed")
    if has_quiz(module):
        unit.set("masteryScore", f"{module.module.pass_mark_percent / 100:.4f}".rstrip("0").rstrip("."))
    unit.set("launchMethod", "AnyWindow")
    unit.set("activityType", _ACTIVITY_TYPE)
    _add_texts(unit, module)
    _add(unit, "url", START)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_texts(parent: etree._Element, module: RenderedModule) -> None:
    objectives = module.module.objectives.get(module.language, ())
    description = " ; ".join(objectives) or module.course.summary[module.language]
    for name, text in (("title", module.title), ("description", description)):
        langstring = _add(_add(parent, name), "langstring", text)
        langstring.set("lang", module.language)


def _add(parent: etree._Element, name: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, _q(name))
    try:
        element.text = text
    except ValueError as error:
        raise ContentError(f"{text!r} has a control character that XML cannot hold; remove it") from error
    return element


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
