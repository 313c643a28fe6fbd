"""Suspends people's enrolments in a course; nothing is deleted, and enrolling them again brings them back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lms_moodle import functions, people
from lms_moodle.batches import refusals
from lms_moodle.client import MoodleClient
from lms_moodle.people import Match
from lms_toolkit.model import Enrolment, EnrolOptions, EnrolOutcome

VARIABLES = 4
STAYS = "is still enrolled by another method (self-enrolment or a cohort); end that on the site"


def withdraw(
    client: MoodleClient,
    course_ref: str,
    listed: Sequence[Enrolment],
    roles: Mapping[str, int],
    options: EnrolOptions,
) -> list[EnrolOutcome]:
    """Suspend the manual enrolment of people; in their order, what came of each. `roles` are those we may give."""
    matches = people.find(client, listed, options.match)
    active = _active(client, course_ref)
    leaving = {match.ref: _role_of(active[match.ref], roles) for match in matches if match.ref in active}
    refused: dict[str, str] = {}
    if leaving and not options.dry_run:
        refused = _suspend(client, course_ref, leaving)
        remaining = _active(client, course_ref)  # Moodle suspends one way in of several without a word
        refused |= {ref: STAYS for ref in leaving if ref in remaining and ref not in refused}
    return [_outcome(match, leaving, refused, options) for match in matches]


def _active(client: MoodleClient, course_ref: str) -> dict[str, functions.Member]:
    return {member.ref: member for member in functions.get_members(client, course_ref, "onlyactive")}


def _role_of(member: functions.Member, roles: Mapping[str, int]) -> int:
    """Moodle wants a role even to suspend, and gives it: one the person has."""
    return next((role for role in member.roles if role in roles.values()), roles["student"])


def _suspend(client: MoodleClient, course_ref: str, leaving: Mapping[str, int]) -> dict[str, str]:
    def suspend(pairs: Sequence[tuple[str, int]]) -> None:
        functions.enrol_users(client, course_ref, pairs, suspend=True)

    refused = refusals(list(leaving.items()), suspend, variables=VARIABLES)
    return {ref: said for (ref, _), said in refused.items()}


def _outcome(
    match: Match, leaving: Mapping[str, int], refused: Mapping[str, str], options: EnrolOptions
) -> EnrolOutcome:
    user = replace(match.person.user, ref=match.ref)
    if match.refused or match.ref in refused:
        return EnrolOutcome(user, "refused", match.refused or refused[match.ref])
    if not match.ref:
        return EnrolOutcome(user, "refused", f"no account has this {' or '.join(options.match)}")
    if match.ref in leaving:
        return EnrolOutcome(user, "withdrawn")
    return EnrolOutcome(user, "already", "is not enrolled, or was withdrawn before")
