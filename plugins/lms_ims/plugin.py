"""IMS: offers `imscp`, `imscc11`, `imscc13` and `moodlexml`, and checks packages of them that others have built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lms_toolkit import hookimpl

if TYPE_CHECKING:
    from lms_toolkit.model import Finding, OpenedPackage


@hookimpl
def lms_register_formats() -> dict[str, str]:
    return {
        "imscp": "lms_ims.imscp:ImsCp",
        "imscc11": "lms_ims.cartridge:ImsCc11",
        "imscc13": "lms_ims.cartridge:ImsCc13",
        "moodlexml": "lms_ims.moodle_bank:MoodleBank",
    }


@hookimpl
def lms_check_package(package: OpenedPackage) -> list[Finding]:
    from lms_ims import check_bank, check_cc, check_cp

    return [*check_cp.check(package), *check_cc.check(package), *check_bank.check(package)]
