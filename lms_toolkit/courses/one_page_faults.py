"""What is wrong with an edition whose languages share one course page: what cannot be there for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from lms_toolkit.courses.activity_tables import ActivityTable
from lms_toolkit.courses.course_faults import Fault, entries
from lms_toolkit.courses.course_file import CourseTable, ModuleTable, assessments
from lms_toolkit.courses.edition_tables import EditionTable
from lms_toolkit.courses.places import Document, Loc, name_of
from lms_toolkit.declaring_page import MAX_NAME
from lms_toolkit.model import Finding
from lms_toolkit.multilingual import together

_RULE = "one-page"
_VARIANTS = ("quiz", "file")
"""Activities that are more than text, as `Activity.has_variants` says: there is one for each language."""

_Entry = ModuleTable | ActivityTable


def _on_one_page(table: CourseTable) -> Iterator[tuple[int, EditionTable]]:
    for index, edition in enumerate(table.editions):
        if edition.pages == "one" and len(edition.languages) > 1:
            yield index, edition


def _entries_of(table: CourseTable, edition: EditionTable) -> Iterator[tuple[Loc, _Entry]]:
    slugs = {slug for phase in edition.phases for slug in (*phase.modules, *phase.activities)}
    yield from ((loc, entry) for loc, entry in entries(table) if entry.slug in slugs)


def _has_variants(entry: _Entry) -> bool:
    return isinstance(entry, ModuleTable) or entry.kind in _VARIANTS


def _given_in(entry: _Entry, edition: EditionTable) -> list[str]:
    return [language for language in edition.languages if not entry.languages or language in entry.languages]


def _not_for_all(document: Document, table: CourseTable) -> Iterator[Finding]:
    """A total that some learners cannot reach, or a text that the others would be shown in a strange language."""
    graded = set(assessments(table))
    for _, edition in _on_one_page(table):
        for loc, entry in _entries_of(table, edition):
            given_in = _given_in(entry, edition)
            if len(given_in) == len(edition.languages):
                continue
            where = (*loc, "languages") if entry.languages else loc
            if entry.slug in graded:
                message = f"{entry.slug} is graded, but edition {edition.code} has one page and not all its languages"
                hint = "give it in all of them, or leave it ungraded, or leave out pages"
                yield document.error(_RULE, message, where, hint)
            elif len(given_in) > 1 and not _has_variants(entry):
                message = (
                    f"{entry.slug} is in {' and '.join(given_in)}, the one page of {edition.code} in more languages"
                )
                yield document.error(_RULE, message, where, "give it in one of them, or in all")


def _waits_for_a_variant(document: Document, table: CourseTable) -> Iterator[Finding]:
    """A site can wait for one thing to be completed, or for all of several, not for any of them."""
    for _, edition in _on_one_page(table):
        variants = {entry.slug for _, entry in _entries_of(table, edition) if _has_variants(entry)}
        for loc, entry in _entries_of(table, edition):
            is_for_all = not _has_variants(entry) and len(_given_in(entry, edition)) > 1
            for number, slug in enumerate(entry.requires if is_for_all else ()):
                if slug in variants:
                    message = f"{entry.slug} requires {slug}, which edition {edition.code} has once per language"
                    hint = "require it of a module or quiz, or open this by the dates of its phase"
                    yield document.error(_RULE, message, (*loc, "requires", number), hint)


def _unequal_in_category(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Of what is there once per language, a gradebook can only count as many of the best as there are assessments."""
    for index, edition in _on_one_page(table):
        variants = {entry.slug for _, entry in _entries_of(table, edition) if _has_variants(entry)}
        slugs = {entry.slug for _, entry in _entries_of(table, edition)}
        together_in: list[tuple[Loc, Sequence[str]]] = [
            (("grading", "categories", number, "of"), category.of)
            for number, category in enumerate(table.grading.categories)
        ]
        together_in += [
            (("editions", index, "electives", number, "of"), block.of) for number, block in enumerate(edition.electives)
        ]
        for loc, of in together_in:
            here = [slug for slug in of if slug in slugs]
            weights = {table.grading.weights.get(slug, 1.0) for slug in here}
            if len(weights) > 1 and variants.intersection(here):
                message = f"{name_of(loc)} has different weights, and something that is there once per language"
                hint = f"on the one page of {edition.code} its weights must be the same"
                yield document.error(_RULE, message, loc, hint)


