"""What a plugin implements to add a package format, a platform or a certifier."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, Literal

from lms_toolkit.config import Secret, Site
from lms_toolkit.errors import PluginError, Refused
from lms_toolkit.model import (
    Achievement,
    Certificate,
    CertificateRecord,
    DeclaredCourse,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Enrolment,
    EnrolOptions,
    EnrolOutcome,
    Finding,
    KeyInfo,
    OpenedPackage,
    PackageFile,
    PackageItem,
    RenderedModule,
    ResultsPage,
    SiteCourse,
    SiteInfo,
    SiteModule,
    SiteSection,
    StepResult,
    User,
    Verdict,
)

_NOBODY = User("", "", "", "")

NO_DELIVERY = "nodelivery"
"""Error code of a Refused that says: nobody can be given files on this site."""

FileOutcome = Literal["created", "updated", "unchanged", "removed"]
"""What became of a file in a learner's area; `unchanged` also of one to be removed that was not there."""

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
        self.tell: Callable[[str], None] = lambda line: None
        """Given a line for whoever waits, before something that takes long; the command line shows it."""

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
        """Create or update one package or activity of the page; `upload` when the site lacks its package or files.

        Raises Refused with errorcode `trackloss` when learners would lose records and that is not allowed.
        """

    def attainable(self, course_ref: str, module: DeclaredModule, there: SiteModule) -> DeclaredModule:
        """The module as far as it can still be had: what learners have built on stays as it is there. Nothing is
        written. Asked while planning, for what differs; a platform on which everything can be changed leaves it out.
        """
        return module

    @abstractmethod
    def apply_part(self, course_ref: str, part: DeclaredPart, *, allow_completion_reset: bool = False) -> StepResult:
        """Bring what the page has once (image, groups, ways in, gradebook, completion) to what is declared.

        Raises Refused with errorcode `completionreset` when learners would lose dates and that is not allowed.
        """

    @abstractmethod
    def retire(
        self, course_ref: str, there: SiteModule | SiteSection, *, delete: bool, allow_track_loss: bool = False
    ) -> StepResult:
        """Hide what is no longer declared; with `delete`, delete a package or activity. Sections are only hidden."""

    @abstractmethod
    def course_url(self, course_ref: str) -> str:
        """Where a person sees the course."""

    @abstractmethod
    def enrol(self, course_ref: str, users: Sequence[User], *, create: bool) -> Sequence[EnrolOutcome]:
        """Enrol users as learners, found by idnumber, username or e-mail; `create` makes missing accounts."""

    def enrol_people(
        self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions
    ) -> Sequence[EnrolOutcome]:
        """Enrol people in their roles, groups and cohorts; in their order, one outcome each.

        A platform that knows only learners needs not define it. Raises Refused for what it cannot do.
        """
        if options.dry_run or any(replace(one, user=_NOBODY, rows=()) != Enrolment(_NOBODY) for one in people):
            raise Refused(f"{self.site.name}: {self.name} knows no roles, groups, cohorts, sponsors or previews")
        return self.enrol(course_ref, [one.user for one in people], create=options.create)

    def withdraw(self, course_ref: str, people: Sequence[Enrolment], options: EnrolOptions) -> Sequence[EnrolOutcome]:
        """Suspend people's enrolments without deleting anything; in their order, one outcome each."""
        raise Refused(f"{self.site.name}: {self.name} cannot suspend enrolments; do it on the site")

    def deliver_file(self, course_ref: str, user_ref: str, name: str, path: Path) -> FileOutcome:
        """Put a PDF into the area for files of a learner of the course, in place of one we put there under that name.

        A platform that has no such area leaves both of these out. Raises Refused: with errorcode `nodelivery` where
        nobody can be given files, else with what stands in the way for this learner.
        """
        raise self._no_delivery()

    def remove_file(self, course_ref: str, user_ref: str, name: str) -> FileOutcome:
        """Take away what `deliver_file` put there for this course, also from somebody who has left it."""
        raise self._no_delivery()

    def _no_delivery(self) -> Refused:
        message = f'{self.site.name}: {self.name} takes no files for learners; set deliver = "off" under [certificates]'
        return Refused(message, NO_DELIVERY)

    @abstractmethod
    def results(self, course_ref: str, cursor: str) -> ResultsPage:
        """One page of what there is of a course, from nothing when the cursor is empty.

        Each page says with which cursor to go on: now, while it says `more`, else the next time, to be told what
        changed since. What a cursor means is the platform's own business; the same one may be asked for again.
        Raises CursorExpired where it leads nowhere any more: the caller then starts from nothing.
        """


