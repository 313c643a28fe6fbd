"""Reads a list of learners from a spreadsheet's CSV file and enrols them on a deployed course page."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from lms_toolkit.errors import ConfigError, Refused
from lms_toolkit.model import Deployment, EnrolOutcome, Finding, User

if TYPE_CHECKING:
    from lms_toolkit.interfaces import Platform

Column = Literal["username", "email", "first_name", "last_name", "idnumber"]

# Headings as people write them, in English, French and Spanish; compared without accents, case and punctuation.
_HEADINGS: dict[Column, tuple[str, ...]] = {
    "username": ("username", "user", "login", "nom d'utilisateur", "identifiant", "usuario", "nombre de usuario"),
    "email": (
        "email",
        "e-mail",
        "mail",
        "email address",
        "courriel",
        "adresse e-mail",
        "adresse courriel",
        "adresse de courriel",
        "correo",
        "correo electrónico",
        "dirección de correo",
        "dirección email",
    ),
    "first_name": ("first name", "firstname", "given name", "prénom", "nombre"),
    "last_name": ("last name", "lastname", "surname", "family name", "nom", "nom de famille", "apellido", "apellidos"),
    "idnumber": (
        "idnumber",
        "id number",
        "student number",
        "numéro d'identification",
        "matricule",
        "número de identificación",
        "número de id",
    ),
}
_REQUIRED: tuple[Column, ...] = ("email", "first_name", "last_name")
_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\".]+(\.[^@\s,;<>\".]+)+")
_AT_ONCE = 200


def read_learners(path: Path) -> tuple[list[User], list[Finding]]:
    """The learners of a CSV file, and everything that is wrong with it, row by row.

    A row with an error is not among the users. Findings name rows, never people. Raises ConfigError when the file
    cannot be read at all.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror})") from error
    findings: list[Finding] = []
    try:
        text = _decode(content, path, findings)
        rows = list(_rows(text))
    except (UnicodeDecodeError, csv.Error) as error:
        return [], [_error("not-csv", f"is not a CSV file: {error}", path, hint="save it as CSV UTF-8")]
    if len(rows) < 2:
        return [], [_error("empty", "has no learners", path, hint="the first row names the columns")]
    columns = _columns(rows[0][1], path, findings)
    missing = [name for name in _REQUIRED if name not in columns.values()]
    if missing:
        return [], [*findings, *(_missing_column(name, path) for name in missing)]
    users = _users(rows[1:], columns, len(rows[0][1]), path, findings)
    return users, findings


def _decode(content: bytes, path: Path, findings: list[Finding]) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    message = "is not UTF-8; read as Windows-1252, so look whether accents came through"
    findings.append(Finding("warning", "encoding", message, str(path), hint="save it as CSV UTF-8"))
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not empty, with the line it starts on."""
    heading = text.partition("\n")[0]
    delimiter = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _columns(headings: Sequence[str], path: Path, findings: list[Finding]) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for position, heading in enumerate(headings):
        column = _BY_HEADING.get(_plain(heading))
        if column is None:
            findings.append(Finding("info", "unknown-column", f"column “{heading}” is not used", str(path), 1))
        elif column in columns.values():
            findings.append(_error("repeated-column", f"column “{heading}” is there twice", path, 1, "remove one"))
        else:
            columns[position] = column
    return columns


def _plain(heading: str) -> str:
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(character for character in decomposed if character.isalnum())


_BY_HEADING: dict[str, Column] = {_plain(name): column for column, names in _HEADINGS.items() for name in names}


def _missing_column(column: Column, path: Path) -> Finding:
    names = ", ".join(_HEADINGS[column])
    return _error(
        "missing-column", f"has no column for {column.replace('_', ' ')}", path, 1, f"name it one of: {names}"
    )


def _users(
    rows: Sequence[tuple[int, list[str]]],
    columns: Mapping[int, Column],
    width: int,
    path: Path,
    findings: list[Finding],
) -> list[User]:
    users: list[User] = []
    first_lines: dict[tuple[str, str], int] = {}
    for line, cells in rows:
        values = {column: cells[position] for position, column in columns.items() if position < len(cells)}
        user = _user(values)
        faults = [
            *_extra_cells(cells, width, path, line),
            *(_error(rule, message, path, line) for rule, message in _faults(user)),
            *_repeats(user, line, first_lines, path),
        ]
        findings.extend(faults)
        if not faults:
            users.append(user)
    return users


def _user(values: Mapping[Column, str]) -> User:
    email = values.get("email", "")
    return User(
        # Moodle takes lower-case user names only, and an address is a valid one.
        username=(values.get("username") or email).lower(),
        email=email,
        first_name=values.get("first_name", ""),
        last_name=values.get("last_name", ""),
        idnumber=values.get("idnumber", ""),
    )


def _extra_cells(cells: Sequence[str], width: int, path: Path, line: int) -> Iterator[Finding]:
    # An unquoted delimiter inside a name: what stands in which column is anybody's guess.
    if any(cells[width:]):
        hint = "put quotation marks around a text that contains the delimiter"
        yield _error("too-many-cells", "has more cells than there are columns", path, line, hint)


def _faults(user: User) -> Iterator[tuple[str, str]]:
    if not user.email:
        yield "missing-email", "has no e-mail address"
    elif not _EMAIL.fullmatch(user.email):
        yield "bad-email", "has an e-mail address that is not one"
    if not user.first_name or not user.last_name:
        yield "missing-name", "has no first name or no last name; the certificate shows both"


def _repeats(user: User, line: int, first_lines: dict[tuple[str, str], int], path: Path) -> Iterator[Finding]:
    for name in ("username", "email", "idnumber"):
        value = str(getattr(user, name)).lower()
        first = first_lines.setdefault((name, value), line)
        if value and first != line:
            yield _error("duplicate", f"has the same {name} as line {first}", path, line, "keep one of the two")
            return


def _error(rule: str, message: str, path: Path, line: int = 0, hint: str = "") -> Finding:
    return Finding("error", rule, message, str(path), line, hint=hint)


def enrol(platform: Platform, deployment: Deployment, users: Sequence[User], *, create: bool) -> list[EnrolOutcome]:
    """Enrol users as learners, some at a time; safe to repeat. `create` makes accounts that are missing.

    Raises Refused if the site does not answer for each of them: nobody is dropped in silence.
    """
    outcomes: list[EnrolOutcome] = []
    for start in range(0, len(users), _AT_ONCE):
        some = users[start : start + _AT_ONCE]
        answered = platform.enrol(deployment.course_ref, some, create=create)
        if len(answered) != len(some):
            message = f"{deployment.site} answered for {len(answered)} of {len(some)} accounts; enrol them again"
            raise Refused(message, "incompleteanswer")
        outcomes.extend(answered)
    return outcomes
