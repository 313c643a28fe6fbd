"""Reads a form body the way PHP does, so that a client's mistakes show here as they would on Moodle.

`courses[0][fullname]=x` nests, `a[]=x` appends, the last of two equal names wins, dots and spaces in a name become `_`,
and what is above `max_input_vars` is dropped without a word (PHP manual, "Variables from external sources").
"""

from __future__ import annotations

from urllib.parse import unquote_plus

MAX_NESTING = 64


def parse_form(body: bytes, max_input_vars: int = 1000) -> dict[str, object]:
    """The parameters of a body of type application/x-www-form-urlencoded; arrays are dicts in order."""
    parameters: dict[str, object] = {}
    pairs = [pair for pair in body.decode("utf-8", "replace").split("&") if pair]
    for pair in pairs[:max_input_vars]:
        name, _, value = pair.partition("=")
        _store(parameters, unquote_plus(name), unquote_plus(value))
    return parameters


def _store(parameters: dict[str, object], name: str, value: str) -> None:
    base, indexes = _split(name.lstrip(" "))
    if not base or len(indexes) > MAX_NESTING:
        return
    place, key = parameters, base
    for index in indexes:
        inner = place.get(key)
        if not isinstance(inner, dict):  # a scalar of the same name gives way to the array
            inner = {}
            place[key] = inner
        place, key = inner, _next_index(inner) if index is None else index
    place[key] = value


def _split(name: str) -> tuple[str, list[str | None]]:
    """`a.b[0][]` → `a_b`, ["0", None]; an index that never closes is part of the name; text after `]` is ignored."""
    base, bracket, rest = name.partition("[")
    base = base.replace(".", "_").replace(" ", "_")
    indexes: list[str | None] = []
    while bracket:
        index, closed, after = rest.partition("]")
        if not closed:
            return (base if indexes else f"{base}_{_plain(rest)}"), indexes
        indexes.append(index.lstrip() or None)
        bracket, rest = after[:1], after[1:]
        if bracket != "[":
            break
    return base, indexes


def _plain(text: str) -> str:
    return text.replace(".", "_").replace(" ", "_").replace("[", "_")


def _next_index(array: dict[str, object]) -> str:
    numbers = [int(key) for key in array if key.isdecimal()]
    return str(max(numbers, default=-1) + 1)
