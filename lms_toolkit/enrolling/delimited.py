"""Reads a delimited text file as spreadsheet programs and registrars' systems write it: any delimiter and encoding."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from lms_toolkit.enrolling.sheets import Row, Sheet, fault, finding, row_of
from lms_toolkit.model import Finding

_DELIMITERS = ";,\t|"
_LOOKED_AT = 10
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
"""Excel's own first line, which names the delimiter."""


def read_delimited(content: bytes, path: Path, is_heading: Callable[[str], bool]) -> Sheet:
    """The rows of a text file. The delimiter is the one under which the most cells at the top are headings."""
    text, findings = _decode(content, path)
    named = _SEPARATOR_LINE.match(text)
    skipped = 1 if named else 0
    text = text[named.end() :] if named else text
    try:
        delimiter = named.group(1) if named else _delimiter(text, is_heading)
        rows = tuple(row for row in _rows(text, delimiter, skipped) if row)
    except csv.Error as error:
        hint = "save it as CSV UTF-8, or send the spreadsheet itself (XLSX)"
        return Sheet((), (fault("not-csv", f"is not a CSV file: {error}", path, hint=hint),))
    return Sheet(rows, findings)


def _decode(content: bytes, path: Path) -> tuple[str, tuple[Finding, ...]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), ()
    if encoding := _utf_16_without_mark(content):
        return content.decode(encoding, errors="replace"), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        pass
    try:
        text, name = content.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        text, name = content.decode("latin-1"), "Latin-1"
    message = f"is not UTF-8; read as {name}, so look whether accents came through"
    return text, (finding("warning", "encoding", message, path, hint="save it as CSV UTF-8"),)


def _utf_16_without_mark(content: bytes) -> str | None:
    """Latin letters in UTF-16 have a zero in every second byte."""
    start = content[:200]
    pairs = len(start) // 2
    if pairs < 4:
        return None
    if start[1::2].count(0) > 0.8 * pairs:
        return "utf-16-le"
    return "utf-16-be" if start[0::2].count(0) > 0.8 * pairs else None


def _delimiter(text: str, is_heading: Callable[[str], bool]) -> str:
    top = "".join(islice(io.StringIO(text, newline=""), _LOOKED_AT))
    heading = top.partition("\n")[0]

    def merit(delimiter: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(top, newline=""), delimiter=delimiter)
        try:
            recognised = max((sum(map(is_heading, cells)) for cells in rows), default=0)
        except csv.Error:  # told by the reading proper, which is strict
            recognised = 0
        return recognised, heading.count(delimiter)

    return max(_DELIMITERS, key=merit)


def _rows(text: str, delimiter: str, skipped: int) -> Iterator[Row | None]:
    """Each row, with the line it starts on. Strict: a quotation mark that is never closed would swallow the rest."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1 + skipped
    for cells in reader:
        yield row_of(line, cells)
        line = reader.line_num + 1 + skipped
