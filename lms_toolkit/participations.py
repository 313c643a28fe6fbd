"""Reads courses that people completed elsewhere or long ago from a CSV file, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from lms_toolkit.courses.places import content_error
from lms_toolkit.enrolling.delimited import read_delimited
from lms_toolkit.enrolling.sheets import Row, fault
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Finding, Participation
from lms_toolkit.people import learner_id_of

NEEDED = ("name", "course", "edition", "completed_on", "evidence")
WHO = ("idnumber", "email")
COLUMNS = (*NEEDED, *WHO)
_LONGEST = 2_000


def read_participations(path: Path, by: str, now: datetime) -> list[Participation]:
    """The participations of a file; `by` is who vouches for it.

    Raises ConfigError for a file that cannot be read, ContentError with every fault and its row: a file with one is
    not imported at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    sheet = read_delimited(content, path, lambda text: _heading(text) in COLUMNS)
    if not sheet.rows:
        raise content_error(
            [*sheet.findings, fault("empty", "has no rows", path, hint=f"columns: {', '.join(COLUMNS)}")]
        )
    headings = [_heading(cell) for cell in sheet.rows[0].cells]
    problems = [*(one for one in sheet.findings if one.severity == "error"), *_heading_faults(headings, path)]
    found = []
    if not problems:
        for row in sheet.rows[1:]:
            cells = dict(zip(headings, row.cells, strict=False))
            faults = list(_row_faults(cells, row, headings, path))
            problems += faults
            if not faults:
                found.append(_participation(cells, path, row.number, by, now))
    if problems:
        raise content_error(problems)
    return found


def _heading(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").split())


def _heading_faults(headings: list[str], path: Path) -> Iterator[Finding]:
    for name in headings:
        if name and name not in COLUMNS:
            yield fault("unknown-column", f"has a column {name!r}", path, 1, f"known: {', '.join(COLUMNS)}")
        elif headings.count(name) > 1:
            yield fault("duplicate", f"has two columns {name!r}", path, 1, "remove one")
    for name in NEEDED:
        if name not in headings:
            yield fault("missing-column", f"has no column {name}", path, 1, "add it")
    if not set(WHO) & set(headings):
        yield fault(
            "missing-column", "has neither a column idnumber nor email", path, 1, "add one: names are not enough"
        )


def _row_faults(cells: Mapping[str, str], row: Row, headings: list[str], path: Path) -> Iterator[Finding]:
    for name in NEEDED:
        if not cells.get(name):
            yield fault("missing-value", f"{name} is empty", path, row.number, "fill it in")
    if any(row.cells[len(headings) :]):
        yield fault(
            "columns", "has more cells than there are headings", path, row.number, "look for a delimiter too many"
        )
    if not any(cells.get(name) for name in WHO):
        yield fault("missing-value", "neither idnumber nor email says who it is", path, row.number, "fill one in")
    if any(len(text) > _LONGEST for text in cells.values()):
        yield fault("too-long", f"a cell has more than {_LONGEST} characters", path, row.number, "shorten it")
    if cells.get("completed_on") and _day(cells["completed_on"]) is None:
        hint = "write it as 2024-07-31; other orders of day and month cannot be told apart"
        yield fault("date", f"completed_on is no day: {cells['completed_on']!r}", path, row.number, hint)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2024-07-31") else None
    except ValueError:
        return None


def _participation(cells: Mapping[str, str], path: Path, number: int, by: str, now: datetime) -> Participation:
    day = _day(cells["completed_on"])
    assert day is not None, "rows with a fault are not read"
    idnumber, email = cells.get("idnumber", ""), cells.get("email", "")
    return Participation(
        learner_id=learner_id_of(idnumber, email),
        course_id=cells["course"],
        edition=cells["edition"],
        completed_on=day,
        evidence=cells["evidence"],
        name=cells["name"],
        email=email,
        idnumber=idnumber,
        imported_from=f"{path.name} row {number}",
        imported_by=by,
        imported_at=now,
    )
