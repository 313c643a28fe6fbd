"""What is wrong between the tables of a `course.toml`: names that lead nowhere, languages left out, dates reversed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms_toolkit.courses.activity_tables import ActivityTable, localized_lines
from lms_toolkit.courses.certification_tables import CertificationTable
from lms_toolkit.courses.course_file import CourseTable, ModuleTable, assessments
from lms_toolkit.courses.edition_tables import EditionTable, PhaseTable
from lms_toolkit.courses.languages import is_language
from lms_toolkit.courses.places import Document, Loc, name_of
from lms_toolkit.model import Finding

Fault = Callable[[Document, CourseTable], Iterator[Finding]]


def _unknown_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, code in enumerate(table.languages):
        if not is_language(code):
            hint = "use a two-letter code, with a region or without: fr, pt-br"
            yield document.error("unknown-language", f"{code!r} is not a language", ("languages", index), hint)


def _repeated_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    yield from repeated(document, "language", ((code, ("languages", i)) for i, code in enumerate(table.languages)))


def _missing_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for text in _translated(table):
        for language in (code for code in text.languages if code in table.languages):
            if language not in text.texts and not (text.is_optional and not text.texts):
                message = f"{name_of(text.loc)} has no text in {language}"
                hint = f"add {name_of((text.loc[-1], language))}"
                yield document.error("missing-language", message, text.loc, hint)


def _undeclared_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for text in _translated(table):
        for language in text.texts:
            if language not in table.languages:
                way = (*text.loc, language)
                message = f"{name_of(way)} is in a language that the course does not declare"
                hint = f"add {language} to languages, or remove the text"
                yield document.error("unknown-language", message, way, hint, at_key=True)


@dataclass(frozen=True, slots=True)
class _Translated:
    """A text that is there once per language, where it is, and whether it may be left out altogether."""

    loc: Loc
    texts: Mapping[str, Any]
    languages: Sequence[str]
    is_optional: bool = False


def _translated(table: CourseTable) -> Iterator[_Translated]:
    every = table.languages
    yield _Translated(("title",), table.title, every)
    yield _Translated(("summary",), table.summary, every)
    yield _Translated(("keywords",), table.keywords, every, True)
    yield from _in_rule(("certification",), table.certification, every)
    if table.theme:
        yield _Translated(("theme", "logo_alt"), table.theme.logo_alt, every, not table.theme.logo)
    for index, one in enumerate(table.group_sets):
        yield _Translated(("group_sets", index, "title"), one.title, every)
        for number, name in enumerate(one.groups):
            yield _Translated(("group_sets", index, "groups", number), name, every)
    for index, category in enumerate(table.grading.categories):
        yield _Translated(("grading", "categories", index, "title"), category.title, every)
    yield from _in_entries(table)
    yield from _in_editions(table)


def entries(table: CourseTable) -> Iterator[tuple[Loc, ModuleTable | ActivityTable]]:
    """Each module and each activity, and where it is."""
    for index, module in enumerate(table.modules):
        yield ("modules", index), module
    for index, activity in enumerate(table.activities):
        yield ("activities", index), activity


def _in_entries(table: CourseTable) -> Iterator[_Translated]:
    """The texts of modules and activities, in the languages that these are meant for."""
    for loc, entry in entries(table):
        given_in = entry.languages or table.languages
        yield _Translated((*loc, "title"), entry.title, given_in)
        if isinstance(entry, ModuleTable):
            yield _Translated((*loc, "objectives"), entry.objectives, given_in)
        else:
            yield _Translated((*loc, "description"), entry.description, given_in, True)
            yield from (_Translated((*loc, *way), texts, given_in) for way, texts in localized_lines(entry))


def _in_editions(table: CourseTable) -> Iterator[_Translated]:
    for index, edition in enumerate(table.editions):
        loc: Loc = ("editions", index)
        given_in = edition.languages
        for name in ("title", "summary", "price", "venue"):
            yield _Translated((*loc, name), getattr(edition, name), given_in, True)
        if edition.certification:
            yield from _in_rule((*loc, "certification"), edition.certification, given_in)
        for number, block in enumerate(edition.electives):
            yield _Translated((*loc, "electives", number, "title"), block.title, given_in)
    for loc, edition, phase in phases(table):
        yield _Translated((*loc, "title"), phase.title, edition.languages)
        yield _Translated((*loc, "summary"), phase.summary, edition.languages, True)


def _in_rule(loc: Loc, rule: CertificationTable, given_in: Sequence[str]) -> Iterator[_Translated]:
    yield _Translated((*loc, "title"), rule.title, given_in)
    found = [((*loc, "requirements"), rule.requirements)]
    if rule.participation:
        way: Loc = (*loc, "participation")
        yield _Translated((*way, "title"), rule.participation.title, given_in)
        found.append(((*way, "requirements"), rule.participation.requirements))
    for way, requirements in found:
        for index, one in enumerate(requirements):
            yield _Translated((*way, index, "title"), one.title, given_in, True)
            for number, part in enumerate(one.any_of):
                yield _Translated((*way, index, "any_of", number, "title"), part.title, given_in, True)


def phases(table: CourseTable) -> Iterator[tuple[Loc, EditionTable, PhaseTable]]:
    """Each phase of each edition, and where it is."""
    for index, edition in enumerate(table.editions):
        for number, phase in enumerate(edition.phases):
            yield ("editions", index, "phases", number), edition, phase


def _entry_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for loc, entry in entries(table):
        for number, code in enumerate(entry.languages):
            if code not in table.languages:
                message = f"{entry.slug} is in {code!r}, which the course does not declare"
                hint = f"declared: {', '.join(table.languages)}"
                yield document.error("unknown-language", message, (*loc, "languages", number), hint)


def _edition_languages(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        ways: list[tuple[str, Loc]] = [
            (c, ("editions", index, "languages", i)) for i, c in enumerate(edition.languages)
        ]
        yield from repeated(document, "language", ways)
        for code, loc in ways:
            if code not in table.languages:
                message = f"edition {edition.code} is in {code!r}, which the course does not declare"
                yield document.error("unknown-language", message, loc, f"declared: {', '.join(table.languages)}")


def _repeated_slugs(document: Document, table: CourseTable) -> Iterator[Finding]:
    # Modules and activities share one set of names: weights and `required` name both.
    modules = ((module.slug, ("modules", i, "slug")) for i, module in enumerate(table.modules))
    activities = ((activity.slug, ("activities", i, "slug")) for i, activity in enumerate(table.activities))
    yield from repeated(document, "slug", (*modules, *activities))


def _repeated_lessons(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, module in enumerate(table.modules):
        lessons = ((slug, ("modules", index, "lessons", i)) for i, slug in enumerate(module.lessons))
        yield from repeated(document, "lesson", lessons)


def _repeated_phases(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        phases = ((phase.slug, ("editions", index, "phases", i, "slug")) for i, phase in enumerate(edition.phases))
        yield from repeated(document, "phase", phases)


def _repeated_editions(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Two editions must not share a key on a site, where each course page has one."""
    keys = [(key, ("editions", i, "code")) for i, edition in enumerate(table.editions) for key in _page_keys(edition)]
    # Moodle compares idnumbers without regard to case on some databases.
    yield from repeated(document, "edition", ((key.lower(), loc) for key, loc in keys))


