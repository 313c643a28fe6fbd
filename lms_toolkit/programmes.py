"""Decides who earned a diploma: from awards of any site and edition, and from participations that were imported.

A day is the day it was where the course was. A period of years ends with the same date so many years later, that day
included; where the month has no such date, with the month's last day (29 February: 28). That is the rule of Regulation
(EEC, Euratom) No 1182/71, Article 3, on periods.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.errors import ConfigError
from lms_toolkit.model import (
    Award,
    CertificationRule,
    Course,
    Edition,
    Event,
    Participation,
    Programme,
    Reason,
)
from lms_toolkit.rules import day_of, with_decisions

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins
    from lms_toolkit.store import Store


@dataclass(frozen=True, slots=True)
class Completed:
    """A course that a learner completed: on which day, where it was, and what proves it. In which language is not
    known of a participation that was imported."""

    course_id: str
    edition: str
    on: date
    source: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class DecidedProgramme:
    """The awards that now stand, by learner, and how many of them are news."""

    awards: Sequence[Award]
    news: int


def decide_programme(
    programme: Programme,
    language: str | None,
    courses: Iterable[Course],
    store: Store,
    plugins: Plugins,
    now: datetime,
    *,
    save: bool = True,
) -> list[Award]:
    """Decide for everybody who completed one of a programme's courses; the awards that now stand, by learner.

    `courses` are those that declare the editions people completed. Without a `language`, a diploma is in its learner's
    own. One that was earned is final. Raises ConfigError for a language the programme has not, or an award of an
    edition that none of `courses` declares.
    """
    if language is not None and language not in programme.languages:
        raise ConfigError(f"{programme.id} is in {', '.join(programme.languages)}, not in {language}")
    if not save:
        return _decided(programme, language, courses, store, now, _standing(programme, store))
    return list(decide_everybody(programme, language, courses, store, plugins, now).awards)


def decide_everybody(
    programme: Programme,
    language: str | None,
    courses: Iterable[Course],
    store: Store,
    plugins: Plugins,
    now: datetime,
) -> DecidedProgramme:
    """`decide_programme`, saved, with how many decisions are news; without a language in each learner's own.

    An award that says what it said before is not written again, so that this may run as often as one likes.
    """
    before = _standing(programme, store)
    awards = _decided(programme, language, courses, store, now, before)
    changed = [award for award in awards if not _says_what_it_said(award, before.get(award.learner_id))]
    saved = {award.learner_id: award for award in store.awards.save_all(changed)}
    news = _tell(list(saved.values()), before, store, plugins)
    return DecidedProgramme([saved.get(award.learner_id) or before[award.learner_id] for award in awards], news)


def language_of(programme: Programme, completed: Iterable[Completed]) -> str:
    """The language of a diploma: that of the course completed last, of those the programme is in; else its first."""
    last_first = sorted(completed, key=lambda one: (one.on, one.course_id), reverse=True)
    return next((one.language for one in last_first if one.language in programme.languages), programme.languages[0])


def counted_courses(programme: Programme) -> set[str]:
    """The ids of the courses that a programme's rule names."""
    return {*programme.required, *programme.any_of, *([programme.capstone] if programme.capstone else [])}


def concerns_anybody(programme: Programme, store: Store) -> bool:
    """Whether there is anybody to decide about."""
    named = counted_courses(programme)
    return bool(
        store.awards.earned(sorted(named))
        or store.decisions.standing(programme.id, programme.id)
        or any(past.course_id in named for past in store.participations.all())
    )


def _standing(programme: Programme, store: Store) -> dict[str, Award]:
    return {award.learner_id: award for award in store.awards.all(programme.id, programme.id)}


def _decided(
    programme: Programme,
    language: str | None,
    courses: Iterable[Course],
    store: Store,
    now: datetime,
    before: Mapping[str, Award],
) -> list[Award]:
    decisions = store.decisions.standing(programme.id, programme.id)
    awards = []
    for learner_id, completed in sorted(_completed(programme, courses, store, decisions).items()):
        known = before.get(learner_id)
        if known and known.earned:
            awards.append(known)
            continue
        own = language or language_of(programme, completed)
        award = replace(decide_diploma(programme, own, learner_id, completed), decided_at=now)
        awards.append(with_decisions(award, decisions.get(learner_id, ())))
    return awards


def _says_what_it_said(award: Award, before: Award | None) -> bool:
    return before is not None and replace(award, id=before.id, decided_at=before.decided_at) == before


def decide_diploma(programme: Programme, language: str, learner_id: str, completed: Sequence[Completed]) -> Award:
    """Apply a programme's rule to the courses one learner completed.

    Of all periods that begin on the day a course was completed, the best one counts, and of equals the earliest.
    """
    relevant = [one for one in completed if one.course_id in (*programme.required, *programme.any_of)]
    starts = sorted({one.on for one in relevant})
    periods = [(start, add_years(start, programme.within_years)) for start in starts]
    decided = [_reasons(programme, language, relevant, period) for period in periods]
    decided = decided or [_reasons(programme, language, relevant, None)]
    _, best = max(decided, key=lambda counted: (all(reason.met for reason in counted[1]), counted[0]))
    reasons = (*best, *_capstone(programme, language, completed))
    return Award(
        learner_id=learner_id,
        course_id=programme.id,
        edition=programme.id,
        language=language,
        earned=all(reason.met for reason in reasons),
        score_percent=None,
        reasons=reasons,
        decided_at=datetime.now(UTC),
        kind="diploma",
    )


