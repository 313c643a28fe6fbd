"""Puts a section where it belongs on the course page; the others move along."""

from __future__ import annotations

import sqlite3
from typing import Any


def apply(db: sqlite3.Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Create or update the section with this key; see docs/companion.md."""
    found = db.execute(
        "SELECT * FROM sections WHERE course_id = :courseid AND key = :key",
        {"courseid": payload["courseid"], "key": payload["key"]},
    ).fetchone()
    fields = ("position", "name", "summary")
    if found and all(found[field] == payload[field] for field in fields):
        return {"outcome": "unchanged", "id": found["id"]}
    outcome = "updated" if found else "created"
    if payload["dryrun"]:
        return {"outcome": outcome, "id": found["id"] if found else None}
    section_id = found["id"] if found else _insert(db, payload)
    db.execute(
        "UPDATE sections SET name = ?, summary = ? WHERE id = ?", (payload["name"], payload["summary"], section_id)
    )
    _move(db, payload["courseid"], section_id, payload["position"])
    return {"outcome": outcome, "id": section_id}


def _insert(db: sqlite3.Connection, payload: dict[str, Any]) -> int:
    """Add it at the end; like Moodle, fill the gap before it with empty sections."""
    (last,) = db.execute("SELECT count(*) FROM sections WHERE course_id = ?", (payload["courseid"],)).fetchone()
    for position in range(last + 1, payload["position"]):
        db.execute("INSERT INTO sections (course_id, position) VALUES (?, ?)", (payload["courseid"], position))
    end = max(last + 1, payload["position"])
    made = db.execute(
        "INSERT INTO sections (course_id, key, position) VALUES (?, ?, ?)", (payload["courseid"], payload["key"], end)
    )
    return made.lastrowid or 0


def _move(db: sqlite3.Connection, course_id: int, section_id: int, position: int) -> None:
    rows = db.execute("SELECT id FROM sections WHERE course_id = ? ORDER BY position, id", (course_id,))
    order = [row["id"] for row in rows if row["id"] != section_id]
    order.insert(position - 1, section_id)
    db.executemany(
        "UPDATE sections SET position = ? WHERE id = ?", [(place, id_) for place, id_ in enumerate(order, 1)]
    )
