"""The data model of a SCORM 1.2 SCO as it is when it starts (RTE 1.2, 3.4.4)."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from lms_sandbox import cmi12
from lms_sandbox.elements import generic

_NOT_KEPT = ("cmi.core.exit", "cmi.core.session_time")


def values(sco: sqlite3.Row, user: sqlite3.Row, tracks: Mapping[str, str]) -> dict[str, str]:
    """Every element with a value: what the learner left there, and what the platform says."""
    started = {"cmi.core.lesson_status": "not attempted", "cmi.core.total_time": "0000:00:00.00"}
    kept = {name: value for name, value in tracks.items() if name not in _NOT_KEPT and generic(name) in cmi12.ELEMENTS}
    return {**started, **kept, **_given(sco, user, tracks)}


def _given(sco: sqlite3.Row, user: sqlite3.Row, tracks: Mapping[str, str]) -> dict[str, str]:
    return {
        "cmi.core.student_id": user["username"],
        "cmi.core.student_name": f"{user['lastname']}, {user['firstname']}",
        "cmi.core.credit": "credit",
        "cmi.core.lesson_mode": "normal",
        "cmi.core.entry": _entry(tracks),
        "cmi.launch_data": sco["launch_data"],
        "cmi.student_data.mastery_score": "" if sco["mastery_score"] is None else f"{sco['mastery_score']:g}",
        "cmi.student_data.max_time_allowed": sco["max_time_allowed"],
        "cmi.student_data.time_limit_action": sco["time_limit_action"],
    }


def _entry(tracks: Mapping[str, str]) -> str:
    if not tracks:
        return "ab-initio"
    return "resume" if tracks.get("cmi.core.exit") == "suspend" else ""
