"""Writes `imsmanifest.xml` for SCORM 2004 (CAM 1.3, sections 3.4 and 5.1), from the list of files that go in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from lms_scorm import identifiers, sequencing2004
from lms_scorm.manifest_resources import add_resources
from lms_scorm.namespaces2004 import ADLCP, ADLNAV, ADLSEQ, IMSCP, IMSSS
from lms_scorm.stretches import Stretch, stretches
from lms_toolkit.errors import ContentError
from lms_toolkit.model import RenderedModule, RenderedPage
from lms_toolkit.xml_writing import XSI, Writer, document

_SCHEMA_LOCATION = (
    f"{IMSCP} imscp_v1p1.xsd {ADLCP} adlcp_v1p3.xsd {ADLSEQ} adlseq_v1p3.xsd"
    f" {ADLNAV} adlnav_v1p3.xsd {IMSSS} imsss_v1p0.xsd"
)
_PREFIXES: dict[str | None, str] = {
    None: IMSCP,
    "adlcp": ADLCP,
    "adlseq": ADLSEQ,
    "adlnav": ADLNAV,
    "imsss": IMSSS,
    "xsi": XSI,
}
METADATA = "metadata.xml"
"""The file of the package that describes it in LOM."""
_MAX_TITLE = 200  # the SPM of <title>; Moodle's column holds 255


@dataclass(frozen=True, slots=True)
class Edition:
    """What the 3rd and the 4th edition write differently: the version, and where a completion threshold stands."""

    schemaversion: str
    threshold: Literal["text", "attributes"]


THIRD = Edition("2004 3rd Edition", "text")
FOURTH = Edition("2004 4th Edition", "attributes")


def write(module: RenderedModule, asset_names: Sequence[str], edition: Edition) -> bytes:
    """The manifest as UTF-8. Raises ContentError for what SCORM 2004 cannot say.

    The package's LOM is the file `METADATA` (CAM 1.3, 4.5.2): inside the manifest it would need schemas that have no
    source to install them from.
    """
    root = Writer(IMSCP).root("manifest", _PREFIXES)
    root.set("identifier", identifiers.manifest_identifier(module))
    root.set("version", module.course.version)
    root.set(f"{{{XSI}}}schemaLocation", _SCHEMA_LOCATION)
    metadata = _add(root, "metadata")
    _add(metadata, "schema", "ADL SCORM")
    _add(metadata, "schemaversion", edition.schemaversion)
    _add(metadata, "location", METADATA, namespace=ADLCP)
    _add_organizations(root, module, edition)
    add_resources(root, module, asset_names, IMSCP, f"{{{ADLCP}}}scormType", METADATA)
    return document(root)


def _add_organizations(root: etree._Element, module: RenderedModule, edition: Edition) -> None:
    organizations = _add(root, "organizations")
    organizations.set("default", identifiers.ORGANIZATION)
    organization = _add(organizations, "organization")
    organization.set("identifier", identifiers.ORGANIZATION)
    organization.set("structure", "hierarchical")
    # what a learner did here concerns no other package on the platform
    organization.set(f"{{{ADLSEQ}}}objectivesGlobalToSystem", "false")
    _add(organization, "title", _title(module.title))
    top = _add_group(organization, identifiers.root_identifier(module), module.title)
    has_quiz = any(page.kind == "quiz" for page in module.pages)
    for stretch in stretches(module):
        _add_stretch(top, stretch, module, edition, has_quiz)
    sequencing2004.add_group(top, module.course.navigation)
    sequencing2004.add_group(organization, module.course.navigation)


def _add_stretch(
    top: etree._Element, stretch: Stretch, module: RenderedModule, edition: Edition, has_quiz: bool
) -> None:
    gate = sequencing2004.gate_of(module, stretch.quiz) if stretch.quiz and stretch.is_gated else ""
    holder = top
    if gate and stretch.quiz:
        name = identifiers.ncname(f"before-{identifiers.item_identifier(stretch.quiz)}")
        holder = _add_group(top, name, stretch.quiz.group or module.title)
    for page in stretch.lessons:
        item = _add_item(holder, page, edition)
        # in the gated group every lesson must count, or its objective would never be satisfied (SN RB.1.4.2)
        sequencing2004.add_lesson(item, is_beside_quiz=has_quiz and not gate)
    if gate:
        sequencing2004.add_lessons_group(holder, gate)
    if stretch.quiz:
        sequencing2004.add_quiz(_add_item(top, stretch.quiz, edition), module, gate)


def _add_group(parent: etree._Element, identifier: str, title: str) -> etree._Element:
    group = _add(parent, "item")
    group.set("identifier", identifier)
    _add(group, "title", _title(title))
    return group


def _add_item(parent: etree._Element, page: RenderedPage, edition: Edition) -> etree._Element:
    """An item without its sequencing, which comes last (CAM 1.3, 5.1.1)."""
    item = _add(parent, "item")
    item.set("identifier", identifiers.item_identifier(page))
    item.set("identifierref", identifiers.resource_identifier(page))
    _add(item, "title", _title(page.title))
    _add_completion_threshold(item, edition)
    return item


def _add_completion_threshold(item: etree._Element, edition: Edition) -> None:
    """All of a page: the run time reports a progress of 0 or 1."""
    if edition.threshold == "text":
        _add(item, "completionThreshold", "1.0", namespace=ADLCP)
        return
    threshold = _add(item, "completionThreshold", namespace=ADLCP)
    threshold.set("completedByMeasure", "true")
    threshold.set("minProgressMeasure", "1.0")
    threshold.set("progressWeight", "1.0")


def _add(parent: etree._Element, name: str, text: str | None = None, namespace: str = IMSCP) -> etree._Element:
    return Writer(namespace).add(parent, name, text)


def _title(text: str) -> str:
    if len(text) > _MAX_TITLE:
        raise ContentError(f"the title {text[:40]!r}… has {len(text)} characters; SCORM 2004 promises {_MAX_TITLE}")
    return text
