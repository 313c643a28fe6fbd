"""What the SCORM formats share: pages, scripts, a manifest from the list of files, and the edition's schemas."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import ClassVar

from lms_scorm.identifiers import item_identifier, page_name
from lms_toolkit import PackageFormat
from lms_toolkit.control_documents import INSTALL_HINT
from lms_toolkit.errors import ContentError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import PackageFile, PackageItem, Question, RenderedModule, RenderedPage
from lms_toolkit.rendering import memory_limit_exceeded, page_assets, page_document

MANIFEST = "imsmanifest.xml"
MAX_CHOICES = 36  # 1.2 has one character of [a-z0-9] for a choice; 2004 promises room for 36 (RTE 4.2.9.1)
_SESSION = "session.js"


class ScormFormat(PackageFormat):
    """A package of SCOs, one for each page. The name of the format is that of its set of control documents."""

    scripts: ClassVar[tuple[str, ...]]
    """The edition's own part of the run time, files beside this one."""
    suspend_data_chars: ClassVar[int]
    """How much state an LMS must keep for a SCO, in characters."""

    @abstractmethod
    def manifest(self, module: RenderedModule, asset_names: Sequence[str]) -> bytes:
        """The edition's `imsmanifest.xml`. Raises ContentError for what the edition cannot say."""

    def metadata(self, module: RenderedModule) -> tuple[PackageFile, ...]:
        """What the edition keeps beside its manifest to describe the package."""
        return ()

    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        for page in module.pages:
            self._refuse_what_cannot_be_kept(page)
        assets = page_assets(shell, "\n".join(_script(name) for name in (_SESSION, *self.scripts)))
        pages = tuple(PackageFile(page_name(page), page_document(module, page, shell)) for page in module.pages)
        manifest = self.manifest(module, tuple(file.name for file in assets))
        control_documents = shell.control_documents.get(self.name, ())
        described = self.metadata(module)
        return (PackageFile(MANIFEST, manifest), *described, *assets, *pages, *module.media, *control_documents)

    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        return tuple(PackageItem(item_identifier(page), page.title) for page in module.pages)

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        if self.name in shell.control_documents:
            return ()
        return (f"built without control documents: {INSTALL_HINT}",)

    def _refuse_what_cannot_be_kept(self, page: RenderedPage) -> None:
        too_much = memory_limit_exceeded(page, self.suspend_data_chars)
        if too_much:
            raise too_much
        for question in page.questions:
            if _choices(question) > MAX_CHOICES:
                raise ContentError(
                    f"question {question.id}: {self.title} can report {MAX_CHOICES} choices and it has"
                    f" {_choices(question)}; split the question"
                )


def _script(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _choices(question: Question) -> int:
    sides = len(question.pairs) + len(question.distractors)
    return max(len(question.options), len(question.items), sides)
