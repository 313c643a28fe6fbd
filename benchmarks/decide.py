"""Decides for 100,000 learners with 12 items each, and again after 1, 10, 100 … of them have something new.

Run it as `python benchmarks/decide.py [--learners 100000] [--items 12] [--store URL]`. Without `--store`, everything
happens in a temporary folder; a store that is named must be empty, or one this program has filled with as many learners
before. Prints seconds, what they are of deciding for everybody, and memory.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from lms_toolkit.certifying import decide_changes
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    CertificationRule,
    Completion,
    Course,
    Deployment,
    Edition,
    Grade,
    Learner,
    Module,
    ModuleContent,
    Phase,
    PullSummary,
    User,
)
from lms_toolkit.store import Store, open_store

SITE, PAGE = "lab", "3"
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--learners", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=12)
    parser.add_argument("--store", metavar="URL", help="sqlite:///file, or postgresql://…")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, open_store(chosen.store or f"sqlite:///{name}/store.db") as store:
        course = make_course(chosen.items, Path(name))
        if store.results.last_pull(SITE, "DECIDE-1", "fr") is None:
            fill(store, course, chosen.learners)
        forget_decisions(store)
        measure(store, course, chosen.learners)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"at most {used[0] / 1024:.0f} MiB in this process, {used[1] / 1024:.0f} MiB in a worker")


def measure(store: Store, course: Course, learners: int) -> None:
    for _ in range(2):  # what a first run reads from the disk is not what is measured
        store.deciding.seen(SITE, PAGE)
    everybody = decide(store, course, f"everybody: {learners} learners, {len(course.modules)} items each")
    assert sum(award.earned for award in store.awards.earned([course.id])) == everybody.earned
    decide(store, course, "nobody has anything new", everybody.seconds)
    changed = 1
    while changed <= learners // 10:
        some = learners_not_done(store, changed)
        store.results.save([made for ref in some for made in grades_of(ref, course, random.Random(f"again {ref}"))], [])
        decide(store, course, f"{changed} have something new", everybody.seconds)
        changed *= 10


class Run:
    """How much processor time it took to decide, and how many earned it."""

    def __init__(self, seconds: float, earned: int) -> None:
        self.seconds, self.earned = seconds, earned


def decide(store: Store, course: Course, what: str, whole: float = 0.0) -> Run:
    started, used = time.perf_counter(), processor_seconds()
    done = decide_changes(course, course.editions[0], "fr", SITE, store, Plugins(), NOON)
    seconds, used = time.perf_counter() - started, processor_seconds() - used
    share = f" ({used / whole:.2%} of everybody)" if whole else ""
    print(f"{seconds:6.2f} s, {used:6.2f} s of processors{share}: {what}; {done.earned} earned", flush=True)
    return Run(used, done.earned)


def make_course(items: int, folder: Path) -> Course:
    modules = tuple(
        Module(
            f"module-{number}",
            {"fr": f"Les cycles migratoires, {number}e partie"},
            {},
            (),
            5.0,
            60.0,
            {"fr": ModuleContent("fr", folder, ())},
        )
        for number in range(items)
    )
    phase = Phase("all", {"fr": "Tout"}, modules=tuple(module.slug for module in modules))
    return Course(
        id="decide",
        version="1",
        languages=("fr",),
        title={"fr": "La réinsertion, pas à pas"},
        summary={"fr": "Douze modules."},
        modules=modules,
        activities=(),
        editions=(Edition("DECIDE-1", ("fr",), "online", (phase,), learning_hours=60.0),),
        weights={module.slug: 1.0 + number % 3 for number, module in enumerate(modules)},
        certification=CertificationRule({"fr": "Attestation de réussite"}),
        folder=folder,
    )


def fill(store: Store, course: Course, learners: int) -> None:
    """So many learners; about half of them will have earned the award."""
    with clocked("fill the store"):
        store.deployments.save(Deployment(SITE, course.id, "DECIDE-1", "fr", PAGE, "http://127.0.0.1", (), NOON))
        for start in range(0, learners, 1000):
            refs = [str(number) for number in range(start, min(start + 1000, learners))]
            users = [User(f"user{ref}", "", "Amina", f"Test {ref}", f"S-{ref}", ref) for ref in refs]
            people = [(user, Learner(f"idnumber:{user.idnumber}", f"Amina Test {user.ref}")) for user in users]
            store.people.save_accounts(SITE, people)
            store.people.save_enrolments(SITE, PAGE, refs, NOON)
            made = [random.Random(ref) for ref in refs]
            grades = [one for ref, luck in zip(refs, made, strict=True) for one in grades_of(ref, course, luck)]
            store.results.save(grades, [completion_of(grade) for grade in grades if grade.score is not None])
        store.results.save_pull(PullSummary(SITE, "DECIDE-1", "fr", learners, 0, 0, 0, NOON))


def grades_of(ref: str, course: Course, luck: random.Random) -> Iterator[Grade]:
    """A grade for each module: two decimals, at any second of six weeks; some of the learners lack a few."""
    diligence = luck.random()
    for module in course.modules:
        score = round(luck.uniform(30.0, 100.0), 2) if luck.random() < diligence**0.03 else None
        at = NOON - timedelta(seconds=luck.randrange(42 * 86_400))
        yield Grade(SITE, PAGE, ref, module.key, score, 100.0, at if score is not None else None, NOON, "companion")


def completion_of(grade: Grade) -> Completion:
    state = "passed" if (grade.score or 0) >= 60 else "failed"
    return Completion(SITE, PAGE, grade.user_ref, grade.item, state, grade.graded_at, NOON, "companion")


def learners_not_done(store: Store, count: int) -> list[str]:
    """Accounts whose award is still open: what is new about the others changes nothing."""
    from sqlalchemy import select

    from lms_toolkit.store.schema import awards

    statement = select(awards.c.learner_id).where(awards.c.earned.is_(False)).order_by(awards.c.id).limit(count)
    with store.database.read() as connection:
        return [id.removeprefix("idnumber:S-") for id in connection.scalars(statement)]


def forget_decisions(store: Store) -> None:
    """So that a store which is used again is decided anew."""
    from sqlalchemy import delete

    from lms_toolkit.store.schema import awards, decided_pages, events

    with store.database.write() as connection:
        for table in (decided_pages, events, awards):
            connection.execute(delete(table))


@contextmanager
def clocked(what: str) -> Iterator[None]:
    started, used = time.perf_counter(), processor_seconds()
    yield
    print(f"{time.perf_counter() - started:6.2f} s, {processor_seconds() - used:6.2f} s of processors: {what}")


def processor_seconds() -> float:
    """What this process and those it has ended used; PostgreSQL's are not among them."""
    return time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])


if __name__ == "__main__":
    main()
