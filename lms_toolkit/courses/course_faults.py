"""What is wrong between the tables of a `course.toml`: names that lead nowhere, languages left out, dates reversed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from lms_toolkit.courses.course_file import CourseTable, EditionTable, PhaseTable, assessments
from lms_toolkit.courses.languages import is_language
from lms_toolkit.courses.places import Document, Loc, name_of
from lms_toolkit.model import Finding


def course_faults(document: Document, table: CourseTable) -> tuple[Finding, ...]:
    return tuple(finding for fault in _FAULTS for finding in fault(document, table))


def _unknown_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, code in enumerate(table.languages):
        if not is_language(code):
            hint = "use a two-letter code, with a region or without: fr, pt-br"
            yield document.error("unknown-language", f"{code!r} is not a language", ("languages", index), hint)


def _repeated_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    yield from _repeated(document, "language", ((code, ("languages", i)) for i, code in enumerate(table.languages)))


def _missing_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for loc, texts, optional in _translated(table):
        for language in table.languages:
            if language not in texts and not (optional and not texts):
                message = f"{name_of(loc)} has no text in {language}"
                yield document.error("missing-language", message, loc, f"add {name_of((loc[-1], language))}")


def _undeclared_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for loc, texts, _optional in _translated(table):
        for language in texts:
            if language not in table.languages:
                way = (*loc, language)
                message = f"{name_of(way)} is in a language that the course does not declare"
                hint = f"add {language} to languages, or remove the text"
                yield document.error("unknown-language", message, way, hint, at_key=True)


def _translated(table: CourseTable) -> Iterator[tuple[Loc, Mapping[str, Any], bool]]:
    """Each text that is there once per language, where it is, and whether it may be left out altogether."""
    yield ("title",), table.title, False
    yield ("summary",), table.summary, False
    yield ("keywords",), table.keywords, True
    yield ("certification", "title"), table.certification.title, False
    if table.theme:
        yield ("theme", "logo_alt"), table.theme.logo_alt, not table.theme.logo
    for index, module in enumerate(table.modules):
        yield ("modules", index, "title"), module.title, False
        yield ("modules", index, "objectives"), module.objectives, False
    for index, activity in enumerate(table.activities):
        yield ("activities", index, "title"), activity.title, False
        yield ("activities", index, "description"), activity.description, True
    for index, edition in enumerate(table.editions):
        yield ("editions", index, "title"), edition.title, True
    for loc, _edition, phase in _phases(table):
        yield (*loc, "title"), phase.title, False
        yield (*loc, "summary"), phase.summary, True


def _phases(table: CourseTable) -> Iterator[tuple[Loc, EditionTable, PhaseTable]]:
    for index, edition in enumerate(table.editions):
        for number, phase in enumerate(edition.phases):
            yield ("editions", index, "phases", number), edition, phase


def _edition_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        ways: list[tuple[str, Loc]] = [
            (c, ("editions", index, "languages", i)) for i, c in enumerate(edition.languages)
        ]
        yield from _repeated(document, "language", ways)
        for code, loc in ways:
            if code not in table.languages:
                message = f"edition {edition.code} is in {code!r}, which the course does not declare"
                yield document.error("unknown-language", message, loc, f"declared: {', '.join(table.languages)}")


def _repeated_slugs(document: Document, table: CourseTable) -> Iterator[Finding]:
    # Modules and activities share one set of names: weights and `required` name both.
    modules = ((module.slug, ("modules", i, "slug")) for i, module in enumerate(table.modules))
    activities = ((activity.slug, ("activities", i, "slug")) for i, activity in enumerate(table.activities))
    yield from _repeated(document, "slug", (*modules, *activities))


def _repeated_lessons(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, module in enumerate(table.modules):
        lessons = ((slug, ("modules", index, "lessons", i)) for i, slug in enumerate(module.lessons))
        yield from _repeated(document, "lesson", lessons)


def _repeated_phases(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        phases = ((phase.slug, ("editions", index, "phases", i, "slug")) for i, phase in enumerate(edition.phases))
        yield from _repeated(document, "phase", phases)


def _repeated_editions(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Two editions must not share a key on a site: one edition in two languages has one key for each of them."""
    keys = [
        (code if len(edition.languages) == 1 else f"{code}-{language}", ("editions", i, "code"))
        for i, edition in enumerate(table.editions)
        for code in [edition.code]
        for language in sorted(set(edition.languages))
    ]
    # Moodle compares idnumbers without regard to case on some databases.
    yield from _repeated(document, "edition", ((key.lower(), loc) for key, loc in keys))


