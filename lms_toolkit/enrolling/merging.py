"""Brings together the rows of a list that are about one person, and refuses those that contradict one another."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from lms_toolkit.enrolling.sheets import fault, finding
from lms_toolkit.model import Enrolment, Finding

_KEYS = {"email": "e-mail address", "idnumber": "ID number", "username": "user name"}
_SINGLE = ("cohort", "sponsor", "language")


def merge(people: Sequence[Enrolment], path: Path) -> tuple[list[Enrolment], list[Finding]]:
    """One enrolment a person, in the order of the list, and what was merged or refused.

    Rows that share an e-mail address, an ID number or a user name are about one person if nothing in them differs but
    the groups; otherwise all of them are refused, because which one is right is anybody's guess.
    """
    merged: list[Enrolment] = []
    findings: list[Finding] = []
    for cluster in _clusters(people):
        difference = _difference(cluster)
        if difference:
            findings += _refusals(cluster, difference, path)
        else:
            merged.append(_one(cluster))
            findings += _told(cluster, path)
    return merged, findings


def _clusters(people: Sequence[Enrolment]) -> list[list[Enrolment]]:
    """People that share a key, directly or through somebody else, in the order of their first rows."""
    cluster_of: dict[tuple[str, str], list[Enrolment]] = {}
    clusters: dict[int, list[Enrolment]] = {}
    for person in people:
        keys = list(_keys(person))
        sharing = {id(cluster_of[key]): cluster_of[key] for key in keys if key in cluster_of}
        joined = sorted((one for cluster in sharing.values() for one in cluster), key=lambda one: one.rows)
        joined.append(person)
        for gone in sharing:
            del clusters[gone]
        clusters[id(joined)] = joined
        for one in joined:
            cluster_of.update(dict.fromkeys(_keys(one), joined))
    return sorted(clusters.values(), key=lambda cluster: cluster[0].rows)


def _keys(person: Enrolment) -> Iterator[tuple[str, str]]:
    for name in _KEYS:
        value = str(getattr(person.user, name)).casefold()
        if value:
            yield name, value


def _difference(cluster: Sequence[Enrolment]) -> str:
    """What tells the rows apart, in words; empty when they are about one person and agree."""
    users = [person.user for person in cluster]
    if len({_plain(f"{user.first_name} {user.last_name}") for user in users}) > 1:
        return "another name"
    for name, words in _KEYS.items():
        values = {str(getattr(user, name)).casefold() for user in users} - {""}
        # a user name that is only the address is no second opinion
        if name == "username":
            values -= {user.email.casefold() for user in users}
        if len(values) > 1:
            return f"another {words}"
    if len({person.role for person in cluster}) > 1:
        return "another role"
    return next((f"another {name}" for name in _SINGLE if len(_values(cluster, name)) > 1), "")


def _values(cluster: Sequence[Enrolment], name: str) -> list[str]:
    return list(dict.fromkeys(value for value in (str(getattr(one, name)) for one in cluster) if value))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _refusals(cluster: Sequence[Enrolment], difference: str, path: Path) -> Iterator[Finding]:
    for person in cluster:
        others = [one for one in cluster if one is not person]
        rows = _rows_text(row for one in others for row in one.rows)
        shared = next((_KEYS[name] for name, value in _keys(person) if _is_shared(name, value, others)), "person")
        message = f"has the same {shared} as {rows}, but {difference}"
        yield fault("duplicate", message, path, person.rows[0], "correct the wrong one, or remove it")


def _is_shared(name: str, value: str, others: Sequence[Enrolment]) -> bool:
    return any((name, value) in _keys(one) for one in others)


def _told(cluster: Sequence[Enrolment], path: Path) -> Iterator[Finding]:
    for person in cluster[1:]:
        message = f"is the same person as {_rows_text(cluster[0].rows)}; the two are one"
        yield finding("info", "merged", message, path, person.rows[0])


def _rows_text(rows: Iterator[int] | Sequence[int]) -> str:
    numbers = sorted(rows)
    return f"row {numbers[0]}" if len(numbers) == 1 else f"rows {', '.join(map(str, numbers))}"


def _one(cluster: Sequence[Enrolment]) -> Enrolment:
    first = cluster[0]
    if len(cluster) == 1:
        return first
    names = [one.user.username for one in cluster if one.user.username != one.user.email.casefold()]
    idnumbers = [one.user.idnumber for one in cluster if one.user.idnumber]
    user = replace(first.user, username=(names or [first.user.username])[0], idnumber=(idnumbers or [""])[0])
    single = {name: (_values(cluster, name) or [""])[0] for name in _SINGLE}
    groups = tuple(dict.fromkeys(group for one in cluster for group in one.groups))
    rows = tuple(row for one in cluster for row in one.rows)
    return replace(first, user=user, groups=groups, rows=rows, **single)
