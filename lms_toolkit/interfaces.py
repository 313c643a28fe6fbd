"""What a plugin implements to add a package format, a platform or a certifier."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from lms_toolkit.config import Site
from lms_toolkit.model import (
    CertificateRecord,
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    EnrolOutcome,
    Finding,
    OpenedPackage,
    PackageFile,
    PackageItem,
    RenderedModule,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    StepResult,
    User,
    Verdict,
)

Progress = Callable[[int, int], None]
"""Called with bytes done and bytes in all."""


@dataclass(frozen=True, slots=True)
class CourseSource:
    """Where a course is: the folder that holds its `course.toml`. Nothing is read until it is asked for."""

    course_id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Shell:
    """What a format puts around page bodies: Jinja2 template folders, first match wins, and control documents.

    `control_documents` maps a set name (`scorm12`) to its files; a missing set is built without, and noted.
    `theme_css` and `logo` are those of the course that is built.
    """

    templates: tuple[Path, ...]
    control_documents: dict[str, tuple[PackageFile, ...]]
    theme_css: str = ""
    logo: PackageFile | None = None


class PackageFormat(ABC):
    """A kind of package, such as SCORM 1.2. Stateless: one instance builds many packages, also in parallel."""

    name: ClassVar[str]
    """Short name used on the command line and in the store: `scorm12`."""
    title: ClassVar[str]
    extension: ClassVar[str] = ".zip"
    single_file: ClassVar[bool] = False
    """Whether the package is the one file that `files` gives, not a zip of it."""

    @abstractmethod
    def files(self, module: RenderedModule, shell: Shell) -> Iterable[PackageFile]:
        """Every file of the package, the manifest among them; the host sorts and zips them.

        The same module gives the same files, byte for byte. Raise ContentError where the module cannot be expressed.
        """

    @abstractmethod
    def items(self, module: RenderedModule) -> tuple[PackageItem, ...]:
        """What an LMS will keep records of, in order. Identifiers derive from slugs alone."""

    def notes(self, module: RenderedModule, shell: Shell) -> tuple[str, ...]:
        """What the designer should know of this build, such as missing control documents."""
        return ()

    def describe(self, package: OpenedPackage) -> tuple[str, tuple[PackageItem, ...]] | None:
        """Title and items of a package of this format, as far as it can be read; None when it is another format's."""
        return None


class Platform(ABC):
    """A kind of LMS, speaking for one site. Every method talks to the site and may raise a SiteError.

    Methods that write are safe to repeat: what is already there under the same key is updated or left unchanged.
    """

    name: ClassVar[str]

    def __init__(self, site: Site) -> None:
        self.site = site

    @abstractmethod
    def info(self) -> SiteInfo:
        """Who we are there, and what we may do."""

    @abstractmethod
    def doctor(self) -> Sequence[Finding]:
        """What stands in the way of a deployment or a pull, each with its cause and its fix."""

    @abstractmethod
    def find_course(self, idnumber: str) -> SiteCourse | None:
        """The course with this key and what we deployed in it; None when there is none."""

    @abstractmethod
    def apply_course(self, course: DeclaredCourse, course_ref: str | None) -> StepResult:
        """Create or update the course's own settings."""

    @abstractmethod
    def apply_section(self, course_ref: str, section: DeclaredSection) -> StepResult:
        """Create or update one section."""

    @abstractmethod
    def apply_module(
        self,
        course_ref: str,
        module: DeclaredModule,
        *,
        upload: bool,
        allow_track_loss: bool = False,
        progress: Progress | None = None,
    ) -> StepResult:
        """Create or update one package on the course page; `upload` when its bytes differ from the site's.

        Raises Refused with errorcode `trackloss` when learners would lose records and that is not allowed.
        """

    @abstractmethod
    def course_url(self, course_ref: str) -> str:
        """Where a person sees the course."""

    @abstractmethod
    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        """Enrol users as learners, found by idnumber, username or e-mail; `create` makes missing accounts."""

    @abstractmethod
    def results(self, course_ref: str, after: str | None) -> ResultsPage:
        """One page of grades and completions of a course, from the start when `after` is None."""


class Certifier(ABC):
    """Makes and checks the document of an award. Built with the `CertificateConfig`."""

    name: ClassVar[str]

    @abstractmethod
    def sign(self, record: CertificateRecord) -> str:
        """The signed record as JSON text."""

    @abstractmethod
    def sign_statement(self, kind: str, values: Mapping[str, Any]) -> str:
        """Anything else the issuer says, such as its list of revocations, signed with the same key."""

    @abstractmethod
    def render(self, record: CertificateRecord, signed_json: str) -> bytes:
        """The PDF that shows the record, carries `signed_json` as an attachment, and has room for a seal."""

    @abstractmethod
    def seal(self, pdf: bytes) -> bytes:
        """The same PDF with a signature over all of it, also when a plugin drew it."""

    @abstractmethod
    def verify(self, document: bytes, keys: Path | None = None) -> Verdict:
        """Whether a PDF or a signed record is genuine, from public keys alone; revocation is the caller's.

        `keys` is a file of public keys to trust instead of our own. Raises ConfigError when it cannot be used.
        """

    @abstractmethod
    def read_statement(self, kind: str, document: bytes, keys: Path | None = None) -> Mapping[str, Any]:
        """What `sign_statement` signed. Raises ContentError when the document is not genuine or of another kind."""
