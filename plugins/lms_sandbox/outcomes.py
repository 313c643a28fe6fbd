"""What one learner's tracks in one SCO amount to, in SCORM 1.2 and in SCORM 2004.

Both are read whatever the package is now: replacing a package by one of the other standard takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATUS12, RAW12 = "cmi.core.lesson_status", "cmi.core.score.raw"
COMPLETION, SUCCESS = "cmi.completion_status", "cmi.success_status"
RAW, SCALED = "cmi.score.raw", "cmi.score.scaled"

ELEMENTS = (STATUS12, RAW12, COMPLETION, SUCCESS, RAW, SCALED)
"""The elements that decide, by name."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """`status` is one word for both of SCORM 2004's: the success if it is known, else the completion."""

    status: str
    is_completed: bool
    is_passed: bool
    score_percent: float | None


def outcome(tracks: Mapping[str, str]) -> Outcome:
    said = {tracks.get(element, "") for element in (STATUS12, COMPLETION, SUCCESS)}
    return Outcome(
        status=_status(tracks),
        is_completed=bool(said & {"completed", "passed"}),
        is_passed="passed" in said,
        score_percent=_score(tracks),
    )


def _status(tracks: Mapping[str, str]) -> str:
    if tracks.get(SUCCESS) in ("passed", "failed"):
        return tracks[SUCCESS]
    if COMPLETION in tracks or SUCCESS in tracks:
        completion = tracks.get(COMPLETION, "unknown")
        return "incomplete" if completion == "unknown" else completion
    return tracks.get(STATUS12, "")


def _score(tracks: Mapping[str, str]) -> float | None:
    """The raw score; the scaled one, in percent, where a SCORM 2004 SCO reports nothing else."""
    raws = [float(tracks[element]) for element in (RAW12, RAW) if tracks.get(element)]
    if not raws and tracks.get(SCALED):
        raws = [float(tracks[SCALED]) * 100]
    return min(100.0, max(0.0, round(max(raws), 2))) if raws else None
