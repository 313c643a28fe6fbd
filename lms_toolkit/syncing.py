"""Brings course pages up to date: pulls results, decides awards, issues certificates; one page at a time.

It can run as often as one likes: what is done is not done again. A page is locked while it is worked on, has a time
limit, and keeps no other page from being brought up to date. How each run went stays in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal

from lms_toolkit.deadlines import Deadline
from lms_toolkit.errors import ConfigError, ContentError, InUse, ToolkitError

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.interfaces import Platform
    from lms_toolkit.model import Award, Course, Deployment, Edition
    from lms_toolkit.store import Store
    from lms_toolkit.store.runs import RunOutcome

DEADLINE_SECONDS = 600.0

SyncOutcome = Literal["synced", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of one page. `users` are those the pull read; `changed` results, `decided` news and `issued`
    certificates are what was new.

    `skipped`: another run is at it. `exit_code` is that of what went wrong, 0 if nothing did.
    """

    site: str
    edition: str
    language: str
    outcome: SyncOutcome
    users: int = 0
    changed: int = 0
    decided: int = 0
    issued: int = 0
    note: str = ""
    exit_code: int = 0


@dataclass(slots=True)
class _Counts:
    """What a run has done so far; also kept of a run that fails."""

    users: int = 0
    changed: int = 0
    decided: int = 0
    issued: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


def pages_to_sync(app: App, editions: Sequence[str] = (), site: str | None = None) -> list[Deployment]:
    """The deployed pages of these editions, or of all, on one site or on all; those that waited longest come first.

    Raises ConfigError for an edition that is deployed nowhere there.
    """
    pages = [page for page in app.store.deployments.all() if site in (None, page.site)]
    for code in editions:
        if not any(page.edition == code for page in pages):
            where = f"on {site}" if site else "anywhere"
            raise ConfigError(f"{code} is not deployed {where}; lms-toolkit status shows what is deployed")
    began = {(run.site, run.edition, run.language): run.started_at for run in app.store.runs.latest()}
    never = datetime.min.replace(tzinfo=UTC)
    chosen = [page for page in pages if not editions or page.edition in editions]
    return sorted(chosen, key=lambda page: began.get((page.site, page.edition, page.language), never))


def sync(app: App, pages: Iterable[Deployment], deadline_seconds: float = DEADLINE_SECONDS) -> Iterator[Synced]:
    """Bring each page up to date, and say what came of it as soon as it is known.

    A fault of one page is its answer and stops no other. An error that is nobody's but ours is raised after the last.
    """
    bug: Exception | None = None
    course_of = cache(app.course)  # editions of one course follow one another
    for page in pages:
        try:
            done = sync_page(app, page, deadline_seconds, course_of)
        except ToolkitError as error:  # of the store itself: the run could not even be noted
            done = _answer(page, "failed", note=str(error), exit_code=error.exit_code)
        except Exception as error:
            bug = bug or error
            done = _answer(page, "failed", note=_bug_note(error), exit_code=1)
        yield done
    if bug is not None:
        raise bug


def sync_page(
    app: App,
    page: Deployment,
    deadline_seconds: float = DEADLINE_SECONDS,
    course_of: Callable[[str], Course] | None = None,
) -> Synced:
    """Bring one page up to date. Raises StoreError when the store fails, and what is a bug of ours."""
    try:
        with app.store.lock(f"sync:{page.site}:{page.edition}:{page.language}"):
            deadline = Deadline(f"{page.edition} ({page.language}) on {page.site}", deadline_seconds)
            return _noted(_Task(app, page, deadline, course_of or app.course))
    except InUse as error:
        return _answer(page, "skipped", note=str(error))


def exit_code(done: Iterable[Synced]) -> int:
    """The worst of them: a site that fails before a refusal before nothing."""
    return max((one.exit_code for one in done), default=0)


@dataclass(frozen=True, slots=True)
class _Task:
    """One run about one page, and how far it has come."""

    app: App
    page: Deployment
    deadline: Deadline
    course_of: Callable[[str], Course]
    counts: _Counts = field(default_factory=_Counts)

    def ended(self, run: int, outcome: RunOutcome, note: str = "") -> None:
        self.app.store.runs.finish(run, outcome, datetime.now(UTC), self.counts.as_dict(), note)


