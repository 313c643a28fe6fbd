"""Gathers a report from the store: the same store, course and moment give the same report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from statistics import median
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from lms_toolkit.certifying import decide
from lms_toolkit.model import (
    Attempt,
    Award,
    Certificate,
    Completion,
    Course,
    Deployment,
    Edition,
    Question,
    VerdictKind,
)
from lms_toolkit.one_page_results import own_results
from lms_toolkit.reporting.figures import AtRisk, IssuedCertificate, Progress, Report, Scores
from lms_toolkit.reporting.question_figures import question_figures
from lms_toolkit.reporting.risk import Item, Watch, at_risk
from lms_toolkit.reporting.standing import DONE, NOT_BEGUN, UNDER_WAY, Standing, settle, standings
from lms_toolkit.rules import end_of_day, is_over

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store

INACTIVE_DAYS = 14
"""After so many days without anything done somebody is asked whether all is well."""
_TENTHS = 10


def gather(
    course: Course,
    edition: Edition,
    deployment: Deployment,
    store: Store,
    plugins: Plugins,
    at: datetime,
    *,
    is_anonymous: bool = False,
    inactive_days: int = INACTIVE_DAYS,
) -> Report:
    """The report on one course page as things stood at `at`. Raises ConfigError before anything was pulled."""
    at = at.astimezone(UTC)
    language, site, page = deployment.language, deployment.site, deployment.course_ref
    decided = decide(course, edition, language, site, store, plugins, at, save=False)
    people = _people(store, site, page)
    watch = _watch(course, edition, language, at, inactive_days)
    attempts = [_in_all_languages(one, edition) for one in store.results.attempts(site, page)]
    everybody = _everybody(store, deployment, people, watch, attempts)
    awards = {award.learner_id: award for award in decided if award.kind == "achievement"}
    titles = {item.key: item.title for item in watch.items}
    given, questions = question_figures(
        _until(attempts, at), people, titles, _questions(watch), with_words=not is_anonymous
    )
    risky = at_risk(watch, everybody, awards)
    pulled = store.results.last_pull(site, edition.code, language)
    assert pulled is not None  # `decide` has refused otherwise
    return Report(
        course_title=course.title.get(language, course.id),
        edition=edition.code,
        edition_title=edition.title.get(language, ""),
        language=language,
        site=site,
        timezone=edition.timezone,
        starts_on=edition.starts_on,
        ends_on=edition.ends_on,
        at=at,
        pulled_at=pulled.pulled_at,
        inactive_days=inactive_days,
        is_over=watch.is_over,
        is_anonymous=is_anonymous,
        learners=len(everybody),
        begun=sum(one.has_begun for one in everybody),
        earned=sum(one.learner_id in awards and awards[one.learner_id].earned for one in everybody),
        progress=tuple(_progress(watch, item, everybody) for item in watch.items),
        scores=_scores(watch, everybody, awards),
        at_risk=tuple(_unnamed(one) if is_anonymous else one for one in risky),
        answers=given,
        questions=tuple(questions),
        certificates=tuple(_certificates(store, course, edition, deployment, at, is_anonymous=is_anonymous)),
    )


def _people(store: Store, site: str, page: str) -> dict[str, tuple[str, str]]:
    """Learner id and name by account, of everybody who is on the course page still."""
    from lms_toolkit.store.enrolments import who_left

    known = store.people.enrolled(site, page)
    with store.database.read() as connection:
        gone = who_left(connection, site, page, known)
    return {ref: (learner.id, learner.name) for ref, learner in known.items() if ref not in gone}


def _everybody(
    store: Store,
    deployment: Deployment,
    people: Mapping[str, tuple[str, str]],
    watch: Watch,
    attempts: Sequence[Attempt],
) -> list[Standing]:
    site, page = deployment.site, deployment.course_ref
    grades, completions = store.results.grades(site, page), store.results.completions(site, page)
    if watch.edition.has_one_page:
        own = own_results(watch.edition, grades, completions)
        grades, completions = list(own.grades), list(own.completions)
    keys = [item.key for item in watch.items]
    found = standings(people, keys, grades, completions, attempts, watch.at)
    unmarked = _unmarked(keys, completions)
    for standing in found:
        settle(standing, unmarked)
    return found


def _in_all_languages(attempt: Attempt, edition: Edition) -> Attempt:
    """An attempt at what rules know, where a page has it once for each language."""
    key, _, language = attempt.item.rpartition(".")
    is_variant = edition.has_one_page and key and language in edition.languages
    return replace(attempt, item=key) if is_variant else attempt


def _languages(edition: Edition, language: str) -> tuple[str, ...]:
    """The languages of the course page."""
    return edition.languages if edition.has_one_page else (language,)


def _unmarked(keys: Sequence[str], completions: Iterable[Completion]) -> list[str]:
    """What the site marks no completion of, for anybody."""
    marked = {completion.item for completion in completions}
    return [key for key in keys if key not in marked]


def _watch(course: Course, edition: Edition, language: str, at: datetime, inactive_days: int) -> Watch:
    today = at.astimezone(ZoneInfo(edition.timezone)).date()
    return Watch(
        course=course,
        edition=edition,
        language=language,
        items=tuple(_items(course, edition, language)),
        pass_mark_percent=course.rule_of(edition).pass_mark_percent,
        at=at,
        inactive_days=inactive_days,
        has_begun=edition.starts_on is None or edition.starts_on <= today,
        is_over=is_over(edition, at),
    )


def _items(course: Course, edition: Edition, language: str) -> Iterable[Item]:
    """What a certificate can depend on, in the order of the page: modules, what is graded, what the rule names."""
    rule = course.rule_of(edition)
    named = {*rule.required, *(slug for one in rule.requirements for part in (one, *one.any_of) for slug in part.of)}
    assessed = {entry.slug for entry in course.assessments(edition)}
    for phase in edition.phases:
        for slug in phase.slugs:
            entry = course.entry(slug)
            is_given = any(entry.is_given_in(one) for one in _languages(edition, language))
            if is_given and (slug in named or slug in assessed):
                weight = course.weights.get(slug, 1.0) if slug in assessed else 0.0
                due_at = None if edition.elective_block(slug) else _due_at(edition, slug, phase.ends_on)
                yield Item(slug, entry.key, entry.title.get(language, slug), due_at, weight)


def _due_at(edition: Edition, slug: str, phase_ends_on: date | None) -> datetime | None:
    """When something has to be done: its own day, or the last of its phase, or the last of all."""
    times = edition.times(slug)
    own = times.due_at or times.closes_at or times.ends_at
    if own is not None:
        return own
    last = phase_ends_on or edition.ends_on
    return end_of_day(last, edition.timezone) if last else None


def _progress(watch: Watch, item: Item, everybody: Sequence[Standing]) -> Progress:
    states = [standing.state(item.key) for standing in everybody]
    percents = [state.percent for state in states if state.percent is not None]
    is_due = item.due_at is not None and item.due_at < watch.at
    done = sum(state.how_far == DONE for state in states)
    return Progress(
        slug=item.slug,
        title=item.title,
        done=done,
        under_way=sum(state.how_far == UNDER_WAY for state in states),
        not_begun=sum(state.how_far == NOT_BEGUN for state in states),
        late=len(states) - done if is_due else 0,
        mean_percent=sum(percents) / len(percents) if percents else None,
        due_at=item.due_at,
    )


def _scores(watch: Watch, everybody: Sequence[Standing], awards: Mapping[str, Award]) -> Scores:
    """The totals as the rule adds them up, of those who have any score: what is missing counts 0."""
    totals = []
    for standing in everybody:
        award = awards.get(standing.learner_id)
        has_score = any(state.percent is not None for state in standing.states.values())
        if award is not None and award.score_percent is not None and (has_score or award.earned):
            totals.append(award.score_percent)
    counts = [0] * _TENTHS
    for total in totals:
        counts[min(max(int(total // (100 / _TENTHS)), 0), _TENTHS - 1)] += 1
    return Scores(
        counts=tuple(counts),
        mean_percent=sum(totals) / len(totals) if totals else None,
        median_percent=median(totals) if totals else None,
        pass_mark_percent=watch.pass_mark_percent,
        reached=sum(total >= watch.pass_mark_percent for total in totals),
        ungraded=len(everybody) - len(totals),
    )


def _until(attempts: Iterable[Attempt], at: datetime) -> list[Attempt]:
    return [one for one in attempts if one.started_at is None or one.started_at <= at]


def _questions(watch: Watch) -> dict[str, Mapping[str, Question]]:
    """The questions of each item by their ids, as they are written today."""
    found: dict[str, Mapping[str, Question]] = {}
    for item in watch.items:
        content = watch.course.entry(item.slug).content.get(watch.language)
        if content is not None:
            found[item.key] = {question.id: question for question in content.quiz}
    return found


def _certificates(
    store: Store, course: Course, edition: Edition, deployment: Deployment, at: datetime, *, is_anonymous: bool
) -> Iterable[IssuedCertificate]:
    """Those that were issued by then, the newest first."""
    languages = _languages(edition, deployment.language)
    others = _awards_of_other_sites(store, course, deployment)
    found = [
        one
        for one in store.certificates.all(edition.code)
        if one.record.course_id == course.id and one.record.language in languages and one.issued_at <= at
        if one.record.award_id not in others
    ]
    found.sort(key=lambda one: one.code)
    for one in sorted(found, key=lambda one: one.issued_at, reverse=True):
        record = one.record
        yield IssuedCertificate(
            name="" if is_anonymous else record.learner_name,
            code="" if is_anonymous else record.code,
            title=record.certificate_title,
            issued_on=record.issued_on,
            state=_state(one, at),
        )


def _awards_of_other_sites(store: Store, course: Course, deployment: Deployment) -> set[str]:
    """Awards of people who took the edition on another site only. Who is on none, being erased, earned it somewhere."""
    seen = {
        page.site: {one.learner_id for one in store.deciding.seen(page.site, page.course_ref)}
        for page in store.deployments.all()
        if (page.edition, page.language) == (deployment.edition, deployment.language)
    }
    here = seen.pop(deployment.site, set())
    elsewhere = set().union(*seen.values()) - here
    if not elsewhere:
        return set()
    return {award.id for award in store.awards.all(deployment.edition, course.id) if award.learner_id in elsewhere}


def _state(certificate: Certificate, at: datetime) -> VerdictKind:
    if certificate.revoked_at is not None and certificate.revoked_at <= at:
        return "replaced" if certificate.replaced_by else "revoked"
    expires_on = certificate.record.expires_on
    return "expired" if expires_on and expires_on < at.date() else "valid"


def _unnamed(one: AtRisk) -> AtRisk:
    return replace(one, name="")
