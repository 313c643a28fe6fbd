"""cmi5: offers the format `cmi5`, and checks packages of it that others have built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms_toolkit import hookimpl

if TYPE_CHECKING:
    from lms_toolkit.model import Finding, OpenedPackage


@hookimpl
def lms_register_formats() -> dict[str, str]:
    return {"cmi5": "lms_cmi5.cmi5:Cmi5"}


@hookimpl
def lms_check_package(package: OpenedPackage) -> list[Finding]:
    from lms_cmi5.check import check

    return check(package)
