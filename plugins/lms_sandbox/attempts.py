"""What a learner's tracks in a package say of the attempt: how it stands, and what was answered.

The sandbox keeps one attempt for each package, as our deployments to Moodle do.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms_sandbox.outcomes import outcome

_INTERACTION = re.compile(r"cmi\.interactions\.(\d+)\.(id|description|result|student_response|learner_response)")
_RESULTS = {"wrong": "incorrect", **{word: word for word in ("correct", "incorrect", "neutral", "unanticipated")}}
"""SCORM's words for a result (1.2 says `wrong`) → ours; a number is a part of what there was to earn."""
_STATUSES = ("passed", "failed", "completed")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One user's attempt at one package; `answers` are [question, text, result, response, item identifier]."""

    status: str
    score: float | None
    updated_at: int
    answers: list[list[str]]

    def as_row(self) -> list[Any]:
        """Number, status, score, maximum, when it was started (tracks do not tell), when it was saved last, answers."""
        return [1, self.status, self.score, 100.0, None, self.updated_at, self.answers]


def attempts_of(db: sqlite3.Connection, user_id: int, module_ids: Sequence[int]) -> dict[int, Attempt]:
    """A user's attempts, by module, for each module with at least one track."""
    rows = db.execute(
        "SELECT module_id, identifier, element, value, modified_at FROM tracks JOIN scos ON scos.id = sco_id"
        " WHERE user_id = ? ORDER BY module_id, position, element",
        (user_id,),
    )
    tracks: dict[int, dict[str, dict[str, str]]] = {}
    saved: dict[int, int] = {}
    for module_id, identifier, element, value, modified_at in rows:
        if module_id in module_ids:
            tracks.setdefault(module_id, {}).setdefault(identifier, {})[element] = value
            saved[module_id] = max(saved.get(module_id, 0), modified_at)
    return {module_id: _attempt(by_item, saved[module_id]) for module_id, by_item in tracks.items()}


def _attempt(by_item: Mapping[str, Mapping[str, str]], updated_at: int) -> Attempt:
    outcomes = [outcome(found) for found in by_item.values()]
    said = {found.status for found in outcomes}
    scores = [found.score_percent for found in outcomes if found.score_percent is not None]
    return Attempt(
        status=next((status for status in _STATUSES if status in said), "incomplete"),
        score=max(scores, default=None),
        updated_at=updated_at,
        answers=[answer for item, found in by_item.items() for answer in _answers(item, found)],
    )


def _answers(item: str, tracks: Mapping[str, str]) -> list[list[str]]:
    """In the order in which they were given."""
    interactions: dict[int, dict[str, str]] = {}
    for element, value in tracks.items():
        if found := _INTERACTION.fullmatch(element):
            interactions.setdefault(int(found[1]), {})[found[2]] = value
    return [_answer(item, said) for _, said in sorted(interactions.items()) if said.get("id")]


def _answer(item: str, said: Mapping[str, str]) -> list[str]:
    response = said.get("learner_response", said.get("student_response", ""))
    return [said["id"], said.get("description", ""), _result(said.get("result", "")), response, item]


def _result(word: str) -> str:
    try:
        share = float(word)
    except ValueError:
        return _RESULTS.get(word, "")
    return "correct" if share >= 1 else "partial" if share > 0 else "incorrect"
