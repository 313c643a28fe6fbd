"""What one course page asks of everybody: worked out once, and used for each of its learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from fractions import Fraction
from math import lcm
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lms_toolkit.declaring_activities import default_completion
from lms_toolkit.model import Activity, CertificationRule, Course, Decision, Edition, Module
from lms_toolkit.rules.facts import Limit, exact, shown_percent
from lms_toolkit.weighting import WeightedCategory, WeightedItem, scheme

Entry = Module | Activity

_JUDGED = ("assignment", "group-work", "peer-assessment", "attendance", "forum")
"""Kinds that people grade, some time after learners have done their part."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """An assessment, or the best `keep` of several, and what it weighs in whole numbers."""

    weight: int
    keys: tuple[tuple[int, str], ...]
    keep: int | None = None


class Asked(NamedTuple):
    """An assessment that learners may have a score in. Electives need not be written: others will be chosen."""

    key: str
    slug: str
    title: str
    entry: Entry
    is_elective: bool
    is_written: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One edition's page in one language: its rule, what is graded, what counts how much, and until when."""

    course: Course
    edition: Edition
    language: str
    rule: CertificationRule
    entries: Mapping[str, Entry]
    weighted: tuple[Weighted, ...]
    limits: Mapping[str, Limit]
    mark: Fraction
    titles: Mapping[str, str]
    asked: tuple[Asked, ...]
    mark_text: str

    def title(self, slug: str) -> str:
        return self.titles[slug]

    def limit(self, slug: str, extended: Mapping[str, datetime]) -> Limit | None:
        """Until when something counts for a learner with these extensions."""
        limit = self.limits.get(slug)
        moments = [extended[name] for name in (slug, "all") if name in extended]
        if limit is None or not moments:
            return limit
        return limit._replace(until=max(limit.until, *moments).astimezone(limit.until.tzinfo))


_last: tuple[Course, Edition, str, Page] | None = None


def page_of(course: Course, edition: Edition, language: str) -> Page:
    """The page; the one asked for last is kept, because a run asks for the same one for every learner."""
    global _last
    kept = _last
    if kept is None or kept[0] is not course or kept[1] is not edition or kept[2] != language:
        kept = course, edition, language, _page(course, edition, language)
        _last = kept
    return kept[3]


def _page(course: Course, edition: Edition, language: str) -> Page:
    rule = course.rule_of(edition)
    slugs = [slug for phase in edition.phases for slug in phase.modules]
    slugs += [slug for phase in edition.phases for slug in phase.activities]
    entries = {slug: course.entry(slug) for slug in slugs}
    titles = {slug: f"“{entry.title.get(language, slug)}”" for slug, entry in entries.items()}
    assessments = tuple(one for one in course.assessments(edition) if one.is_given_in(language))
    mark = exact(rule.pass_mark_percent)
    return Page(
        course=course,
        edition=edition,
        language=language,
        rule=rule,
        entries=entries,
        weighted=_weighted(scheme(course, edition, language)),
        limits=_limits(edition, rule, entries),
        mark=mark,
        mark_text=shown_percent(mark),
        asked=tuple(_asked(edition, language, one, titles[one.slug]) for one in assessments),
        titles=titles,
    )


def _asked(edition: Edition, language: str, one: Entry, title: str) -> Asked:
    is_elective = bool(edition.electives) and edition.elective_block(one.slug) is not None
    is_written = is_elective or not isinstance(one, Module) or one.is_written(language)
    return Asked(one.key, one.slug, title, one, is_elective, is_written)


def _weighted(found: Sequence[WeightedItem | WeightedCategory]) -> tuple[Weighted, ...]:
    """Weights in whole numbers of the same ratio: adding those up is many times as fast as fractions."""
    whole = _whole([entry.weight for entry in found])
    return tuple(_entry(entry, weight) for entry, weight in zip(found, whole, strict=True))


def _entry(entry: WeightedItem | WeightedCategory, weight: int) -> Weighted:
    if isinstance(entry, WeightedItem):
        return Weighted(weight, ((1, entry.key),))
    within = _whole([item.weight for item in entry.items])
    keys = tuple((one, item.key) for one, item in zip(within, entry.items, strict=True))
    return Weighted(weight, keys, entry.keep_highest or len(keys))


def _whole(weights: Sequence[float]) -> list[int]:
    fractions = [exact(weight) for weight in weights]
    common = lcm(*(one.denominator for one in fractions))
    return [int(one * common) for one in fractions]


def _limits(edition: Edition, rule: CertificationRule, entries: Mapping[str, Entry]) -> dict[str, Limit]:
    limits = {}
    for slug, entry in entries.items():
        moments = [moment for moment in (_own(edition, rule, slug), _last_moment(edition, rule)) if moment]
        if moments:
            judged = isinstance(entry, Activity) and entry.kind in _JUDGED
            limits[slug] = Limit(min(moments), judged, judged and _completed_by_grade(entry))
    return limits


def _completed_by_grade(entry: Entry) -> bool:
    if isinstance(entry, Module):
        return False
    return (entry.completed_by or default_completion(entry)) in ("graded", "passed")


def _own(edition: Edition, rule: CertificationRule, slug: str) -> datetime | None:
    times = edition.times(slug)
    if rule.deadlines == "none":
        return None
    first, second = (times.due_at, times.closes_at) if rule.deadlines == "due" else (times.closes_at, times.due_at)
    return first or second


def _last_moment(edition: Edition, rule: CertificationRule) -> datetime | None:
    """A day counts to its end, where the edition is."""
    until = rule.counts_until
    if until is None:
        return None
    if not isinstance(until, datetime):
        return end_of_day(until, edition.timezone)
    return until if until.tzinfo else until.replace(tzinfo=ZoneInfo(edition.timezone))


def end_of_day(day: date, timezone: str) -> datetime:
    """The last moment of a day in a time zone."""
    return datetime.combine(day, time.max, ZoneInfo(timezone))


def day_of(moment: datetime, timezone: str) -> date:
    """The day it is in a time zone at a moment."""
    return moment.astimezone(ZoneInfo(timezone)).date()


def is_over(edition: Edition, now: datetime, decisions: Sequence[Decision] = ()) -> bool:
    """Whether the edition's last day is past where it is, and so are the extensions among these decisions."""
    if edition.ends_on is None:
        return False
    ends = [end_of_day(edition.ends_on, edition.timezone), *(one.until for one in decisions if one.until)]
    return now > max(ends, key=lambda moment: moment.astimezone(UTC))
