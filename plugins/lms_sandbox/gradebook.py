"""Turns tracks into grades and completions, by Moodle's rules with the settings our deployments use.

- Grade of a module: the highest `cmi.core.score.raw` of any of its SCOs (grademethod *highest*); 0 when something is
  completed and nothing has a score; nothing while neither has happened.
- Completion: `passed` needs one SCO that is passed, `completed` needs every SCO completed or passed.
- Course total: the mean of the module grades, an empty one counting 0; nothing while no grade exists at all.
- The course is complete when all of its modules are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from lms_sandbox.clock import now

DONE = ("completed", "passed")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a user stands in one module. `status_by_item` has an entry for each SCO that was opened."""

    score: float | None
    graded_at: int | None
    completed_at: int | None
    status_by_item: dict[str, str]


def regrade(db: sqlite3.Connection, module_id: int, user_id: int) -> None:
    """Recompute the grade and the completion of one user in one module."""
    tracks = _tracks(db, module_id, user_id)
    score = _score(tracks)
    if score is None:
        db.execute("DELETE FROM grades WHERE module_id = ? AND user_id = ?", (module_id, user_id))
    else:
        db.execute(
            "INSERT INTO grades (module_id, user_id, score, graded_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET score = excluded.score, graded_at = excluded.graded_at"
            " WHERE score <> excluded.score",
            (module_id, user_id, score, now()),
        )
    if _is_complete(db, module_id, tracks):
        db.execute("INSERT OR IGNORE INTO completions VALUES (?, ?, ?)", (module_id, user_id, now()))
    else:
        db.execute("DELETE FROM completions WHERE module_id = ? AND user_id = ?", (module_id, user_id))


def regrade_everybody(db: sqlite3.Connection, module_id: int) -> None:
    """After a package or a rule changed."""
    users = db.execute(
        "SELECT DISTINCT user_id FROM tracks JOIN scos ON scos.id = sco_id WHERE module_id = :module"
        " UNION SELECT user_id FROM grades WHERE module_id = :module"
        " UNION SELECT user_id FROM completions WHERE module_id = :module",
        {"module": module_id},
    ).fetchall()
    for (user_id,) in users:
        regrade(db, module_id, user_id)


def standing(db: sqlite3.Connection, module_id: int, user_id: int) -> Standing:
    grade = db.execute("SELECT * FROM grades WHERE module_id = ? AND user_id = ?", (module_id, user_id)).fetchone()
    done = db.execute("SELECT * FROM completions WHERE module_id = ? AND user_id = ?", (module_id, user_id)).fetchone()
    statuses = db.execute(
        "SELECT identifier, value FROM tracks JOIN scos ON scos.id = sco_id"
        " WHERE module_id = ? AND user_id = ? AND element = 'cmi.core.lesson_status'",
        (module_id, user_id),
    )
    return Standing(
        score=grade["score"] if grade else None,
        graded_at=grade["graded_at"] if grade else None,
        completed_at=done["completed_at"] if done else None,
        status_by_item={row["identifier"]: row["value"] for row in statuses},
    )


def total(scores: Iterable[float | None]) -> float | None:
    """The course total of a user, from the scores of all modules."""
    scores = list(scores)
    if all(score is None for score in scores):
        return None
    return round(sum(score or 0.0 for score in scores) / len(scores), 5)


def _tracks(db: sqlite3.Connection, module_id: int, user_id: int) -> list[sqlite3.Row]:
    return db.execute(
        "SELECT sco_id, element, value FROM tracks JOIN scos ON scos.id = sco_id WHERE module_id = ? AND user_id = ?"
        " AND element IN ('cmi.core.lesson_status', 'cmi.core.score.raw')",
        (module_id, user_id),
    ).fetchall()


def _score(tracks: list[sqlite3.Row]) -> float | None:
    raws = [float(track["value"]) for track in tracks if track["element"] == "cmi.core.score.raw" and track["value"]]
    if raws:
        return min(100.0, max(0.0, round(max(raws), 2)))
    return 0.0 if _statuses(tracks, DONE) else None


def _statuses(tracks: list[sqlite3.Row], wanted: tuple[str, ...]) -> set[int]:
    """The SCOs whose status is one of those wanted."""
    return {
        track["sco_id"] for track in tracks if track["element"] == "cmi.core.lesson_status" and track["value"] in wanted
    }


def _is_complete(db: sqlite3.Connection, module_id: int, tracks: list[sqlite3.Row]) -> bool:
    (rule,) = db.execute("SELECT completion FROM modules WHERE id = ?", (module_id,)).fetchone()
    if rule == "passed":
        return bool(_statuses(tracks, ("passed",)))
    scos = {row["id"] for row in db.execute("SELECT id FROM scos WHERE module_id = ? AND is_sco", (module_id,))}
    return bool(scos) and scos <= _statuses(tracks, DONE)
