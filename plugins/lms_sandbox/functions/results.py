"""One page of a course's results: users by id, with all their grades and completions."""

from __future__ import annotations

import sqlite3
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import payload_invalid
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
    modules = db.execute("SELECT id, key FROM modules WHERE course_id = ? ORDER BY id", (course_id,)).fetchall()
    grades: list[dict[str, Any]] = []
    completions: list[dict[str, Any]] = []
    for user in shown:
        standings = {module["key"]: standing(db, module["id"], user["id"]) for module in modules}
        grades += _grades(user["id"], standings)
        completions += _completions(user["id"], standings)
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


def _grades(user_id: int, standings: dict[str, Standing]) -> list[dict[str, Any]]:
    rows = [_grade(user_id, key, found.score, found.graded_at) for key, found in standings.items()]
    times = [found.graded_at for found in standings.values() if found.graded_at]
    return [
        *rows,
        _grade(user_id, "total", total(found.score for found in standings.values()), max(times, default=None)),
    ]


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


def _completions(user_id: int, standings: dict[str, Standing]) -> list[dict[str, Any]]:
    times = {key: found.completed_at for key, found in standings.items()}
    finished = bool(times) and all(times.values())
    times["course"] = max((at for at in times.values() if at), default=None) if finished else None
    return [
        {"userid": user_id, "item": item, "state": "complete" if at else "incomplete", "completed_at": at}
        for item, at in times.items()
    ]
