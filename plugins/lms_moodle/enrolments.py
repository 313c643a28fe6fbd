"""Enrols people in roles, groups and cohorts, with an outcome for every single person."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from lms_moodle import functions, people
from lms_moodle.batches import refusals
from lms_moodle.client import MoodleClient
from lms_moodle.functions import Place
from lms_moodle.memberships import Joined, find_place, join
from lms_moodle.people import Match
from lms_moodle.sponsors import Saved, save_sponsors
from lms_toolkit.model import STUDENT, Enrolment, EnrolOptions, EnrolOutcome

TUTORS = ("teacher", "editingteacher")
"""What Moodle calls tutors, the one with fewer rights first."""
ENROL_VARIABLES = 4
GROUP_VARIABLES = 2
COHORT_VARIABLES = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """A person whose account, role, groups and cohort are known; or `refused`, with the reason."""

    match: Match
    role: int = 0
    groups: tuple[Place, ...] = ()
    cohort: Place | None = None
    refused: str = ""

    @property
    def ref(self) -> str:
        return self.match.ref

    @property
    def person(self) -> Enrolment:
        return self.match.person


class Enrolling:
    """One list of people on its way into one course. `roles` are those our account may give, by short name."""

    def __init__(self, client: MoodleClient, course_ref: str, roles: Mapping[str, int], options: EnrolOptions) -> None:
        self.client = client
        self.course_ref = course_ref
        self.roles = roles
        self.options = options

    def enrol(self, listed: Sequence[Enrolment]) -> list[EnrolOutcome]:
        """Look, then act; in their order, what came of each. Repeating it changes nothing."""
        wanted = self._accounts(self._places(people.find(self.client, listed, self.options.match)))
        with_account = [one for one in wanted if not one.refused]
        active = {member.ref: member for member in functions.get_members(self.client, self.course_ref, "onlyactive")}
        suspended = {member.ref for member in functions.get_members(self.client, self.course_ref, "onlysuspended")}
        refused = self._enrol(with_account, active)
        inside = [one for one in with_account if one.ref not in refused]
        groups, cohorts = self._join_groups(inside), self._join_cohorts(inside)
        saved = save_sponsors(self.client, [one.match for one in inside], self.options)
        gains = _Gains(groups, cohorts, saved)
        return [self._outcome(one, active, suspended, refused, gains) for one in wanted]

    def _places(self, matches: Iterable[Match]) -> list[Wanted]:
        """Roles, groups and cohorts by their names. Asked for once, and only when the list has any."""
        matches = list(matches)
        named = [match.person for match in matches if not match.refused]
        groups = functions.get_groups(self.client, self.course_ref) if any(one.groups for one in named) else []
        cohorts = functions.get_cohorts(self.client) if any(one.cohort for one in named) else []
        return [self._placed(match, groups, cohorts) for match in matches]

    def _placed(self, match: Match, groups: Sequence[Place], cohorts: Sequence[Place]) -> Wanted:
        if match.refused:
            return Wanted(match, refused=match.refused)
        person = match.person
        role = self._role(person.role)
        found = [find_place(groups, name, "group") for name in person.groups]
        cohort = find_place(cohorts, person.cohort, "cohort") if person.cohort else None
        problems = [place for place in (role, *found, cohort) if isinstance(place, str)]
        if problems or not isinstance(role, int):
            return Wanted(match, refused="; ".join(problems))
        places = tuple(place for place in found if isinstance(place, Place))
        return Wanted(match, role, places, cohort if isinstance(cohort, Place) else None)

    def _role(self, name: str) -> int | str:
        names = TUTORS if name == "tutor" else (name,)
        known = next((self.roles[one] for one in names if one in self.roles), None)
        if known is not None:
            return known
        return (
            f"our account may give nobody the role {name}, only {', '.join(sorted(self.roles))}; correct the list, or"
            " allow it under Define roles → Allow role assignments (docs/enrolling.md#roles)"
        )

    def _accounts(self, wanted: Sequence[Wanted]) -> list[Wanted]:
        """Make what is missing, for those whose places are all there."""
        matches = iter(
            people.create_missing(self.client, [one.match for one in wanted if not one.refused], self.options)
        )
        made = [one if one.refused else replace(one, match=next(matches)) for one in wanted]
        return [replace(one, refused=one.refused or one.match.refused) for one in made]

    def _enrol(self, wanted: Sequence[Wanted], active: Mapping[str, functions.Member]) -> dict[str, str]:
        if self.options.dry_run:
            return {}
        lacking = [(one.ref, one.role) for one in wanted if _lacks_role(one, active.get(one.ref))]
        refused = refusals(
            list(dict.fromkeys(lacking)),
            lambda pairs: functions.enrol_users(self.client, self.course_ref, pairs),
            variables=ENROL_VARIABLES,
        )
        return {ref: said for (ref, _), said in refused.items()}

    def _join_groups(self, wanted: Sequence[Wanted]) -> Joined:
        return join(
            [(group.id, one.ref) for one in wanted for group in one.groups],
            lambda groups: functions.get_group_members(self.client, groups),
            lambda pairs: refusals(
                pairs, lambda some: functions.add_group_members(self.client, some), variables=GROUP_VARIABLES
            ),
            dry_run=self.options.dry_run,
        )

    def _join_cohorts(self, wanted: Sequence[Wanted]) -> Joined:
        return join(
            [(one.cohort.id, one.ref) for one in wanted if one.cohort],
            lambda cohorts: functions.get_cohort_members(self.client, cohorts),
            lambda pairs: refusals(
                pairs, lambda some: functions.add_cohort_members(self.client, some), variables=COHORT_VARIABLES
            ),
            dry_run=self.options.dry_run,
        )

    def _outcome(
        self,
        one: Wanted,
        active: Mapping[str, functions.Member],
        suspended: set[str],
        refused: Mapping[str, str],
        gains: _Gains,
    ) -> EnrolOutcome:
        user = replace(one.person.user, ref=one.ref)
        if one.refused or one.ref in refused:
            return EnrolOutcome(user, "refused", one.refused or refused[one.ref])
        member = active.get(one.ref)
        notes = [*self._account_notes(one, suspended), *gains.told(one)]
        if member and _lacks_role(one, member):
            notes.insert(0, f"role {one.person.role}")
        faults = gains.faults(one)
        if faults:
            verb = "would be" if self.options.dry_run else "is"
            return EnrolOutcome(user, "refused", "; ".join([f"{verb} enrolled, but {faults[0]}", *faults[1:]]))
        if member is None:
            return EnrolOutcome(user, "enrolled", "; ".join(notes))
        gained = _lacks_role(one, member) or bool(gains.told(one))
        return EnrolOutcome(user, "updated" if gained else "already", "; ".join(notes))

    def _account_notes(self, one: Wanted, suspended: set[str]) -> list[str]:
        notes = ["new account"] if one.match.is_new else []
        if one.ref and one.ref in suspended:
            notes.append("was withdrawn before")
        if one.match.account and one.match.account.suspended:
            notes.append("the account is suspended on the site: the person cannot log in")
        return notes


def _lacks_role(one: Wanted, member: functions.Member | None) -> bool:
    """Whether there is a role to give. Somebody who has another is made a student by nobody who did not say so."""
    if member is None:
        return True
    return one.role not in member.roles and (one.person.role != STUDENT or not member.roles)


@dataclass(frozen=True, slots=True)
class _Gains:
    """What people got besides being enrolled."""

    groups: Joined
    cohorts: Joined
    sponsors: Saved

    def told(self, one: Wanted) -> list[str]:
        told = [f"group {group.name}" for group in one.groups if (group.id, one.ref) in self.groups.gained]
        if one.cohort and (one.cohort.id, one.ref) in self.cohorts.gained:
            told.append(f"cohort {one.cohort.name}")
        return [*told, "sponsor"] if one.ref in self.sponsors.gained else told

    def faults(self, one: Wanted) -> list[str]:
        pairs = [(place, self.groups.refused.get((place.id, one.ref))) for place in one.groups]
        if one.cohort:
            pairs.append((one.cohort, self.cohorts.refused.get((one.cohort.id, one.ref))))
        faults = [f"not in {place.name}: {said}" for place, said in pairs if said]
        sponsor = self.sponsors.refused.get(one.ref)
        return [*faults, f"without the sponsor: {sponsor}"] if sponsor else faults