def _page_keys(edition: EditionTable) -> list[str]:
    """The key of each course page of an edition, see `Edition.idnumber`."""
    if len(edition.languages) == 1 or edition.pages == "one":
        return [edition.code]
    return [f"{edition.code}-{language}" for language in sorted(set(edition.languages))]


def repeated(document: Document, what: str, ways: Iterable[tuple[str, Loc]]) -> Iterator[Finding]:
    """A fault for each name that was given before."""
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
    for loc, _edition, phase in phases(table):
        yield from unknown(document, "module", phase.modules, modules, (*loc, "modules"))
        yield from unknown(document, "activity", phase.activities, activities, (*loc, "activities"))
    required, both = table.certification.required, [*modules, *activities]
    yield from unknown(document, "module or activity", required, both, ("certification", "required"))
    for loc, entry in entries(table):
        yield from unknown(document, "module or activity", entry.requires, both, (*loc, "requires"))


def unknown(document: Document, what: str, slugs: Sequence[str], known: Sequence[str], loc: Loc) -> Iterator[Finding]:
    """A fault for each name in a list that leads nowhere."""
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


def _empty_course(document: Document, table: CourseTable) -> Iterator[Finding]:
    if not table.modules and not table.activities:
        yield document.error("missing-key", "modules is missing", hint="add [[modules]], or [[activities]]")


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
        yield from repeated(document, f"edition {edition.code}:", ways)


def _reversed_dates(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in enumerate(table.editions):
        yield from _reversed(document, edition, ("editions", index))
    for loc, edition, phase in phases(table):
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


COURSE_FAULTS: tuple[Fault, ...] = (
    _unknown_languages,
    _repeated_languages,
    _missing_languages,
    _undeclared_languages,
    _entry_languages,
    _edition_languages,
    _repeated_slugs,
    _repeated_lessons,
    _repeated_phases,
    _repeated_editions,
    _unknown_slugs,
    _wrong_weights,
    _weightless_editions,
    _empty_course,
    _empty_editions,
    _used_twice,
    _reversed_dates,
)
