"""The SCORM 2004 data model (RTE 1.3, 4.2), as one table: the browser's API adapter and the server both read it.

Access is `r`, `w` or `rw` from the SCO's side. In a name, `n` stands for an index. Where the standard asks a platform
for a smallest permitted maximum, that maximum is the limit here, so that content which needs more is found out.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import Any

from lms_sandbox.elements import Access, tables, type_to_write

_SCORE: dict[str, tuple[Access, str]] = {
    "scaled": ("rw", "scaled"),
    "raw": ("rw", "real"),
    "min": ("rw", "real"),
    "max": ("rw", "real"),
}

ELEMENTS: dict[str, tuple[Access, str]] = {
    "cmi.comments_from_learner.n.comment": ("rw", "localized4000"),
    "cmi.comments_from_learner.n.location": ("rw", "string250"),
    "cmi.comments_from_learner.n.timestamp": ("rw", "time"),
    "cmi.comments_from_lms.n.comment": ("r", "localized4000"),
    "cmi.comments_from_lms.n.location": ("r", "string250"),
    "cmi.comments_from_lms.n.timestamp": ("r", "time"),
    "cmi.completion_status": ("rw", "completion"),
    "cmi.completion_threshold": ("r", "measure"),
    "cmi.credit": ("r", "string250"),
    "cmi.entry": ("r", "string250"),
    "cmi.exit": ("w", "exit"),
    "cmi.interactions.n.id": ("rw", "long_identifier"),
    "cmi.interactions.n.type": ("rw", "interaction"),
    "cmi.interactions.n.objectives.n.id": ("rw", "long_identifier"),
    "cmi.interactions.n.timestamp": ("rw", "time"),
    "cmi.interactions.n.correct_responses.n.pattern": ("rw", "pattern"),
    "cmi.interactions.n.weighting": ("rw", "real"),
    "cmi.interactions.n.learner_response": ("rw", "response"),
    "cmi.interactions.n.result": ("rw", "result"),
    "cmi.interactions.n.latency": ("rw", "timeinterval"),
    "cmi.interactions.n.description": ("rw", "localized250"),
    "cmi.launch_data": ("r", "string4000"),
    "cmi.learner_id": ("r", "long_identifier"),
    "cmi.learner_name": ("r", "localized250"),
    "cmi.learner_preference.audio_level": ("rw", "level"),
    "cmi.learner_preference.language": ("rw", "language"),
    "cmi.learner_preference.delivery_speed": ("rw", "level"),
    "cmi.learner_preference.audio_captioning": ("rw", "captioning"),
    "cmi.location": ("rw", "string1000"),
    "cmi.max_time_allowed": ("r", "timeinterval"),
    "cmi.mode": ("r", "string250"),
    "cmi.objectives.n.id": ("rw", "long_identifier"),
    **{f"cmi.objectives.n.score.{part}": rule for part, rule in _SCORE.items()},
    "cmi.objectives.n.success_status": ("rw", "success"),
    "cmi.objectives.n.completion_status": ("rw", "completion"),
    "cmi.objectives.n.progress_measure": ("rw", "measure"),
    "cmi.objectives.n.description": ("rw", "localized250"),
    "cmi.progress_measure": ("rw", "measure"),
    "cmi.scaled_passing_score": ("r", "scaled"),
    **{f"cmi.score.{part}": rule for part, rule in _SCORE.items()},
    "cmi.session_time": ("w", "timeinterval"),
    "cmi.success_status": ("rw", "success"),
    "cmi.suspend_data": ("rw", "string64000"),
    "cmi.time_limit_action": ("r", "string250"),
    "cmi.total_time": ("r", "timeinterval"),
    "adl.nav.request": ("rw", "navigation"),
    "adl.nav.request_valid.continue": ("r", "string250"),
    "adl.nav.request_valid.previous": ("r", "string250"),
}

CHILDREN: dict[str, str] = {
    "cmi": "_version,comments_from_learner,comments_from_lms,completion_status,completion_threshold,credit,entry,exit,"
    "interactions,launch_data,learner_id,learner_name,learner_preference,location,max_time_allowed,mode,objectives,"
    "progress_measure,scaled_passing_score,score,session_time,success_status,suspend_data,time_limit_action,total_time",
    "cmi.comments_from_learner": "comment,location,timestamp",
    "cmi.comments_from_lms": "comment,location,timestamp",
    "cmi.interactions": "id,type,objectives,timestamp,correct_responses,weighting,learner_response,result,latency,"
    "description",
    "cmi.interactions.n.objectives": "id",
    "cmi.interactions.n.correct_responses": "pattern",
    "cmi.learner_preference": "audio_level,language,delivery_speed,audio_captioning",
    "cmi.objectives": "id,score,success_status,completion_status,progress_measure,description",
    "cmi.objectives.n.score": "scaled,raw,min,max",
    "cmi.score": "scaled,raw,min,max",
}

ARRAYS: tuple[str, ...] = (
    "cmi.comments_from_learner",
    "cmi.comments_from_lms",
    "cmi.interactions",
    "cmi.interactions.n.objectives",
    "cmi.interactions.n.correct_responses",
    "cmi.objectives",
)

DEFAULTS: dict[str, str] = {
    "cmi.completion_status": "unknown",
    "cmi.success_status": "unknown",
    "cmi.objectives.n.completion_status": "unknown",
    "cmi.objectives.n.success_status": "unknown",
    "cmi.learner_preference.audio_level": "1",
    "cmi.learner_preference.language": "",
    "cmi.learner_preference.delivery_speed": "1",
    "cmi.learner_preference.audio_captioning": "0",
    "cmi.time_limit_action": "continue,no message",
    "cmi.total_time": "PT0S",
    "adl.nav.request": "_none_",
}
"""What is read before anything was written; whatever is not here has no value then (error 403)."""


@dataclass(frozen=True, slots=True)
class ValueType:
    """How values of a type are written (error 406) and, for numbers, how far they go (error 407)."""

    pattern: str
    low: float | None = None
    high: float | None = None


# Written so that Python and JavaScript read them alike. RTE 1.3, 4.1.1 (data types).
_REAL = r"-?\d+(\.\d+)?"
_LANGUAGE = r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*"
_CHARACTER = r"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]"  # of a URI, without the brackets that delimit responses
_SHORT = rf"{_CHARACTER}{{1,250}}"
_TEXT = r"(?:(?!\[,\])[\s\S])"  # in a list, up to the next delimiter
_NAVIGATION = r"continue|previous|exit|exitAll|abandon|abandonAll|suspendAll|_none_"


def _localized(length: int, character: str = r"[\s\S]") -> str:
    """localized_string_type: a text that may begin with its language (4.1.1.3)."""
    return rf"(\{{lang={_LANGUAGE}\}}|(?!\{{lang=)){character}{{0,{length}}}"


def _text(length: int) -> ValueType:
    return ValueType(rf"[\s\S]{{0,{length}}}")


TYPES: dict[str, ValueType] = {
    "string250": _text(250),
    "string1000": _text(1000),
    "string4000": _text(4000),
    "string64000": _text(64000),
    "response": _text(130_000),  # as each type of interaction wants it: RESPONSES, PATTERNS
    "pattern": _text(130_000),
    "localized250": ValueType(_localized(250)),
    "localized4000": ValueType(_localized(4000)),
    "language": ValueType(rf"({_LANGUAGE})?"),
    "long_identifier": ValueType(
        rf"(?!urn:){_CHARACTER}{{1,4000}}|urn:[A-Za-z0-9][A-Za-z0-9\-]{{0,31}}:{_CHARACTER}{{1,4000}}"
    ),
    "real": ValueType(_REAL),
    "scaled": ValueType(_REAL, -1, 1),
    "measure": ValueType(_REAL, 0, 1),
    "level": ValueType(_REAL, 0),
    "captioning": ValueType(r"-1|0|1"),
    "completion": ValueType(r"completed|incomplete|not attempted|unknown"),
    "success": ValueType(r"passed|failed|unknown"),
    "exit": ValueType(r"time-out|suspend|logout|normal|"),
    "interaction": ValueType(
        r"true-false|choice|fill-in|long-fill-in|matching|performance|sequencing|likert|numeric|other"
    ),
    "result": ValueType(rf"correct|incorrect|unanticipated|neutral|{_REAL}"),
    "timeinterval": ValueType(
        r"P(?=[\dT])(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d{1,2})?S)?)?"  # second,10,2 (4.1.1.8)
    ),
    "time": ValueType(  # second,10,0: each part only after the one before, the zone only after a fraction (4.1.1.7)
        r"(19[7-9]\d|20[0-2]\d|203[0-8])(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d"
        r"(\.\d{1,2}(Z|[+\-]([01]\d|2[0-3])(:[0-5]\d)?)?)?)?)?)?)?)?"
    ),
    "navigation": ValueType(rf"{_NAVIGATION}|\{{target=[^{{}}]{{1,4000}}\}}(choice|jump)"),
}


def _list(entry: str, most: int) -> str:
    return rf"{entry}(\[,\]{entry}){{0,{most - 1}}}"


_PAIR = rf"{_SHORT}\[\.\]{_SHORT}"
_STEP = rf"(?!\[\.\](\[,\]|$))({_SHORT})?\[\.\](?:(?!\[,\]|\[\.\])[\s\S]){{0,250}}"
_FILL = _list(_localized(250, _TEXT), 10)
_CASE = r"\{case_matters=(true|false)\}"
_ORDER = r"\{order_matters=(true|false)\}"

# RTE 1.3, 4.2.9.1: how a learner's response is written, by type of interaction.
RESPONSES: dict[str, str] = {
    "true-false": "true|false",
    "choice": rf"({_list(_SHORT, 36)})?",
    "fill-in": _FILL,
    "long-fill-in": _localized(4000),
    "matching": rf"({_list(_PAIR, 36)})?",
    "performance": rf"({_list(_STEP, 250)})?",
    "sequencing": rf"({_list(_SHORT, 36)})?",
    "likert": _SHORT,
    "numeric": _REAL,
    "other": r"[\s\S]{0,4000}",
}

# The same for the responses that are correct.
PATTERNS: dict[str, str] = {
    **RESPONSES,
    "fill-in": rf"({_CASE}|{_ORDER}){{0,2}}{_FILL}",
    "long-fill-in": rf"({_CASE})?{_localized(4000)}",
    "performance": rf"({_ORDER})?({_list(_STEP, 250)})?",
    "numeric": rf"({_REAL})?\[:\]({_REAL})?",
}

ONE_PATTERN = ("true-false", "likert", "numeric", "other")
"""Types of interaction with one correct response and no more."""


def as_json() -> dict[str, Any]:
    """The table for the browser."""
    return {
        **tables(ELEMENTS, CHILDREN, ARRAYS),
        "defaults": DEFAULTS,
        "types": {name: asdict(kind) for name, kind in TYPES.items()},
        "responses": RESPONSES,
        "patterns": PATTERNS,
        "one_pattern": ONE_PATTERN,
    }


def fault(element: str, value: str) -> str:
    """Why a SCO may not have written this, or nothing. What the adapter refuses, the server does not store either."""
    kind = type_to_write(element, ELEMENTS, {"cmi.total_time": "cmi.session_time"})
    if kind is None:
        return f"{element} cannot be written"
    return "" if _fits(TYPES[kind], value) else f"{element}: {value[:40]!r} is not of type {kind}"


def _fits(kind: ValueType, value: str) -> bool:
    if not re.fullmatch(kind.pattern, value, re.ASCII):
        return False
    too_low = kind.low is not None and float(value) < kind.low
    too_high = kind.high is not None and float(value) > kind.high
    return not too_low and not too_high