def add_years(day: date, years: int) -> date:
    """The same date so many years later, or the last day of its month where that has no such date."""
    year = day.year + years
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def as_course(programme: Programme, folder: Path = Path()) -> tuple[Course, Edition]:
    """A programme as certificates see it: a course without modules, and its one edition."""
    edition = Edition(programme.id, programme.languages, "blended", (), programme.learning_hours)
    course = Course(
        id=programme.id,
        version="1",
        languages=programme.languages,
        title=programme.title,
        summary={},
        modules=(),
        activities=(),
        editions=(edition,),
        weights={},
        certification=CertificationRule(programme.title),
        folder=folder,
    )
    return course, edition


Period = tuple[date, date]


def _reasons(
    programme: Programme, language: str, completed: Sequence[Completed], period: Period | None
) -> tuple[int, tuple[Reason, ...]]:
    """The reasons as they are in one period, and how many courses of the rule it has."""
    inside = [one for one in completed if period and period[0] <= one.on <= period[1]]
    first = _first_of_each(inside)
    required = [_required(programme, language, id, first, completed, period) for id in programme.required]
    count = sum(reason.met for reason in required) + min(len(set(first) & set(programme.any_of)), programme.at_least)
    return count, (*required, _any_of(programme, language, first, period))


def _first_of_each(completed: Iterable[Completed]) -> dict[str, Completed]:
    """Each course once, however often it was taken: the first time counts."""
    first: dict[str, Completed] = {}
    for one in sorted(completed, key=lambda one: (one.on, one.edition)):
        first.setdefault(one.course_id, one)
    return first


def _required(
    programme: Programme,
    language: str,
    id: str,
    first: Mapping[str, Completed],
    completed: Sequence[Completed],
    period: Period | None,
) -> Reason:
    title = _title(programme, language, id)
    if id in first:
        one = first[id]
        return Reason("required", True, f"{title} completed on {one.on} ({one.edition})", one.source, id)
    outside = sorted(str(one.on) for one in completed if one.course_id == id)
    fact = (
        f"{title} completed on {', '.join(outside)}, outside of {_span(period)}"
        if outside
        else f"{title} not completed"
    )
    return Reason("required", False, fact, "", id)


def _any_of(programme: Programme, language: str, first: Mapping[str, Completed], period: Period | None) -> Reason:
    done = [first[id] for id in programme.any_of if id in first]
    done.sort(key=lambda one: (one.on, one.course_id))
    named = ", ".join(f"{_title(programme, language, one.course_id)} on {one.on} ({one.edition})" for one in done)
    fact = f"{len(done)} of {programme.at_least} courses{f' from {_span(period)}' if period else ''}"
    sources = "; ".join(one.source for one in done)
    return Reason("any-of", len(done) >= programme.at_least, f"{fact}: {named}" if named else fact, sources)


def _capstone(programme: Programme, language: str, completed: Sequence[Completed]) -> list[Reason]:
    if not programme.capstone:
        return []
    title = _title(programme, language, programme.capstone)
    one = _first_of_each(completed).get(programme.capstone)
    if one is None:
        return [Reason("capstone", False, f"{title} not completed", "", programme.capstone)]
    return [Reason("capstone", True, f"{title} completed on {one.on} ({one.edition})", one.source, programme.capstone)]


def _title(programme: Programme, language: str, id: str) -> str:
    return f"“{programme.courses[id][language]}”"


def _span(period: Period | None) -> str:
    return f"{period[0]} to {period[1]}" if period else "any period"


def _completed(
    programme: Programme, courses: Iterable[Course], store: Store, also: Iterable[str]
) -> dict[str, list[Completed]]:
    """What each learner completed of a programme's courses; those `also`, even if that is nothing."""
    named = counted_courses(programme)
    editions = {(course.id, edition.code): edition for course in courses for edition in course.editions}
    withdrawn = _withdrawn(store)
    found: dict[str, list[Completed]] = {learner_id: [] for learner_id in also}
    for award in store.awards.earned(sorted(named)):
        if award.id not in withdrawn:
            found.setdefault(award.learner_id, []).append(_from_award(award, editions))
    for past in store.participations.all():
        if past.course_id in named:
            found.setdefault(past.learner_id, []).append(_from_past(past))
    return found


def _withdrawn(store: Store) -> set[str]:
    """Awards whose certificate was revoked, and not replaced by another."""
    certificates = store.certificates.all()
    standing = {one.record.award_id for one in certificates if one.revoked_at is None}
    return {one.record.award_id for one in certificates} - standing


def _from_award(award: Award, editions: Mapping[tuple[str, str], Edition]) -> Completed:
    """Completed on the day it was decided, or on the edition's last day where it was decided after that."""
    edition = editions.get((award.course_id, award.edition))
    if edition is None:
        raise ConfigError(
            f"award {award.id} is of edition {award.edition}, which no course {award.course_id} declares any more; "
            "declare it again, so that its days are known"
        )
    day = day_of(award.decided_at, edition.timezone)
    source = f"award {award.id}, decided {award.decided_at:%Y-%m-%d %H:%M} UTC, days of {edition.timezone}"
    return Completed(award.course_id, award.edition, min(day, edition.ends_on or day), source, award.language)


def _from_past(past: Participation) -> Completed:
    source = f"imported by {past.imported_by} on {past.imported_at:%Y-%m-%d} from {past.imported_from}: {past.evidence}"
    return Completed(past.course_id, past.edition, past.completed_on, source)


def _tell(awards: Sequence[Award], before: Mapping[str, Award], store: Store, plugins: Plugins) -> int:
    """Tell what is news, and how much that is."""
    from lms_toolkit.certifying import event_of

    news = [
        award for award in awards if award.learner_id not in before or before[award.learner_id].earned != award.earned
    ]
    events: list[Event] = [event_of(award) for award in news]
    store.events.save(*events)
    for event in events:
        plugins.tell(event)
    return len(news)
