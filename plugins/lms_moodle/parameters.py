"""Turns Python values into the form fields that PHP reads as nested arrays, and keeps their number in bounds."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

MAX_VARIABLES = 800
"""Fields we send in one call. PHP drops what exceeds max_input_vars (1000 by default) without a word."""
LIST_VARIABLES = MAX_VARIABLES - 20
"""Those of a list that is sent in pieces; the rest is for what the call says besides."""

T = TypeVar("T")


def flatten(params: Mapping[str, object]) -> list[tuple[str, str]]:
    """`{"a": [{"b": True}]}` → `[("a[0][b]", "1")]`.

    None and empty lists cannot be sent and are left out. Booleans are 0 and 1 because Moodle refuses `true`; times
    are seconds since 1970 and must be aware.
    """
    return [field for name, value in params.items() for field in _flatten(str(name), value)]


def _flatten(name: str, value: object) -> Iterator[tuple[str, str]]:
    if value is None:
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flatten(f"{name}[{key}]", inner)
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _flatten(f"{name}[{index}]", inner)
    else:
        yield name, _text(name, value)


def _text(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{name}: a time without zone cannot be sent")
        return str(int(value.timestamp()))
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{name}: {value} cannot be sent")
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError(f"{name}: a {type(value).__name__} cannot be sent")


def chunked(entries: Sequence[T], limit: int = LIST_VARIABLES) -> Iterator[list[T]]:
    """The entries of a list parameter in pieces of at most `limit` variables."""
    piece: list[T] = []
    size = 0
    for entry in entries:
        variables = len(flatten({"x": [entry]}))
        if variables > limit:
            raise ValueError(f"one entry has {variables} variables; a call may have {limit}")
        if piece and size + variables > limit:
            yield piece
            piece, size = [], 0
        piece.append(entry)
        size += variables
    if piece:
        yield piece
