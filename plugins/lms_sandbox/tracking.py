"""Gives a SCO its data when it starts, and saves what its API adapter sends back."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lms_sandbox import cmi12
from lms_sandbox.clock import now
from lms_sandbox.errors import Refusal
from lms_sandbox.gradebook import regrade

MAX_ELEMENTS = 5_000


@dataclass(frozen=True, slots=True)
class LaunchData:
    """What the adapter starts from: the item, and every element with a value."""

    item: str
    values: dict[str, str]
    mastery_score: float | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def launch_data(db: sqlite3.Connection, sco: sqlite3.Row, user: sqlite3.Row) -> LaunchData:
    """The data model of one user in one SCO as it is at the start of a session (RTE 1.2, 3.4.4)."""
    tracks = db.execute("SELECT element, value FROM tracks WHERE user_id = ? AND sco_id = ?", (user["id"], sco["id"]))
    values = {row["element"]: row["value"] for row in tracks}
    mastery = "" if sco["mastery_score"] is None else f"{sco['mastery_score']:g}"
    given = {
        "cmi.core.student_id": user["username"],
        "cmi.core.student_name": f"{user['lastname']}, {user['firstname']}",
        "cmi.core.credit": "credit",
        "cmi.core.lesson_mode": "normal",
        "cmi.core.entry": _entry(values),
        "cmi.launch_data": sco["launch_data"],
        "cmi.student_data.mastery_score": mastery,
        "cmi.student_data.max_time_allowed": sco["max_time_allowed"],
        "cmi.student_data.time_limit_action": sco["time_limit_action"],
    }
    started = {"cmi.core.lesson_status": "not attempted", "cmi.core.total_time": "0000:00:00.00"}
    kept = {name: value for name, value in values.items() if name not in ("cmi.core.exit", "cmi.core.session_time")}
    return LaunchData(sco["identifier"], {**started, **kept, **given}, sco["mastery_score"])


def _entry(values: Mapping[str, str]) -> str:
    if not values:
        return "ab-initio"
    return "resume" if values.get("cmi.core.exit") == "suspend" else ""


def save_tracks(db: sqlite3.Connection, sco: sqlite3.Row, user_id: int, values: Mapping[str, str]) -> None:
    """Save elements a SCO has set, and grade. Raises Refusal when one of them is not the SCO's to set."""
    if len(values) > MAX_ELEMENTS:
        raise Refusal("trackinvalid", f"more than {MAX_ELEMENTS} elements in one commit")
    for element, value in values.items():
        fault = cmi12.fault(element, value)
        if fault:
            raise Refusal("trackinvalid", fault)
    db.executemany(
        "INSERT INTO tracks (user_id, sco_id, element, value, modified_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET value = excluded.value, modified_at = excluded.modified_at",
        [(user_id, sco["id"], element, value, now()) for element, value in values.items()],
    )
    regrade(db, sco["module_id"], user_id)


def learners_by_item(db: sqlite3.Connection, module_id: int) -> dict[str, int]:
    """Item identifier → how many users have at least one track there."""
    rows = db.execute(
        "SELECT identifier, count(DISTINCT user_id) FROM scos LEFT JOIN tracks ON sco_id = scos.id"
        " WHERE module_id = ? GROUP BY scos.id ORDER BY position",
        (module_id,),
    )
    return dict(rows.fetchall())
