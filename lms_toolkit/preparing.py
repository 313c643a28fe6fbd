"""Builds the packages that a designer or an edition needs: those whose sources changed, and no others.

Course ─▶ units ─▶ jobs ─▶ fingerprint ─┬─ known ──▶ the package that is there
                                        └─ new ────▶ build, here or in worker processes ─▶ index ─▶ package.built
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.build_index import BuildIndex, BuiltPackage, Run, open_index
from lms_toolkit.errors import ConfigError, ContentError, ToolkitError
from lms_toolkit.fingerprints import FileState, Fingerprints, code_folders, digest, is_settled, states
from lms_toolkit.model import Course, Edition, Event, Finding, Granularity, Module, Package, Step
from lms_toolkit.package_counts import count_about
from lms_toolkit.units import units_of

if TYPE_CHECKING:
    from lms_toolkit.building_many import Job, Key, Workshop
    from lms_toolkit.interfaces import PackageFormat
    from lms_toolkit.manager import Plugins

Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Order:
    """What to build of a course: everything where nothing is named, in the granularity its `course.toml` says."""

    formats: tuple[str, ...] = ("scorm12",)
    languages: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    per: Granularity | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where packages go, and with what they are made."""

    out: Path
    data_folder: Path
    plugins: Plugins
    workers: int = 1
    """How many processes may build at once. More than one needs a program whose main module can be imported again."""
    force: bool = False
    """Build also what has not changed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A package that could not be built, and why."""

    name: str
    error: ToolkitError


@dataclass(frozen=True, slots=True)
class Prepared:
    """Packages in the order of the course, a `skip` step for each module not written yet, and what went wrong."""

    built: tuple[BuiltPackage, ...]
    skipped: tuple[Step, ...]
    failures: tuple[Failure, ...] = ()

    @property
    def packages(self) -> tuple[Package, ...]:
        return tuple(entry.package for entry in self.built)


def modules_of(course: Course, edition: Edition) -> tuple[Module, ...]:
    return tuple(course.module(slug) for phase in edition.phases for slug in phase.modules)


def prepare(
    course: Course,
    modules: tuple[Module, ...],
    language: str,
    format_name: str,
    out: Path,
    data_folder: Path,
    plugins: Plugins,
    advance: Advance = lambda done, total: None,
) -> Prepared:
    """One package for each written module. Raises ContentError when none is written, or the first package's error."""
    place = Place(out, data_folder, plugins)
    prepared = prepare_units(course, modules, (language,), (format_name,), "module", place, advance)
    if prepared.failures:
        raise prepared.failures[0].error
    return prepared


def prepare_folder(folder: Path, order: Order, place: Place, advance: Advance = lambda done, total: None) -> Prepared:
    """What is ordered of the course in `folder`; when no file was touched since, the course is not even read.

    Raises ContentError when the course cannot be loaded or has nothing to build. Packages that fail do not keep the
    others waiting: they are in `failures`.
    """
    formats = [place.plugins.format(name) for name in order.formats]
    index = open_index(place.out)
    key = digest([str(folder.resolve()), order])
    seen = _seen(folder, formats, place)
    known = None if place.force else _unchanged(index, key, digest(seen))
    if known:
        advance(len(known.built), len(known.built))
        return known
    prepared = _prepare_loaded(folder, order, place, advance)
    if not prepared.failures and is_settled(state for _, state in seen):
        after = open_index(place.out)
        names = tuple(entry.package.path.name for entry in prepared.built)
        after.put_run(key, Run(digest(seen), names, prepared.skipped))
        after.save()
    return prepared


def _prepare_loaded(folder: Path, order: Order, place: Place, advance: Advance) -> Prepared:
    from lms_toolkit.courses import load
    from lms_toolkit.courses.shelf import Shelf

    course = load(folder, Shelf())
    languages = _chosen_languages(course, order.languages)
    modules = _chosen_modules(course, order.modules)
    return prepare_units(course, modules, languages, order.formats, order.per or course.package_per, place, advance)


def _seen(folder: Path, formats: Sequence[PackageFormat], place: Place) -> list[tuple[str, FileState | None]]:
    """How everything looks that a build reads: the course, templates, control documents and code."""
    from lms_toolkit.content import templates_path
    from lms_toolkit.control_documents import folder_in

    folders = {folder: None, templates_path(): None, folder_in(place.data_folder): None}
    folders.update((path, None) for fmt in formats for path in code_folders(place.plugins, fmt))
    return states(folders)


def _unchanged(index: BuildIndex, key: str, state: str) -> Prepared | None:
    run = index.run(key, state)
    if run is None:
        return None
    found = [index.find(index.folder / name) for name in run.names]
    there = tuple(entry for entry in found if entry)
    return Prepared(there, run.skipped) if len(there) == len(found) else None


def prepare_units(
    course: Course,
    modules: Sequence[Module],
    languages: Sequence[str],
    formats: Sequence[str],
    per: Granularity,
    place: Place,
    advance: Advance = lambda done, total: None,
) -> Prepared:
    """The packages of some modules, in several languages and formats."""
    from lms_toolkit.building import make_shell
    from lms_toolkit.building_many import Job, Workshop

    skipped = _skipped(course, modules, languages)
    jobs = [
        Job(unit, language, name)
        for language in languages
        for unit in units_of(course, modules, language, per)
        for name in formats
    ]
    shell = make_shell(place.data_folder)
    workshop = Workshop(replace(course, modules=()), place.out, shell, place.plugins)
    built, failures = _Building(course, workshop, place, advance).run(jobs)
    return Prepared(built, skipped, failures)


