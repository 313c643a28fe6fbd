"""Builds many packages, one after the other or in worker processes; the bytes are the same."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.building import build_unit, package_name
from lms_toolkit.errors import PackageError, ToolkitError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Course, Package
from lms_toolkit.units import Unit

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

MANY = 24
"""From so many packages on, work is spread over processes. An estimate: benchmarks/packages.py compares both ways."""


Key = tuple[str, str, str]
"""Slug of the unit, language and format: what tells the jobs of a course apart."""


@dataclass(frozen=True, slots=True)
class Job:
    """One package to build."""

    unit: Unit
    language: str
    format_name: str

    @property
    def key(self) -> Key:
        return self.unit.slug, self.language, self.format_name


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all jobs of a course share. `course` comes without its modules: a job brings its own."""

    course: Course
    out: Path
    shell: Shell
    plugins: Plugins

    def path_of(self, job: Job) -> Path:
        fmt = self.plugins.format(job.format_name)
        return self.out / package_name(self.course, job.unit.module, job.language, fmt)

    def build(self, job: Job) -> Package | ToolkitError:
        """The package, or what is wrong with it."""
        fmt = self.plugins.format(job.format_name)
        try:
            return build_unit(self.course, job.unit, job.language, fmt, self.out, self.shell, self.plugins)
        except ToolkitError as error:
            return error


def build_all(workshop: Workshop, jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Package | ToolkitError]]:
    """Each job with its outcome, as they finish."""
    if workers > 1 and len(jobs) >= MANY and _can_travel(workshop):
        yield from _in_processes(workshop, jobs, min(workers, len(jobs)))
        return
    for job in jobs:
        yield job, workshop.build(job)


def _can_travel(workshop: Workshop) -> bool:
    """Plugins that a program made on the fly stay in its process, and so does the work."""
    try:
        pickle.dumps(workshop)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _in_processes(
    workshop: Workshop, jobs: Sequence[Job], workers: int
) -> Iterator[tuple[Job, Package | ToolkitError]]:
    # spawned, not forked: the program may have threads, whose locks a forked process would inherit for ever
    pool = ProcessPoolExecutor(workers, get_context("spawn"), initializer=_settle, initargs=(workshop,))
    try:
        futures: dict[Future[Package | ToolkitError], Job] = {
            pool.submit(_build_here, _narrowed(job)): job for job in jobs
        }
        for future in as_completed(futures):
            yield futures[future], future.result()
    except BrokenProcessPool as error:
        raise PackageError(
            f"a process that built packages of {workshop.course.id} was ended from outside, perhaps for want of memory;"
            " build with --workers 1"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _narrowed(job: Job) -> Job:
    """The job without the texts of other languages, which need not travel."""
    parts = tuple(replace(part, content={job.language: part.content[job.language]}) for part in job.unit.parts)
    module = job.unit.module
    content = {job.language: module.content[job.language]}
    return replace(job, unit=Unit(replace(module, content=content), parts))


_here: list[Workshop] = []
"""The workshop of this worker process."""


def _settle(workshop: Workshop) -> None:
    _here[:] = [workshop]


def _build_here(job: Job) -> Package | ToolkitError:
    return _here[0].build(job)
