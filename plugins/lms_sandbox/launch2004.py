"""The data model of a SCORM 2004 SCO as it is when it starts (RTE 1.3, 2.1 and 4.2).

Only what was suspended is taken up again; any other exit ended the attempt, and the next launch begins a new one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence, Set

from lms_sandbox import cmi2004
from lms_sandbox.elements import generic

_NOT_KEPT = ("cmi.exit", "cmi.session_time")


def is_suspended(tracks: Mapping[str, str]) -> bool:
    return tracks.get("cmi.exit") == "suspend"


def values(
    sco: sqlite3.Row, user: sqlite3.Row, tracks: Mapping[str, str], items: Sequence[str], closed: Set[str]
) -> dict[str, str]:
    """Every element with a value. `items` are the identifiers of the module's items, in order, `closed` those that
    cannot be opened now."""
    fresh = fresh_values(sco, user, items, closed)
    if not is_suspended(tracks):
        return fresh
    kept = {
        name: value for name, value in tracks.items() if name not in _NOT_KEPT and generic(name) in cmi2004.ELEMENTS
    }
    return {**kept, **fresh, **_own(kept, fresh), "cmi.entry": "resume"}


def fresh_values(sco: sqlite3.Row, user: sqlite3.Row, items: Sequence[str], closed: Set[str]) -> dict[str, str]:
    """What the platform says at the start of an attempt. An element that the manifest leaves open has no value."""
    place = items.index(sco["identifier"])
    given = {
        "cmi.learner_id": user["username"],
        "cmi.learner_name": f"{user['lastname']}, {user['firstname']}",
        "cmi.credit": "credit",
        "cmi.mode": "normal",
        "cmi.entry": "ab-initio",
        "cmi.total_time": "PT0S",
        "cmi.launch_data": sco["launch_data"],
        "cmi.max_time_allowed": sco["max_time_allowed"],
        "cmi.time_limit_action": sco["time_limit_action"],
        "cmi.completion_threshold": _number(sco["completion_threshold"]),
        "cmi.scaled_passing_score": _number(sco["scaled_passing_score"]),
        "adl.nav.request_valid.continue": _validity(items[place + 1 : place + 2], closed),
        "adl.nav.request_valid.previous": _validity(items[:place][-1:], closed),
    }
    objectives = {f"cmi.objectives.{n}.id": name for n, name in enumerate(json.loads(sco["objectives"]))}
    return {name: value for name, value in given.items() if value} | objectives


def _own(kept: Mapping[str, str], fresh: Mapping[str, str]) -> dict[str, str]:
    """What the learner's record says of elements that a fresh start fills too, other than what cannot be written."""
    writable = {name for name in kept if "w" in cmi2004.ELEMENTS[generic(name)][0]}
    return {name: kept[name] for name in fresh if name in kept and (name in writable or name == "cmi.total_time")}


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.7f}".rstrip("0").rstrip(".")


def _validity(targets: Sequence[str], closed: Set[str]) -> str:
    """What is closed at launch may open before the SCO ends: that is not known yet (RTE 1.3, 4.2; SN 1.3, 5.6)."""
    if not targets:
        return "false"
    return "unknown" if closed & set(targets) else "true"
