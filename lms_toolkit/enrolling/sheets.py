"""The rows of a file, whatever made it: what every reader returns, and how faults are said."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from lms_toolkit.model import Finding, Severity

_INVISIBLE = dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF])
"""Soft hyphens, zero-width characters and direction marks, which copying from documents leaves behind."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not blank. `number` counts from 1, as programs show it; `formulas` are columns, from 0."""

    number: int
    cells: tuple[str, ...]
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...] = ()


def clean(text: str) -> str:
    """A cell's text as people see it: composed characters, single spaces, nothing invisible."""
    visible = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    return " ".join(visible.split())


def row_of(number: int, texts: Sequence[str], formulas: frozenset[int] = frozenset()) -> Row | None:
    """The row, or None when it is blank."""
    cells = tuple(clean(text) for text in texts)
    return Row(number, cells, formulas) if any(cells) else None


def finding(severity: Severity, rule: str, message: str, path: Path, line: int = 0, hint: str = "") -> Finding:
    return Finding(severity, rule, message, str(path), line, hint=hint)


def fault(rule: str, message: str, path: Path, line: int = 0, hint: str = "") -> Finding:
    return finding("error", rule, message, path, line, hint)
