"""Decides for the learners of a course page some at a time: here, or in worker processes where they are many.

Workers read and decide; what they decided is kept by the process that asked, in its one transaction.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import current_process, get_context
from typing import TYPE_CHECKING, get_args

from lms_toolkit.deciding_learners import CoursePage, awards_of
from lms_toolkit.errors import StoreError
from lms_toolkit.model import CertificateKind

if TYPE_CHECKING:
    from lms_toolkit.store import Store
    from lms_toolkit.store.award_rows import AwardRow
    from lms_toolkit.store.deciding import Run, Seen, Standing

BATCH = 500
"""Learners at a time; the variables of one statement of an older SQLite are few."""
MANY = 20_000
"""From so many learners on, it pays to start workers."""
_SEVERAL = 4
"""From so many batches on, how everybody stands is read at once."""
_WAITING = 2
"""Batches that each worker finds waiting; what they decide must fit into memory."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some learners, the ids of their awards and which are earned, and the awards as they will be kept."""

    people: Sequence[Seen]
    standing: Standing
    rows: Sequence[AwardRow]


@dataclass(frozen=True, slots=True)
class Workers:
    """Processes that read and decide."""

    pool: ProcessPoolExecutor
    count: int


@contextmanager
def workers_for(page: CoursePage, store: Store, learners: int) -> Iterator[Workers | None]:
    """Worker processes for about so many learners, starting up while something else is done; None for few.

    Raises StoreError when one is ended from outside.
    """
    # A worker process of somebody else's pool may not have any of its own.
    count = 1 if current_process().daemon else (os.cpu_count() or 1)
    if learners < MANY or count < 2:
        yield None
        return
    # New processes, never copies of this one: SQLite keeps in memory which locks a process has, and a copy would
    # believe that it has them too: https://www.sqlite.org/howtocorrupt.html, section 2.6.
    url = store.database.url.render_as_string(hide_password=False)
    pool = ProcessPoolExecutor(count, get_context("spawn"), initializer=_settle, initargs=(page, url))
    try:
        pool.submit(_nothing)  # the first task starts them all
        yield Workers(pool, count)
    except BrokenProcessPool as error:
        raise StoreError(
            "a process that decided awards was ended from outside, perhaps for want of memory; nothing was saved, run "
            "it again"
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def decide_batches(
    page: CoursePage, store: Store, people: Sequence[Seen], run: Run, workers: Workers | None
) -> Iterator[Batch]:
    """Decide for these people, here or with workers; nothing is saved here."""
    batches = (people[start : start + BATCH] for start in range(0, len(people), BATCH))
    known = _with_standing(page, run, batches, all_at_once=len(people) > _SEVERAL * BATCH)
    if workers is None:
        yield from (Batch(batch, standing, decide_rows(page, store, batch, standing)) for batch, standing in known)
    else:
        yield from _in_turn(workers.pool, known, workers.count * (1 + _WAITING))


def decide_rows(page: CoursePage, store: Store, batch: Sequence[Seen], standing: Standing) -> list[AwardRow]:
    """The awards of some learners as they will be kept, under the ids they have had."""
    from lms_toolkit.store.award_rows import award_row, new_ids

    ids, new = {key: id for key, (id, _) in standing.items()}, new_ids()
    final = {key for key, (_, is_earned) in standing.items() if is_earned}
    return [
        award_row(award, ids.get((award.learner_id, award.kind)) or next(new), page.now)
        for award in awards_of(page, store, batch, final)
    ]


def _with_standing(
    page: CoursePage, run: Run, batches: Iterator[Sequence[Seen]], *, all_at_once: bool
) -> Iterator[tuple[Sequence[Seen], Standing]]:
    """Each batch with how it stands; that of many is read once, because asking again while awards are being added is
    what databases are slow at: they know nothing of what they were given a moment ago."""
    course_id, code = page.course.id, page.edition.code
    everybody = run.standing(course_id, code, None) if all_at_once else {}
    for batch in batches:
        if all_at_once:
            keys = ((one.learner_id, kind) for one in batch for kind in get_args(CertificateKind))
            yield batch, {key: everybody[key] for key in keys if key in everybody}
        else:
            yield batch, run.standing(course_id, code, [one.learner_id for one in batch])


def _in_turn(
    pool: ProcessPoolExecutor, known: Iterator[tuple[Sequence[Seen], Standing]], at_once: int
) -> Iterator[Batch]:
    running: deque[tuple[Sequence[Seen], Standing, Future[list[AwardRow]]]] = deque()
    while True:
        for batch, standing in islice(known, at_once - len(running)):
            running.append((batch, standing, pool.submit(_decide_here, batch, standing)))
        if not running:
            return
        batch, standing, future = running.popleft()
        yield Batch(batch, standing, future.result())


_here: list[tuple[CoursePage, Store]] = []
"""What this worker process decides about, and where it reads."""


def _settle(page: CoursePage, url: str) -> None:
    from lms_toolkit.store import Store
    from lms_toolkit.store.engine import Database

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the first one decides
    _here[:] = [(page, Store(Database(url)))]  # the one that asked has brought it up to date, and is writing to it now
    gc.freeze()
    gc.disable()  # as where few are decided: none of a million records is in a cycle


def _nothing() -> None:
    pass


def _decide_here(batch: Sequence[Seen], standing: Standing) -> list[AwardRow]:
    page, store = _here[0]
    return decide_rows(page, store, batch, standing)
