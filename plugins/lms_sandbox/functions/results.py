"""A course page's results as the companion tells them: everything page by page, and what changed since a cursor."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from lms_sandbox.attempts import attempts_of
from lms_sandbox.clock import now
from lms_sandbox.errors import Refusal, payload_invalid
from lms_sandbox.functions.parts import parts_of
from lms_sandbox.gradebook import total

MAX_LIMIT = 5000
KINDS = {"users": "user", "grades": "grade", "completions": "completion", "attempts": "attempt"}
COMPLETE = 1
NO_FLAGS = 0

_MODULE_BITS = 24
"""Of a number that stands for a user and a module."""
_MAX_DIGITS = 18
"""Of such a number: SQLite has no greater ones."""

Row = list[Any]
Place = tuple[int, int]
"""User and module; 0 for the course itself, which comes before its modules."""


@dataclass(frozen=True, slots=True)
class _Course:
    """What rows are made from. `items` are the keys that rows name by their place in the list."""

    db: sqlite3.Connection
    id: int
    modules: Mapping[int, sqlite3.Row]
    items: list[str]
    parts: Mapping[str, Any]

    def item(self, module_id: int, course: str) -> int:
        return self.items.index(self.modules[module_id]["key"] if module_id else course)

    def rows(self, kind: str, user: sqlite3.Row) -> dict[int, Row]:
        """A user's rows of a kind, by module."""
        return {"user": self._user, "grade": self._grades, "completion": self._completions, "attempt": self._attempts}[
            kind
        ](user)

    def _user(self, user: sqlite3.Row) -> dict[int, Row]:
        return {0: [user[name] for name in ("id", "username", "email", "firstname", "lastname", "idnumber")]}

    def _grades(self, user: sqlite3.Row) -> dict[int, Row]:
        graded = {id: row["key"] for id, row in self.modules.items() if row["max_points"] is not None}
        rows = self.db.execute("SELECT module_id, score, graded_at FROM grades WHERE user_id = ?", (user["id"],))
        found = {row["module_id"]: row for row in rows if row["module_id"] in graded}
        scores = {key: found[id]["score"] if id in found else None for id, key in graded.items()}
        score = total(scores, self.parts.get("gradebook"))
        answer = {id: self._grade(user, id, row["score"], row["graded_at"]) for id, row in found.items()}
        if score is not None:
            answer[0] = self._grade(user, 0, score, max(row["graded_at"] for row in found.values()))
        return answer

    def _grade(self, user: sqlite3.Row, module_id: int, score: float, graded_at: int) -> Row:
        return [user["id"], self.item(module_id, "total"), score, 0.0, 100.0, graded_at, NO_FLAGS]

    def _completions(self, user: sqlite3.Row) -> dict[int, Row]:
        rows = self.db.execute("SELECT module_id, completed_at FROM completions WHERE user_id = ?", (user["id"],))
        times = {row["module_id"]: row["completed_at"] for row in rows if row["module_id"] in self.modules}
        keys = {row["key"]: id for id, row in self.modules.items()}
        needed = self.parts["completion"]["completed"] if "completion" in self.parts else list(keys)
        finished = [times.get(keys.get(key, 0)) for key in needed]
        if finished and all(finished):
            times[0] = max(at for at in finished if at)
        return {id: [user["id"], self.item(id, "course"), COMPLETE, at] for id, at in times.items()}

    def _attempts(self, user: sqlite3.Row) -> dict[int, Row]:
        found = attempts_of(self.db, user["id"], [id for id, row in self.modules.items() if row["standard"]])
        return {id: [user["id"], self.item(id, ""), *attempt.as_row()] for id, attempt in found.items()}


def _course(db: sqlite3.Connection, course_id: int) -> _Course:
    query = "SELECT id, key, max_points, standard FROM modules WHERE course_id = ? AND visible ORDER BY id"
    modules = {row["id"]: row for row in db.execute(query, (course_id,))}
    items = [*(row["key"] for row in modules.values()), "total", "course"]
    return _Course(db, course_id, modules, items, parts_of(db, course_id))


def snapshot(db: sqlite3.Connection, course_id: int, kind: str, after: str | None, limit: int) -> dict[str, Any]:
    """The `limit` rows of a kind that come next after a place, of the active learners, by user."""
    _check_limit(limit)
    course = _course(db, course_id)
    found = list(islice(_rows_after(course, KINDS[kind], _place(after)), limit + 1))
    shown, more = found[:limit], len(found) > limit
    return {
        "items": course.items,
        "rows": [row for _, row in shown],
        "after": _after(shown[-1][0]) if more else None,
        "cursor": _newest(db),
        **_ending(),
    }


