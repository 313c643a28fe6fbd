"""The shape of `course.toml`, and the records it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.places import Document
from lms_toolkit.courses.shapes import (
    COLOUR_PATTERN,
    PICTURE_PATTERN,
    Code,
    Hours,
    Line,
    OptionalText,
    Percent,
    Slug,
    Table,
    Text,
    Translated,
    TranslatedText,
)
from lms_toolkit.model import (
    Activity,
    ActivityKind,
    CertificationRule,
    Course,
    Edition,
    EditionMode,
    Granularity,
    Module,
    ModuleContent,
    Phase,
    Theme,
)

Colour = Annotated[str, Field(pattern=COLOUR_PATTERN)]
Picture = Annotated[str, Field(pattern=PICTURE_PATTERN)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class ModuleTable(Table):
    """A self-paced learning unit, delivered as one package."""

    slug: Slug = Field(description="Name of the module's folder; learners' records hang on it, so it never changes")
    title: Translated = Field(description="Language code → title")
    objectives: dict[str, list[Line]] = Field(description="Language code → what learners will be able to do")
    lessons: list[Slug] = Field(default=[], description="File names without .md, in order")
    hours: Hours = Field(description="Learning hours")
    pass_mark_percent: Percent = 70.0


class ActivityTable(Table):
    """Anything else on the course page."""

    slug: Slug
    kind: ActivityKind
    title: Translated
    description: TranslatedText = Field(default={})
    graded: bool = False


class PhaseTable(Table):
    """A part of an edition; becomes one section of the course page."""

    slug: Slug
    title: Translated
    summary: TranslatedText = Field(default={})
    modules: list[str] = Field(default=[], description="Slugs of modules, in order")
    activities: list[str] = Field(default=[], description="Slugs of activities, in order")
    starts_on: date | None = None
    ends_on: date | None = None


class EditionTable(Table):
    """One run of the course."""

    code: Code = Field(description="Name of the run on every site; never changes once deployed")
    languages: list[str] = Field(min_length=1)
    mode: EditionMode
    learning_hours: Hours = Field(description="As printed on the certificate")
    title: Translated = Field(default={})
    starts_on: date | None = None
    ends_on: date | None = None
    phases: list[PhaseTable] = Field(min_length=1)


class GradingTable(Table):
    """How grades are added up."""

    weights: dict[str, Weight] = Field(
        default={}, description="Slug of a module or graded activity → weight, 1 if absent"
    )


class CertificationTable(Table):
    """When an edition earns its certificate."""

    title: Translated = Field(description="Language code → title printed on the certificate")
    pass_mark_percent: Percent = 60.0
    require_all_assessments: bool = True
    required: list[str] = Field(default=[], description="Slugs that must be completed besides")
    show_score: bool = False


class PackagesTable(Table):
    """How the course is cut into packages."""

    per: Granularity = Field(default="module", description="One package for each module, each lesson, or the course")


class ThemeTable(Table):
    """The course's own look."""

    accent: Colour = Field(default="", description="Colour of links, labels and buttons: #0b5d7a")
    accent_dark: Colour = Field(default="", description="The same on dark pages; a lighter shade if absent")
    logo: Picture = Field(default="", description="A picture beside course.toml: logo.svg")
    logo_alt: Translated = Field(default={}, description="Language code → whose logo it is, in words")


class CourseTable(Table):
    """`course.toml`: structure, editions, grading and certification of a course."""

    id: Slug
    version: Line
    languages: list[str] = Field(min_length=1, description="Codes such as fr or pt-br; each has a folder")
    title: Translated
    summary: TranslatedText
    licence: OptionalText = Field(default="", description="SPDX identifier, such as CC-BY-4.0")
    authors: list[Text] = Field(default=[])
    keywords: dict[str, list[Line]] = Field(default={})
    modules: list[ModuleTable] = Field(min_length=1)
    activities: list[ActivityTable] = Field(default=[])
    editions: list[EditionTable] = Field(default=[])
    grading: GradingTable = GradingTable()
    packages: PackagesTable = PackagesTable()
    certification: CertificationTable
    theme: ThemeTable | None = None


SECTIONS: dict[str, type[Table]] = {
    "": CourseTable,
    "modules": ModuleTable,
    "activities": ActivityTable,
    "editions": EditionTable,
    "phases": PhaseTable,
    "theme": ThemeTable,
    "grading": GradingTable,
    "packages": PackagesTable,
    "certification": CertificationTable,
}


def validate(document: Document) -> CourseTable:
    """The tables of a `course.toml`, each key of the right type; ContentError names every fault."""
    try:
        return CourseTable.model_validate(document.data)
    except ValidationError as error:
        raise explain(error, document, SECTIONS) from error


def make_course(table: CourseTable, folder: Path, contents: Mapping[str, Mapping[str, ModuleContent]]) -> Course:
    """The record of a course; `contents` maps module slug → language → what was read."""
    return Course(
        id=table.id,
        version=table.version,
        languages=tuple(table.languages),
        title=table.title,
        summary=table.summary,
        modules=tuple(_module(module, contents.get(module.slug, {})) for module in table.modules),
        activities=tuple(_activity(activity) for activity in table.activities),
        editions=tuple(_edition(edition) for edition in table.editions),
        weights=_weights(table),
        certification=_certification(table.certification),
        folder=folder,
        theme=_theme(table.theme),
        licence=table.licence,
        authors=tuple(table.authors),
        keywords={language: tuple(words) for language, words in table.keywords.items()},
        package_per=table.packages.per,
    )


def _theme(table: ThemeTable | None) -> Theme | None:
    return Theme(table.accent, table.accent_dark, table.logo, table.logo_alt) if table else None


def _module(table: ModuleTable, content: Mapping[str, ModuleContent]) -> Module:
    return Module(
        slug=table.slug,
        title=table.title,
        objectives={language: tuple(lines) for language, lines in table.objectives.items()},
        lessons=tuple(table.lessons),
        hours=table.hours,
        pass_mark_percent=table.pass_mark_percent,
        content=content,
    )


def _activity(table: ActivityTable) -> Activity:
    return Activity(table.slug, table.kind, table.title, table.description, table.graded)


def _edition(table: EditionTable) -> Edition:
    return Edition(
        code=table.code,
        languages=tuple(table.languages),
        mode=table.mode,
        phases=tuple(_phase(phase) for phase in table.phases),
        learning_hours=table.learning_hours,
        starts_on=table.starts_on,
        ends_on=table.ends_on,
        title=table.title,
    )


def _phase(table: PhaseTable) -> Phase:
    return Phase(
        slug=table.slug,
        title=table.title,
        summary=table.summary,
        modules=tuple(table.modules),
        activities=tuple(table.activities),
        starts_on=table.starts_on,
        ends_on=table.ends_on,
    )


def _weights(table: CourseTable) -> dict[str, float]:
    """One weight for each assessment; those that say nothing weigh 1."""
    return {slug: table.grading.weights.get(slug, 1.0) for slug in assessments(table)}


def assessments(table: CourseTable) -> tuple[str, ...]:
    """The slugs of what is graded: every module, and the activities that say so."""
    return (*(module.slug for module in table.modules), *(a.slug for a in table.activities if a.graded))


def _certification(table: CertificationTable) -> CertificationRule:
    return CertificationRule(
        title=table.title,
        pass_mark_percent=table.pass_mark_percent,
        require_all_assessments=table.require_all_assessments,
        required=tuple(table.required),
        show_score=table.show_score,
    )
