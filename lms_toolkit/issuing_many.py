"""Issues the certificates of many awards: signed and drawn in worker processes, saved and told here, some at a time.

What becomes of each is the same as with `issue`; one name that cannot be printed keeps nobody else waiting.
"""

from __future__ import annotations

import gc
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lms_toolkit.certificate_events import tell
from lms_toolkit.certificate_files import write_files
from lms_toolkit.certificate_records import achievement_of, record_of
from lms_toolkit.config import CertificateConfig
from lms_toolkit.drafting import Draft, draft
from lms_toolkit.errors import ContentError, StoreError
from lms_toolkit.issuing import complete, require_earned
from lms_toolkit.model import Award, Certificate, Course, Edition, Learner
from lms_toolkit.processes import worker_context
from lms_toolkit.verification_site import STATUS_PLACES

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Certifier
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

BATCH = 25
"""So many are drawn by a worker at a time, and saved in one transaction."""
MANY = 12
"""From so many on, it pays to start workers; benchmarks/certificates.py compares both ways."""

Outcome = Certificate | ContentError


@dataclass(frozen=True, slots=True)
class ToIssue:
    """An earned award, and what it takes to certify it."""

    award: Award
    course: Course
    edition: Edition
    learner: Learner


@dataclass(frozen=True, slots=True)
class Desk:
    """What all certificates of a run share."""

    certifier: Certifier
    store: Store
    config: CertificateConfig
    plugins: Plugins


def issue_all(
    wanted: Sequence[ToIssue], desk: Desk, workers: int = 1, at: datetime | None = None
) -> Iterator[tuple[Award, Outcome]]:
    """Each award with its certificate, issued now or before, or with what is wrong with its text; as they are ready.

    Raises PlanRefused for an award that is not earned, before anything is issued.
    """
    for one in wanted:
        require_earned(one.award)
    at = at or datetime.now(UTC)
    fresh: list[ToIssue] = []
    known = desk.store.certificates.of_awards([one.award.id for one in wanted])
    for one in wanted:
        before = known.get(one.award.id)
        if before:
            yield one.award, complete(before, desk.certifier, desk.config, desk.store, desk.plugins)
        else:
            fresh.append(one)
    yield from _issue_fresh(fresh, desk, workers, at)


def _issue_fresh(fresh: Sequence[ToIssue], desk: Desk, workers: int, at: datetime) -> Iterator[tuple[Award, Outcome]]:
    drafts: list[Draft] = []
    awards = {one.award.id: one.award for one in fresh}
    places = iter(desk.store.certificates.reserve_places(len(fresh), STATUS_PLACES))
    for one in fresh:
        try:
            record = record_of(one.award, one.course, one.edition, one.learner, desk.config, at)
        except ContentError as error:
            yield one.award, error
        else:
            drafts.append(Draft(record, achievement_of(one.award, one.course, one.edition), next(places), at))
    for made in _drafted(drafts, desk, workers):
        yield from ((awards[award_id], outcome) for award_id, outcome in _saved(made, desk, at))


def _drafted(drafts: Sequence[Draft], desk: Desk, workers: int) -> Iterator[list[_Made]]:
    batches = [drafts[start : start + BATCH] for start in range(0, len(drafts), BATCH)]
    if workers < 2 or len(drafts) < MANY:
        yield from (_draft_batch(batch, desk.certifier, desk.config, desk.plugins) for batch in batches)
        return
    if drafts:
        desk.certifier.sign(drafts[0].record)  # the first key is made here, once, not by each worker
    pool = ProcessPoolExecutor(
        workers, worker_context(), initializer=_settle, initargs=(desk.config, desk.plugins, desk.certifier.name)
    )
    try:
        yield from pool.map(_draft_here, batches)
    except BrokenProcessPool as error:
        raise StoreError(
            "a process that drew certificates was ended from outside, perhaps for want of memory; run it again, and "
            "what was issued is kept"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_Made = tuple[str, tuple[Certificate, bytes] | ContentError]
"""The id of an award, and its certificate with the PDF."""


def _draft_batch(
    batch: Iterable[Draft], certifier: Certifier, config: CertificateConfig, plugins: Plugins
) -> list[_Made]:
    made: list[_Made] = []
    for one in batch:
        try:
            made.append((one.record.award_id, draft(one, certifier, config, plugins)))
        except ContentError as error:
            made.append((one.record.award_id, error))
    return made


def _saved(made: Sequence[_Made], desk: Desk, at: datetime) -> Iterator[tuple[str, Outcome]]:
    """Save what was drawn, write its files, and tell of it, in this order."""
    drawn = {award_id: outcome for award_id, outcome in made if not isinstance(outcome, ContentError)}
    kept = desk.store.certificates.save_all([certificate for certificate, _ in drawn.values()])
    ours: list[Certificate] = []
    for certificate in kept:
        drafted, pdf = drawn[certificate.record.award_id]
        if certificate.code == drafted.code:
            write_files(certificate, pdf, desk.config)
            ours.append(certificate)
        else:  # another run was first
            complete(certificate, desk.certifier, desk.config, desk.store, desk.plugins, tell=False)
    tell("certificate.issued", ours, at, desk.store, desk.plugins)
    yield from ((certificate.record.award_id, certificate) for certificate in kept)
    yield from ((award_id, outcome) for award_id, outcome in made if isinstance(outcome, ContentError))


_here: list[tuple[Certifier, CertificateConfig, Plugins]] = []
"""What this worker process works with."""


def _settle(config: CertificateConfig, plugins: Plugins, certifier: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one decides
    gc.freeze()  # what was imported stays: no need to look for garbage in it
    _here[:] = [(plugins.certifier(config, certifier), config, plugins)]


def _draft_here(batch: Sequence[Draft]) -> list[_Made]:
    certifier, config, plugins = _here[0]
    return _draft_batch(batch, certifier, config, plugins)
