"""Recognises the columns of a list by their headings, in English, French and Spanish."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from lms_toolkit.enrolling.sheets import Row, Sheet, fault, finding
from lms_toolkit.model import Finding

Column = Literal[
    "username",
    "email",
    "first_name",
    "last_name",
    "second_last_name",
    "idnumber",
    "groups",
    "cohort",
    "sponsor",
    "role",
    "language",
]

REQUIRED: tuple[Column, ...] = ("email", "first_name", "last_name")
"""What an account and a certificate cannot do without."""

_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    "username": (
        "username",
        "user name",
        "user",
        "login",
        "nom d'utilisateur",
        "identifiant",
        "usuario",
        "nombre de usuario",
    ),
    "email": (
        "email",
        "e-mail",
        "mail",
        "email address",
        "courriel",
        "adresse e-mail",
        "adresse électronique",
        "adresse mail",
        "adresse courriel",
        "adresse de courriel",
        "adresse de messagerie",
        "correo",
        "correo-e",
        "correo electrónico",
        "dirección de correo",
        "dirección de correo electrónico",
        "dirección email",
    ),
    "first_name": (
        "first name",
        "firstname",
        "first name(s)",
        "given name",
        "given names",
        "prénom",
        "prénoms",
        "prénom(s)",
        "nombre",
        "nombres",
        "nombre(s)",
    ),
    "last_name": (
        "last name",
        "lastname",
        "last name(s)",
        "surname",
        "family name",
        "nom",
        "nom de famille",
        "apellido",
        "apellidos",
        "apellido(s)",
        "primer apellido",
        "apellido paterno",
    ),
    "second_last_name": ("second last name", "second surname", "segundo apellido", "apellido materno"),
    "idnumber": (
        "idnumber",
        "id number",
        "student number",
        "student id",
        "numéro d'identification",
        "numéro d'étudiant",
        "numéro étudiant",
        "matricule",
        "número de identificación",
        "número de id",
        "número de estudiante",
        "matrícula",
    ),
    "groups": ("group", "groups", "team", "groupe", "groupes", "équipe", "grupo", "grupos", "equipo"),
    "cohort": ("cohort", "cohorte", "cohorts", "promotion", "promoción"),
    "sponsor": (
        "sponsor",
        "sponsored by",
        "sponsoring agency",
        "commanditaire",
        "organisme parrain",
        "parrain",
        "patrocinador",
        "organismo patrocinador",
    ),
    "role": ("role", "rôle", "rol", "función", "fonction"),
    "language": ("language", "lang", "langue", "idioma", "lengua"),
}
_LOOKED_AT = 10
"""Rows at the top among which the headings may be: titles and dates often stand above them."""


def _plain(heading: str) -> str:
    decomposed = unicodedata.normalize("NFKD", heading.casefold())
    return "".join(character for character in decomposed if character.isalnum())


_BY_HEADING: Mapping[str, Column] = {_plain(name): column for column, names in _HEADINGS.items() for name in names}


def is_heading(text: str) -> bool:
    return _plain(text) in _BY_HEADING


@dataclass(frozen=True, slots=True)
class Table:
    """A list whose columns are known. `width` is how many cells its headings have."""

    columns: Mapping[int, Column]
    width: int
    rows: tuple[Row, ...]
    findings: tuple[Finding, ...]


def find_columns(sheet: Sheet, path: Path) -> Table:
    """The list under its headings; without the columns it needs, a table that says so and has no rows."""
    if any(one.severity == "error" for one in sheet.findings):
        return Table({}, 0, (), sheet.findings)
    if len(sheet.rows) < 2:
        hint = "the first row names the columns"
        return Table({}, 0, (), (*sheet.findings, fault("empty", "has no learners", path, hint=hint)))
    position = _heading_row(sheet.rows)
    heading = sheet.rows[position]
    columns: dict[int, Column] = {}
    findings = [*sheet.findings, *_above(position, path), *_recognise(heading, columns, path)]
    missing = [_missing(name, heading, path) for name in REQUIRED if name not in columns.values()]
    rows = () if missing else sheet.rows[position + 1 :]
    if not missing and not rows:
        missing = [fault("empty", "has no learners", path, hint="they are expected under the headings")]
    return Table(columns, len(heading.cells), rows, (*findings, *missing))


def _heading_row(rows: Sequence[Row]) -> int:
    """The row at the top with the most headings; the first of several."""
    top = rows[:_LOOKED_AT]
    return max(range(len(top)), key=lambda position: (sum(map(is_heading, top[position].cells)), -position))


def _above(position: int, path: Path) -> Iterator[Finding]:
    if position:
        yield finding("info", "above-headings", f"{position} rows above the headings are not used", path)


def _recognise(heading: Row, columns: dict[int, Column], path: Path) -> Iterator[Finding]:
    for position, text in enumerate(heading.cells):
        column = _BY_HEADING.get(_plain(text))
        if not text:
            continue
        if column is None:
            yield finding("info", "unknown-column", f"column “{text}” is not used", path, heading.number)
        elif column in columns.values():
            yield fault("repeated-column", f"column “{text}” is there twice", path, heading.number, "remove one")
        else:
            columns[position] = column


def _missing(column: Column, heading: Row, path: Path) -> Finding:
    hint = f"name it one of: {', '.join(_HEADINGS[column])}"
    message = f"has no column for {column.replace('_', ' ')}"
    return fault("missing-column", message, path, heading.number, hint)


assert set(_HEADINGS) == set(get_args(Column))
