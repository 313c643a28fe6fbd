"""Says in an author's words, with the place, what pydantic found wrong with a file."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from lms_toolkit.courses.places import Document, Loc, content_error, name_of
from lms_toolkit.courses.shapes import (
    ADDRESS_PATTERN,
    CODE_PATTERN,
    COLOUR_PATTERN,
    FILE_NAME_PATTERN,
    PICTURE_PATTERN,
    SLUG_PATTERN,
    Table,
)
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Finding

Sections = Mapping[str, type[Table]]
"""The model of each named part of a file, for the hint that lists its keys; `""` is the file itself."""

_NEEDED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date such as 2027-01-31, without quotes",
    "string_too_long": "of at most {max_length} characters",
    "too_short": "a list of at least {min_length}",
    "greater_than": "more than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "literal_error": "one of {expected}",
    "union_tag_invalid": "one of {expected_tags}",
}
_PATTERNS = {
    SLUG_PATTERN: "of the letters a–z, digits and -, beginning with a letter",
    CODE_PATTERN: "of letters, digits and -",
    ADDRESS_PATTERN: "like https://example.org",
    COLOUR_PATTERN: "like #0b5d7a",
    FILE_NAME_PATTERN: "of letters, digits, ., _ and -",
    PICTURE_PATTERN: "of letters, digits, _ and -, with the ending .svg, .png, .jpg or .webp",
}


def explain(error: ValidationError, document: Document, sections: Sections) -> ContentError:
    return content_error(_finding(detail, document, sections) for detail in error.errors(include_url=False))


def _finding(detail: ErrorDetails, document: Document, sections: Sections) -> Finding:
    kind, loc = detail["type"], detail["loc"]
    if kind == "missing":
        name = name_of((*document.places.known(loc), loc[-1]))
        return document.error("missing-key", f"{name} is missing", loc, "add it")
    if kind == "union_tag_not_found":
        name = name_of((*document.places.known(loc), "kind"))
        return document.error("missing-key", f"{name} is missing", loc, "add kind: single, or another kind")
    if kind == "extra_forbidden":
        return _unknown_key(loc, document, sections)
    if kind == "union_tag_invalid":
        loc = (*loc, "kind")
    message, hint = _value_fault(detail)
    name = name_of(document.places.known(loc)) or "the file"
    return document.error("wrong-value", f"{name} {message}", loc, hint)


def _unknown_key(loc: Loc, document: Document, sections: Sections) -> Finding:
    names = [part for part in loc[:-1] if isinstance(part, str) and part in sections]
    known = list(sections[names[-1] if names else ""].model_fields)
    near = difflib.get_close_matches(str(loc[-1]), known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return document.error("unknown-key", f"{name_of(document.places.known(loc))} is unknown", loc, hint, at_key=True)


def _value_fault(detail: ErrorDetails) -> tuple[str, str]:
    """What is wrong with one value, and what to do."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "string_type":
        hint = "write a text" if value is None or isinstance(value, dict | list) else "put it in quotes"
        return f"must be text, not {_shown(value)}", hint
    if kind == "string_pattern_mismatch":
        return _pattern_fault(str(value), str(context["pattern"]))
    if kind in _NEEDED:
        needed = _NEEDED[kind].format(**{key: str(part) for key, part in context.items()})
        return f"must be {needed}, not {_shown(value)}", "correct it"
    return detail["msg"], "correct it"


def _pattern_fault(value: str, pattern: str) -> tuple[str, str]:
    if pattern in _PATTERNS:
        return f"must be made {_PATTERNS[pattern]}, not {_shown(value)}", "rename it"
    if not value.strip():
        return "is empty", "write a text, or remove the key"
    return "must be a single line", "remove the line breaks"


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return str(value["kind"]) if isinstance(value.get("kind"), str) else "a table"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
