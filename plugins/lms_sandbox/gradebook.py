"""Turns tracks into grades and completions, by Moodle's rules with the settings our deployments use.

- Grade of a module: the highest score of any of its SCOs (grademethod *highest*); 0 when something is completed and
  nothing has a score; nothing while neither has happened. What a SCO's score is: see outcomes.py.
- Completion: `passed` needs one SCO that is passed, `completed` needs every SCO completed or passed.
- Course total: the weighted mean of the grades, by the gradebook that was applied, or the plain mean where none was; an
  empty one counts 0; nothing while no grade exists at all.
- The course is complete when all of its modules are, or those that were applied as its completion.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.outcomes import ELEMENTS, Outcome, outcome


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a user stands in one module. `status_by_item` has an entry for each SCO that was opened."""

    score: float | None
    graded_at: int | None
    completed_at: int | None
    status_by_item: dict[str, str]


def regrade(db: sqlite3.Connection, module_id: int, user_id: int) -> None:
    """Recompute the grade and the completion of one user in one module."""
    outcomes = outcomes_of(db, module_id, user_id)
    score = _score(outcomes.values())
    if score is None:
        db.execute("DELETE FROM grades WHERE module_id = ? AND user_id = ?", (module_id, user_id))
    else:
        db.execute(
            "INSERT INTO grades (module_id, user_id, score, graded_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET score = excluded.score, graded_at = excluded.graded_at"
            " WHERE score <> excluded.score",
            (module_id, user_id, score, now()),
        )
    if not _is_played(db, module_id):
        return
    if _is_complete(db, module_id, outcomes):
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
    outcomes = outcomes_of(db, module_id, user_id)
    return Standing(
        score=grade["score"] if grade else None,
        graded_at=grade["graded_at"] if grade else None,
        completed_at=done["completed_at"] if done else None,
        status_by_item={item: found.status for item, found in outcomes.items() if found.status},
    )


def total(scores: Mapping[str, float | None], gradebook: Mapping[str, Any] | None) -> float | None:
    """The course total of a user, 0–100, from the scores of its modules by key."""
    if all(score is None for score in scores.values()):
        return None
    found = _weighted(gradebook, scores) if gradebook else _mean([(1.0, score or 0.0) for score in scores.values()])
    return round(found, 5)


def _weighted(gradebook: Mapping[str, Any], scores: Mapping[str, float | None]) -> float:
    """A mean of what stands right under the course and of the categories, which are means of what they hold."""
    inside: dict[str | None, list[tuple[float, float]]] = {}
    for item in gradebook["items"]:
        inside.setdefault(item["category_key"], []).append((item["weight"], scores.get(item["key"]) or 0.0))
    entries = inside.pop(None, [])
    for category in gradebook["categories"]:
        found = sorted(inside.get(category["key"], []), key=lambda entry: entry[1], reverse=True)
        entries.append((category["weight"], _mean(found[: category["keep_highest"] or None])))
    return _mean(entries)


def _mean(entries: Sequence[tuple[float, float]]) -> float:
    """The mean of (weight, value); 0 where nothing weighs anything."""
    whole = sum(weight for weight, _ in entries)
    return sum(weight * value for weight, value in entries) / whole if whole else 0.0


def outcomes_of(db: sqlite3.Connection, module_id: int, user_id: int) -> dict[str, Outcome]:
    """Item identifier → what the user has reached there, for each SCO with something that counts."""
    rows = db.execute(
        "SELECT identifier, element, value FROM tracks JOIN scos ON scos.id = sco_id"
        f" WHERE module_id = ? AND user_id = ? AND element IN ({','.join('?' * len(ELEMENTS))})",
        (module_id, user_id, *ELEMENTS),
    )
    tracks: dict[str, dict[str, str]] = {}
    for row in rows:
        tracks.setdefault(row["identifier"], {})[row["element"]] = row["value"]
    return {identifier: outcome(found) for identifier, found in tracks.items()}


def _score(outcomes: Iterable[Outcome]) -> float | None:
    outcomes = list(outcomes)
    scores = [found.score_percent for found in outcomes if found.score_percent is not None]
    if scores:
        return max(scores)
    return 0.0 if any(found.is_completed for found in outcomes) else None


def _is_played(db: sqlite3.Connection, module_id: int) -> bool:
    """Whether what is done there decides its completion; the rest is completed in other ways."""
    (rule,) = db.execute("SELECT completion FROM modules WHERE id = ?", (module_id,)).fetchone()
    return rule in ("passed", "completed")


def _is_complete(db: sqlite3.Connection, module_id: int, outcomes: dict[str, Outcome]) -> bool:
    (rule,) = db.execute("SELECT completion FROM modules WHERE id = ?", (module_id,)).fetchone()
    if rule == "passed":
        return any(found.is_passed for found in outcomes.values())
    rows = db.execute("SELECT identifier FROM scos WHERE module_id = ? AND is_sco", (module_id,))
    scos = {row["identifier"] for row in rows}
    return bool(scos) and scos <= {item for item, found in outcomes.items() if found.is_completed}
