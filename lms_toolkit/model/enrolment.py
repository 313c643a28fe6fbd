"""Who is to be put where: one row of a list of people, and how to go about all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lms_toolkit.model.results import User

MatchBy = Literal["idnumber", "email", "username"]

STUDENT = "student"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person and their places in a course.

    `role` is `student`, `tutor`, or a role's short name on the site. `groups` are names or keys (`teams-1`), `cohort`
    is an ID number or a name. `sponsor` and `language` are empty when the list says nothing of them; the language is
    that of a new account only, because people choose their own. `rows` are where the person stands in the list.
    """

    user: User
    role: str = STUDENT
    groups: tuple[str, ...] = ()
    cohort: str = ""
    sponsor: str = ""
    language: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EnrolOptions:
    """How accounts are found and what may be done.

    `match` is the order in which accounts are looked for; what is not in it is not looked at. `create` makes accounts
    that are missing. `sponsor_field` is the short name of the profile field for sponsors. `dry_run` writes nothing:
    outcomes then say what would come of it.
    """

    create: bool = False
    match: tuple[MatchBy, ...] = ("idnumber", "email", "username")
    sponsor_field: str = "sponsor"
    dry_run: bool = False
