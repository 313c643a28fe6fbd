"""Exported results open in spreadsheet programs as what they are, and nothing in them runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from lms_toolkit.errors import ConfigError
from lms_toolkit.exporting import COLUMNS, export, export_csv
from lms_toolkit.grading import ScoreRow

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "＝1+1",
    "Amina;=1+1",
    'Amina;=cmd|"/C calc"!A0',
    'Amina",=1+1,"',
    "Amina\x00Test",
    "Amina\x1b[31m\ud800",
    "x" * 40_000,
    "=" + "🙂" * 20_000,
)


def row(name: str, percent: float | None = 66.66667) -> ScoreRow:
    return ScoreRow(name, "idnumber:1", "module:a", percent, "passed", NOON)


def exported(rows: list[ScoreRow]) -> str:
    file = io.StringIO()
    export_csv(rows, file)
    return file.getvalue()


def cells_of(text: str, delimiter: str = ",") -> list[str]:
    return [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) for cell in line]


def test_a_csv_file_starts_so_that_spreadsheets_read_its_accents(tmp_path: Path) -> None:
    export([row("Chloé Essai")], tmp_path / "grades.csv")
    text = (tmp_path / "grades.csv").read_bytes().decode("utf-8")
    assert text[0] == "\ufeff"
    assert text[1:].splitlines() == [
        "learner,learner_id,item,percent,state,graded_at",
        "Chloé Essai,idnumber:1,module:a,66.66667,passed,2026-05-04 12:00:00",
    ]


@pytest.mark.parametrize("delimiter", [",", ";"], ids=["comma", "semicolon"])
def test_no_cell_of_a_csv_file_is_a_formula_wherever_it_is_opened(delimiter: str) -> None:
    for name in HOSTILE:
        text = exported([replace(row(name), learner_id=name)])
        assert len(text.splitlines()) == 2
        for cell in cells_of(text, delimiter):
            assert not cell.lstrip(' "').startswith(("=", "+", "-", "@", "＝")), cell[:40]
            assert not set(cell) & set("\x00\x1b\t\r\n"), cell[:40]


def test_a_text_is_no_longer_than_a_cell() -> None:
    for name in HOSTILE:
        cells = cells_of(exported([row(name)]))
        assert max(len(cell.encode("utf-16-le")) // 2 for cell in cells) <= 32_767


def test_a_negative_number_stays_a_number_and_one_that_is_none_says_so() -> None:
    assert ",-5," in exported([row("Amina Test", -5.0)])
    assert ",nan," in exported([row("Amina Test", float("nan"))])


def test_a_name_with_a_hyphen_stays_as_it_is() -> None:
    assert cells_of(exported([row("Jean-Luc O’Prueba, Sr.")]))[6] == "Jean-Luc O’Prueba, Sr."


def test_a_workbook_holds_the_same_columns_as_typed_cells_under_a_header_that_stays(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "grades.xlsx"
    here = timezone(timedelta(hours=5))
    there = ScoreRow("Jorge Prueba", "l", "total", None, None, datetime(2026, 5, 4, 17, 0, tzinfo=here))
    strange = [row(name, float("inf")) for name in HOSTILE]
    export([row("Amina Test"), there, *strange], path)
    sheet = load_workbook(path)["grades"]
    header, first, second, *others = sheet.iter_rows()
    assert tuple(cell.value for cell in header) == COLUMNS
    assert sheet.freeze_panes == "A2"
    assert [cell.data_type for cell in first] == ["s", "s", "s", "n", "s", "d"]
    assert (first[3].value, first[5].value) == (66.66667, datetime(2026, 5, 4, 12, 0))
    assert second[5].value == first[5].value  # in UTC, as everywhere
    for name, cells in zip(HOSTILE, others, strict=True):
        assert cells[0].data_type == "s", name[:20]
        assert len(str(cells[0].value).encode("utf-16-le")) // 2 <= 32_767
        assert cells[3].value == "inf"
    assert others[0][0].value == HOSTILE[0]
    assert others[0][0].quotePrefix


def test_a_file_of_another_kind_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"neither a \.csv nor an \.xlsx"):
        export([], tmp_path / "grades.ods")
    assert not list(tmp_path.iterdir())
