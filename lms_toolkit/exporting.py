"""Writes rows of results as CSV or XLSX, so that no spreadsheet program takes a person's name for a formula."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from lms_toolkit.errors import ConfigError, StoreError
from lms_toolkit.grading import ScoreRow

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

COLUMNS = tuple(field.name for field in fields(ScoreRow))
SUFFIXES = (".csv", ".xlsx")
MAX_SHEET_ROWS = 1_048_576
"""Rows of a sheet, its header among them: https://support.microsoft.com/office/1672b34d-7043-467e-8e27-269d656771c3."""
MAX_CELL_UNITS = 32_767
"""Characters of a cell as spreadsheet programs count them, in UTF-16; what is longer runs into the next cell."""

_WIDTHS = {"learner": 32, "learner_id": 28, "item": 32, "percent": 10, "state": 14, "graded_at": 20}
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile(r"[\t\r\n\u2028\u2029]+")
# A formula begins a cell, or what another program takes for one: a list separator of other countries, or a quotation
# mark, ends the cell before it. The wide signs count as the narrow ones in East Asian editions.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"(^|[,;\"])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def export(rows: Sequence[ScoreRow], path: Path) -> None:
    """Write rows to a file of the kind its name ends with.

    Raises ConfigError for another kind, StoreError where the disk refuses.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ConfigError(f"{path}: is neither a .csv nor an .xlsx file; name one of them")
    try:
        if path.suffix.lower() == ".csv":
            with path.open("w", encoding="utf-8", newline="") as file:
                file.write("\ufeff")  # without it, spreadsheet programs read accents as something else
                export_csv(rows, file)
        else:
            with path.open("wb") as file:
                export_xlsx(rows, file)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror}); check rights and free space") from error


def export_csv(rows: Iterable[ScoreRow], file: TextIO) -> None:
    """Write rows as comma-separated values; `file` is open for text, in UTF-8."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_text_cell(value) for value in _values(row)] for row in rows)


def export_xlsx(rows: Sequence[ScoreRow], file: IO[bytes]) -> None:
    """Write rows as a workbook of one sheet, row by row; `file` is open for bytes.

    Raises ConfigError for more rows than a sheet has.
    """
    from openpyxl import Workbook

    if len(rows) >= MAX_SHEET_ROWS:
        raise ConfigError(f"{len(rows):,} rows are more than a sheet holds ({MAX_SHEET_ROWS:,}); write a .csv file")
    book = Workbook(write_only=True)
    sheet = book.create_sheet("grades")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS):
        sheet.column_dimensions[chr(ord("A") + number)].width = _WIDTHS.get(name, 20)
    sheet.append(list(_header(sheet)))
    for row in rows:
        sheet.append([_sheet_cell(sheet, value) for value in _values(row)])
    book.save(file)


def _values(row: ScoreRow) -> Iterator[object]:
    return (getattr(row, name) for name in COLUMNS)


def plain_text(text: str) -> str:
    """A text on one line, without what no cell may hold, and no longer than a cell."""
    text = _CONTROLS.sub("\ufffd", _BREAKS.sub(" ", text))
    if len(text.encode("utf-16-le")) // 2 <= MAX_CELL_UNITS:
        return text
    return text.encode("utf-16-le")[: 2 * (MAX_CELL_UNITS - 1)].decode("utf-16-le", "ignore") + "…"


def _text_cell(value: object) -> str:
    """A value as a spreadsheet program reads it from a text file: what looks like a formula is kept from running."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.10g}"
    return plain_text(_FORMULA.sub(r"\1\2'", plain_text(str(value))))


def _sheet_cell(sheet: WriteOnlyWorksheet, value: object) -> Any:
    """A cell of its own type; a text is a text whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    if value is None:
        return None
    if isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, value.astimezone(UTC).replace(tzinfo=None))  # a sheet knows no time zones
        cell.number_format = "yyyy-mm-dd hh:mm:ss"
        return cell
    if isinstance(value, float) and math.isfinite(value):
        cell = WriteOnlyCell(sheet, value)
        cell.number_format = "0.00"
        return cell
    text = plain_text(str(value))
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # openpyxl takes what begins with "=" for a formula
    cell.quotePrefix = _FORMULA.match(text) is not None  # and it stays a text when somebody edits the cell
    return cell


def _header(sheet: WriteOnlyWorksheet) -> Iterator[Any]:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    for name in COLUMNS:
        cell = WriteOnlyCell(sheet, name)
        cell.font = Font(bold=True)
        yield cell
