"""Shows a course, or somebody's package, as learners will see it.

It is built, deployed into a sandbox that lasts as long as the command, and opened by an invented learner. What changes
on disk is built again and shown.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from lms_sandbox.server import Sandbox
from lms_sandbox.strings import strings
from lms_toolkit.app import App
from lms_toolkit.archive import sha256_file
from lms_toolkit.config import Site
from lms_toolkit.content import templates_path
from lms_toolkit.declaring import declare
from lms_toolkit.declaring_activities import Page
from lms_toolkit.errors import ConfigError, PackageError, ToolkitError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.interfaces import Platform
from lms_toolkit.model import Course, DeclaredCourse, DeclaredModule, DeclaredSection, Edition, Module, Phase, User
from lms_toolkit.preparing import prepare

LOOK_EVERY_SECONDS = 0.3
VISITOR = User("visite", "visite@example.org", "Noa", "Visite")
SECTION = "preview"

HOSTILE = ("unsafe-name", "symlink", "duplicate-name", "corrupt-entry", "xml-doctype")
"""Findings of `inspect` that keep a package from being shown, besides a zip that is not opened at all."""

Fingerprint = Mapping[Path, tuple[int, int]]


class Source(Protocol):
    """What is previewed: where it lies on disk, and how it becomes course pages."""

    def watched(self) -> tuple[Path, ...]: ...

    def pages(self) -> list[DeclaredCourse]: ...


@dataclass(frozen=True, slots=True)
class CourseSource:
    """A course of ours, built into `out` for `site`."""

    app: App
    site: Site
    name: str
    languages: tuple[str, ...]
    slugs: tuple[str, ...]
    format_name: str
    out: Path

    def watched(self) -> tuple[Path, ...]:
        return (self.app.course_folder(self.name), templates_path())

    def pages(self) -> list[DeclaredCourse]:
        if self.app.plugins.format(self.format_name).single_file:
            raise ConfigError(
                f"{self.format_name} has no pages to look at; preview it as another format, such as scorm12"
            )
        course = self.app.course(self.name)
        modules = _chosen(course, self.slugs)
        return [self._page(course, modules, language) for language in _languages(course, modules, self.languages)]

    def _page(self, course: Course, modules: tuple[Module, ...], language: str) -> DeclaredCourse:
        prepared = prepare(
            course,
            modules,
            language,
            self.format_name,
            self.out,
            self.app.config.data_folder,
            self.app.plugins,
        )
        for step in prepared.skipped:
            self.app.tell(f"left out: {step.title}: {step.reason}")
        slugs = tuple(package.module_slug for package in prepared.packages)
        phase = Phase(SECTION, {language: strings(language)["preview"]}, modules=slugs)
        edition = Edition(f"preview-{course.id}-{language}", (language,), "self-paced", (phase,), 0)
        return declare(Page(course, edition, language, self.out), prepared.packages, self.site.category)


@dataclass(frozen=True, slots=True)
class PackageSource:
    """Somebody's package, as it is, once inspection has found it safe to open."""

    app: App
    path: Path
    language: str

    def watched(self) -> tuple[Path, ...]:
        return (self.path,)

    def pages(self) -> list[DeclaredCourse]:
        self._inspect()
        name = self.path.stem
        module = DeclaredModule(
            key="module:package",
            section_key=f"section:{SECTION}",
            name=name,
            intro="",
            package_path=self.path,
            package_sha256=sha256_file(self.path),
            items={},
            pass_mark_percent=0,
            completion="completed",
        )
        section = DeclaredSection(f"section:{SECTION}", 1, strings(self.language)["preview"])
        return [
            DeclaredCourse(
                idnumber="preview-package",
                shortname="preview-package",
                fullname=name,
                summary="",
                language=self.language,
                category="",
                sections=(section,),
                modules=(module,),
            )
        ]

    def _inspect(self) -> None:
        """Raises PackageError before anything is served of a zip that is not safe; other findings are only counted."""
        report = inspect_package(self.path, self.app.plugins)
        errors = [finding for finding in report.findings if finding.severity == "error"]
        if not report.files or any(finding.rule in HOSTILE for finding in errors):
            worst = next((finding for finding in errors if finding.rule in HOSTILE), errors[0])
            raise PackageError(f"{self.path} is not shown: {worst}")
        if report.findings:
            self.app.tell(f"inspect has {len(report.findings)} findings: lms-toolkit inspect {self.path}")


