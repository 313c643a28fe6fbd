"""Writes `imsmanifest.xml` for SCORM 1.2 (CAM 1.2, section 2.3), from the list of files that go in.

Identifiers come from slugs alone: Moodle keys learners' records on them, so they must outlive every new title or order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from lxml import etree

from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedModule, RenderedPage

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
IMSMD = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"

_SCHEMA_LOCATION = f"{IMSCP} imscp_rootv1p1p2.xsd {IMSMD} imsmd_rootv1p2p1.xsd {ADLCP} adlcp_rootv1p2.xsd"
# Moodle's parser matches these prefixes as text, so they are part of the format
_PREFIXES = {None: IMSCP, "adlcp": ADLCP, "imsmd": IMSMD, "xsi": XSI}
_SHARED = "resource-shared"
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9._-]{0,254}")
_MAX_TITLE = 200  # titleType in imscp_rootv1p1p2.xsd; Moodle's column holds 255


def page_name(page: RenderedPage) -> str:
    """The file a page is in: `lesson-<slug>.html`, `quiz.html`."""
    return f"{item_identifier(page)}.html"


def item_identifier(page: RenderedPage) -> str:
    """The identifier that learners' records hang on: `lesson-<slug>`, `quiz`."""
    return _ncname("quiz" if page.kind == "quiz" else f"lesson-{page.slug}")


def write(module: RenderedModule, asset_names: Sequence[str]) -> bytes:
    """The manifest as UTF-8. Raises ContentError for what SCORM 1.2 cannot say."""
    root = etree.Element(_q(IMSCP, "manifest"), nsmap=_PREFIXES)  # type: ignore[arg-type]  # None is the default namespace; the stubs lack it
    root.set("identifier", _ncname(f"manifest-{module.course.id}-{module.module.slug}-{module.language}"))
    root.set("version", "1.2")
    root.set(_q(XSI, "schemaLocation"), _SCHEMA_LOCATION)
    _add_metadata(root, module)
    _add_organizations(root, module)
    _add_resources(root, module, asset_names)
    etree.indent(root, "  ")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add_metadata(root: etree._Element, module: RenderedModule) -> None:
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "ADL SCORM")
    _add(metadata, "schemaversion", "1.2")
    general = _add(_add(metadata, "lom", namespace=IMSMD), "general", namespace=IMSMD)
    language = module.language
    _add_langstring(general, "title", module.title, language)
    _add(general, "language", language, namespace=IMSMD)
    objectives = module.module.objectives.get(language, ())
    _add_langstring(general, "description", " ; ".join(objectives) or module.course.summary[language], language)
    for keyword in module.course.keywords.get(language, ()):
        _add_langstring(general, "keyword", keyword, language)


def _add_organizations(root: etree._Element, module: RenderedModule) -> None:
    organizations = _add(root, "organizations")
    organizations.set("default", "organization")
    organization = _add(organizations, "organization")
    organization.set("identifier", "organization")
    organization.set("structure", "hierarchical")
    _add(organization, "title", _title(module.title))
    # one item that cannot be launched around all others: without it Moodle's previous and next break
    top = _add(organization, "item")
    top.set("identifier", _ncname(f"module-{module.module.slug}"))
    top.set("isvisible", "true")
    _add(top, "title", _title(module.title))
    for page in module.pages:
        _add_item(top, page, module)


def _add_item(parent: etree._Element, page: RenderedPage, module: RenderedModule) -> None:
    item = _add(parent, "item")
    item.set("identifier", item_identifier(page))
    item.set("identifierref", _resource_identifier(page))
    item.set("isvisible", "true")
    _add(item, "title", _title(page.title))
    if page.kind == "quiz":
        _add(item, "masteryscore", f"{module.module.pass_mark_percent:g}", namespace=ADLCP)


def _add_resources(root: etree._Element, module: RenderedModule, asset_names: Sequence[str]) -> None:
    resources = _add(root, "resources")
    uses = Counter(link for page in module.pages for link in page.links)
    for page in module.pages:
        own = [page_name(page), *sorted(link for link in page.links if uses[link] == 1)]
        resource = _add_resource(resources, _resource_identifier(page), "sco", own)
        resource.set("href", page_name(page))
        _add(resource, "dependency").set("identifierref", _SHARED)
    shared = [*asset_names, *(link for link, count in uses.items() if count > 1)]
    _add_resource(resources, _SHARED, "asset", sorted(shared))


def _add_resource(parent: etree._Element, identifier: str, kind: str, names: Iterable[str]) -> etree._Element:
    resource = _add(parent, "resource")
    resource.set("identifier", identifier)
    resource.set("type", "webcontent")
    resource.set(_q(ADLCP, "scormtype"), kind)
    for name in names:
        _add(resource, "file").set("href", name)
    return resource


def _resource_identifier(page: RenderedPage) -> str:
    return _ncname(f"resource-{item_identifier(page)}")


def _add(parent: etree._Element, name: str, text: str | None = None, namespace: str = IMSCP) -> etree._Element:
    element = etree.SubElement(parent, _q(namespace, name))
    try:
        element.text = text
    except ValueError as error:
        raise ContentError(f"{text!r} has a control character that XML cannot hold; remove it") from error
    return element


def _add_langstring(parent: etree._Element, name: str, text: str, language: str) -> None:
    langstring = _add(_add(parent, name, namespace=IMSMD), "langstring", text, namespace=IMSMD)
    langstring.set(_q(XML, "lang"), language)


def _title(text: str) -> str:
    if len(text) > _MAX_TITLE:
        raise ContentError(f"the title {text[:40]!r}… has {len(text)} characters; SCORM 1.2 takes {_MAX_TITLE}")
    return text


def _ncname(identifier: str) -> str:
    if not _NCNAME.fullmatch(identifier):
        raise ContentError(f"{identifier!r} cannot be an identifier in a manifest; use a slug of letters, digits and -")
    return identifier


def _q(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}"
