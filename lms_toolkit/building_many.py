"""Builds many packages, one after the other or in worker processes; the bytes are the same.

Jobs that are made of the same modules in one language go together, as a batch: their texts are parsed once, for the
pages of every format and for what `check` says of them.
"""

from __future__ import annotations

import gc
import pickle
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.building import pack, package_name
from lms_toolkit.errors import PackageError, ToolkitError
from lms_toolkit.interfaces import Shell
from lms_toolkit.model import Course, Finding, Module, ModuleContent, Package, RenderedModule
from lms_toolkit.package_counts import count_about, count_questions
from lms_toolkit.units import Unit, render_unit

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

MANY = 24
"""From so many packages on, it pays to start new processes; benchmarks/packages.py compares both ways."""
MANY_FOR_FORKS = 6
"""The same for processes that begin as copies of this one, with everything imported."""
_WAITING = 2
"""Batches that lie ready for each worker, so that it never waits, and texts of many modules are not held at once."""


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

    @property
    def contents(self) -> tuple[ModuleContent, ...]:
        """The texts that go in."""
        return tuple(part.content[self.language] for part in self.unit.parts)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a job: the package, with what was counted about its modules, or what is wrong with it."""

    outcome: Package | ToolkitError
    questions: int = 0
    findings: int = 0


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

    def build(self, jobs: Sequence[Job]) -> Iterator[Made]:
        """What becomes of each job of a batch."""
        bench = _Bench(self)
        return (bench.build(job) for job in jobs)


@dataclass
class _Bench:
    """One batch on its way; what its jobs have in common is done once."""

    workshop: Workshop
    _unit: Unit | None = None
    _rendered: RenderedModule | ToolkitError | None = None
    _findings: dict[tuple[str, str], tuple[Finding, ...]] = field(default_factory=dict)

    def build(self, job: Job) -> Made:
        shop = self.workshop
        try:
            rendered = self._render(job)
            package = pack(shop.course, rendered, job.unit, shop.plugins.format(job.format_name), shop.out, shop.shell)
        except ToolkitError as error:
            return Made(error)
        return Made(package, count_questions(job.contents), self._count(job))

    def _render(self, job: Job) -> RenderedModule:
        if job.unit is not self._unit:
            self._unit = job.unit
            try:
                self._rendered = render_unit(self.workshop.course, job.unit, job.language, self.workshop.plugins)
            except ToolkitError as error:
                self._rendered = error
        if isinstance(self._rendered, ToolkitError):
            raise self._rendered
        assert self._rendered is not None
        return self._rendered

    def _count(self, job: Job) -> int:
        findings = [finding for module in job.unit.sources for finding in self._check(module, job.language)]
        return count_about(findings, job.contents)

    def _check(self, module: Module, language: str) -> tuple[Finding, ...]:
        from lms_toolkit.courses.checking import check_module

        key = module.slug, language
        if key not in self._findings:
            self._findings[key] = check_module(self.workshop.course, module, language)
        return self._findings[key]


def build_all(workshop: Workshop, jobs: Sequence[Job], workers: int) -> Iterator[tuple[Job, Made]]:
    """Each job with what became of it, as they finish."""
    batches = _batches(jobs)
    if workers > 1 and len(batches) > 1 and _can_travel(workshop):
        context = _context(len(jobs))
        if context and context.get_start_method() == "fork":
            # workers begin as copies of this process: what the first batch imports and compiles is theirs as well
            yield from _one_by_one(workshop, batches[:1])
            batches, context = batches[1:], _context(len(jobs))  # a plugin may have started a thread by now
        if context:
            with _all_that_is_here_stays():
                yield from _in_processes(workshop, batches, min(workers, len(batches)), context)
            return
    yield from _one_by_one(workshop, batches)


def _one_by_one(workshop: Workshop, batches: Sequence[tuple[Job, ...]]) -> Iterator[tuple[Job, Made]]:
    with _all_that_is_here_stays():
        for batch in batches:
            yield from zip(batch, workshop.build(batch), strict=True)


_FROZEN_AT_START = gc.get_freeze_count()
"""Python 3.12 begins with a few hundred objects that are frozen; others with none."""


@contextmanager
def _all_that_is_here_stays() -> Iterator[None]:
    """Modules and texts outlive a build: looking for garbage in them, again and again, took a tenth of its time."""
    is_ours = gc.get_freeze_count() <= _FROZEN_AT_START
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()


def _batches(jobs: Sequence[Job]) -> list[tuple[Job, ...]]:
    """Neighbouring jobs of one language that are made of the same modules."""
    return [tuple(batch) for _, batch in groupby(jobs, key=_what_it_is_made_of)]


def _what_it_is_made_of(job: Job) -> tuple[str, ...]:
    return (job.language, *(module.slug for module in job.unit.sources))


def _context(jobs: int) -> BaseContext | None:
    """How to start workers; None for so few jobs that it does not pay."""
    # A forked process inherits the locks of threads that it does not have, and would wait for them for ever; and the
    # libraries of macOS do not bear it at all.
    if sys.platform == "linux" and _is_alone():
        return get_context("fork") if jobs >= min(MANY, MANY_FOR_FORKS) else None
    return get_context("spawn") if jobs >= MANY else None


def _is_alone() -> bool:
    """Whether this process has one thread; those that Python did not start count too."""
    return threading.active_count() == 1 and sum(1 for _ in Path("/proc/self/task").iterdir()) == 1


def _can_travel(workshop: Workshop) -> bool:
    """Plugins that a program made on the fly stay in its process, and so does the work."""
    try:
        pickle.dumps(workshop)
    except (pickle.PicklingError, AttributeError, TypeError):
        return False
    return True


def _in_processes(
    workshop: Workshop, batches: Sequence[tuple[Job, ...]], workers: int, context: BaseContext
) -> Iterator[tuple[Job, Made]]:
    pool = ProcessPoolExecutor(workers, context, initializer=_settle, initargs=(workshop,))
    try:
        yield from _as_they_finish(pool, iter(batches), workers * (1 + _WAITING))
    except BrokenProcessPool as error:
        raise PackageError(
            f"a process that built packages of {workshop.course.id} was ended from outside, perhaps for want of memory;"
            " build with --workers 1"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _as_they_finish(
    pool: ProcessPoolExecutor, waiting: Iterator[tuple[Job, ...]], at_once: int
) -> Iterator[tuple[Job, Made]]:
    """No more than so many batches are under way, as their texts travel with them."""
    running: dict[Future[list[Made]], tuple[Job, ...]] = {}
    while True:
        for batch in islice(waiting, at_once - len(running)):
            running[pool.submit(_build_here, _packed(batch))] = batch
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            yield from zip(running.pop(future), future.result(), strict=True)


def _packed(batch: tuple[Job, ...]) -> tuple[Job, ...]:
    """The batch without the texts of other languages, which need not travel; what jobs share travels once."""
    language = batch[0].language
    units: dict[int, Unit] = {}
    modules: dict[int, Module] = {}

    def module(whole: Module) -> Module:
        if id(whole) not in modules:
            modules[id(whole)] = replace(whole, content=_only(whole.content, language))
        return modules[id(whole)]

    def unit(of_job: Unit) -> Unit:
        if id(of_job) not in units:
            cut_from = module(of_job.cut_from) if of_job.cut_from else None
            units[id(of_job)] = Unit(module(of_job.module), tuple(map(module, of_job.parts)), cut_from)
        return units[id(of_job)]

    return tuple(replace(job, unit=unit(job.unit)) for job in batch)


def _only(content: Mapping[str, ModuleContent], language: str) -> dict[str, ModuleContent]:
    return {language: content[language]}


_here: list[Workshop] = []
"""The workshop of this worker process."""


def _settle(workshop: Workshop) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one decides
    gc.freeze()  # what was imported stays: no need to look for garbage in it
    _here[:] = [workshop]


def _build_here(batch: tuple[Job, ...]) -> list[Made]:
    return list(_here[0].build(batch))
