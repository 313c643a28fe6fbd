"""The shape of `[[editions]]` in `course.toml`: one run of a course, its phases, its times and what is chosen in it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from lms_toolkit.courses.activity_tables import Address
from lms_toolkit.courses.certification_tables import CertificationTable, make_rule
from lms_toolkit.courses.shapes import Code, Hours, Line, Slug, Table, Translated, TranslatedText
from lms_toolkit.model import (
    ChoiceBy,
    Edition,
    EditionMode,
    ElectiveBlock,
    EnrolmentKind,
    EnrolmentMethod,
    Pages,
    Phase,
    Times,
)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise PydanticCustomError("timezone", "is no time zone, such as Europe/Rome or UTC") from error
    return name


def _moment_or_day(value: Any, of_type: ValidatorFunctionWrapHandler) -> datetime | date:
    """One fault instead of one for each type that it might have been."""
    try:
        moment: datetime | date = of_type(value)
    except ValidationError as error:
        message = "must be a day or a time such as 2027-01-31T14:00:00, without quotes"
        raise PydanticCustomError("moment", message) from error
    return moment


Moment = Annotated[datetime | date, WrapValidator(_moment_or_day)]
"""A moment with or without its offset, or a whole day."""
Zone = Annotated[str, AfterValidator(_known_zone)]


class PhaseTable(Table):
    """A part of an edition; becomes one section of the course page."""

    slug: Slug
    title: Translated
    summary: TranslatedText = Field(default={})
    modules: list[str] = Field(default=[], description="Slugs of modules, in order")
    activities: list[str] = Field(default=[], description="Slugs of activities, in order")
    order: list[str] = Field(default=[], description="Both in one order; modules first, then activities, if absent")
    starts_on: date | None = None
    ends_on: date | None = None
    locked: bool = Field(default=False, description="Learners get in when the phase starts")


class TimesTable(Table):
    """When an activity of the edition takes place; a day without a time is the whole day."""

    opens_at: Moment | None = None
    due_at: Moment | None = None
    closes_at: Moment | None = None
    reviews_due_at: Moment | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    address: Address | None = Field(default=None, description="Where people meet online")


class ElectivesTable(Table):
    """What learners choose from."""

    slug: Slug
    title: Translated
    choose: Annotated[int, Field(ge=1, description="How many each learner takes at least")]
    of: list[str] = Field(min_length=2, description="Slugs of modules and activities of this edition")
    by: ChoiceBy = Field(default="self", description="groups: each opens to the members of its group")


class EnrolmentTable(Table):
    """A way into the course page."""

    slug: Slug
    kind: EnrolmentKind
    role: Slug = Field(default="student", description="Short name of a role on the site")
    cohort: Line | None = Field(default=None, description="ID number of a cohort on the site")
    language: str | None = Field(default=None, description="Of who comes in by it; for all if absent")


class EditionTable(Table):
    """One run of the course."""

    code: Code = Field(description="Name of the run on every site; never changes once deployed")
    languages: list[str] = Field(min_length=1)
    pages: Pages = Field(default="per-language", description="one: a single course page in all its languages")
    mode: EditionMode
    learning_hours: Hours = Field(description="As printed on the certificate")
    title: Translated = Field(default={})
    summary: TranslatedText = Field(default={}, description="In place of the course's")
    price: Translated = Field(default={})
    venue: Translated = Field(default={})
    apply_by: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    timezone: Zone = Field(default="UTC", description="Of all its times: Europe/Rome")
    phases: list[PhaseTable] = Field(min_length=1)
    schedule: dict[str, TimesTable] = Field(default={}, description="Slug of an activity → its times")
    electives: list[ElectivesTable] = Field(default=[])
    enrolment: list[EnrolmentTable] = Field(default=[])
    certification: CertificationTable | None = Field(default=None, description="In place of the course's")


def make_edition(table: EditionTable) -> Edition:
    """The record of an edition; its times are aware."""
    zone = ZoneInfo(table.timezone)
    return Edition(
        code=table.code,
        languages=tuple(table.languages),
        mode=table.mode,
        phases=tuple(_phase(phase) for phase in table.phases),
        learning_hours=table.learning_hours,
        starts_on=table.starts_on,
        ends_on=table.ends_on,
        title=table.title,
        summary=table.summary,
        price=table.price,
        venue=table.venue,
        apply_by=table.apply_by,
        timezone=table.timezone,
        schedule={slug: _times(times, zone) for slug, times in table.schedule.items()},
        electives=tuple(
            ElectiveBlock(block.slug, block.title, block.choose, tuple(block.of), block.by) for block in table.electives
        ),
        enrolment=tuple(
            EnrolmentMethod(method.slug, method.kind, method.role, method.cohort or "", method.language or "")
            for method in table.enrolment
        ),
        certification=make_rule(table.certification) if table.certification else None,
        pages=table.pages,
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
        is_locked=table.locked,
        order=tuple(table.order),
    )


def _times(table: TimesTable, zone: ZoneInfo) -> Times:
    return Times(
        opens_at=_moment(table.opens_at, zone, time()),
        due_at=_moment(table.due_at, zone, time(23, 59)),
        closes_at=_moment(table.closes_at, zone, time(23, 59)),
        reviews_due_at=_moment(table.reviews_due_at, zone, time(23, 59)),
        starts_at=_moment(table.starts_at, zone, time()),
        ends_at=_moment(table.ends_at, zone, time(23, 59)),
        address=table.address or "",
    )


def _moment(given: Moment | None, zone: ZoneInfo, of_day: time) -> datetime | None:
    """A moment as it is given; a day at `of_day`, in the edition's time zone."""
    if given is None:
        return None
    moment = given if isinstance(given, datetime) else datetime.combine(given, of_day)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
