"""Finds the accounts of people and makes missing ones; says of every person why there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lms_moodle import functions
from lms_moodle.batches import refusals
from lms_moodle.client import MoodleClient
from lms_toolkit.errors import Unreachable
from lms_toolkit.model import Enrolment, EnrolOptions, MatchBy, User

USERNAME = re.compile(r"[-.@_a-z0-9]+")
"""What Moodle takes for a user name; one other name in a look-up would have all of them refused."""
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_ASKABLE: dict[MatchBy, Callable[[str], object]] = {
    "idnumber": bool,
    "username": USERNAME.fullmatch,
    "email": EMAIL.fullmatch,
}
_CREATED_VARIABLES = 10
"""Form fields of one new account, with language and sponsor."""


@dataclass(frozen=True, slots=True)
class Match:
    """A person and their account; `refused` says why there is none, `is_new` that it was made now, or would be."""

    person: Enrolment
    account: functions.Account | None = None
    ref: str = ""
    refused: str = ""
    is_new: bool = False

    @property
    def is_open(self) -> bool:
        return not self.ref and not self.refused


def find(client: MoodleClient, people: Sequence[Enrolment], order: Sequence[MatchBy]) -> list[Match]:
    """The accounts of people: by the first of the fields, those left by the next. Nobody is guessed."""
    matches = [Match(person) for person in people]
    for field in order:
        matches = _find_by(client, matches, field)
    return _refuse_shared([_refuse_other_idnumber(match, order) for match in matches])


def _find_by(client: MoodleClient, matches: list[Match], field: MatchBy) -> list[Match]:
    asked = {_value(match.person.user, field) for match in matches if match.is_open}
    values = sorted(value for value in asked if _ASKABLE[field](value))
    found: dict[str, list[functions.Account]] = {}
    for account in functions.get_accounts(client, field, values) if values else ():
        found.setdefault(_value(account.user, field), []).append(account)
    return [_matched(match, found.get(_value(match.person.user, field), []), field) for match in matches]


def _matched(match: Match, accounts: list[functions.Account], field: MatchBy) -> Match:
    if not match.is_open or not accounts:
        return match
    if len(accounts) > 1:
        message = f"{len(accounts)} accounts have this {field}; give the person an idnumber of their own"
        return replace(match, refused=message)
    return replace(match, account=accounts[0], ref=accounts[0].user.ref)


def _value(user: User, field: MatchBy) -> str:
    value: str = getattr(user, field)
    return value if field == "idnumber" else value.strip().lower()


def _refuse_other_idnumber(match: Match, order: Sequence[MatchBy]) -> Match:
    """An address is handed on, an ID number is not: where both are known and differ, it is somebody else."""
    if "idnumber" not in order or match.account is None:
        return match
    listed, known = match.person.user.idnumber, match.account.user.idnumber
    if not listed or not known or listed == known:
        return match
    message = "the account found has another idnumber; correct the list, or leave idnumber out of --match"
    return replace(match, account=None, ref="", refused=message)


def _refuse_shared(matches: list[Match]) -> list[Match]:
    """Two different people of the list cannot be one account."""
    people: dict[str, set[User]] = {}
    for match in matches:
        if match.ref:
            people.setdefault(match.ref, set()).add(match.person.user)
    message = "another row of the list is the same account; correct the wrong one, or remove it"
    return [
        replace(match, account=None, ref="", refused=message) if len(people.get(match.ref, ())) > 1 else match
        for match in matches
    ]


def create_missing(client: MoodleClient, matches: Sequence[Match], options: EnrolOptions) -> list[Match]:
    """Make the accounts that are not there, where that is allowed; with `dry_run` only say so."""
    matches = [_judged(match, options) for match in matches]
    missing = {_name(match): match.person for match in matches if match.is_open}
    if options.dry_run:
        return [replace(match, is_new=True) if match.is_open else match for match in matches]
    made: dict[str, str] = {}

    def make(people: Sequence[Enrolment]) -> None:
        names = (person.user.username.lower() for person in people)
        made.update(zip(names, _create(client, people, options.sponsor_field), strict=True))

    refused = refusals(list(missing.values()), make, variables=_CREATED_VARIABLES)
    return [_made(match, made, refused) if match.is_open else match for match in matches]


def _name(match: Match) -> str:
    return match.person.user.username.lower()


def _judged(match: Match, options: EnrolOptions) -> Match:
    """Say what Moodle would refuse about a new account; it only says "invalid parameter" of the whole batch."""
    if not match.is_open:
        return match
    if not options.create:
        return replace(match, refused=f"no account has this {' or '.join(options.match)}; --create makes one")
    user = match.person.user
    if not USERNAME.fullmatch(_name(match)):
        return replace(match, refused="no account could be made: a user name has only letters a-z, digits and . - _ @")
    if not EMAIL.fullmatch(user.email):
        return replace(match, refused="no account could be made: the e-mail address is missing or malformed")
    if not user.first_name.strip() or not user.last_name.strip():
        return replace(match, refused="no account could be made: first and last name are needed")
    return match


def _made(match: Match, made: dict[str, str], refused: dict[Enrolment, str]) -> Match:
    if match.person in refused:
        said = _without_person(refused[match.person], match.person.user)
        hint = "another account may have this user name or e-mail"  # Moodle says so only with debugging on
        return replace(match, refused=f"no account could be made, {hint}: {said}")
    return replace(match, ref=made[_name(match)], is_new=True)


def _create(client: MoodleClient, people: Sequence[Enrolment], sponsor_field: str) -> list[str]:
    try:
        return functions.create_users(client, people, sponsor_field)
    except Unreachable as error:
        if not error.outcome_unknown:
            raise
        names = [person.user.username.lower() for person in people]
        there = {user.username: user.ref for user in functions.get_users(client, "username", names)}
        if set(names) <= there.keys():  # the answer was lost, the accounts are there
            return [there[name] for name in names]
        raise


def _without_person(text: str, user: User) -> str:
    """Moodle repeats names and addresses in its refusals; ours go into logs."""
    for value in filter(None, (user.email, user.username)):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", text, flags=re.IGNORECASE)
    return text
