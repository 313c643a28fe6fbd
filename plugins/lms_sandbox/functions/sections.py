"""Puts a section where it belongs on the course page; the others move along."""

from __future__ import annotations

import json
import sqlite3
from typing import Any


def apply(db: sqlite3.Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Create or update the section with this key; see docs/companion.md."""
    course_id, key = payload["courseid"], payload["key"]
    found = db.execute("SELECT * FROM sections WHERE course_id = ? AND key = ?", (course_id, key)).fetchone()
    (count,) = db.execute("SELECT count(*) FROM sections WHERE course_id = ?", (course_id,)).fetchone()
    position = min(payload["position"], count if found else count + 1)  # beyond the end means the end
    wanted = {
        "position": position,
        "name": payload["name"],
        "summary": payload["summary"],
        "visible": int(payload["visible"]),
        "availability": json.dumps(payload["availability"], sort_keys=True),
    }
    if found and all(found[field] == value for field, value in wanted.items()):
        return {"outcome": "unchanged", "id": found["id"]}
    outcome = "updated" if found else "created"
    if payload["dryrun"]:
        return {"outcome": outcome, "id": found["id"] if found else None}
    section_id = found["id"] if found else _insert(db, course_id, key, count + 1)
    db.execute(
        "UPDATE sections SET name = :name, summary = :summary, visible = :visible, availability = :availability"
        " WHERE id = :id",
        {**wanted, "id": section_id},
    )
    _move(db, course_id, section_id, position)
    return {"outcome": outcome, "id": section_id}


def _insert(db: sqlite3.Connection, course_id: int, key: str, position: int) -> int:
    columns = (course_id, key, position)
    return db.execute("INSERT INTO sections (course_id, key, position) VALUES (?, ?, ?)", columns).lastrowid or 0


def _move(db: sqlite3.Connection, course_id: int, section_id: int, position: int) -> None:
    rows = db.execute("SELECT id FROM sections WHERE course_id = ? ORDER BY position, id", (course_id,))
    order = [row["id"] for row in rows if row["id"] != section_id]
    order.insert(position - 1, section_id)
    db.executemany("UPDATE sections SET position = ? WHERE id = ?", enumerate(order, start=1))
