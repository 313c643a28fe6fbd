"""Decides, for every learner of a deployed edition, whether the certificate is earned, from what the store knows.

Learners are read, decided and saved some at a time and in one transaction: a run needs little memory however many there
are, and is kept whole or not at all.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import uuid4

from lms_toolkit.errors import ConfigError, PluginError
from lms_toolkit.model import (
    Activity,
    Award,
    CertificateKind,
    Completion,
    Course,
    Decision,
    Deployment,
    Edition,
    Event,
    Grade,
    Learner,
    Module,
)
from lms_toolkit.rules import concerns, decide_participation, is_over, with_decisions

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store
    from lms_toolkit.store.deciding import Seen, Standing

BATCH = 500
"""Learners at a time; the variables of one statement of an older SQLite are few."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a run did: how many learners it looked at, and what came of it. `everybody`: not only what had changed."""

    learners: int
    earned: int
    news: int
    everybody: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """What a run is about."""

    course: Course
    edition: Edition
    deployment: Deployment
    plugins: Plugins
    now: datetime
    decisions: Mapping[str, Sequence[Decision]]


@dataclass(frozen=True, slots=True)
class _Results:
    """What one learner has on one course page, over all accounts, and what was decided by hand."""

    learner: Learner
    grades: tuple[Grade, ...]
    completions: tuple[Completion, ...]
    decisions: Sequence[Decision]


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
        return [award for batch in _batches(page, store, None) for award in _tried(page, store, batch)]
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
) -> _Page:
    deployment = _deployment(edition, language, site, store)
    if store.results.last_pull(site, edition.code, language) is None:
        raise ConfigError(
            f"no results of {edition.code} in {language} on {site} yet; run lms-toolkit grades pull first"
        )
    return _Page(course, edition, deployment, plugins, now, store.decisions.standing(course.id, edition.code))


def _deployment(edition: Edition, language: str, site: str, store: Store) -> Deployment:
    deployment = store.deployments.get(site, edition.code, language)
    if deployment is None:
        raise ConfigError(f"{edition.code} in {language} was not deployed to {site}; run lms-toolkit deploy first")
    return deployment


def _fingerprint(page: _Page) -> str:
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


def _run(page: _Page, store: Store, refs: Collection[str] | None) -> Decided:
    """Decide for everybody, or for the people behind these accounts and those about whom something was decided."""
    deployment = page.deployment
    marks = store.undecided.marks(deployment.site, deployment.course_ref)
    looked_at, earned, news = 0, 0, list[Event]()
    with _without_looking_for_cycles(), store.deciding.run() as run:
        for batch in _batches(page, store, refs):
            standing = run.standing(page.course.id, page.edition.code, [one.learner_id for one in batch])
            final = {key for key, (_, is_earned) in standing.items() if is_earned}
            awards = [_with_id(award, standing) for award in _awards(page, store, batch, final)]
            told = [event_of(award) for award in awards if _is_news(award, standing)]
            run.save(awards, told)
            looked_at, earned = looked_at + len(batch), earned + sum(award.earned for award in awards)
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


def _with_id(award: Award, standing: Standing) -> Award:
    known = standing.get((award.learner_id, award.kind))
    return replace(award, id=known[0] if known else uuid4().hex)


def _is_news(award: Award, standing: Standing) -> bool:
    known = standing.get((award.learner_id, award.kind))
    return known is None or known[1] != award.earned


def _batches(page: _Page, store: Store, refs: Collection[str] | None) -> Iterator[list[Seen]]:
    people = store.deciding.seen(page.deployment.site, page.deployment.course_ref, refs, tuple(page.decisions))
    for start in range(0, len(people), BATCH):
        yield people[start : start + BATCH]


def _tried(page: _Page, store: Store, batch: Sequence[Seen]) -> list[Award]:
    """The awards of a batch as they would stand; those that are earned already, as they are."""
    kept = store.awards.of_learners(page.course.id, page.edition.code, [one.learner_id for one in batch])
    final = {(award.learner_id, award.kind): award for award in kept if award.earned}
    awards = [*final.values(), *_awards(page, store, batch, set(final))]
    return sorted(awards, key=lambda award: (award.learner_id, award.kind))


def _awards(
    page: _Page, store: Store, batch: Sequence[Seen], final: Collection[tuple[str, CertificateKind]]
) -> Iterator[Award]:
    """What is decided now of these learners; nothing of those whose award is final."""
    for results in _results(page, store, [one for one in batch if (one.learner_id, "achievement") not in final]):
        award = _decide(page, results)
        yield award
        if not award.earned and (results.learner.id, "participation") not in final:
            yield from _participation(page, results)


def _results(page: _Page, store: Store, people: Sequence[Seen]) -> Iterator[_Results]:
    """What each of these learners has on the course page, over all accounts."""
    refs = [ref for one in people for ref in one.refs]
    grades, completions = store.deciding.facts(page.deployment.site, page.deployment.course_ref, refs)
    for one in people:
        yield _Results(
            Learner(one.learner_id, one.name),
            tuple(grade for ref in one.refs for grade in grades.get(ref, ())),
            tuple(completion for ref in one.refs for completion in completions.get(ref, ())),
            page.decisions.get(one.learner_id, ()),
        )


def _decide(page: _Page, results: _Results) -> Award:
    award: Award = page.plugins.ask(
        "lms_decide_award",
        course=page.course,
        edition=page.edition,
        language=page.deployment.language,
        learner=results.learner,
        grades=results.grades,
        completions=results.completions,
        decisions=results.decisions,
    )
    if (award.learner_id, award.course_id, award.edition) != (results.learner.id, page.course.id, page.edition.code):
        raise PluginError(
            f"the award decided for {results.learner.id} in {page.edition.code} is about {award.learner_id} in "
            f"{award.edition}; fix the plugin that implements lms_decide_award"
        )
    return replace(with_decisions(award, results.decisions), decided_at=page.now)


def _participation(page: _Page, results: _Results) -> Iterator[Award]:
    """Once an edition is over, those who did not earn its certificate may have earned one for taking part."""
    if not is_over(page.edition, page.now, results.decisions):
        return
    award = decide_participation(
        page.course,
        page.edition,
        page.deployment.language,
        results.learner,
        results.grades,
        results.completions,
        results.decisions,
    )
    if award is not None:
        own = [one for one in results.decisions if any(concerns(one, reason) for reason in award.reasons)]
        yield replace(with_decisions(award, own), decided_at=page.now)


def event_of(award: Award) -> Event:
    """What plugins are told of a decision; no names."""
    data = {
        "award_id": award.id,
        "learner_id": award.learner_id,
        "course_id": award.course_id,
        "edition": award.edition,
        "kind": award.kind,
        "earned": "yes" if award.earned else "no",
    }
    return Event("award.decided", award.decided_at, data)


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