def _noted(task: _Task) -> Synced:
    """The run, with its row in the store."""
    page, runs = task.page, task.app.store.runs
    before = runs.last(page.site, page.edition, page.language)
    run = runs.start(page, datetime.now(UTC))
    try:
        faults = _work(task, repair=before is None or before.outcome != "synced")
    except InUse as error:  # somebody pulls this page by hand
        task.ended(run, "interrupted", str(error))
        return _answer(page, "skipped", task.counts, str(error))
    except ToolkitError as error:
        note = " ".join(str(error).split())
        task.ended(run, "failed", note)
        return _answer(page, "failed", task.counts, note, error.exit_code)
    except Exception as error:
        task.ended(run, "failed", _bug_note(error))
        raise
    if faults:
        task.ended(run, "failed", _faults_note(faults))
        return _answer(page, "failed", task.counts, _faults_note(faults), ContentError.exit_code)
    task.ended(run, "synced")
    return _answer(page, "synced", task.counts)


def _work(task: _Task, *, repair: bool) -> list[ContentError]:
    """Pull, decide, issue; the answer is the certificates that cannot be made."""
    from lms_toolkit.certifying import decide_changes
    from lms_toolkit.grading import pull

    store, plugins, page = task.app.store, task.app.plugins, task.page
    course, edition = _declared(task)
    with task.deadline.alarm():
        platform = _platform(task)
        watched, after = (lambda _accounts: task.deadline.check()), task.app.config.repair_after
        summary = pull(platform, page, store, plugins, datetime.now(UTC), watched, repair_after=after)
    task.counts.users, task.counts.changed = summary.users, summary.changed
    task.deadline.check()
    decided = decide_changes(course, edition, page.language, page.site, store, plugins, datetime.now(UTC))
    task.counts.decided = decided.news
    task.deadline.check()
    return list(_issue(task, course, edition, repair=repair))


def _declared(task: _Task) -> tuple[Course, Edition]:
    page = task.page
    course = task.course_of(page.course_id)
    edition = next((edition for edition in course.editions if edition.code == page.edition), None)
    if edition is None:
        raise ConfigError(
            f"{page.course_id} declares no edition {page.edition} any more, which is deployed on {page.site}; "
            "declare it again"
        )
    return course, edition


def _platform(task: _Task) -> Platform:
    """The site, which is given no longer for one answer than there is for all of it."""
    site = task.app.config.site(task.page.site)
    return task.app.plugins.platform(replace(site, read_timeout=min(site.read_timeout, task.deadline.seconds)))


def _issue(task: _Task, course: Course, edition: Edition, *, repair: bool) -> Iterator[ContentError]:
    """Certify every award that has no certificate yet.

    With `repair`, those that have one too: the run before may have died before it had written all files.
    """
    from lms_toolkit.issuing_many import Desk, ToIssue, issue_all

    app, store = task.app, task.app.store
    fresh = store.awards.uncertified(course.id, edition.code)
    awards = _earned(store, course, edition) if repair else fresh
    if not awards:
        return
    new = {award.id for award in fresh}
    learners = {learner.id: learner for learner in map(store.people.get, {one.learner_id for one in awards}) if learner}
    wanted = [ToIssue(award, course, edition, learners[award.learner_id]) for award in awards]
    desk = Desk(app.certifier, store, app.config.certificates, app.plugins)
    for award, outcome in issue_all(wanted, desk):
        if isinstance(outcome, ContentError):
            yield outcome
        elif award.id in new:
            task.counts.issued += 1
        task.deadline.check()


def _earned(store: Store, course: Course, edition: Edition) -> list[Award]:
    return [award for award in store.awards.all(edition.code, course.id) if award.earned]


def _answer(
    page: Deployment, outcome: SyncOutcome, counts: _Counts | None = None, note: str = "", exit_code: int = 0
) -> Synced:
    done = (counts or _Counts()).as_dict()
    return Synced(page.site, page.edition, page.language, outcome, **done, note=note, exit_code=exit_code)


def _faults_note(faults: Sequence[ContentError]) -> str:
    if not faults:
        return ""
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"a certificate cannot be made: {' '.join(str(faults[0]).split())}{more}"


def _bug_note(error: Exception) -> str:
    """Only what kind it was: its text was not written for anybody, and may hold people's data."""
    return f"stopped by a fault of the toolkit ({type(error).__name__}); report it"
