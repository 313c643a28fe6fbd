"""What is wrong in an edition of a `course.toml`: times of nothing, choices without choice, an order that forgets."""

from __future__ import annotations

from collections.abc import Iterator

from lms_toolkit.courses.certification_faults import CERTIFICATION_FAULTS
from lms_toolkit.courses.course_faults import Fault, entries, phases, repeated, unknown
from lms_toolkit.courses.course_file import CourseTable, assessments
from lms_toolkit.courses.edition_tables import EditionTable
from lms_toolkit.courses.one_page_faults import ONE_PAGE_FAULTS
from lms_toolkit.courses.places import Document
from lms_toolkit.model import Finding

_DEFAULT = {"text": "none"}
"""What completes an activity that does not say so, where that is nothing."""


def _slugs(edition: EditionTable) -> list[str]:
    return [slug for phase in edition.phases for slug in (*phase.modules, *phase.activities)]


def _unknown_in_editions(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        loc, slugs = ("editions", index), _slugs(edition)
        for slug in edition.schedule:
            if slug not in slugs:
                message = f"schedule names {slug!r}, which edition {edition.code} does not have"
                hint = "name it in one of the phases, or remove it"
                yield document.error("unknown-slug", message, (*loc, "schedule", slug), hint, at_key=True)
        for number, block in enumerate(edition.electives):
            yield from unknown(
                document, "module or activity of the edition", block.of, slugs, (*loc, "electives", number, "of")
            )
        if edition.certification:
            yield from unknown(
                document,
                "module or activity of the edition",
                edition.certification.required,
                slugs,
                (*loc, "certification", "required"),
            )


def _unordered(document: Document, table: CourseTable) -> Iterator[Finding]:
    for loc, _edition, phase in phases(table):
        named = [*phase.modules, *phase.activities]
        if phase.order and sorted(phase.order) != sorted(named):
            message = f"order of phase {phase.slug} does not name what the phase has"
            hint = f"name each once: {', '.join(named)}"
            yield document.error("wrong-value", message, (*loc, "order"), hint)


def _no_choice(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        ways = []
        for number, block in enumerate(edition.electives):
            loc = ("editions", index, "electives", number)
            if block.choose >= len(block.of):
                message = f"{block.choose} of {len(block.of)} is no choice"
                yield document.error("wrong-value", message, (*loc, "choose"), "offer more, or ask for fewer")
            ways += [(slug, (*loc, "of", i)) for i, slug in enumerate(block.of)]
        yield from repeated(document, "elective", ways)
        slugs = ((block.slug, ("editions", index, "electives", i, "slug")) for i, block in enumerate(edition.electives))
        yield from repeated(document, "electives", slugs)


def _group_sets(document: Document, table: CourseTable) -> Iterator[Finding]:
    known = [one.slug for one in table.group_sets]
    yield from repeated(document, "group set", ((s, ("group_sets", i, "slug")) for i, s in enumerate(known)))
    for index, activity in enumerate(table.activities):
        if activity.group_set and activity.group_set not in known:
            message = f"activities[{index}].group_set names {activity.group_set!r}, and no group set is so called"
            hint = f"declared: {', '.join(known) or 'none'}"
            yield document.error("unknown-slug", message, ("activities", index, "group_set"), hint)


def _categories(document: Document, table: CourseTable) -> Iterator[Finding]:
    graded, ways = assessments(table), []
    for index, category in enumerate(table.grading.categories):
        loc = ("grading", "categories", index)
        yield from unknown(document, "module or graded activity", category.of, graded, (*loc, "of"))
        ways += [(slug, (*loc, "of", i)) for i, slug in enumerate(category.of)]
    yield from repeated(document, "assessment", ways)


def _never_opens(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Something that must be completed first has to have a way of being completed."""
    closed = {a.slug for a in table.activities if (a.completed_by or _DEFAULT.get(a.kind)) == "none"}
    for loc, entry in entries(table):
        for number, slug in enumerate(entry.requires):
            if slug in closed or slug == entry.slug:
                message = f"{entry.slug} requires {slug}, which is never completed"
                hint = "give that one completed_by, or require another"
                yield document.error("wrong-value", message, (*loc, "requires", number), hint)


EDITION_FAULTS: tuple[Fault, ...] = (
    _unknown_in_editions,
    _unordered,
    _no_choice,
    _group_sets,
    _categories,
    _never_opens,
    *ONE_PAGE_FAULTS,
    *CERTIFICATION_FAULTS,
)
