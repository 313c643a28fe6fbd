"""One page of a course's results: users by id, with all their grades and completions."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import payload_invalid
from lms_sandbox.functions.parts import parts_of
from lms_sandbox.gradebook import Standing, standing, total

MAX_LIMIT = 500


def page(db: sqlite3.Connection, course_id: int, after: int, limit: int) -> dict[str, Any]:
    """The `limit` enrolled users with the lowest id above `after`."""
    if not 1 <= limit <= MAX_LIMIT:
        raise payload_invalid(f"limit must be from 1 to {MAX_LIMIT}")
    users = db.execute(
        "SELECT users.* FROM users JOIN enrolments ON user_id = users.id"
        " WHERE course_id = ? AND users.id > ? AND suspended = 0 ORDER BY users.id LIMIT ?",
        (course_id, after, limit + 1),
    ).fetchall()
    shown, more = users[:limit], len(users) > limit
    query = "SELECT id, key, max_points FROM modules WHERE course_id = ? AND visible ORDER BY id"
    modules = db.execute(query, (course_id,)).fetchall()
    graded = frozenset(module["key"] for module in modules if module["max_points"] is not None)
    parts = parts_of(db, course_id)
    grades: list[dict[str, Any]] = []
    completions: list[dict[str, Any]] = []
    for user in shown:
        standings = {module["key"]: standing(db, module["id"], user["id"]) for module in modules}
        grades += _grades(user["id"], {key: standings[key] for key in standings if key in graded}, parts)
        completions += _completions(user["id"], standings, parts)
    return {
        "users": [_user(user) for user in shown],
        "grades": grades,
        "completions": completions,
        "after": shown[-1]["id"] if more else None,
        "server_time": now(),
        "needs_regrade": False,
    }


def _user(row: sqlite3.Row) -> dict[str, Any]:
    return {field: row[field] for field in ("id", "username", "email", "firstname", "lastname", "idnumber")}


def _grades(user_id: int, standings: dict[str, Standing], parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = [_grade(user_id, key, found.score, found.graded_at) for key, found in standings.items()]
    times = [found.graded_at for found in standings.values() if found.graded_at]
    scores = {key: found.score for key, found in standings.items()}
    return [*rows, _grade(user_id, "total", total(scores, parts.get("gradebook")), max(times, default=None))]


def _grade(user_id: int, item: str, score: float | None, graded_at: int | None) -> dict[str, Any]:
    return {
        "userid": user_id,
        "item": item,
        "score": score,
        "min": 0.0,
        "max": 100.0,
        "graded_at": graded_at,
        "overridden": False,
        "hidden": False,
    }


def _completions(user_id: int, standings: dict[str, Standing], parts: Mapping[str, Any]) -> list[dict[str, Any]]:
    times = {key: found.completed_at for key, found in standings.items()}
    needed = parts["completion"]["completed"] if "completion" in parts else list(times)
    finished = [times.get(key) for key in needed]
    times["course"] = max(at for at in finished if at) if finished and all(finished) else None
    return [
        {"userid": user_id, "item": item, "state": "complete" if at else "incomplete", "completed_at": at}
        for item, at in times.items()
    ]