def _skipped(course: Course, modules: Sequence[Module], languages: Sequence[str]) -> tuple[Step, ...]:
    """A step for each module that is not written in a language. Raises ContentError when there is nothing to build."""
    meant = [(module, language) for language in languages for module in modules if module.is_given_in(language)]
    missing = [(module, language) for module, language in meant if not module.is_written(language)]
    if modules and len(missing) == len(meant):
        known = " or ".join(languages)
        raise ContentError(f"{course.id}: none of {len(modules)} modules is written in {known} yet; nothing to build")
    return tuple(
        Step("skip", "module", module.key, module.title[language], f"not written in {language} yet")
        for module, language in missing
    )


class _Building:
    """One course's jobs on their way to packages."""

    def __init__(self, course: Course, workshop: Workshop, place: Place, advance: Advance) -> None:
        self._course = course
        self._workshop = workshop
        self._place = place
        self._advance = advance
        self._index = open_index(place.out)
        self._fingerprints = Fingerprints(course, workshop.shell, place.plugins, self._index.digests)
        self._done: dict[Key, BuiltPackage | Failure] = {}

    def run(self, jobs: Sequence[Job]) -> tuple[tuple[BuiltPackage, ...], tuple[Failure, ...]]:
        """Everything that was built or was there, and what failed, each in the order of the jobs."""
        fingerprints = {job.key: self._fingerprint(job) for job in jobs}
        self._reuse(jobs, fingerprints)
        pending = [job for job in jobs if job.key not in self._done]
        self._advance(len(self._done), len(jobs))
        try:
            self._build(pending, fingerprints, len(jobs))
        finally:
            self._index.save()
        done = [self._done[job.key] for job in jobs]
        self._tell([entry.package for entry in done if isinstance(entry, BuiltPackage) and entry.is_new])
        return (
            tuple(entry for entry in done if isinstance(entry, BuiltPackage)),
            tuple(entry for entry in done if isinstance(entry, Failure)),
        )

    def _fingerprint(self, job: Job) -> str:
        try:
            return self._fingerprints.of(job.unit, job.language, self._workshop.plugins.format(job.format_name))
        except OSError as error:
            reason = f"cannot be read ({error.strerror}); restore the file or its rights"
            raise ContentError(f"{error.filename} {reason}") from error

    def _reuse(self, jobs: Sequence[Job], fingerprints: Mapping[Key, str]) -> None:
        for job in () if self._place.force else jobs:
            found = self._index.find(self._workshop.path_of(job), fingerprints[job.key])
            if found:
                self._index.put(found)
                self._done[job.key] = found

    def _build(self, jobs: Sequence[Job], fingerprints: Mapping[Key, str], total: int) -> None:
        from lms_toolkit.building_many import build_all

        count_findings = _counter_outside_modules(_narrowed(self._course, jobs), self._place.plugins)
        for job, made in build_all(self._workshop, jobs, self._place.workers):
            if isinstance(made.outcome, ToolkitError):
                self._done[job.key] = Failure(self._workshop.path_of(job).name, made.outcome)
            else:
                findings = made.findings + count_findings(job)
                built = BuiltPackage(made.outcome, fingerprints[job.key], made.questions, findings)
                self._index.put(built)
                self._done[job.key] = built
            self._advance(len(self._done), total)

    def _tell(self, packages: Iterable[Package]) -> None:
        for package in packages:
            data = {
                "course": package.course_id,
                "module": package.module_slug,
                "language": package.language,
                "format": package.format,
                "path": str(package.path),
                "sha256": package.sha256,
            }
            self._place.plugins.tell(Event("package.built", datetime.now(UTC), data))


def _narrowed(course: Course, jobs: Sequence[Job]) -> Course:
    """The course with those modules alone that the jobs are made of."""
    slugs = {module.slug for job in jobs for module in job.unit.sources}
    return replace(course, modules=tuple(module for module in course.modules if module.slug in slugs))


def _counter_outside_modules(course: Course, plugins: Plugins) -> Callable[[Job], int]:
    """Counts what rules for whole courses, and plugins, say of the files of a job; they are asked once."""
    from lms_toolkit.courses.checking import check_structure

    found: list[Finding] = []
    is_checked = False

    def count(job: Job) -> int:
        nonlocal is_checked
        if not is_checked:
            found.extend(check_structure(course, course.languages))
            found.extend(plugins.check_course(course, course.languages))
            is_checked = True
        return count_about(found, job.contents) if found else 0

    return count


def _chosen_modules(course: Course, slugs: tuple[str, ...]) -> tuple[Module, ...]:
    known = {module.slug: module for module in course.modules}
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise ConfigError(f"{course.id} has no module {unknown[0]!r} (it has: {', '.join(known)})")
    return tuple(known[slug] for slug in slugs) if slugs else course.modules


def _chosen_languages(course: Course, asked: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [language for language in asked if language not in course.languages]
    if unknown:
        raise ConfigError(f"{course.id} is not given in {unknown[0]!r} (it is in: {', '.join(course.languages)})")
    return asked or course.languages
