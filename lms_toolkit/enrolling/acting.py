"""Brings people into a deployed course page, or suspends them there; everybody gets an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lms_toolkit.errors import Refused
from lms_toolkit.model import Deployment, Enrolment, EnrolOptions, EnrolOutcome, User

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform


def enrol(platform: Platform, deployment: Deployment, users: Sequence[User], *, create: bool) -> list[EnrolOutcome]:
    """Enrol users as learners; `create` makes accounts that are missing. Safe to repeat.

    Raises Refused if the site does not answer for each of them: nobody is dropped in silence.
    """
    return enrol_people(platform, deployment, [Enrolment(user) for user in users], EnrolOptions(create=create))


def enrol_people(
    platform: Platform, deployment: Deployment, people: Sequence[Enrolment], options: EnrolOptions
) -> list[EnrolOutcome]:
    """Enrol people in their roles, groups and cohorts; in their order, what came of each. Safe to repeat.

    Raises Refused if the site does not answer for each of them.
    """
    return _in_order(deployment, people, platform.enrol_people(deployment.course_ref, people, options))


def withdraw(
    platform: Platform, deployment: Deployment, people: Sequence[Enrolment], options: EnrolOptions
) -> list[EnrolOutcome]:
    """Suspend people's enrolments; their work and grades stay, and enrolling them again brings them back.

    Raises Refused if the site does not answer for each of them.
    """
    return _in_order(deployment, people, platform.withdraw(deployment.course_ref, people, options))


def _in_order(
    deployment: Deployment, people: Sequence[Enrolment], outcomes: Sequence[EnrolOutcome]
) -> list[EnrolOutcome]:
    if len(outcomes) != len(people):
        message = f"{deployment.site} answered for {len(outcomes)} of {len(people)} accounts; run it again"
        raise Refused(message, "incompleteanswer")
    return [replace(outcome, rows=person.rows) for outcome, person in zip(outcomes, people, strict=True)]
