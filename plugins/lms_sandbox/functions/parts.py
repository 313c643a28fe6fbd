"""Keeps what a course page has once: groups, enrolment, gradebook, completion, image. The gradebook's weights count."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lms_sandbox.errors import Refusal, payload_invalid

NOT_KEPT = ("courseid", "dryrun", "allow_completion_reset")


def apply(db: sqlite3.Connection, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """Keep the part as it comes; see docs/companion.md. Everything it names must be there."""
    _check_names(db, kind, payload)
    fields = {name: value for name, value in payload.items() if name not in NOT_KEPT}
    if kind == "image":
        fields = {"content": payload["files"]["content"] if payload["files"] else {}}
    found = parts_of(db, payload["courseid"]).get(kind)
    outcome = "unchanged" if found == fields else "updated" if found else "created"
    if outcome != "unchanged" and not payload["dryrun"]:
        db.execute(
            "INSERT INTO parts (course_id, kind, fields) VALUES (?, ?, ?)"
            " ON CONFLICT (course_id, kind) DO UPDATE SET fields = excluded.fields",
            (payload["courseid"], kind, json.dumps(fields, ensure_ascii=False)),
        )
    return {"outcome": outcome, "id": payload["courseid"]}


def parts_of(db: sqlite3.Connection, course_id: int) -> dict[str, Any]:
    """Kind → fields, of what was applied."""
    rows = db.execute("SELECT kind, fields FROM parts WHERE course_id = ?", (course_id,))
    return {row["kind"]: json.loads(row["fields"]) for row in rows}


def _check_names(db: sqlite3.Connection, kind: str, payload: dict[str, Any]) -> None:
    named = {"gradebook": _graded_keys, "completion": _completed_keys}.get(kind)
    if named is None:
        return
    known = {row["key"] for row in db.execute("SELECT key FROM modules WHERE course_id = ?", (payload["courseid"],))}
    for key in named(payload):
        if key not in known:
            raise Refusal("keynotfound", f"The course has nothing with the key {key}")


def _graded_keys(payload: dict[str, Any]) -> list[str]:
    categories = {one["key"] for one in payload["categories"]}
    for item in payload["items"]:
        if item["category_key"] not in (None, *categories):
            raise payload_invalid(f"items name the category {item['category_key']}, which is not declared")
    return [item["key"] for item in payload["items"]]


def _completed_keys(payload: dict[str, Any]) -> list[str]:
    return list(payload["completed"])
