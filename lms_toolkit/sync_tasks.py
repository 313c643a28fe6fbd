"""One run of a sync about one subject, a course page or a programme: its limit, its row in the store, its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from lms_toolkit.deadlines import Deadline
from lms_toolkit.errors import ContentError, InUse, Refused, ToolkitError

if TYPE_CHECKING:
    from lms_toolkit.app import App
    from lms_toolkit.model import Award, Course, Edition
    from lms_toolkit.store import Store
    from lms_toolkit.store.runs import RunOutcome, Subject

DEADLINE_SECONDS = 600.0

SyncOutcome = Literal["synced", "skipped", "failed"]

SomeSubject = TypeVar("SomeSubject", bound="Subject")


@dataclass(frozen=True, slots=True)
class Synced:
    """What came of one page, or of one programme, which is on no site. `users` are those the pull read; `changed`
    results, those that are gone too, `decided` news and `issued` certificates are what was new.

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

    def __str__(self) -> str:
        where = f" ({self.language}) on {self.site}" if self.site else ""
        return f"{self.edition}{where} {self.outcome}{f': {self.note}' if self.note else ''}"


@dataclass(slots=True)
class Counts:
    """What a run has done so far; also kept of a run that fails."""

    users: int = 0
    changed: int = 0
    decided: int = 0
    issued: int = 0

    def as_dict(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class Task:
    """One run about one subject, and how far it has come."""

    app: App
    subject: Subject
    deadline: Deadline
    counts: Counts = field(default_factory=Counts)

    def ended(self, run: int, outcome: RunOutcome, note: str = "") -> None:
        self.app.store.runs.finish(run, outcome, datetime.now(UTC), self.counts.as_dict(), note)


Work = Callable[[Task, bool], Sequence[ContentError | Refused]]
"""Does a task; the answer is the certificates that cannot be made, or not be delivered.

The flag: what was issued before may lack files."""


def each(subjects: Iterable[SomeSubject], work: Callable[[SomeSubject], Synced]) -> Iterator[Synced]:
    """What came of each subject, as soon as it is known.

    A fault of one is its answer and stops no other. An error that is nobody's but ours is raised after the last.
    """
    bug: Exception | None = None
    for subject in subjects:
        try:
            done = work(subject)
        except ToolkitError as error:  # of the store itself: the run could not even be noted
            done = answer(subject, "failed", note=str(error), exit_code=error.exit_code)
        except Exception as error:
            bug = bug or error
            done = answer(subject, "failed", note=_bug_note(error), exit_code=1)
        yield done
    if bug is not None:
        raise bug


def noted(task: Task, work: Work) -> Synced:
    """Do the work, with its row in the store. Only for who holds the lock of the subject."""
    subject, runs = task.subject, task.app.store.runs
    before = runs.last(subject.site, subject.edition, subject.language)
    run = runs.start(subject, datetime.now(UTC))
    try:
        faults = work(task, before is None or before.outcome != "synced")
    except InUse as error:  # somebody pulls this page by hand
        task.ended(run, "interrupted", str(error))
        return answer(subject, "skipped", task.counts, str(error))
    except ToolkitError as error:
        note = " ".join(str(error).split())
        task.ended(run, "failed", note)
        return answer(subject, "failed", task.counts, note, error.exit_code)
    except Exception as error:
        task.ended(run, "failed", _bug_note(error))
        raise
    if faults:
        task.ended(run, "failed", _faults_note(faults))
        return answer(subject, "failed", task.counts, _faults_note(faults), ContentError.exit_code)
    task.ended(run, "synced")
    return answer(subject, "synced", task.counts)


def issue(task: Task, course: Course, edition: Edition, *, repair: bool) -> Iterator[ContentError]:
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


def answer(
    subject: Subject, outcome: SyncOutcome, counts: Counts | None = None, note: str = "", exit_code: int = 0
) -> Synced:
    done = (counts or Counts()).as_dict()
    return Synced(subject.site, subject.edition, subject.language, outcome, **done, note=note, exit_code=exit_code)


def _faults_note(faults: Sequence[ContentError | Refused]) -> str:
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    what = "made" if isinstance(faults[0], ContentError) else "delivered"
    return f"a certificate cannot be {what}: {' '.join(str(faults[0]).split())}{more}"


def _bug_note(error: Exception) -> str:
    """Only what kind it was: its text was not written for anybody, and may hold people's data."""
    return f"stopped by a fault of the toolkit ({type(error).__name__}); report it"
