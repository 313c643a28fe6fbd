"""The shape of `course.toml`, and the records it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError

from lms_toolkit.courses.activity_tables import (
    ActivityTable,
    CriterionTable,
    LevelTable,
    PeerCriterionTable,
    PromptTable,
    SurveyItemTable,
    make_activity,
)
from lms_toolkit.courses.certification_tables import (
    AnyOfTable,
    CertificationTable,
    ParticipationTable,
    RequirementTable,
    make_rule,
)
from lms_toolkit.courses.edition_tables import (
    EditionTable,
    ElectivesTable,
    EnrolmentTable,
    PhaseTable,
    TimesTable,
    make_edition,
)
from lms_toolkit.courses.explaining import explain
from lms_toolkit.courses.places import Document
from lms_toolkit.courses.shapes import (
    COLOUR_PATTERN,
    PICTURE_PATTERN,
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
from lms_toolkit.model import Course, GradeCategory, Granularity, GroupSet, Module, ModuleContent, Navigation, Theme

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
    languages: list[str] = Field(default=[], description="Those it is meant for; all if absent")
    requires: list[str] = Field(default=[], description="Slugs of what must be completed before it opens")


class GroupSetTable(Table):
    """Groups that work on something together."""

    slug: Slug
    title: Translated
    groups: list[Translated] = Field(min_length=2, description="Language code → name, for each group")


class GradeCategoryTable(Table):
    """Assessments that weigh as one in the total."""

    slug: Slug
    title: Translated
    weight: Weight = 1.0
    of: list[str] = Field(min_length=1, description="Slugs of modules and graded activities")


class GradingTable(Table):
    """How grades are added up."""

    weights: dict[str, Weight] = Field(
        default={}, description="Slug of a module or graded activity → weight, 1 if absent"
    )
    categories: list[GradeCategoryTable] = Field(default=[])


class PackagesTable(Table):
    """How the course is cut into packages."""

    per: Granularity = Field(default="module", description="One package for each module, each lesson, or the course")
    navigation: Navigation = Field(
        default="free", description="Pages in any order, or one after the other and the quiz last: linear"
    )


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
    image: Picture = Field(default="", description="A picture beside course.toml, shown with the course: course.jpg")
    modules: list[ModuleTable] = Field(default=[])
    group_sets: list[GroupSetTable] = Field(default=[])
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
    "prompts": PromptTable,
    "rubric": CriterionTable,
    "levels": LevelTable,
    "criteria": PeerCriterionTable,
    "items": SurveyItemTable,
    "group_sets": GroupSetTable,
    "editions": EditionTable,
    "phases": PhaseTable,
    "schedule": TimesTable,
    "electives": ElectivesTable,
    "enrolment": EnrolmentTable,
    "theme": ThemeTable,
    "grading": GradingTable,
    "categories": GradeCategoryTable,
    "packages": PackagesTable,
    "certification": CertificationTable,
    "requirements": RequirementTable,
    "any_of": AnyOfTable,
    "participation": ParticipationTable,
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
        activities=tuple(make_activity(activity) for activity in table.activities),
        editions=tuple(make_edition(edition) for edition in table.editions),
        weights=_weights(table),
        certification=make_rule(table.certification),
        folder=folder,
        theme=_theme(table.theme),
        licence=table.licence,
        authors=tuple(table.authors),
        keywords={language: tuple(words) for language, words in table.keywords.items()},
        package_per=table.packages.per,
        navigation=table.packages.navigation,
        group_sets=tuple(GroupSet(one.slug, one.title, tuple(one.groups)) for one in table.group_sets),
        grade_categories=tuple(
            GradeCategory(one.slug, one.title, one.weight, tuple(one.of)) for one in table.grading.categories
        ),
        image=table.image,
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
        languages=tuple(table.languages),
        requires=tuple(table.requires),
    )


def _weights(table: CourseTable) -> dict[str, float]:
    """One weight for each assessment; those that say nothing weigh 1."""
    return {slug: table.grading.weights.get(slug, 1.0) for slug in assessments(table)}


def assessments(table: CourseTable) -> tuple[str, ...]:
    """The slugs of what is graded: every module, and the activities that say so."""
    return (*(module.slug for module in table.modules), *(a.slug for a in table.activities if a.is_graded))