class Certifier(ABC):
    """Makes and checks the document of an award. Built with the `CertificateConfig`."""

    name: ClassVar[str]

    @abstractmethod
    def sign(self, record: CertificateRecord) -> str:
        """The signed record as JSON text."""

    @abstractmethod
    def sign_statement(self, kind: str, values: Mapping[str, Any]) -> str:
        """Anything else the issuer says, such as its list of revocations, signed with the same key."""

    def credential(self, record: CertificateRecord, about: Achievement, status_index: int) -> str:
        """The digital credential of a record as JSON text, `""` for a certifier that makes none.

        `status_index` is its place in the published status lists, counted through all of them.
        """
        return ""

    def achievement_of(self, certificate: Certificate) -> Achievement:
        """What a certificate's credential says of its achievement, for the one that replaces it."""
        return Achievement({certificate.record.language: certificate.record.course_title})

    def status_list(self, number: int, revoked: Set[int], made_at: datetime) -> str:
        """The status list with this number, from 1, as a signed document; `revoked` are places in any list."""
        raise PluginError(f"the certifier {self.name} publishes no status list; choose another one")

    @abstractmethod
    def render(self, record: CertificateRecord, signed_json: str, credential_json: str = "") -> bytes:
        """The PDF that shows the record, carries what is signed as attachments, and has room for a seal."""

    def badge(self, certificate: Certificate) -> bytes:
        """A picture (PNG) with the certificate's credential inside."""
        raise PluginError(f"the certifier {self.name} draws no badges; choose another one")

    def init_key(self, passphrase: Secret | None) -> str:
        """Make the issuer's first key, encrypted if there is a passphrase; the answer is its name.

        Raises ConfigError when there is one already.
        """
        raise PluginError(f"the certifier {self.name} keeps no keys; choose another one")

    def rotate_key(self, passphrase: Secret | None) -> str:
        """Make a new key that signs from now on; what the old one signed stays valid. The answer is its name."""
        raise PluginError(f"the certifier {self.name} keeps no keys; choose another one")

    def list_keys(self) -> Sequence[KeyInfo]:
        """The issuer's keys, oldest first, without their secrets."""
        return ()

    def issuer_document(self) -> str:
        """The issuer's public keys as the document that is published under the issuer's identifier (did.json)."""
        raise PluginError(f"the certifier {self.name} publishes no keys; choose another one")

    def site(self, certificates: Sequence[Certificate], made_at: datetime) -> Iterator[tuple[str, bytes]]:
        """The files of the verification site, by their paths in it, for these certificates as they stand now."""
        raise PluginError(f"the certifier {self.name} writes no verification site; choose another one")

    def read_issued(self, document: bytes) -> Certificate:
        """What one of our own documents (PDF, record, credential, badge) says of the certificate it belongs to.

        Raises ContentError when it is not genuine, or another issuer's.
        """
        raise PluginError(f"the certifier {self.name} makes no credentials; choose another one")

    def fetch(self, url: str) -> bytes:
        """What is at a public https address. Raises Unreachable; called only when the person allowed it."""
        raise PluginError(f"the certifier {self.name} fetches nothing; save the file first")

    @abstractmethod
    def seal(self, pdf: bytes) -> bytes:
        """The same PDF with a signature over all of it, also when a plugin drew it."""

    @abstractmethod
    def verify(
        self,
        document: bytes,
        keys: Path | None = None,
        *,
        online: bool = False,
        status_lists: Sequence[bytes] = (),
        max_age: timedelta | None = None,
    ) -> Verdict:
        """Whether a document is genuine, from public keys alone; what the store knows of it is the caller's.

        `keys` is a file of public keys to trust instead of our own. `online` allows to ask the web for another issuer's
        key and for status lists; `status_lists` were handed over, and none may be older than `max_age`.
        Raises ConfigError when `keys` cannot be used.
        """

    @abstractmethod
    def read_statement(self, kind: str, document: bytes, keys: Path | None = None) -> Mapping[str, Any]:
        """What `sign_statement` signed. Raises ContentError when the document is not genuine or of another kind."""
