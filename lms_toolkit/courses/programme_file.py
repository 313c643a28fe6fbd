"""The shape of `programme.toml`, which stands beside the folders of courses: a diploma that several courses earn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from lms_toolkit.courses.course_faults import repeated
from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.places import Document, Loc, content_error
from lms_toolkit.courses.shapes import Hours, Slug, Table, Translated
from lms_toolkit.courses.sources import read_text
from lms_toolkit.courses.toml_reading import read_toml
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Finding, Programme

PROGRAMME_FILE = "programme.toml"


class ProgrammeCourseTable(Table):
    """A course that counts, whether or not it is one of ours."""

    id: Slug
    title: Translated


class AnyOfCoursesTable(Table):
    """Courses of which some are enough."""

    at_least: Annotated[int, Field(ge=1)]
    courses: list[Slug] = Field(min_length=1, description="Ids of courses")


class ProgrammeTable(Table):
    """What earns a diploma."""

    id: Slug
    languages: list[str] = Field(min_length=1)
    title: Translated
    learning_hours: Hours = Field(description="As printed on the diploma")
    required: list[Slug] = Field(default=[], description="Ids of courses that everybody completes")
    any_of: AnyOfCoursesTable
    within_years: Annotated[int, Field(ge=1, le=50, description="From the first of these courses to the last")]
    capstone: Slug | None = Field(default=None, description="Id of the project at the end, whenever it is done")
    courses: list[ProgrammeCourseTable] = Field(min_length=1, description="Every course that is named above")


_SECTIONS: dict[str, type[Table]] = {"": ProgrammeTable, "any_of": AnyOfCoursesTable, "courses": ProgrammeCourseTable}


def programme_files(course_folders: Iterable[Path]) -> list[Path]:
    """Every `programme.toml` in a folder beside one of these courses."""
    parents = sorted({folder.resolve().parent for folder in course_folders})
    return [path for parent in parents for path in sorted(parent.glob(f"*/{PROGRAMME_FILE}"))]


def find_programme(programme_id: str, course_folders: Iterable[Path]) -> Programme:
    """The programme of this id; ConfigError, with those there are, if there is none."""
    found = {one.id: one for one in map(load_programme, programme_files(course_folders))}
    if programme_id not in found:
        raise ConfigError(f"no programme is called {programme_id!r} (known: {', '.join(sorted(found)) or 'none'})")
    return found[programme_id]


def load_programme(path: Path) -> Programme:
    """The programme that a file declares; ContentError names every fault and its line."""
    document = read_toml(path, read_text(path, path.parent))
    try:
        table = ProgrammeTable.model_validate(document.data)
    except ValidationError as error:
        raise explain(error, document, _SECTIONS) from error
    faults = tuple(_faults(document, table))
    if faults:
        raise content_error(faults)
    return Programme(
        id=table.id,
        title=table.title,
        languages=tuple(table.languages),
        required=tuple(table.required),
        any_of=tuple(table.any_of.courses),
        at_least=table.any_of.at_least,
        within_years=table.within_years,
        capstone=table.capstone or "",
        learning_hours=table.learning_hours,
        courses={one.id: one.title for one in table.courses},
    )


def _faults(document: Document, table: ProgrammeTable) -> Iterator[Finding]:
    named: list[tuple[str, Loc]] = [(id, ("required", i)) for i, id in enumerate(table.required)]
    named += [(id, ("any_of", "courses", i)) for i, id in enumerate(table.any_of.courses)]
    if table.capstone:
        named.append((table.capstone, ("capstone",)))
    yield from repeated(document, "course", named)
    yield from repeated(document, "course", ((one.id, ("courses", i, "id")) for i, one in enumerate(table.courses)))
    known = [one.id for one in table.courses]
    for id, loc in named:
        if id not in known:
            hint = "add it to [[courses]], with its title"
            yield document.error("unknown-slug", f"{id!r} is named, and no course is so called", loc, hint)
    if table.any_of.at_least > len(table.any_of.courses):
        message = f"{table.any_of.at_least} of {len(table.any_of.courses)} courses is more than there are"
        yield document.error("wrong-value", message, ("any_of", "at_least"), "ask for fewer, or name more")
    titles: list[tuple[Translated, Loc]] = [(table.title, ("title",))]
    titles += [(one.title, ("courses", i, "title")) for i, one in enumerate(table.courses)]
    for texts, loc in titles:
        for language in table.languages:
            if language not in texts:
                message = f"{loc[0]} has no title in {language}"
                yield document.error("missing-language", message, loc, f"add title.{language}")
