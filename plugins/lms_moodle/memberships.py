"""Finds groups and cohorts by what a list calls them, and puts people into them who are not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lms_moodle.functions import Place

Members = Mapping[int, set[str]]


@dataclass(frozen=True, slots=True)
class Joined:
    """Who got into which place, or would, by pairs of place and account; and why some did not."""

    gained: frozenset[tuple[int, str]]
    refused: Mapping[tuple[int, str], str]


def find_place(places: Iterable[Place], wanted: str, kind: str) -> Place | str:
    """The group or cohort with this key (`teams-1` for `group:teams-1`), ID number or name; or why there is none."""
    by_key = [place for place in places if place.idnumber and place.idnumber in (wanted, f"{kind}:{wanted}")]
    found = by_key or [place for place in places if place.name.strip().casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    if not found:
        return f"there is no {kind} “{wanted}”"
    return f"{len(found)} {kind}s are called “{wanted}”; write the ID number of one"


def join(
    wanted: Sequence[tuple[int, str]],
    read: Callable[[Sequence[int]], Members],
    add: Callable[[Sequence[tuple[int, str]]], Mapping[tuple[int, str], str]],
    *,
    dry_run: bool,
) -> Joined:
    """Put accounts into places; who is there is left alone. Looks again afterwards: Moodle drops some quietly."""
    places = sorted({place for place, _ in wanted})
    if not places:
        return Joined(frozenset(), {})
    there = read(places)
    missing = [pair for pair in dict.fromkeys(wanted) if pair[1] not in there.get(pair[0], set())]
    if dry_run or not missing:
        return Joined(frozenset(missing), {})
    refused = dict(add(missing))
    now = read(places)
    for pair in missing:
        if pair[1] not in now.get(pair[0], set()):
            refused.setdefault(pair, "the site left them out without saying why")
    return Joined(frozenset(pair for pair in missing if pair not in refused), refused)
