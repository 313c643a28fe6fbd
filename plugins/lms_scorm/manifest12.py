"""Writes `imsmanifest.xml` for SCORM 1.2 (CAM 1.2, section 2.3), from the list of files that go in."""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree

from lms_scorm import identifiers
from lms_scorm.manifest_resources import add_resources
from lms_scorm.metadata12 import IMSMD, add_lom
from lms_scorm.stretches import stretches
from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedModule, RenderedPage
from lms_toolkit.xml_writing import XSI, Writer, document

IMSCP = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADLCP = "http://www.adlnet.org/xsd/adlcp_rootv1p2"

_SCHEMA_LOCATION = f"{IMSCP} imscp_rootv1p1p2.xsd {IMSMD} imsmd_rootv1p2p1.xsd {ADLCP} adlcp_rootv1p2.xsd"
_PREFIXES: dict[str | None, str] = {None: IMSCP, "adlcp": ADLCP, "imsmd": IMSMD, "xsi": XSI}
_MAX_TITLE = 200  # titleType in imscp_rootv1p1p2.xsd; Moodle's column holds 255


def write(module: RenderedModule, asset_names: Sequence[str]) -> bytes:
    """The manifest as UTF-8. Raises ContentError for what SCORM 1.2 cannot say."""
    root = Writer(IMSCP).root("manifest", _PREFIXES)
    root.set("identifier", identifiers.manifest_identifier(module))
    root.set("version", "1.2")
    root.set(f"{{{XSI}}}schemaLocation", _SCHEMA_LOCATION)
    _add_metadata(root, module)
    _add_organizations(root, module)
    add_resources(root, module, asset_names, IMSCP, f"{{{ADLCP}}}scormtype")
    return document(root)


def _add_metadata(root: etree._Element, module: RenderedModule) -> None:
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "ADL SCORM")
    _add(metadata, "schemaversion", "1.2")
    add_lom(metadata, module)


def _add_organizations(root: etree._Element, module: RenderedModule) -> None:
    organizations = _add(root, "organizations")
    organizations.set("default", identifiers.ORGANIZATION)
    organization = _add(organizations, "organization")
    organization.set("identifier", identifiers.ORGANIZATION)
    organization.set("structure", "hierarchical")
    _add(organization, "title", _title(module.title))
    top = _add(organization, "item")
    top.set("identifier", identifiers.root_identifier(module))
    top.set("isvisible", "true")
    _add(top, "title", _title(module.title))
    for page in module.pages:
        _add_item(top, page, module)


def _add_item(parent: etree._Element, page: RenderedPage, module: RenderedModule) -> None:
    item = _add(parent, "item")
    item.set("identifier", identifiers.item_identifier(page))
    item.set("identifierref", identifiers.resource_identifier(page))
    item.set("isvisible", "true")
    _add(item, "title", _title(page.title))
    needed = _needed_before(page, module)
    if needed:
        _add(item, "prerequisites", identifiers.item_identifier(needed), namespace=ADLCP).set("type", "aicc_script")
    if page.kind == "quiz":
        _add(item, "masteryscore", f"{module.module.pass_mark_percent:g}", namespace=ADLCP)


def _needed_before(page: RenderedPage, module: RenderedModule) -> RenderedPage | None:
    """In linear navigation a page needs the lesson before it, which needs the one before that (CAM 1.2, 2.3.5).

    One identifier says it all; the schema has room for 200 characters.
    """
    if module.course.navigation == "free":
        return None
    for stretch in stretches(module):
        pages = (*stretch.lessons, *([stretch.quiz] if stretch.quiz else []))
        if page in pages[1:]:
            return pages[pages.index(page) - 1]
    return None


def _add(parent: etree._Element, name: str, text: str | None = None, namespace: str = IMSCP) -> etree._Element:
    return Writer(namespace).add(parent, name, text)


def _title(text: str) -> str:
    if len(text) > _MAX_TITLE:
        raise ContentError(f"the title {text[:40]!r}… has {len(text)} characters; SCORM 1.2 takes {_MAX_TITLE}")
    return text
