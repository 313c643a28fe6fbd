"""SCORM 1.2: one SCO per lesson and a graded quiz, in the form that Moodle reads best."""

from __future__ import annotations

from collections.abc import Sequence

from lms_scorm import manifest12
from lms_scorm.packaging import ScormFormat
from lms_toolkit.model import OpenedPackage, PackageItem, RenderedModule


class Scorm12(ScormFormat):
    name = "scorm12"
    title = "SCORM 1.2"
    scripts = ("scorm12.js",)
    suspend_data_chars = 4096  # RTE 1.2, cmi.suspend_data

    def manifest(self, module: RenderedModule, asset_names: Sequence[str]) -> bytes:
        return manifest12.write(module, asset_names)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        from lms_scorm import check12  # what reads packages is not needed to write them

        return check12.describe(package)
