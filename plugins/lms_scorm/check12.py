"""Checks SCORM 1.2 packages against the Content Aggregation Model, and against what Moodle makes of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from lms_scorm import shared_rules
from lms_scorm.manifest12 import ADLCP, IMSCP
from lms_scorm.manifest_reading import MANIFEST, contents, descendants, first, local, namespace, text
from lms_scorm.shared_rules import Dialect
from lms_toolkit.inspecting import read_xml
from lms_toolkit.model import Finding, OpenedPackage, PackageItem

_DIALECT = Dialect("SCORM 1.2 CAM 2.3", IMSCP, ADLCP, {ADLCP: "adlcp"}, "scormtype")
_OTHER_VERSIONS = ("2004", "CAM 1.3", "1.3")


def describe(package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
    """Title and launchable items of a SCORM 1.2 package; None for anything else."""
    root = read_xml(package, MANIFEST)
    return contents(root) if root is not None and _is_ours(root) else None


def check(package: OpenedPackage) -> list[Finding]:
    """Everything that is wrong with a SCORM 1.2 package; nothing for packages of other formats."""
    root = read_xml(package, MANIFEST)
    if root is None or not _is_scorm(root):
        return []
    if local(root) != "manifest":
        return [_DIALECT.finding("manifest-root", f"the root element is <{local(root)}>, not <manifest>")]
    if not _is_ours(root):
        return []
    return [*_version(root), *_mastery_scores(root), *shared_rules.check(root, package, _DIALECT)]


def _is_scorm(root: etree._Element) -> bool:
    """Not one of the other formats that also keep an imsmanifest.xml."""
    namespaces = " ".join(str(uri) for uri in root.nsmap.values())
    return "imscc" not in namespaces and "imsglobal.org/xsd/imscp_v1p1" not in namespaces


def _is_ours(root: etree._Element) -> bool:
    version = text(first(root, "schemaversion"))
    schema = text(first(root, "schema"))
    return _is_scorm(root) and not version.startswith(_OTHER_VERSIONS) and schema != "IMS Content"


def _version(root: etree._Element) -> Iterator[Finding]:
    version = text(first(root, "schemaversion"))
    if version != "1.2":
        found = f"is {version!r}" if version else "is missing"
        yield _DIALECT.finding("schemaversion", f"<schemaversion> {found}; SCORM 1.2 says 1.2")
    if text(first(root, "schema")) != "ADL SCORM":
        yield _DIALECT.finding("schemaversion", "<schema> must be 'ADL SCORM'", severity="warning")
    if namespace(root) != IMSCP:
        yield _DIALECT.finding("namespace", f"the manifest's namespace is not {IMSCP}", severity="warning")


def _mastery_scores(root: etree._Element) -> Iterator[Finding]:
    for score in descendants(root, "masteryscore"):
        if not _is_percent(text(score)):
            item = score.getparent()
            name = item.get("identifier", "?") if item is not None else "?"
            message = f"the mastery score of item {name!r} is {text(score)!r}; it must be a number from 0 to 100"
            yield _DIALECT.finding("masteryscore", message)


def _is_percent(number: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d+)?", number) is not None and float(number) <= 100
