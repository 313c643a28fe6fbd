"""SCORM 1.2: one SCO per lesson and a graded quiz, in the form that Moodle reads best."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from lms_scorm import check12, manifest12
from lms_toolkit import PackageFormat
from lms_toolkit.control_documents import INSTALL_HINT
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import OpenedPackage, PackageFile, PackageItem, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering import memory_limit_exceeded, page_assets, page_document

SUSPEND_DATA_CHARS = 4096  # RTE 1.2, cmi.suspend_data
MAX_CHOICES = 36  # a choice is one character of [a-z0-9] in cmi.interactions (RTE 1.2)


class Scorm12(PackageFormat):
    name = "scorm12"
    title = "SCORM 1.2"

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        for page in module.pages:
            _refuse_what_12_cannot_hold(page)
        adapter = Path(__file__).with_name("scorm12.js").read_text(encoding="utf-8")
        assets = page_assets(shell, adapter)
        pages = tuple(
            PackageFile(manifest12.page_name(page), page_document(module, page, shell)) for page in module.pages
        )
        manifest = manifest12.write(module, tuple(file.name for file in assets))
        control_documents = shell.control_documents.get(self.name, ())
        return (PackageFile("imsmanifest.xml", manifest), *assets, *pages, *module.media, *control_documents)

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return tuple(PackageItem(manifest12.item_identifier(page), page.title) for page in module.pages)

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        if self.name in shell.control_documents:
            return ()
        return (f"built without control documents: {INSTALL_HINT}",)

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        return check12.describe(package)


def _refuse_what_12_cannot_hold(page: RenderedPage) -> None:
    too_much = memory_limit_exceeded(page, SUSPEND_DATA_CHARS)
    if too_much:
        raise too_much
    for question in page.questions:
        if _choices(question) > MAX_CHOICES:
            raise ContentError(
                f"question {question.id}: SCORM 1.2 can report {MAX_CHOICES} choices and it has {_choices(question)};"
                " split the question"
            )


def _choices(question: Question) -> int:
    sides = len(question.pairs) + len(question.distractors)
    return max(len(question.options), len(question.items), sides)
