"""What is wrong around the activities of a `course.toml`: names given twice, times of nothing, too few electives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise

from lms_toolkit.courses.activity_tables import ActivityTable
from lms_toolkit.courses.course_faults import Fault, entries, repeated
from lms_toolkit.courses.course_file import CourseTable
from lms_toolkit.courses.edition_tables import EditionTable, make_edition
from lms_toolkit.courses.places import Document, Loc
from lms_toolkit.model import Finding, Times

HANDED_IN = ("opens_at", "due_at", "closes_at")
ATTENDED = ("starts_at", "ends_at", "address")
TIMES: Mapping[str, tuple[str, ...]] = {
    "announcements": (),
    "forum": ("due_at", "closes_at"),
    "webinar": ATTENDED,
    "assignment": HANDED_IN,
    "group-work": HANDED_IN,
    "attendance": ATTENDED,
    "peer-assessment": ("opens_at", "due_at", "reviews_due_at"),
    "quiz": ("opens_at", "closes_at"),
    "survey": ("opens_at", "closes_at"),
    "page": (),
    "text": (),
    "link": (),
    "file": (),
}
"""The times of each kind, in the order in which they come."""


def _repeated_inside(document: Document, table: CourseTable) -> Iterator[Finding]:
    """A site keeps what belongs to an activity under these names."""
    for index, activity in enumerate(table.activities):
        for name in ("prompts", "rubric", "criteria", "items"):
            rows = enumerate(getattr(activity, name))
            ways = ((row.slug, ("activities", index, name, number, "slug")) for number, row in rows)
            yield from repeated(document, f"{activity.slug}: {name} entry", ways)


def _scheduled(table: CourseTable) -> Iterator[tuple[Loc, EditionTable, ActivityTable]]:
    activities = {activity.slug: activity for activity in table.activities}
    for index, edition in enumerate(table.editions):
        for slug in edition.schedule:
            if slug in activities:
                yield ("editions", index, "schedule", slug), edition, activities[slug]


def _idle_times(document: Document, table: CourseTable) -> Iterator[Finding]:
    """A time that the kind does not have would be kept nowhere."""
    for loc, edition, activity in _scheduled(table):
        known = TIMES[activity.kind]
        for name in edition.schedule[activity.slug].model_fields_set - set(known):
            message = f"{activity.slug} is of kind {activity.kind}, which has no {name}"
            hint = f"its times: {', '.join(known)}" if known else "remove it"
            yield document.error("unknown-key", message, (*loc, name), hint, at_key=True)


def _reversed_times(document: Document, table: CourseTable) -> Iterator[Finding]:
    records = {edition.code: make_edition(edition) for edition in table.editions}
    for loc, edition, activity in _scheduled(table):
        for (before, earlier), (after, later) in pairwise(
            _moments(activity, records[edition.code].times(activity.slug))
        ):
            if later < earlier:
                message = f"{after} of {activity.slug} is before its {before}"
                yield document.error("dates", message, (*loc, after), "correct one of the two")


def _moments(activity: ActivityTable, times: Times) -> list[tuple[str, datetime]]:
    given = ((name, getattr(times, name)) for name in TIMES[activity.kind] if name != "address")
    return [(name, moment) for name, moment in given if moment]


def _too_few_in_a_language(document: Document, table: CourseTable) -> Iterator[Finding]:
    """On a page in one language, learners choose among what that page has."""
    languages = {entry.slug: entry.languages or table.languages for _, entry in entries(table)}
    for index, edition in enumerate(table.editions):
        for number, block in enumerate(edition.electives):
            for language in edition.languages:
                there = [slug for slug in block.of if language in languages.get(slug, ())]
                if len(there) < block.choose:
                    message = f"electives {block.slug} ask for {block.choose}, and {len(there)} are given in {language}"
                    loc = ("editions", index, "electives", number, "choose")
                    yield document.error("wrong-value", message, loc, "offer more, or ask for fewer")


ACTIVITY_FAULTS: tuple[Fault, ...] = (_repeated_inside, _idle_times, _reversed_times, _too_few_in_a_language)
