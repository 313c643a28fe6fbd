"""Writes what came of a list as a CSV file to send back to whoever sent it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TextIO

from lms_toolkit.model import EnrolOutcome, Finding

_COLUMNS = ("row", "outcome", "note", "username", "email", "first name", "last name", "idnumber")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export_outcomes(outcomes: Iterable[EnrolOutcome], findings: Iterable[Finding], file: TextIO) -> None:
    """Every row of the list with its outcome or its faults, by row; `file` is open for text, in UTF-8."""
    file.write("\ufeff")  # without it, spreadsheet programs read accents as something else
    rows = [(row, _outcome_cells(one)) for one in outcomes for row in one.rows or (0,)]
    rows += [(one.line, _finding_cells(one)) for one in findings]
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([row, *map(harmless, cells)] for row, cells in sorted(rows, key=lambda entry: entry[0]))


def _outcome_cells(outcome: EnrolOutcome) -> tuple[str, ...]:
    user = outcome.user
    return (outcome.outcome, outcome.note, user.username, user.email, user.first_name, user.last_name, user.idnumber)


def _finding_cells(finding: Finding) -> tuple[str, ...]:
    note = f"{finding.message} ({finding.hint})" if finding.hint else finding.message
    return ("refused" if finding.severity == "error" else finding.severity, note)


def harmless(text: str) -> str:
    """A text that a spreadsheet program would take for a formula is kept from running.

    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