def _repeated(document: Document, what: str, ways: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    first: dict[str, Loc] = {}
    for name, loc in ways:
        if name in first:
            line = document.places.of(first[name])[0]
            message = f"{what} {name} is given twice (first in line {line})"
            yield document.error("duplicate", message, loc, "rename or remove one")
        first.setdefault(name, loc)


def _unknown_slugs(document: Document, table: CourseTable) -> Iterator[Finding]:
    modules = [module.slug for module in table.modules]
    activities = [activity.slug for activity in table.activities]
    for loc, _edition, phase in _phases(table):
        yield from _unknown(document, "module", phase.modules, modules, (*loc, "modules"))
        yield from _unknown(document, "activity", phase.activities, activities, (*loc, "activities"))
    required, both = table.certification.required, [*modules, *activities]
    yield from _unknown(document, "module or activity", required, both, ("certification", "required"))


def _unknown(document: Document, what: str, slugs: Sequence[str], known: Sequence[str], loc: Loc) -> Iterator[Finding]:
    for index, slug in enumerate(slugs):
        if slug not in known:
            hint = f"declared: {', '.join(known) or 'none'}"
            yield document.error(
                "unknown-slug", f"{name_of(loc)} names {slug!r}, and no {what} is so called", (*loc, index), hint
            )


def _wrong_weights(document: Document, table: CourseTable) -> Iterator[Finding]:
    graded = assessments(table)
    for slug in table.grading.weights:
        if slug not in graded:
            hint = f"graded: {', '.join(graded)}"
            message = f"grading.weights names {slug!r}, and nothing graded is so called"
            yield document.error("unknown-slug", message, ("grading", "weights", slug), hint, at_key=True)


def _weightless_editions(document: Document, table: CourseTable) -> Iterator[Finding]:
    graded = assessments(table)
    for index, edition in enumerate(table.editions):
        slugs = [slug for phase in edition.phases for slug in (*phase.modules, *phase.activities) if slug in graded]
        if slugs and not any(table.grading.weights.get(slug, 1.0) for slug in slugs):
            message = f"every assessment of edition {edition.code} weighs 0, so it has no total"
            yield document.error("no-weight", message, ("editions", index, "code"), "give one of them a weight above 0")


def _empty_editions(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        if not any(phase.modules or phase.activities for phase in edition.phases):
            message = f"edition {edition.code} has neither a module nor an activity"
            yield document.error("empty-edition", message, ("editions", index, "code"), "name some in its phases")


def _used_twice(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        ways: list[tuple[str, Loc]] = [
            (slug, ("editions", index, "phases", number, field, i))
            for number, phase in enumerate(edition.phases)
            for field, slugs in (("modules", phase.modules), ("activities", phase.activities))
            for i, slug in enumerate(slugs)
        ]
        yield from _repeated(document, f"edition {edition.code}:", ways)


def _reversed_dates(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        yield from _reversed(document, edition, ("editions", index))
    for loc, edition, phase in _phases(table):
        yield from _reversed(document, phase, loc)
        yield from _outside(document, edition, phase, loc)


def _reversed(document: Document, table: EditionTable | PhaseTable, loc: Loc) -> Iterator[Finding]:
    if table.starts_on and table.ends_on and table.ends_on < table.starts_on:
        message = f"{name_of(loc)} ends on {table.ends_on}, before it starts on {table.starts_on}"
        yield document.error("dates", message, (*loc, "ends_on"), "correct one of the two dates")


def _outside(document: Document, edition: EditionTable, phase: PhaseTable, loc: Loc) -> Iterator[Finding]:
    """Phases lie within their edition, as far as both say when they are."""
    if edition.starts_on and phase.starts_on and phase.starts_on < edition.starts_on:
        message = f"phase {phase.slug} starts on {phase.starts_on}, before its edition ({edition.starts_on})"
        yield document.error("dates", message, (*loc, "starts_on"), "correct one of the two dates")
    if edition.ends_on and phase.ends_on and phase.ends_on > edition.ends_on:
        message = f"phase {phase.slug} ends on {phase.ends_on}, after its edition ({edition.ends_on})"
        yield document.error("dates", message, (*loc, "ends_on"), "correct one of the two dates")


_FAULTS: tuple[Callable[[Document, CourseTable], Iterator[Finding]], ...] = (
    _unknown_languages,
    _repeated_languages,
    _missing_languages,
    _undeclared_languages,
    _edition_languages,
    _repeated_slugs,
    _repeated_lessons,
    _repeated_phases,
    _repeated_editions,
    _unknown_slugs,
    _wrong_weights,
    _weightless_editions,
    _empty_editions,
    _used_twice,
    _reversed_dates,
)
