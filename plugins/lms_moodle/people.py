"""Finds the accounts of people, makes missing ones and enrols them, with an outcome for every single person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from lms_moodle import functions
from lms_moodle.client import MoodleClient
from lms_toolkit.errors import Refused, Unreachable
from lms_toolkit.model import EnrolOutcome, User

BATCH = 100
USERNAME = re.compile(r"[-.@_a-z0-9]+")
"""What Moodle takes for a user name; one other name in a look-up would have all of them refused."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
EVERYBODY = frozenset(
    {"wsnoinstance", "wsusercannotassign", "wscannotenrol", "coursenotfound", "errorcoursecontextnotvalid"}
)
"""Refusals that have nothing to do with the person."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match:
    """A person and their account, or why there is none."""

    person: User
    ref: str = ""
    note: str = ""


def enrol(
    client: MoodleClient, course_ref: str, people: Sequence[User], role_id: int, *, create: bool
) -> list[EnrolOutcome]:
    """Enrol people; in their order, what came of each."""
    matches = match(client, people)
    if create:
        matches = _create_missing(client, matches)
    enrolled = {user.ref for user in functions.get_enrolled(client, course_ref)}
    wanted = [match.ref for match in matches if match.ref and match.ref not in enrolled]
    refused = _refusals(
        list(dict.fromkeys(wanted)), lambda refs: functions.enrol_users(client, course_ref, role_id, refs)
    )
    return [_outcome(match, enrolled, refused) for match in matches]


def _outcome(match: Match, enrolled: set[str], refused: dict[str, str]) -> EnrolOutcome:
    user = replace(match.person, ref=match.ref)
    if not match.ref:
        return EnrolOutcome(user, "refused", match.note or "no account has this idnumber, user name or e-mail")
    if match.ref in enrolled:
        return EnrolOutcome(user, "already")
    if match.ref in refused:
        return EnrolOutcome(user, "refused", refused[match.ref])
    return EnrolOutcome(user, "enrolled", match.note)


def match(client: MoodleClient, people: Sequence[User]) -> list[Match]:
    """The accounts of people: by idnumber, those left by user name, those still left by e-mail."""
    matches = [Match(person) for person in people]
    for field, is_askable in (("idnumber", bool), ("username", USERNAME.fullmatch), ("email", EMAIL.fullmatch)):
        matches = _match_by(client, matches, field, is_askable)
    return matches


def _match_by(
    client: MoodleClient, matches: list[Match], field: str, is_askable: Callable[[str], object]
) -> list[Match]:
    asked = {_value(match.person, field) for match in matches if not match.ref and not match.note}
    values = sorted(value for value in asked if is_askable(value))
    found: dict[str, list[str]] = {}
    for user in functions.get_users(client, field, values) if values else ():
        found.setdefault(_value(user, field), []).append(user.ref)
    return [_matched(match, found.get(_value(match.person, field), []), field) for match in matches]


def _matched(match: Match, refs: list[str], field: str) -> Match:
    if match.ref or match.note or not refs:
        return match
    if len(refs) > 1:
        return replace(match, note=f"{len(refs)} accounts have this {field}; give the person an idnumber of their own")
    return replace(match, ref=refs[0])


def _value(user: User, field: str) -> str:
    value: str = getattr(user, field)
    return value if field == "idnumber" else value.strip().lower()


def _create_missing(client: MoodleClient, matches: list[Match]) -> list[Match]:
    matches = [_judged(match) for match in matches]
    missing = {match.person.username.lower(): match.person for match in matches if not match.ref and not match.note}
    made: dict[str, str] = {}

    def make(people: Sequence[User]) -> None:
        made.update(zip((person.username.lower() for person in people), _create(client, people), strict=True))

    refused = _refusals(list(missing.values()), make)
    return [_made(match, made, refused) for match in matches]


def _judged(match: Match) -> Match:
    """Say what Moodle would refuse about a new account; it only says "invalid parameter" of the whole batch."""
    if match.ref or match.note:
        return match
    person = match.person
    if not USERNAME.fullmatch(person.username.lower()):
        return replace(match, note="no account could be made: a user name has only letters a-z, digits and . - _ @")
    if not EMAIL.fullmatch(person.email):
        return replace(match, note="no account could be made: the e-mail address is missing or malformed")
    if not person.first_name.strip() or not person.last_name.strip():
        return replace(match, note="no account could be made: first and last name are needed")
    return match


def _made(match: Match, made: dict[str, str], refused: dict[User, str]) -> Match:
    if match.ref or match.note:
        return match
    if match.person in refused:
        said = _without_person(refused[match.person], match.person)
        hint = "another account may have this user name or e-mail"  # Moodle says so only with debugging on
        return replace(match, note=f"no account could be made, {hint}: {said}")
    return replace(match, ref=made[match.person.username.lower()], note="account created")


def _create(client: MoodleClient, people: Sequence[User]) -> list[str]:
    try:
        return functions.create_users(client, people)
    except Unreachable as error:
        if not error.outcome_unknown:
            raise
        names = [person.username.lower() for person in people]
        there = {user.username: user.ref for user in functions.get_users(client, "username", names)}
        if set(names) <= there.keys():  # the answer was lost, the accounts are there
            return [there[name] for name in names]
        raise


def _refusals(entries: Sequence[T], act: Callable[[Sequence[T]], None]) -> dict[T, str]:
    """Act on all entries although Moodle refuses whole batches: halve a refused one until the culprits are alone."""
    refused: dict[T, str] = {}
    for start in range(0, len(entries), BATCH):
        refused.update(_halve(entries[start : start + BATCH], act))
    return refused


def _halve(entries: Sequence[T], act: Callable[[Sequence[T]], None]) -> Iterable[tuple[T, str]]:
    try:
        act(entries)
    except Refused as error:
        if error.errorcode in EVERYBODY:
            raise
        if len(entries) == 1:
            return [(entries[0], str(error))]
        middle = len(entries) // 2
        return [*_halve(entries[:middle], act), *_halve(entries[middle:], act)]
    return []


def _without_person(text: str, person: User) -> str:
    """Moodle repeats names and addresses in its refusals; ours go into logs."""
    for value in filter(None, (person.email, person.username)):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
