"""The shape of `[certification]` in `course.toml`: what it takes to earn a certificate."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from lms_toolkit.courses.shapes import Percent, Slug, Table, Translated
from lms_toolkit.model import CertificationRule, Deadlines, ParticipationRule, Requirement, RequirementKind

Share = Annotated[float, Field(gt=0, le=100, allow_inf_nan=False)]
AtLeast = Annotated[int, Field(ge=1, description="So many are enough; all of them if absent")]


class AnyOfTable(Table):
    """One of several requirements of which some are enough."""

    slug: Slug
    kind: RequirementKind
    title: Translated = Field(default={}, description="What explanations call it")
    of: list[str] = Field(default=[], description="Slugs of modules and activities")
    percent: Share | None = Field(default=None, description="Of the sessions, or of the score of each")
    at_least: AtLeast | None = None


class RequirementTable(AnyOfTable):
    """Something that it takes besides the total."""

    any_of: list[AnyOfTable] = Field(default=[], description="For kind any: at_least so many of these")


class ParticipationTable(Table):
    """A certificate for those who took part and did not earn the other one, once the edition is over."""

    title: Translated = Field(description="Language code → title printed on it")
    requirements: list[RequirementTable] = Field(min_length=1)


class CertificationTable(Table):
    """When an edition earns its certificate."""

    title: Translated = Field(description="Language code → title printed on the certificate")
    pass_mark_percent: Percent = 60.0
    require_all_assessments: bool = True
    required: list[str] = Field(default=[], description="Slugs that must be completed besides")
    show_score: bool = False
    requirements: list[RequirementTable] = Field(default=[], description="What else it takes, all of it")
    deadlines: Deadlines = Field(default="none", description="due, closes: what came after that time counts not")
    counts_until: datetime | date | None = Field(default=None, description="What came after it counts not")
    participation: ParticipationTable | None = None
    valid_months: Annotated[int, Field(ge=1, le=1200)] | None = Field(default=None, description="For good if absent")


def make_rule(table: CertificationTable) -> CertificationRule:
    return CertificationRule(
        title=table.title,
        pass_mark_percent=table.pass_mark_percent,
        require_all_assessments=table.require_all_assessments,
        required=tuple(table.required),
        show_score=table.show_score,
        requirements=tuple(_requirement(one) for one in table.requirements),
        deadlines=table.deadlines,
        counts_until=table.counts_until,
        participation=_participation(table.participation),
        valid_months=table.valid_months,
    )


def _participation(table: ParticipationTable | None) -> ParticipationRule | None:
    return ParticipationRule(table.title, tuple(map(_requirement, table.requirements))) if table else None


def _requirement(table: AnyOfTable) -> Requirement:
    return Requirement(
        slug=table.slug,
        kind=table.kind,
        of=tuple(table.of),
        percent=table.percent or 0.0,
        at_least=table.at_least,
        title=table.title,
        any_of=tuple(_requirement(one) for one in table.any_of) if isinstance(table, RequirementTable) else (),
    )