def _names(table: CourseTable, index: int, edition: EditionTable) -> Iterator[tuple[Loc, Mapping[str, str]]]:
    """What is shown in all languages where a name has its place, and where it is."""
    if edition.title:
        yield ("editions", index, "title"), edition.title
    else:
        yield ("title",), table.title
    for number, phase in enumerate(edition.phases):
        yield ("editions", index, "phases", number, "title"), phase.title
    for number, block in enumerate(edition.electives):
        yield ("editions", index, "electives", number, "title"), block.title
    for loc, entry in _entries_of(table, edition):
        yield (*loc, "title"), entry.title
        for number, prompt in enumerate(entry.prompts if isinstance(entry, ActivityTable) else ()):
            yield (*loc, "prompts", number, "subject"), prompt.subject
    for number, one in enumerate(table.group_sets):
        yield ("group_sets", number, "title"), one.title
        for place, group in enumerate(one.groups):
            yield ("group_sets", number, "groups", place), group
    for number, category in enumerate(table.grading.categories):
        yield ("grading", "categories", number, "title"), category.title


def _too_long(document: Document, table: CourseTable) -> Iterator[Finding]:
    for index, edition in _on_one_page(table):
        for loc, texts in _names(table, index, edition):
            length = len(together({language: texts.get(language, "") for language in edition.languages}))
            if length > MAX_NAME:
                message = f"{name_of(loc)} has {length} characters in all languages, marked; {MAX_NAME} are possible"
                hint = f"shorten it, or leave out pages in edition {edition.code}"
                yield document.error(_RULE, message, loc, hint)


def _ways_without_language(document: Document, table: CourseTable) -> Iterator[Finding]:
    """Who comes in without a language would see none of what is there once per language."""
    for index, edition in _on_one_page(table):
        for number, method in enumerate(edition.enrolment):
            loc = ("editions", index, "enrolment", number)
            if method.role != "student" or method.language:
                continue
            if method.kind == "self":
                message = f"who comes in by {method.slug} has no language, and edition {edition.code} has one page"
                yield document.error(_RULE, message, (*loc, "kind"), "use a list (manual), or a cohort per language")
            elif method.kind == "cohort":
                message = f"the cohort of {method.slug} has no language, and edition {edition.code} has one page"
                yield document.error(_RULE, message, (*loc, "kind"), "give it the language of its people")


def _ways_in(document: Document, table: CourseTable) -> Iterator[Finding]:
    """A way in is in one of the edition's languages; where these share a page, only a cohort can be."""
    pages = dict(_on_one_page(table))
    for index, edition in enumerate(table.editions):
        for number, method in enumerate(edition.enrolment):
            loc = ("editions", index, "enrolment", number, "language")
            if method.language and index in pages and method.kind != "cohort":
                message = f"the way in {method.slug} has a language, which on one page for all is for cohorts"
                yield document.error(_RULE, message, loc, "leave it out")
            elif method.language and method.language not in edition.languages:
                message = f"the way in {method.slug} is in {method.language!r}, which edition {edition.code} is not"
                yield document.error("unknown-language", message, loc, f"declared: {', '.join(edition.languages)}")


ONE_PAGE_FAULTS: tuple[Fault, ...] = (
    _not_for_all,
    _waits_for_a_variant,
    _unequal_in_category,
    _too_long,
    _ways_without_language,
    _ways_in,
)