class Preview:
    """A source in a running sandbox, with a learner who is logged in by opening `url`."""

    def __init__(self, app: App, sandbox: Sandbox, source: Source) -> None:
        self._app = app
        self._sandbox = sandbox
        self._source = source
        self._platform: Platform = app.plugins.platform(sandbox.as_site())
        self._seen: Fingerprint = {}
        self._uploaded: dict[tuple[str, str], str] = {}
        self._key = secrets.token_urlsafe(9)
        self.url = ""

    def open(self) -> str:
        """Build and deploy for the first time; the address to open."""
        self._sandbox.site.watched = True
        self._sandbox.site.packages.takes_plain_pages = True
        self._seen = fingerprint(self._source.watched())
        targets = [self._publish(page) for page in self._source.pages()]
        self.url = (
            f"{self._sandbox.url}/enter/{self._key}?{urlencode({'next': targets[0] if len(targets) == 1 else '/'})}"
        )
        return self.url

    def refresh(self) -> bool:
        """Build and deploy again if something changed, and let open pages reload. A fault is told, not raised."""
        found = fingerprint(self._source.watched())
        if found == self._seen:
            return False
        self._seen = found
        try:
            for page in self._source.pages():
                self._publish(page)
        except ToolkitError as error:
            self._app.tell(f"not shown yet: {error}")
            return False
        self._sandbox.site.revision += 1
        self._app.tell("built again")
        return True

    def watch(self, running: Callable[[], bool] = lambda: True) -> None:
        """Look for changes until interrupted."""
        while running():
            time.sleep(LOOK_EVERY_SECONDS)
            self.refresh()

    def _publish(self, page: DeclaredCourse) -> str:
        """Deploy one course page; the path to open it, or its only module."""
        found = self._platform.find_course(page.idnumber)
        course_ref = self._platform.apply_course(page, found.ref if found else None).ref
        for section in page.sections:
            self._platform.apply_section(course_ref, section)
        refs = [self._publish_module(course_ref, page.idnumber, module) for module in page.modules]
        if found is None:
            (visitor,) = self._platform.enrol(course_ref, [VISITOR], create=True)
            self._sandbox.site.entrances[self._key] = int(visitor.user.ref)
        return f"/play/{refs[0]}?debug=1" if len(refs) == 1 else f"/course/{course_ref}"

    def _publish_module(self, course_ref: str, course: str, module: DeclaredModule) -> str:
        place = (course, module.key)
        upload = self._uploaded.get(place) != module.package_sha256
        result = self._platform.apply_module(course_ref, module, upload=upload, allow_track_loss=True)
        self._uploaded[place] = module.package_sha256
        return result.ref


def fingerprint(paths: tuple[Path, ...]) -> Fingerprint:
    """Every file below these paths with its time and size; one that vanishes meanwhile is left out."""
    found: dict[Path, tuple[int, int]] = {}
    for top in paths:
        for path in [top] if top.is_file() else top.rglob("*"):
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _chosen(course: Course, slugs: tuple[str, ...]) -> tuple[Module, ...]:
    known = {module.slug: module for module in course.modules}
    for slug in slugs:
        if slug not in known:
            raise ConfigError(f"{course.id} has no module {slug!r} (it has: {', '.join(known)})")
    return tuple(known[slug] for slug in slugs) if slugs else course.modules


def _languages(course: Course, modules: tuple[Module, ...], asked: tuple[str, ...]) -> tuple[str, ...]:
    """The languages asked for, else those in which something is written."""
    for language in asked:
        if language not in course.languages:
            raise ConfigError(f"{course.id} is not given in {language!r} (it is in: {', '.join(course.languages)})")
    written = tuple(language for language in course.languages if any(module.is_written(language) for module in modules))
    return asked or written or course.languages
