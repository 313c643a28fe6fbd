"""Reads the first sheet of an Excel workbook (XLSX): values only. Macros are refused, formulas pointed out."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from lms_toolkit.enrolling.sheets import Row, Sheet, fault, finding, row_of

MAX_UNPACKED_BYTES = 100 << 20
MAX_ROWS = 100_000
MAX_COLUMNS = 200
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
"""The first bytes of .xls files, and of workbooks with a password."""
_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def is_workbook(content: bytes) -> bool:
    return content.startswith((b"PK\x03\x04", _OLD_EXCEL))


def read_workbook(content: bytes, path: Path) -> Sheet:
    """The rows of the first sheet that has any."""
    if content.startswith(_OLD_EXCEL):
        message = "is an old Excel file, or one with a password"
        return _refused("old-excel", message, path, "save it as XLSX without password, or as CSV UTF-8")
    try:
        danger = _danger(content)
        if danger:
            return _refused("unsafe-workbook", danger, path, "save it as a plain XLSX workbook, or as CSV UTF-8")
        return _read(content, path)
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError) as error:
        # openpyxl lets whatever a broken part makes it stumble on through; XML errors are SyntaxErrors
        message = f"is not an Excel workbook that can be read ({type(error).__name__})"
        return _refused("not-xlsx", message, path, "open it in a spreadsheet program and save it as XLSX or CSV UTF-8")


def _refused(rule: str, message: str, path: Path, hint: str) -> Sheet:
    return Sheet((), (fault(rule, message, path, hint=hint),))


def _danger(content: bytes) -> str:
    """Why the workbook must not be opened; empty when it may. Looked at before any of its XML is parsed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
            return f"unpacks to more than {MAX_UNPACKED_BYTES >> 20} MiB"
        if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
            return "has macros"
        for entry in entries:
            text = archive.read(entry)  # fails where the sizes announced are not true
            if entry.filename.lower().endswith((".xml", ".rels")) and any(mark in text for mark in _DOCTYPES):
                return "declares XML entities, which no spreadsheet program writes"
    return ""


def _read(content: bytes, path: Path) -> Sheet:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that it leaves out
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            for sheet in workbook.worksheets:
                rows = tuple(_rows(sheet))
                if rows:
                    return Sheet(rows, tuple(_others(workbook.worksheets, sheet.title, path)))
        finally:
            workbook.close()
    return Sheet(())


def _others(sheets: Sequence[Any], read: str, path: Path) -> Iterator[Any]:
    if len(sheets) > 1:
        yield finding("info", "other-sheets", f"only the sheet “{read}” of {len(sheets)} is read", path)


def _rows(sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what the file says of its size may be wrong
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS, max_col=MAX_COLUMNS), 1):
        formulas = frozenset(column for column, cell in enumerate(cells) if cell.data_type == "f")
        row = row_of(number, [_text(cell.value) for cell in cells], formulas)
        if row:
            yield row


def _text(value: object) -> str:
    """A value as people read it: whole numbers without `.0`, dates without a time of midnight."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
