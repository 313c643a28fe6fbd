"""SCORM 2004, 3rd and 4th edition: the same SCOs as 1.2, with success told apart from completion."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from lms_scorm import manifest2004
from lms_scorm.manifest2004 import Edition
from lms_scorm.packaging import ScormFormat
from lms_toolkit.lom import lom_document
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, RenderedModule


class _Scorm2004(ScormFormat):
    edition: ClassVar[Edition]
    scripts = ("moodle_player.js", "scorm2004.js")
    suspend_data_chars = 64_000  # RTE 1.3, cmi.suspend_data

    def manifest(self, module: RenderedModule, asset_names: Sequence[str]) -> bytes:
        return manifest2004.write(module, asset_names, self.edition)

    def metadata(self, module: RenderedModule) -> tuple[PackageFile, ...]:
        return (PackageFile(manifest2004.METADATA, lom_document(module)),)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        from lms_scorm import check2004  # what reads packages is not needed to write them

        return check2004.describe(package, self.name)


class Scorm2004Third(_Scorm2004):
    name = "scorm2004-3rd"
    title = "SCORM 2004 3rd Edition"
    edition = manifest2004.THIRD


class Scorm2004Fourth(_Scorm2004):
    name = "scorm2004-4th"
    title = "SCORM 2004 4th Edition"
    edition = manifest2004.FOURTH
