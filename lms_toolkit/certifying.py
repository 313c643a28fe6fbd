"""Decides, for every learner of a deployed edition, whether the certificate is earned, from what the store knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from lms_toolkit.errors import ConfigError, PluginError
from lms_toolkit.model import Award, Completion, Course, Deployment, Edition, Event, Grade, Learner

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store


@dataclass(slots=True)
class _Results:
    """What one learner has on one course page, over all accounts."""

    learner: Learner
    grades: list[Grade] = field(default_factory=list)
    completions: list[Completion] = field(default_factory=list)


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
    """Decide for every learner of a deployment; the answer is the award that now stands for each.

    An earned award is final and is not decided again. Nothing is saved if a plugin raises. Raises ConfigError when the
    edition was not deployed there or nothing was pulled yet. With `save` off, it only says what it would decide.
    """
    deployment = _deployment(edition, language, site, store)
    before = {award.learner_id: award for award in store.awards.all(edition.code, course.id)}
    decided = [
        _keep(before, results.learner) or _decide(course, edition, language, results, plugins, now)
        for results in _results(deployment, store)
    ]
    if not save:
        return decided
    awards = store.awards.save_all(decided)
    _tell([award for award in awards if _is_news(award, before)], store, plugins)
    return awards


def _deployment(edition: Edition, language: str, site: str, store: Store) -> Deployment:
    deployment = store.deployments.get(site, edition.code, language)
    if deployment is None:
        raise ConfigError(f"{edition.code} in {language} was not deployed to {site}; run lms-toolkit deploy first")
    if store.results.last_pull(site, edition.code, language) is None:
        raise ConfigError(
            f"no results of {edition.code} in {language} on {site} yet; run lms-toolkit grades pull first"
        )
    return deployment


def _results(deployment: Deployment, store: Store) -> list[_Results]:
    """Everybody seen on the course page, in order of learner id."""
    enrolled = store.people.enrolled(deployment.site, deployment.course_ref)
    results = {learner.id: _Results(learner) for learner in enrolled.values()}
    for grade in store.results.grades(deployment.site, deployment.course_ref):
        if grade.user_ref in enrolled:
            results[enrolled[grade.user_ref].id].grades.append(grade)
    for completion in store.results.completions(deployment.site, deployment.course_ref):
        if completion.user_ref in enrolled:
            results[enrolled[completion.user_ref].id].completions.append(completion)
    return list(results.values())


def _keep(before: Mapping[str, Award], learner: Learner) -> Award | None:
    award = before.get(learner.id)
    return award if award and award.earned else None


def _decide(
    course: Course, edition: Edition, language: str, results: _Results, plugins: Plugins, now: datetime
) -> Award:
    award: Award = plugins.ask(
        "lms_decide_award",
        course=course,
        edition=edition,
        language=language,
        learner=results.learner,
        grades=tuple(results.grades),
        completions=tuple(results.completions),
    )
    if (award.learner_id, award.course_id, award.edition) != (results.learner.id, course.id, edition.code):
        raise PluginError(
            f"the award decided for {results.learner.id} in {edition.code} is about {award.learner_id} in "
            f"{award.edition}; fix the plugin that implements lms_decide_award"
        )
    return replace(award, decided_at=now)


def _is_news(award: Award, before: Mapping[str, Award]) -> bool:
    known = before.get(award.learner_id)
    return known is None or known.earned != award.earned


def _tell(awards: Sequence[Award], store: Store, plugins: Plugins) -> None:
    events = [_event(award) for award in awards]
    store.events.save(*events)
    for event in events:
        plugins.tell(event)


def _event(award: Award) -> Event:
    data = {
        "award_id": award.id,
        "learner_id": award.learner_id,
        "course_id": award.course_id,
        "edition": award.edition,
        "earned": "yes" if award.earned else "no",
    }
    return Event("award.decided", award.decided_at, data)


def explain(award: Award) -> str:
    """The decision and every reason for it, one a line, for the person who has to answer for it."""
    unmet = sum(not reason.met for reason in award.reasons)
    verdict = "earned" if award.earned else f"not earned: {unmet} of {len(award.reasons)} reasons not met"
    lines = [f"{award.edition} ({award.language}), {award.learner_id}: {verdict}"]
    for reason in award.reasons:
        source = f" [{reason.source}]" if reason.source else ""
        lines.append(f"{'✓' if reason.met else '✗'} {reason.rule}: {reason.fact}{source}")
    return "\n".join(lines)
