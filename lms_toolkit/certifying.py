"""Decides, for every learner of a deployed edition, whether the certificate is earned, from what the store knows.

Learners are read, decided and saved some at a time and in one transaction: a run needs little memory however many there
are, and is kept whole or not at all.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from lms_toolkit.deciding_learners import CoursePage, awards_of
from lms_toolkit.deciding_many import BATCH, decide_batches, workers_for
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Activity, Award, Course, Deployment, Edition, Event, Module
from lms_toolkit.rules import is_over

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store
    from lms_toolkit.store.award_rows import AwardRow
    from lms_toolkit.store.deciding import Seen, Standing


@dataclass(frozen=True, slots=True)
class Decided:
    """What a run did: how many learners it looked at, and what came of it. `everybody`: not only what had changed."""

    learners: int
    earned: int
    news: int
    everybody: bool


def decide(
    course: Course,
    edition: Edition,
    language: str,
    site: str,
    store: Store,
    plugins: Plugins,
    now: datetime,
    *,
    save: bool = True,
) -> list[Award]:
    """Decide for every learner of a deployment; the answer is the awards that now stand, in order of learner.

    An earned award is final and is not decided again. Nothing is saved if a plugin raises. Raises ConfigError when the
    edition was not deployed there or nothing was pulled yet. With `save` off, it only says what it would decide.
    """
    page = _page(course, edition, language, site, store, plugins, now)
    if not save:
        people = _people(page, store, None)
        batches = (people[start : start + BATCH] for start in range(0, len(people), BATCH))
        return [award for batch in batches for award in _tried(page, store, batch)]
    _run(page, store, None)
    return standing_awards(course, edition, language, site, store)


def decide_changes(
    course: Course,
    edition: Edition,
    language: str,
    site: str,
    store: Store,
    plugins: Plugins,
    now: datetime,
) -> Decided:
    """Decide for those with something new since the last run: results, decisions by hand, another account.

    Everybody's turn comes when the rule or the course has changed, and when the edition's last day is past. Raises as
    `decide` does.
    """
    page = _page(course, edition, language, site, store, plugins, now)
    rule = _fingerprint(page)
    if store.undecided.rule_sha256(site, edition.code, language) != rule:
        return _run(page, store, None)
    return _run(page, store, store.undecided.marks(site, page.deployment.course_ref).keys())


def standing_awards(course: Course, edition: Edition, language: str, site: str, store: Store) -> list[Award]:
    """The awards of everybody on a course page, as they were decided last, in order of learner."""
    deployment = _deployment(edition, language, site, store)
    here = {seen.learner_id for seen in store.deciding.seen(site, deployment.course_ref)}
    found = [award for award in store.awards.all(edition.code, course.id) if award.learner_id in here]
    return sorted(found, key=lambda award: (award.learner_id, award.kind))


def _page(
    course: Course, edition: Edition, language: str, site: str, store: Store, plugins: Plugins, now: datetime
) -> CoursePage:
    deployment = _deployment(edition, language, site, store)
    if store.results.last_pull(site, edition.code, language) is None:
        raise ConfigError(
            f"no results of {edition.code} in {language} on {site} yet; run lms-toolkit grades pull first"
        )
    return CoursePage(course, edition, deployment, plugins, now, store.decisions.standing(course.id, edition.code))


def _deployment(edition: Edition, language: str, site: str, store: Store) -> Deployment:
    deployment = store.deployments.get(site, edition.code, language)
    if deployment is None:
        raise ConfigError(f"{edition.code} in {language} was not deployed to {site}; run lms-toolkit deploy first")
    return deployment


def _fingerprint(page: CoursePage) -> str:
    """What decisions rest on besides results: the rule, what it names, who applies it, whether the edition is over."""
    course, edition, language = page.course, page.edition, page.deployment.language
    slugs = [slug for phase in edition.phases for slug in (*phase.modules, *phase.activities)]
    parts = (
        course.rule_of(edition),
        edition,
        sorted(course.weights.items()),
        course.grade_categories,
        [_told(course.entry(slug), language) for slug in slugs],
        page.plugins.modules_with("lms_decide_award"),
        is_over(edition, page.now),
    )
    return sha256(repr(parts).encode()).hexdigest()


def _told(entry: Module | Activity, language: str) -> object:
    if isinstance(entry, Activity):
        return replace(entry, content={})
    return entry.slug, entry.title, entry.pass_mark_percent, entry.languages, entry.is_written(language)


def _run(page: CoursePage, store: Store, refs: Collection[str] | None) -> Decided:
    """Decide for everybody, or for the people behind these accounts and those about whom something was decided."""
    deployment = page.deployment
    marks = store.undecided.marks(deployment.site, deployment.course_ref)
    looked_at, earned, news = 0, 0, list[Event]()
    about = store.deciding.count(deployment.site, deployment.course_ref) if refs is None else len(refs)
    with _without_looking_for_cycles(), workers_for(page, store, about) as workers, store.deciding.run() as run:
        for batch in decide_batches(page, store, _people(page, store, refs), run, workers):
            told = [_event(row) for row in batch.rows if _is_news(row, batch.standing)]
            run.save(batch.rows, told)
            looked_at += len(batch.people)
            earned += sum(row.earned for row in batch.rows)
            news += told
        run.unmark(deployment.site, deployment.course_ref, marks)
        if refs is None:
            run.remember(deployment.site, page.edition.code, deployment.language, _fingerprint(page), page.now)
    for event in news:
        page.plugins.tell(event)
    return Decided(looked_at, earned, len(news), refs is None)


@contextmanager
def _without_looking_for_cycles() -> Iterator[None]:
    """A million short-lived records, none of them in a cycle: looking for cycles would be a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _is_news(row: AwardRow, standing: Standing) -> bool:
    known = standing.get((row.learner_id, row.kind))
    return known is None or known[1] != row.earned


