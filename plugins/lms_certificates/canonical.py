"""One way to write a value as JSON, so that a signature over the bytes is a signature over the value.

The form is the one of RFC 8785 for the values used here: UTF-8, keys sorted, no spaces, shortest escapes. Numbers are
whole; anything with a fraction is written as text, because floats are where implementations differ.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from lms_certificates.faults import forged

MAX_BYTES = 1_000_000
"""No signed document comes near this; a list of 10,000 revocations is about 600 kB."""
_MAX_SAFE_INTEGER = 2**53 - 1


def canonical_json(value: Any) -> bytes:
    """The canonical bytes of a value. Raises ValueError for a float, an unsafe integer or a lone surrogate."""
    _check(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def _check(value: Any) -> None:
    if isinstance(value, float):
        raise ValueError(f"{value!r} is not a whole number")
    if isinstance(value, int) and abs(value) > _MAX_SAFE_INTEGER:
        raise ValueError(f"{value!r} is too large a number")
    if isinstance(value, dict):
        # Sorting by code point equals RFC 8785's order by UTF-16 unit only while keys stay ASCII; ours do.
        for key, member in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"{key!r} is not an ASCII key")
            _check(member)
    elif isinstance(value, list | tuple):
        for member in value:
            _check(member)


def parse_canonical(document: bytes) -> dict[str, Any]:
    """Read a JSON object that is written canonically; a final newline is allowed, nothing else.

    Raises Fault: `unknown` for what is not a JSON object at all, `forged` for one that is written differently.
    """
    if len(document) > MAX_BYTES:
        raise forged(f"the signed record is larger than {MAX_BYTES} bytes")
    try:
        value = json.loads(document.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise forged(f"the signed record is not well-formed JSON ({error})") from error
    if not isinstance(value, dict):
        raise forged("the signed record is not a JSON object")
    _require_canonical(document, value)
    return value


def _require_canonical(document: bytes, value: dict[str, Any]) -> None:
    try:
        written = canonical_json(value)
    except ValueError as error:
        raise forged(f"the signed record is not in canonical form: {error}") from error
    if document.removesuffix(b"\n") != written:
        raise forged("the signed record is not in canonical form; it was rewritten after it was signed")


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    names = [name for name, _ in pairs]
    twice = {name for name in names if names.count(name) > 1} if len(names) != len(set(names)) else set()
    if twice:
        raise ValueError(f"the key {min(twice)!r} stands twice")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")
