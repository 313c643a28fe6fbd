"""CertificateRecord ⇄ the plain values that are signed; reading is strict, so one record has one spelling."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, get_args

from lms_certificates.faults import forged
from lms_toolkit.model import CertificateKind, CertificateRecord

KIND = "lms-toolkit-certificate/2"
FIRST_KIND = "lms-toolkit-certificate/1"
"""As certificates were written before they had a kind and could expire; they are read for ever."""
_DECIMAL = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{0,5}[1-9])?")
_NAMES = frozenset(field.name for field in fields(CertificateRecord))
_FIRST_NAMES = _NAMES - {"kind", "expires_on"}
_TEXTS = _FIRST_NAMES - {"issued_on", "learning_hours", "score_percent", "modules"}
_KINDS: Mapping[str, CertificateKind] = {kind: kind for kind in get_args(CertificateKind)}


def to_values(record: CertificateRecord) -> dict[str, Any]:
    """What is signed: the fields by name; dates and numbers as text. Raises ValueError for a negative number."""
    return {
        **{name: getattr(record, name) for name in _TEXTS},
        "issued_on": record.issued_on.isoformat(),
        "learning_hours": decimal_text(record.learning_hours),
        "score_percent": None if record.score_percent is None else decimal_text(record.score_percent),
        "modules": list(record.modules),
        "kind": record.kind,
        "expires_on": record.expires_on.isoformat() if record.expires_on else None,
    }


def from_values(values: Mapping[str, Any], kind: str = KIND) -> CertificateRecord:
    """The record behind signed values. Raises Fault naming the first field that is not as `to_values` writes it."""
    is_first = kind == FIRST_KIND
    _require_names(values, _FIRST_NAMES if is_first else _NAMES)
    score = values["score_percent"]
    texts: dict[str, Any] = {name: _text(values, name) for name in _TEXTS}
    return CertificateRecord(
        **texts,
        issued_on=_date(values, "issued_on"),
        learning_hours=_number(values, "learning_hours"),
        score_percent=None if score is None else _number(values, "score_percent"),
        modules=_modules(values["modules"]),
        kind="achievement" if is_first else _kind(values),
        expires_on=None if is_first else _expiry(values),
    )


def decimal_text(number: float) -> str:
    """The shortest decimal that reads back as this number, to six places: 20.0 → "20", 7.5 → "7.5"."""
    text = f"{Decimal(repr(round(float(number), 6))):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if not _DECIMAL.fullmatch(text):
        raise ValueError(f"{number!r} cannot stand on a certificate")
    return text


def _require_names(values: Mapping[str, Any], names: Set[str]) -> None:
    if set(values) - names:
        raise forged(f"record has an unknown field {min(set(values) - names)!r}")
    if names - set(values):
        raise forged(f"record lacks the field {min(names - set(values))!r}")


def _kind(values: Mapping[str, Any]) -> CertificateKind:
    if values["kind"] not in _KINDS:
        raise forged("record.kind is none of " + ", ".join(_KINDS))
    return _KINDS[values["kind"]]


def _expiry(values: Mapping[str, Any]) -> date | None:
    return None if values["expires_on"] is None else _date(values, "expires_on")


def _text(values: Mapping[str, Any], name: str) -> str:
    if not isinstance(values[name], str):
        raise forged(f"record.{name} is not text")
    return str(values[name])


def _date(values: Mapping[str, Any], name: str) -> date:
    text = _text(values, name)
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise forged(f"record.{name} is not a date") from error
    if day.isoformat() != text:  # 20261121 and 2026-W47-6 read as dates too
        raise forged(f"record.{name} is not written YYYY-MM-DD")
    return day


def _number(values: Mapping[str, Any], name: str) -> float:
    text = _text(values, name)
    if not _DECIMAL.fullmatch(text):
        raise forged(f"record.{name} is not a plain decimal number")
    return float(text)


def _modules(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(title, str) for title in value):
        raise forged("record.modules is not a list of texts")
    return tuple(value)
