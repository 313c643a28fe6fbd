"""SCORM: offers the format `scorm12`, and checks packages of it that others have built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms_toolkit import hookimpl

if TYPE_CHECKING:
    from lms_toolkit.model import Finding, OpenedPackage


@hookimpl
def lms_register_formats() -> dict[str, str]:
    return {"scorm12": "lms_scorm.scorm12:Scorm12"}


@hookimpl
def lms_check_package(package: OpenedPackage) -> list[Finding]:
    from lms_scorm.check12 import check

    return check(package)
