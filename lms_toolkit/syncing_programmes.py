"""Brings diplomas up to date: decides every programme that concerns somebody, and issues what was earned.

A programme rests on awards of any site, so its run belongs to none: site and language are empty in its row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from lms_toolkit.deadlines import Deadline
from lms_toolkit.errors import InUse, ToolkitError
from lms_toolkit.sync_tasks import DEADLINE_SECONDS, Synced, Task, answer, each, issue, noted

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.errors import ContentError
    from lms_toolkit.model import Course, Programme


@dataclass(frozen=True, slots=True)
class _ProgrammeRun:
    """How a programme is told of: by its id, and on no site. What `found` is: it, or why its file cannot be read."""

    edition: str
    found: Programme | ToolkitError
    site: str = ""
    language: str = ""


def sync_programmes(
    app: App,
    course_ids: Collection[str] | None = None,
    deadline_seconds: float = DEADLINE_SECONDS,
) -> Iterator[Synced]:
    """Bring every programme up to date that concerns somebody, or those that one of these courses counts for.

    A fault of one is its answer and stops no other, also one of its file. An error that is nobody's but ours is raised
    after the last.
    """
    course_of = cache(app.course)  # several programmes rest on one course
    due = [run for run in _programmes(app) if _is_due(app, run, course_ids)]
    yield from each(due, lambda run: _sync_one(app, run, deadline_seconds, course_of))


def _programmes(app: App) -> Iterator[_ProgrammeRun]:
    from lms_toolkit.courses.programme_file import load_programme, programme_files

    try:
        files = programme_files(app.course_folders().values())
    except ToolkitError as error:
        yield _ProgrammeRun("programmes", error)
        return
    for path in files:
        try:
            programme = load_programme(path)
        except ToolkitError as error:
            yield _ProgrammeRun(path.parent.name, error)
        else:
            yield _ProgrammeRun(programme.id, programme)


def _is_due(app: App, run: _ProgrammeRun, course_ids: Collection[str] | None) -> bool:
    from lms_toolkit.programmes import concerns_anybody, counted_courses

    if isinstance(run.found, ToolkitError):
        return True  # nobody can know whom it concerns
    if course_ids is not None and counted_courses(run.found).isdisjoint(course_ids):
        return False
    return concerns_anybody(run.found, app.store)


def _sync_one(app: App, run: _ProgrammeRun, deadline_seconds: float, course_of: Callable[[str], Course]) -> Synced:
    programme = run.found
    if isinstance(programme, ToolkitError):  # no id is known that its run could be kept under
        return answer(run, "failed", note=" ".join(str(programme).split()), exit_code=programme.exit_code)
    try:
        with app.store.lock(f"sync:{programme.id}"):
            task = Task(app, run, Deadline(programme.id, deadline_seconds))
            return noted(task, lambda task, repair: _work(task, programme, course_of, repair=repair))
    except InUse as error:
        return answer(run, "skipped", note=str(error))


def _work(
    task: Task, programme: Programme, course_of: Callable[[str], Course], *, repair: bool
) -> Sequence[ContentError]:
    """Decide and issue; the answer is the diplomas that cannot be made."""
    from lms_toolkit.programmes import as_course, decide_everybody

    app, ours = task.app, task.app.course_folders()
    courses = [course_of(id) for id in programme.courses if id in ours]
    decided = decide_everybody(programme, None, courses, app.store, app.plugins, datetime.now(UTC))
    task.counts.decided = decided.news
    task.deadline.check()
    return list(issue(task, *as_course(programme), repair=repair))
