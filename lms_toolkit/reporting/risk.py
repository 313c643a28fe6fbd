"""Says who may not make it, and why: late against the phases, silent for long, or low; and what the rule still asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lms_toolkit.model import Award, Course, Edition, Reason
from lms_toolkit.reporting.figures import AtRisk, Lack, Level, Signal
from lms_toolkit.reporting.standing import DONE, Standing

HIGH_FROM = 4
"""From so many points on, somebody needs help first. Each late item counts one, up to three and two for being late."""
_POINTS = {"not-begun": 3, "inactive": 2, "low": 2}


@dataclass(frozen=True, slots=True)
class Item:
    """A module or activity of the page that somebody can be late with, or low in."""

    slug: str
    key: str
    title: str
    due_at: datetime | None
    weight: float


@dataclass(frozen=True, slots=True)
class Watch:
    """What everybody is measured by."""

    course: Course
    edition: Edition
    language: str
    items: tuple[Item, ...]
    pass_mark_percent: float
    at: datetime
    inactive_days: int
    has_begun: bool
    is_over: bool

    def late(self, standing: Standing) -> tuple[Item, ...]:
        """What this learner should have done by now and has not."""
        return tuple(
            item
            for item in self.items
            if item.due_at is not None and item.due_at < self.at and standing.state(item.key).how_far < DONE
        )


def at_risk(watch: Watch, everybody: Sequence[Standing], awards: Mapping[str, Award]) -> list[AtRisk]:
    """Those without the certificate who give reason to worry; once the edition is over, all who have not earned it."""
    found = []
    for standing in everybody:
        award = awards.get(standing.learner_id)
        if award is not None and award.earned:
            continue
        signals = tuple(_signals(watch, standing))
        if signals or watch.is_over:
            found.append((_points(signals), standing, signals, award))
    found.sort(key=lambda one: (-one[0], -_late(one[2]), one[1].name.casefold(), one[1].learner_id))
    return [
        AtRisk(
            name=standing.name,
            level=_level(points),
            signals=signals,
            lacks=tuple(_lacks(watch, award)),
            percent=so_far(watch, standing),
            last_active_at=standing.last_active_at,
        )
        for points, standing, signals, award in found
    ]


def so_far(watch: Watch, standing: Standing) -> float | None:
    """The weighted mean of what has a score; what has none is left out, because it may still come."""
    scored = [
        (item.weight, percent)
        for item in watch.items
        if item.weight > 0 and (percent := standing.state(item.key).percent) is not None
    ]
    whole = sum(weight for weight, _ in scored)
    return sum(weight * percent for weight, percent in scored) / whole if whole else None


def _signals(watch: Watch, standing: Standing) -> Iterator[Signal]:
    if late := watch.late(standing):
        yield Signal("late", tuple(item.title for item in late))
    if watch.is_over:
        return
    if not standing.has_begun:
        if watch.has_begun:
            yield Signal("not-begun")
    elif standing.last_active_at is not None:
        days = (watch.at - standing.last_active_at).days
        if days >= watch.inactive_days:
            yield Signal("inactive", days=days)
    percent = so_far(watch, standing)
    if percent is not None and percent < watch.pass_mark_percent:
        yield Signal("low", percent=percent)


def _points(signals: Sequence[Signal]) -> int:
    return sum(1 + min(len(one.titles), 3) if one.kind == "late" else _POINTS[one.kind] for one in signals)


def _late(signals: Sequence[Signal]) -> int:
    return sum(len(one.titles) for one in signals)


def _level(points: int) -> Level:
    if points >= HIGH_FROM:
        return "high"
    return "raised" if points else "none"


def _lacks(watch: Watch, award: Award | None) -> Iterator[Lack]:
    """What the rule said when it was asked."""
    for reason in award.reasons if award else ():
        if not reason.met:
            yield Lack(reason.rule, _title(watch, reason), reason.fact)


def _title(watch: Watch, reason: Reason) -> str:
    """What a reason is about, as the course page calls it; empty where it is about nothing in particular."""
    language = watch.language
    for block in watch.edition.electives:
        if reason.rule == "electives" and block.slug == reason.subject:
            return block.title.get(language, block.slug)
    for requirement in watch.course.rule_of(watch.edition).requirements:
        if (reason.rule, reason.subject) == ("requirement", requirement.slug) and requirement.title.get(language):
            return requirement.title[language]
    titles = {module.slug: module.title for module in watch.course.modules}
    titles |= {activity.slug: activity.title for activity in watch.course.activities}
    return titles.get(reason.subject, {}).get(language, "")
