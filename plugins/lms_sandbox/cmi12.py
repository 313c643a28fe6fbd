"""The SCORM 1.2 data model (RTE 1.2, 3.4), as one table: the browser's API adapter and the server both read it.

Access is `r`, `w` or `rw` from the SCO's side. In a name, `n` stands for an index.
"""

from __future__ import annotations

import re
from typing import Any

from lms_sandbox.elements import Access, tables, type_to_write

ELEMENTS: dict[str, tuple[Access, str]] = {
    "cmi.core.student_id": ("r", "identifier"),
    "cmi.core.student_name": ("r", "string255"),
    "cmi.core.lesson_location": ("rw", "string255"),
    "cmi.core.credit": ("r", "string255"),
    "cmi.core.lesson_status": ("rw", "status"),
    "cmi.core.entry": ("r", "string255"),
    "cmi.core.score.raw": ("rw", "score"),
    "cmi.core.score.max": ("rw", "score"),
    "cmi.core.score.min": ("rw", "score"),
    "cmi.core.total_time": ("r", "timespan"),
    "cmi.core.lesson_mode": ("r", "string255"),
    "cmi.core.exit": ("w", "exit"),
    "cmi.core.session_time": ("w", "timespan"),
    "cmi.suspend_data": ("rw", "string4096"),
    "cmi.launch_data": ("r", "string4096"),
    "cmi.comments": ("rw", "string4096"),
    "cmi.comments_from_lms": ("r", "string4096"),
    "cmi.objectives.n.id": ("rw", "identifier"),
    "cmi.objectives.n.score.raw": ("rw", "score"),
    "cmi.objectives.n.score.max": ("rw", "score"),
    "cmi.objectives.n.score.min": ("rw", "score"),
    "cmi.objectives.n.status": ("rw", "objective_status"),
    "cmi.student_data.mastery_score": ("r", "score"),
    "cmi.student_data.max_time_allowed": ("r", "timespan"),
    "cmi.student_data.time_limit_action": ("r", "string255"),
    "cmi.student_preference.audio": ("rw", "audio"),
    "cmi.student_preference.language": ("rw", "string255"),
    "cmi.student_preference.speed": ("rw", "speed"),
    "cmi.student_preference.text": ("rw", "text"),
    "cmi.interactions.n.id": ("w", "identifier"),
    "cmi.interactions.n.objectives.n.id": ("w", "identifier"),
    "cmi.interactions.n.time": ("w", "time"),
    "cmi.interactions.n.type": ("w", "interaction"),
    "cmi.interactions.n.correct_responses.n.pattern": ("w", "feedback"),
    "cmi.interactions.n.weighting": ("w", "decimal"),
    "cmi.interactions.n.student_response": ("w", "feedback"),
    "cmi.interactions.n.result": ("w", "result"),
    "cmi.interactions.n.latency": ("w", "timespan"),
}

CHILDREN: dict[str, str] = {
    "cmi": "core,suspend_data,launch_data,comments,comments_from_lms,objectives,student_data,"
    "student_preference,interactions",
    "cmi.core": "student_id,student_name,lesson_location,credit,lesson_status,entry,score,total_time,lesson_mode,exit,"
    "session_time",
    "cmi.core.score": "raw,min,max",
    "cmi.objectives": "id,score,status",
    "cmi.objectives.n.score": "raw,min,max",
    "cmi.student_data": "mastery_score,max_time_allowed,time_limit_action",
    "cmi.student_preference": "audio,language,speed,text",
    "cmi.interactions": "id,objectives,time,type,correct_responses,weighting,student_response,result,latency",
}

ARRAYS: tuple[str, ...] = (
    "cmi.objectives",
    "cmi.interactions",
    "cmi.interactions.n.objectives",
    "cmi.interactions.n.correct_responses",
)

# Written so that Python and JavaScript read them alike. RTE 1.2, 3.4.4 (data types) and 3.4.5 (vocabularies).
TYPES: dict[str, str] = {
    "string255": r"[\s\S]{0,255}",
    "string4096": r"[\s\S]{0,4096}",
    "identifier": r"[\x21-\x7E]{1,255}",
    "decimal": r"-?(\d+(\.\d*)?|\.\d+)",
    "score": r"(100(\.0*)?|\d{1,2}(\.\d*)?|\.\d+)?",  # 0 to 100, or blank
    "status": r"passed|completed|failed|incomplete|browsed",  # "not attempted" is the LMS's to say
    "objective_status": r"passed|completed|failed|incomplete|browsed|not attempted",
    "exit": r"time-out|suspend|logout|",
    "timespan": r"\d{2,4}:\d{2}:\d{2}(\.\d{1,2})?",
    "time": r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?",
    "audio": r"-1|\d{1,2}|100",
    "speed": r"-?(\d{1,2}|100)",
    "text": r"-1|0|1",
    "interaction": r"true-false|choice|fill-in|matching|performance|sequencing|likert|numeric",
    "result": r"correct|wrong|unanticipated|neutral|-?(\d+(\.\d*)?|\.\d+)",
    "feedback": r"[\s\S]{0,255}",
}

_MARK = "[a-zA-Z0-9]"
_MARKS = f"{_MARK}(,{_MARK})*"
_PAIRS = rf"{_MARK}\.{_MARK}(,{_MARK}\.{_MARK})*"

# RTE 1.2, 3.4.6: how a response and its pattern are written, by type of interaction; the others are free text.
RESPONSES: dict[str, str] = {
    "true-false": r"[01tfTF][\s\S]{0,254}",
    "choice": rf"{_MARKS}|\{{{_MARKS}\}}",
    "sequencing": _MARKS,
    "matching": rf"({_PAIRS}|\{{{_PAIRS}\}})?",
    "numeric": r"-?(\d+(\.\d*)?|\.\d+)",
}


def as_json() -> dict[str, Any]:
    """The table for the browser."""
    return {**tables(ELEMENTS, CHILDREN, ARRAYS), "types": TYPES, "responses": RESPONSES}


def fault(element: str, value: str) -> str:
    """Why a SCO may not have written this, or nothing. What the adapter refuses, the server does not store either."""
    kind = type_to_write(element, ELEMENTS, {"cmi.core.total_time": "cmi.core.session_time"})
    if kind is None:
        return f"{element} cannot be written"
    return "" if re.fullmatch(TYPES[kind], value) else f"{element}: {value[:40]!r} is not of type {kind}"
