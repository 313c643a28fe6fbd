"""Gives a SCO its data when it starts, and saves what its API adapter sends back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from lms_sandbox import cmi12, cmi2004, launch12, launch2004, outcomes
from lms_sandbox.clock import now
from lms_sandbox.errors import Refusal
from lms_sandbox.gates import Gates
from lms_sandbox.gradebook import regrade

MAX_ELEMENTS = 5_000

FAULTS: dict[str, Callable[[str, str], str]] = {"scorm12": cmi12.fault, "scorm2004": cmi2004.fault}
MODELS: dict[str, Callable[[], dict[str, Any]]] = {"scorm12": cmi12.as_json, "scorm2004": cmi2004.as_json}


@dataclass(frozen=True, slots=True)
class LaunchData:
    """What the adapter starts from: the item, the number of this sitting, and every element with a value.

    `fresh` are the values a new attempt would start from, and `items` what adl.nav.request may ask for (SCORM 2004).
    """

    item: str
    sitting: int
    values: dict[str, str]
    mastery_score: float | None
    fresh: dict[str, str] = field(default_factory=dict)
    items: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def launch_data(
    db: sqlite3.Connection, sco: sqlite3.Row, user: sqlite3.Row, standard: str, items: Sequence[str], found: Gates
) -> LaunchData:
    """Begin a sitting: the data model of one user in one SCO as it is now. `items` are all of the module, in order."""
    tracks = _tracks(db, sco["id"], user["id"])
    sitting = _open_sitting(db, sco["id"], user["id"])
    if standard == "scorm12":
        return LaunchData(sco["identifier"], sitting, launch12.values(sco, user, tracks), sco["mastery_score"])
    values = launch2004.values(sco, user, tracks, items, found.closed)
    fresh = launch2004.fresh_values(sco, user, items, found.closed)
    choices = tuple(item for item in items if item not in found.closed | found.guided)
    return LaunchData(sco["identifier"], sitting, values, None, fresh, choices)


def _tracks(db: sqlite3.Connection, sco_id: int, user_id: int) -> dict[str, str]:
    rows = db.execute("SELECT element, value FROM tracks WHERE user_id = ? AND sco_id = ?", (user_id, sco_id))
    return {row["element"]: row["value"] for row in rows}


def _open_sitting(db: sqlite3.Connection, sco_id: int, user_id: int) -> int:
    row = db.execute(
        "INSERT INTO sittings (user_id, sco_id, opened) VALUES (?, ?, 1)"
        " ON CONFLICT DO UPDATE SET opened = opened + 1 RETURNING opened",
        (user_id, sco_id),
    ).fetchone()
    return int(row["opened"])


def save_tracks(
    db: sqlite3.Connection,
    sco: sqlite3.Row,
    user_id: int,
    values: Mapping[str, str],
    sitting: int | None = None,
) -> None:
    """Save elements a SCO has set, and grade. `sitting` is None where no page was opened, as in the demonstration.

    Raises Refusal: `trackinvalid` when an element is not the SCO's to set, `sittingover` when the SCO was opened again
    since and has saved there.
    """
    standard = _standard(db, sco["module_id"])
    _check(values, standard)
    if sitting is not None and _is_first_word(db, sco["id"], user_id, sitting) and standard == "scorm2004":
        _end_old_attempt(db, sco["id"], user_id)
    db.executemany(
        "INSERT INTO tracks (user_id, sco_id, element, value, modified_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value, modified_at = excluded.modified_at",
        [(user_id, sco["id"], element, value, now()) for element, value in values.items()],
    )
    regrade(db, sco["module_id"], user_id)


def _standard(db: sqlite3.Connection, module_id: int) -> str:
    (standard,) = db.execute("SELECT standard FROM modules WHERE id = ?", (module_id,)).fetchone()
    return str(standard)


def _check(values: Mapping[str, str], standard: str) -> None:
    if standard not in FAULTS:
        raise Refusal("trackinvalid", "these pages have no run-time, so there is nothing to save")
    if len(values) > MAX_ELEMENTS:
        raise Refusal("trackinvalid", f"more than {MAX_ELEMENTS} elements in one commit")
    for element, value in values.items():
        fault = FAULTS[standard](element, value)
        if fault:
            raise Refusal("trackinvalid", fault)


def _is_first_word(db: sqlite3.Connection, sco_id: int, user_id: int, sitting: int) -> bool:
    """Whether this sitting saves for the first time; from then on those before it may not."""
    row = db.execute(
        "SELECT writing, opened FROM sittings WHERE user_id = ? AND sco_id = ?", (user_id, sco_id)
    ).fetchone()
    if row is None or not row["writing"] <= sitting <= row["opened"]:
        raise Refusal("sittingover", "this was opened again in another window, and is saved from there")
    db.execute("UPDATE sittings SET writing = ? WHERE user_id = ? AND sco_id = ?", (sitting, user_id, sco_id))
    return sitting > int(row["writing"])


def _end_old_attempt(db: sqlite3.Connection, sco_id: int, user_id: int) -> None:
    """A new attempt does not mix with the interactions of an ended one; what counts for the grade stays until it is
    written anew."""
    if launch2004.is_suspended(_tracks(db, sco_id, user_id)):
        return
    db.execute(
        f"DELETE FROM tracks WHERE user_id = ? AND sco_id = ? AND element NOT IN ({_marks(outcomes.ELEMENTS)})",
        (user_id, sco_id, *outcomes.ELEMENTS),
    )


def _marks(values: Sequence[str]) -> str:
    return ",".join("?" * len(values))


def learners_by_item(db: sqlite3.Connection, module_id: int) -> dict[str, int]:
    """Item identifier → how many users have at least one track there."""
    rows = db.execute(
        "SELECT identifier, count(DISTINCT user_id) FROM scos LEFT JOIN tracks ON sco_id = scos.id"
        " WHERE module_id = ? GROUP BY scos.id ORDER BY position",
        (module_id,),
    )
    return dict(rows.fetchall())