def _people(page: CoursePage, store: Store, refs: Collection[str] | None) -> list[Seen]:
    return store.deciding.seen(page.deployment.site, page.deployment.course_ref, refs, tuple(page.decisions))


def _tried(page: CoursePage, store: Store, batch: Sequence[Seen]) -> list[Award]:
    """The awards of a batch as they would stand; those that are earned already, as they are."""
    kept = store.awards.of_learners(page.course.id, page.edition.code, [one.learner_id for one in batch])
    final = {(award.learner_id, award.kind): award for award in kept if award.earned}
    decided = (replace(award, decided_at=page.now) for award in awards_of(page, store, batch, set(final)))
    return sorted([*final.values(), *decided], key=lambda award: (award.learner_id, award.kind))


def event_of(award: Award) -> Event:
    """What plugins are told of a decision; no names."""
    from lms_toolkit.store.award_rows import award_row

    return _event(award_row(award))


def _event(row: AwardRow) -> Event:
    data = {
        "award_id": row.id,
        "learner_id": row.learner_id,
        "course_id": row.course_id,
        "edition": row.edition.partition("#")[0],
        "kind": row.kind,
        "earned": "yes" if row.earned else "no",
    }
    return Event("award.decided", row.decided_at, data)


def explain(award: Award) -> str:
    """The decision and every reason for it, one a line, for the person who has to answer for it."""
    unmet = sum(not reason.met for reason in award.reasons)
    verdict = "earned" if award.earned else f"not earned: {unmet} of {len(award.reasons)} reasons not met"
    kind = "" if award.kind == "achievement" else f", {award.kind}"
    lines = [f"{award.edition} ({award.language}){kind}, {award.learner_id}: {verdict}"]
    for reason in award.reasons:
        source = f" [{reason.source}]" if reason.source else ""
        lines.append(f"{'✓' if reason.met else '✗'} {reason.rule}: {reason.fact}{source}")
    return "\n".join(lines)
