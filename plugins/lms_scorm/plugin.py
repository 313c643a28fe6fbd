"""SCORM 1.2 and 2004: offers their formats, and checks packages of them that others have built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms_toolkit import hookimpl

if TYPE_CHECKING:
    from lms_toolkit.model import Finding, OpenedPackage


@hookimpl
def lms_register_formats() -> dict[str, str]:
    return {
        "scorm12": "lms_scorm.scorm12:Scorm12",
        "scorm2004-3rd": "lms_scorm.scorm2004:Scorm2004Third",
        "scorm2004-4th": "lms_scorm.scorm2004:Scorm2004Fourth",
    }


@hookimpl
def lms_check_package(package: OpenedPackage) -> list[Finding]:
    from lms_scorm import check12, check2004, shared_rules

    return [*shared_rules.misplaced_manifest(package), *check12.check(package), *check2004.check(package)]
