"""What is wrong in a certification rule: requirements that name nothing, ask for nothing, or can never be met."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms_toolkit.courses.certification_tables import AnyOfTable, CertificationTable, RequirementTable
from lms_toolkit.courses.course_faults import Fault, repeated, unknown
from lms_toolkit.courses.course_file import CourseTable, assessments
from lms_toolkit.courses.places import Document, Loc, name_of
from lms_toolkit.model import Finding

NEEDED: dict[str, frozenset[str]] = {
    "completed": frozenset({"of"}),
    "done": frozenset({"of"}),
    "scored": frozenset({"of", "percent"}),
    "attended": frozenset({"of", "percent"}),
    "any": frozenset({"any_of", "at_least"}),
}
"""What each kind of requirement must say."""
ALLOWED: dict[str, frozenset[str]] = {
    "completed": frozenset({"at_least"}),
    "done": frozenset({"at_least"}),
    "scored": frozenset({"at_least"}),
    "attended": frozenset(),
    "any": frozenset(),
}
"""What else it may say, besides `slug`, `kind` and `title`."""
_KEYS = ("of", "percent", "at_least", "any_of")
_SESSIONS = ("attendance", "webinar")


def _rules(table: CourseTable) -> Iterator[tuple[Loc, CertificationTable, Sequence[str]]]:
    """Each rule, where it is, and the slugs it may name."""
    every = [*(module.slug for module in table.modules), *(activity.slug for activity in table.activities)]
    yield ("certification",), table.certification, every
    for index, edition in enumerate(table.editions):
        if edition.certification:
            slugs = [slug for phase in edition.phases for slug in (*phase.modules, *phase.activities)]
            yield ("editions", index, "certification"), edition.certification, slugs


def _lists(rule: CertificationTable, loc: Loc) -> Iterator[tuple[Loc, Sequence[RequirementTable]]]:
    yield (*loc, "requirements"), rule.requirements
    if rule.participation:
        yield (*loc, "participation", "requirements"), rule.participation.requirements


def _each(found: Sequence[RequirementTable], loc: Loc) -> Iterator[tuple[Loc, AnyOfTable]]:
    for index, one in enumerate(found):
        yield (*loc, index), one
        yield from (((*loc, index, "any_of", number), part) for number, part in enumerate(one.any_of))


def _faulty_requirements(document: Document, table: CourseTable) -> Iterator[Finding]:
    for loc, rule, known in _rules(table):
        for way, requirements in _lists(rule, loc):
            found = list(_each(requirements, way))
            yield from repeated(document, "requirement", ((one.slug, (*at, "slug")) for at, one in found))
            for at, one in found:
                yield from unknown(document, "module or activity", one.of, known, (*at, "of"))
                yield from repeated(document, "slug", ((slug, (*at, "of", i)) for i, slug in enumerate(one.of)))
                yield from _keys(document, one, at)
                yield from _never_met(document, one, at)
                yield from _wrong_subjects(document, table, one, at)


def _keys(document: Document, one: AnyOfTable, loc: Loc) -> Iterator[Finding]:
    """Each kind has keys of its own."""
    given = {key for key in _KEYS if getattr(one, key, None)}
    if one.kind == "any" and not isinstance(one, RequirementTable):
        yield document.error(
            "wrong-value", f"{name_of(loc)}: any_of is nested once at most", (*loc, "kind"), "unfold it"
        )
        return
    for key in sorted(NEEDED[one.kind] - given):
        message = f"{name_of((*loc, key))} is missing: kind {one.kind} needs it"
        yield document.error("missing-key", message, loc, "add it")
    for key in sorted(given - NEEDED[one.kind] - ALLOWED[one.kind]):
        message = f"{name_of((*loc, key))}: kind {one.kind} has no {key}"
        yield document.error("unknown-key", message, (*loc, key), "remove it, or change kind", at_key=True)


def _never_met(document: Document, one: AnyOfTable, loc: Loc) -> Iterator[Finding]:
    offered = len(one.any_of) if isinstance(one, RequirementTable) and one.kind == "any" else len(one.of)
    if one.at_least and offered and one.at_least > offered:
        message = f"{name_of(loc)} asks for {one.at_least} of {offered}, which nobody can do"
        yield document.error("wrong-value", message, (*loc, "at_least"), "ask for fewer, or name more")


def _wrong_subjects(document: Document, table: CourseTable, one: AnyOfTable, loc: Loc) -> Iterator[Finding]:
    """Scores are of what is graded, attendance is of sessions."""
    kinds = {activity.slug: activity.kind for activity in table.activities}
    slugs, graded = {*kinds, *(module.slug for module in table.modules)}, assessments(table)
    for index, slug in enumerate(one.of):
        if slug not in slugs:
            continue  # told as an unknown slug
        if one.kind == "scored" and slug not in graded:
            message = f"{name_of(loc)} asks for a score in {slug}, which is not graded"
            yield document.error("wrong-value", message, (*loc, "of", index), "grade it, or ask for kind completed")
        if one.kind == "attended" and kinds.get(slug) not in _SESSIONS:
            message = f"{name_of(loc)} asks who attended {slug}, which is no session"
            hint = f"name activities of kind {' or '.join(_SESSIONS)}"
            yield document.error("wrong-value", message, (*loc, "of", index), hint)


def _participation_without_end(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Who took part without passing is known when an edition is over."""
    for index, edition in enumerate(table.editions):
        rule = edition.certification or table.certification
        if rule.participation and edition.ends_on is None:
            message = f"edition {edition.code} has a certificate of participation and no last day, so nobody gets one"
            yield document.error("dates", message, ("editions", index, "code"), "give it ends_on")


CERTIFICATION_FAULTS: tuple[Fault, ...] = (_faulty_requirements, _participation_without_end)
