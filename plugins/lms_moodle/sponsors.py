"""Writes who sponsors whom into a custom profile field, and reads it back: Moodle passes over unknown fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lms_moodle import functions
from lms_moodle.batches import refusals
from lms_moodle.client import MoodleClient
from lms_moodle.people import Match
from lms_toolkit.errors import AuthError
from lms_toolkit.model import EnrolOptions

VARIABLES = 3


@dataclass(frozen=True, slots=True)
class Saved:
    """Whose sponsor was written, or would be, and why it could not be for some; by account."""

    gained: frozenset[str]
    refused: Mapping[str, str]


def save_sponsors(client: MoodleClient, matches: Sequence[Match], options: EnrolOptions) -> Saved:
    """Write the sponsors that differ; those of new accounts were written with them and are only looked at."""
    field = options.sponsor_field
    differing = {match.ref: match.person.sponsor for match in matches if _differs(match, field)}
    fresh = {match.ref: match.person.sponsor for match in matches if match.is_new and match.person.sponsor}
    if options.dry_run or not (differing or fresh):
        return Saved(frozenset(differing), {})
    refused = _write(client, field, differing)
    written = {ref: value for ref, value in {**differing, **fresh}.items() if ref not in refused}
    there = {found.user.ref: found.fields.get(field) for found in functions.get_accounts(client, "id", sorted(written))}
    said = f"the site has no profile field “{field}”, or does not show it to our account"
    refused |= {ref: said for ref, value in written.items() if there.get(ref) != value}
    return Saved(frozenset(differing.keys() - refused.keys()), refused)


def _differs(match: Match, field: str) -> bool:
    sponsor = match.person.sponsor
    return bool(sponsor and match.account and match.account.fields.get(field) != sponsor)


def _write(client: MoodleClient, field: str, values: Mapping[str, str]) -> dict[str, str]:
    def write(pairs: Sequence[tuple[str, str]]) -> None:
        functions.update_profile_field(client, field, dict(pairs))

    try:
        refused = refusals(list(values.items()), write, variables=VARIABLES)
    except AuthError:
        said = "our account may not change accounts (moodle/user:update); see docs/enrolling.md#sponsors"
        return dict.fromkeys(values, said)
    return {ref: said for (ref, _), said in refused.items()}