def _rows_after(course: _Course, kind: str, after: Place) -> Iterator[tuple[Place, Row]]:
    users = course.db.execute(
        "SELECT users.* FROM users JOIN enrolments ON user_id = users.id"
        " WHERE course_id = ? AND users.id >= ? AND suspended = 0 ORDER BY users.id",
        (course.id, after[0]),
    )
    for user in users:
        for module_id, row in sorted(course.rows(kind, user).items()):
            if (user["id"], module_id) > after:
                yield (user["id"], module_id), row


def _after(place: Place) -> str:
    user_id, module_id = place
    return str(user_id << _MODULE_BITS | module_id)


def _place(after: str | None) -> Place:
    if after is None:
        return (0, -1)
    if not after.isascii() or not after.isdecimal() or len(after) > _MAX_DIGITS:
        raise payload_invalid("after must be what the last page said")
    user_id, module_id = divmod(int(after), 1 << _MODULE_BITS)
    return user_id, module_id


def changes(db: sqlite3.Connection, course_id: int, cursor: int, limit: int) -> dict[str, Any]:
    """What `limit` entries of the outbox above the cursor come to: the things they name, as they are now."""
    _check_limit(limit)
    newest = _newest(db)
    _check_cursor(db, course_id, cursor, newest)
    query = "SELECT id, kind, user_id, module_id FROM outbox WHERE course_id = ? AND id > ? ORDER BY id LIMIT ?"
    found = db.execute(query, (course_id, cursor, limit + 1)).fetchall()
    entries, more = found[:limit], len(found) > limit
    course = _course(db, course_id)
    things: dict[int, set[tuple[str, int]]] = {}
    for entry in entries:
        things.setdefault(entry["user_id"], set()).add((entry["kind"], entry["module_id"]))
    told = _Told({name: [] for name in KINDS}, [])
    for user_id, news in things.items():
        _tell(course, user_id, news, told)
    return {
        "items": course.items,
        **told.rows,
        "gone": told.gone,
        "cursor": entries[-1]["id"] if more else newest,
        "more": more,
        **_ending(),
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """What an answer has so far: rows by kind, and what is gone."""

    rows: dict[str, list[Row]]
    gone: list[Row]


def _tell(course: _Course, user_id: int, news: set[tuple[str, int]], told: _Told) -> None:
    user = course.db.execute(
        "SELECT users.* FROM users JOIN enrolments ON user_id = users.id"
        " WHERE course_id = ? AND users.id = ? AND suspended = 0",
        (course.id, user_id),
    ).fetchone()
    if user is None:
        told.gone.append(["user", user_id, ""])
        return
    everything = ("enrolment", 0) in news
    for name, kind in KINDS.items():
        asked = {module_id for about, module_id in news if about == kind}
        if not asked and not everything:
            continue
        rows = course.rows(kind, user)
        if everything:
            told.rows[name] += rows.values()
            continue
        for module_id in sorted(asked | ({0} if kind in ("grade", "completion") else set())):
            if module_id in rows:
                told.rows[name].append(rows[module_id])
            elif key := _key(course, kind, module_id):
                told.gone.append([kind, user_id, key])


def _key(course: _Course, kind: str, module_id: int) -> str:
    """What a row that is not there would be about; a hidden module has a key too."""
    if not module_id:
        return "total" if kind == "grade" else "course"
    row = course.db.execute("SELECT key FROM modules WHERE id = ?", (module_id,)).fetchone()
    return row["key"] if row else ""


def _check_cursor(db: sqlite3.Connection, course_id: int, cursor: int, newest: int) -> None:
    query = "SELECT 1 FROM outbox WHERE course_id = ? AND kind = 'reset' AND id > ?"
    if not 0 <= cursor <= newest or db.execute(query, (course_id, cursor)).fetchone():
        raise Refusal("cursorexpired", "Changes cannot be told from this cursor; read everything again")


def _newest(db: sqlite3.Connection) -> int:
    """The highest number the outbox has ever given."""
    row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
    return int(row["seq"]) if row else 0


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise payload_invalid(f"limit must be from 1 to {MAX_LIMIT}")


def _ending() -> dict[str, Any]:
    return {"server_time": now(), "needs_regrade": False}
