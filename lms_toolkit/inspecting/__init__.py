"""Says what somebody's package is and what is wrong with it, without unpacking it onto the disk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.archive import sha256_file
from lms_toolkit.errors import PackageError
from lms_toolkit.inspecting.capping import capped
from lms_toolkit.inspecting.references import check_references
from lms_toolkit.inspecting.single_files import open_single_file
from lms_toolkit.inspecting.xml_reading import check_xml, read_xml
from lms_toolkit.inspecting.zips import open_safely
from lms_toolkit.model import Finding, OpenedPackage, PackageItem, PackageReport

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

__all__ = ["inspect_package", "read_xml"]

UNKNOWN = "unknown"
_ORDER = {"error": 0, "warning": 1, "info": 2}


def inspect_package(path: Path, plugins: Plugins) -> PackageReport:
    """Read a package with every suspicion. Raises PackageError only when the file itself cannot be read."""
    size, digest = _size_and_digest(path)
    opened, findings = open_single_file(path) or open_safely(path)
    if opened is None:
        return PackageReport(path, UNKNOWN, "", size, digest, (), 0, tuple(findings))
    findings += check_xml(opened)
    findings += check_references(opened)
    findings += plugins.check_package(opened)
    name, title, items = _describe(opened, plugins)
    if name == UNKNOWN and not any(finding.severity == "error" for finding in findings):
        findings.append(_unrecognised(plugins))
    findings = capped(findings)
    findings.sort(key=lambda finding: (_ORDER[finding.severity], finding.where, finding.rule))
    return PackageReport(path, name, title, size, digest, items, len(opened.files), tuple(findings))


def _size_and_digest(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_size, sha256_file(path)
    except OSError as error:
        raise PackageError(f"{path} cannot be read ({error.strerror}); check the name and its rights") from error


def _describe(opened: OpenedPackage, plugins: Plugins) -> tuple[str, str, tuple[PackageItem, ...]]:
    for name in plugins.format_names():
        described = plugins.format(name).describe(opened)
        if described:
            return name, *described
    return UNKNOWN, "", ()


def _unrecognised(plugins: Plugins) -> Finding:
    known = ", ".join(plugins.format_names())
    message = f"this is no package of a format known here ({known})"
    return Finding("error", "unknown-format", message, hint="a SCORM package has imsmanifest.xml at the top of the zip")
