"""Describes and checks web-service parameters: one validator for every function, as strict as Moodle's.

A value is cleaned for its type and refused if cleaning changed it (`external_api::validate_parameters`): booleans are
`0` or `1`, integers have no sign or zero too many, texts carry no tags, and a key nobody declared is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lms_sandbox.errors import InvalidParameter

Kind = Literal["int", "bool", "text", "raw", "trimmed", "alpha", "alphanumext", "plugin", "username", "lang"]
REQUIRED = object()
OPTIONAL = object()


@dataclass(frozen=True, slots=True)
class Value:
    """One scalar. `default` is REQUIRED, OPTIONAL (left out when not sent) or the value used instead."""

    kind: Kind
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class Fields:
    """A structure of named parameters."""

    fields: Mapping[str, Value | Fields | ListOf]
    default: Any = REQUIRED


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of one kind of parameter; its keys do not matter."""

    content: Value | Fields
    default: Any = REQUIRED


def validate(spec: Value | Fields | ListOf, sent: Any) -> Any:
    """The parameters with types and defaults; raises InvalidParameter with the path to the fault."""
    if isinstance(spec, Value):
        return _scalar(spec.kind, sent)
    if not isinstance(sent, dict):
        raise InvalidParameter(f"Only arrays accepted. The bad value is: '{sent}'")
    if isinstance(spec, ListOf):
        return [validate(spec.content, entry) for entry in sent.values()]
    return _structure(spec, sent)


def _structure(spec: Fields, sent: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, inner in spec.fields.items():
        if name in sent:
            result[name] = _at(name, inner, sent[name])
        elif inner.default is REQUIRED:
            raise InvalidParameter(f"Missing required key in single structure: {name}")
        elif inner.default is not OPTIONAL:
            result[name] = inner.default
    unknown = [name for name in sent if name not in spec.fields]
    if unknown:
        raise InvalidParameter(f"Unexpected keys ({', '.join(unknown)}) detected in parameter array.")
    return result


def _at(name: str, spec: Value | Fields | ListOf, sent: Any) -> Any:
    try:
        return validate(spec, sent)
    except InvalidParameter as fault:
        raise InvalidParameter(f"{name} => {fault.detail}") from None


def _scalar(kind: Kind, sent: Any) -> Any:
    if isinstance(sent, dict):
        raise InvalidParameter("Scalar type expected, array or object received.")
    check, convert = _KINDS[kind]
    if not check(sent):
        raise InvalidParameter(
            f'Invalid external api parameter: the value is "{sent}", the server was expecting "{kind}" type'
        )
    return convert(sent)


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


_LANGUAGE = re.compile(r'<span(?:\s+lang="[a-zA-Z0-9_-]+"|\s+class="multilang"){2}\s*>([^<]*)</span>')


def _without_tags(text: str) -> bool:
    """PHP's strip_tags takes `<` for a tag unless a space follows it; Moodle keeps the languages of a text apart."""
    return re.search(r"<\S", _LANGUAGE.sub(r"\1", text)) is None


_KINDS: Mapping[Kind, tuple[Callable[[str], bool], Callable[[str], Any]]] = {
    "int": (_like(r"0|-?[1-9]\d*"), int),
    "bool": (_like(r"[01]"), lambda text: text == "1"),
    "text": (_without_tags, str),
    "raw": (lambda text: True, str),
    "trimmed": (lambda text: text == text.strip(), str),
    "alpha": (_like(r"[A-Za-z]*"), str),
    "alphanumext": (_like(r"[A-Za-z0-9_-]*"), str),
    "plugin": (_like(r"[a-z][a-z0-9_]*|"), str),
    "username": (_like(r"[a-z0-9@._-]*"), str),
    "lang": (_like(r"[A-Za-z0-9_-]*"), str),
}
