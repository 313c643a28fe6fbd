"""Reads the companion's one parameter: a JSON object whose keys and types are all declared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from lms_sandbox.errors import payload_invalid

Checks = Mapping[str, tuple[type, ...]]
"""Key → the types it may have. Those in `_DEFAULTS` may be left out; the others must be there."""

NOTHING = type(None)
NUMBER = (int, float)
_DEFAULTS: Mapping[str, Any] = {
    "dryrun": False,
    "allow_track_loss": False,
    "allow_completion_reset": False,
    "visible": True,
    "availability": [],
    "group_mode": "none",
    "grouping_key": None,
    "max_points": 100,
    "settings": {},
    "files": None,
}
"""What callers of the first version did not know."""


def read_payload(text: str, checks: Checks, defaults: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The payload, complete and of the right types; raises Refusal `payloadinvalid`. `defaults` are this function's."""
    try:
        payload = json.loads(text, object_pairs_hook=_without_duplicates)
    except json.JSONDecodeError as error:
        raise payload_invalid(f"it is not JSON ({error.msg})") from None
    return check({**(defaults or {}), **payload} if isinstance(payload, dict) else payload, checks, "the payload")


def check(value: Any, checks: Checks, where: str) -> dict[str, Any]:
    """An object inside a payload, held to its declaration."""
    if not isinstance(value, dict):
        raise payload_invalid(f"{where} must be an object")
    given = {**{key: default for key, default in _DEFAULTS.items() if key in checks}, **value}
    for key in given.keys() - checks.keys():
        raise payload_invalid(f"unknown key {key} in {where}")
    for key, types in checks.items():
        if key not in given:
            raise payload_invalid(f"missing key {key} in {where}")
        if not isinstance(given[key], types) or (isinstance(given[key], bool) and bool not in types):
            raise payload_invalid(f"{key} has the wrong type")
    return given


def one_of(payload: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> None:
    if payload[key] not in allowed:
        raise payload_invalid(f"{key} must be one of: {', '.join(allowed)}")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    for name in names:
        if names.count(name) > 1:
            raise payload_invalid(f"key {name} is there twice")
    return dict(pairs)
