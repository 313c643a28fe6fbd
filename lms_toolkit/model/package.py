"""What is built: packages, the rendered pages they are made of, and what was found wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lms_toolkit.model.course import Course, Module, Question, QuizSettings

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault in a course or a package: what, where, and what to do about it.

    `where` is a path or a name inside a package; `line` and `column` count from 1, 0 when there is none.
    `rule` is a stable name such as `missing-alt`; `source` names the section of the specification it follows.
    """

    severity: Severity
    rule: str
    message: str
    where: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""
    source: str = ""

    @property
    def place(self) -> str:
        """`file:line:column`, as far as known."""
        return ":".join([self.where, *(str(number) for number in (self.line, self.column) if number)])

    def __str__(self) -> str:
        place = f"{self.place}: " if self.where else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{hint}"


@dataclass(frozen=True, slots=True)
class PackageFile:
    """One file on its way into a package; `content` is its bytes or the file to copy them from."""

    name: str
    content: bytes | Path

    def read(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.read_bytes()


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """One page of a module, rendered: a lesson, or the graded quiz.

    `html` is the sanitised body, without the shell. `questions` are the self-checks it holds or, on the quiz page,
    the graded questions. `links` are the files of the module's folder it points at, relative to that folder.
    `group` is the title of the module a page comes from where a package holds several, empty otherwise.
    """

    slug: str
    kind: Literal["lesson", "quiz"]
    title: str
    html: str
    minutes: int
    questions: tuple[Question, ...] = ()
    links: tuple[str, ...] = ()
    group: str = ""
    quiz_settings: QuizSettings = field(default_factory=QuizSettings)

    @property
    def identifier(self) -> str:
        """What learners' records of this page hang on, in any format: made of slugs, unique in its package."""
        return "quiz" if (self.kind, self.slug) == ("quiz", "quiz") else f"{self.kind}-{self.slug}"


@dataclass(frozen=True, slots=True)
class RenderedModule:
    """A module of a course in one language, ready for any format."""

    course: Course
    module: Module
    language: str
    pages: tuple[RenderedPage, ...]
    media: tuple[PackageFile, ...] = ()

    @property
    def title(self) -> str:
        return self.module.title[self.language]


@dataclass(frozen=True, slots=True)
class PackageItem:
    """A unit that the LMS keeps records of: the manifest's item identifier and what learners see."""

    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class Package:
    """One built file. The same source gives the same `sha256`."""

    course_id: str
    module_slug: str
    language: str
    format: str
    path: Path
    sha256: str
    size_bytes: int
    items: tuple[PackageItem, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"module:{self.module_slug}"


@dataclass(frozen=True, slots=True)
class OpenedPackage:
    """Somebody's package, read safely without unpacking: names, and the small files that rules look at.

    `files` maps every file's name to its size in bytes; `read(name)` is bounded.
    """

    path: Path
    files: Mapping[str, int]
    texts: Mapping[str, bytes] = field(default_factory=dict)

    def read(self, name: str) -> bytes | None:
        """The bytes of a file that inspection kept (manifests, pages, scripts, styles), or None."""
        return self.texts.get(name)


@dataclass(frozen=True, slots=True)
class PackageReport:
    """What `inspect` says of a package: what it is, what is in it, what is wrong."""

    path: Path
    format: str
    title: str
    size_bytes: int
    sha256: str
    items: tuple[PackageItem, ...]
    files: int
    findings: tuple[Finding, ...]
