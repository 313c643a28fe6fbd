"""Turns a list of people into enrolments; what is wrong with it is told row by row, and no finding names a person."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from lms_toolkit.enrolling.columns import Column, Table, find_columns, is_heading
from lms_toolkit.enrolling.delimited import read_delimited
from lms_toolkit.enrolling.merging import merge
from lms_toolkit.enrolling.sheets import Row, Sheet, fault
from lms_toolkit.enrolling.workbooks import is_workbook, read_workbook
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import STUDENT, Enrolment, Finding, User

MAX_FILE_BYTES = 50 << 20

_EMAIL = re.compile(r"[^@\s,;:<>()\[\]\\\"]+@[^@\s,;:<>()\[\]\\\".]+(\.[^@\s,;:<>()\[\]\\\".]+)+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(_[a-z0-9]+)*")
_ROLE = re.compile(r"[a-z][a-z0-9_-]{0,99}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LONGEST: Mapping[Column, int] = {
    # the columns of Moodle's user, group and cohort tables, which cut or refuse what is longer
    "username": 100,
    "email": 100,
    "first_name": 100,
    "last_name": 100,
    "idnumber": 255,
    "groups": 1000,
    "cohort": 255,
    "sponsor": 255,
    "role": 100,
    "language": 30,
}
_ROLES = {
    "student": "student",
    "learner": "student",
    "participant": "student",
    "étudiant": "student",
    "étudiante": "student",
    "apprenant": "student",
    "apprenante": "student",
    "participante": "student",
    "estudiante": "student",
    "alumno": "student",
    "alumna": "student",
    "tutor": "tutor",
    "tuteur": "tutor",
    "tutrice": "tutor",
    "tutora": "tutor",
    "facilitator": "tutor",
    "teacher": "teacher",
    "enseignant": "teacher",
    "enseignante": "teacher",
    "docente": "teacher",
    "profesor": "teacher",
    "profesora": "teacher",
}
_LANGUAGES = {
    "english": "en",
    "anglais": "en",
    "inglés": "en",
    "french": "fr",
    "français": "fr",
    "francés": "fr",
    "spanish": "es",
    "espagnol": "es",
    "español": "es",
}


def read_people(path: Path, role: str = STUDENT) -> tuple[list[Enrolment], list[Finding]]:
    """The people of a CSV or XLSX file, and everything that is wrong with it, row by row.

    A row with an error is not among the people; rows that name the same person are one. `role` is that of people whose
    row says none. Raises ConfigError when the file cannot be read at all.
    """
    table = find_columns(_sheet(path), path)
    findings = list(table.findings)
    people: list[Enrolment] = []
    for row in table.rows:
        values = _values(row, table)
        values["role"] = values.get("role") or role
        faults = [*_cell_faults(row, table, path), *_value_faults(values, row, path)]
        findings += faults
        if not any(one.severity == "error" for one in faults):
            people.append(_enrolment(values, row))
    merged, about_merging = merge(people, path)
    return merged, [*findings, *about_merging]


def read_learners(path: Path) -> tuple[list[User], list[Finding]]:
    """As `read_people`, for callers to whom only the people themselves matter."""
    people, findings = read_people(path)
    return [person.user for person in people], findings


def _sheet(path: Path) -> Sheet:
    try:
        content = path.read_bytes() if path.stat().st_size <= MAX_FILE_BYTES else None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}); check the name and its rights") from error
    if content is None:
        raise ConfigError(f"{path}: has more than {MAX_FILE_BYTES >> 20} MiB; a list of people is smaller, split it")
    return read_workbook(content, path) if is_workbook(content) else read_delimited(content, path, is_heading)


def _values(row: Row, table: Table) -> dict[Column, str]:
    values = {column: row.cells[place] for place, column in table.columns.items() if place < len(row.cells)}
    second = values.pop("second_last_name", "")
    if second:
        values["last_name"] = f"{values.get('last_name', '')} {second}".strip()
    values["email"] = re.sub(r"(?i)^mailto:", "", values.get("email", ""))
    return values


def _enrolment(values: Mapping[Column, str], row: Row) -> Enrolment:
    email = values["email"]
    return Enrolment(
        user=User(
            # Moodle takes lower-case user names only, and an address is a valid one.
            username=(values.get("username") or email).lower(),
            email=email,
            first_name=values["first_name"],
            last_name=values["last_name"],
            idnumber=values.get("idnumber", ""),
        ),
        role=_role(values),
        groups=_groups(values),
        cohort=values.get("cohort", ""),
        sponsor=values.get("sponsor", ""),
        language=_language(values),
        rows=(row.number,),
    )


def _groups(values: Mapping[Column, str]) -> tuple[str, ...]:
    names = (name.strip() for name in re.split(r"[,;|]", values.get("groups", "")))
    return tuple(dict.fromkeys(name for name in names if name))


def _role(values: Mapping[Column, str]) -> str:
    text = values.get("role", "").casefold()
    return _ROLES.get(text, text)


def _language(values: Mapping[Column, str]) -> str:
    text = values.get("language", "").casefold().replace("-", "_")
    return _LANGUAGES.get(text, text)


def _cell_faults(row: Row, table: Table, path: Path) -> Iterator[Finding]:
    # An unquoted delimiter inside a name: what stands in which column is anybody's guess.
    if any(row.cells[table.width :]):
        hint = "put quotation marks around a text that contains the delimiter"
        yield fault("too-many-cells", "has more cells than there are columns", path, row.number, hint)
    for place in sorted(row.formulas & set(table.columns)):
        column = table.columns[place].replace("_", " ")
        hint = "copy the column and paste it as values"
        yield fault("formula", f"has a formula instead of a value for {column}", path, row.number, hint)


def _value_faults(values: Mapping[Column, str], row: Row, path: Path) -> Iterator[Finding]:
    for rule, message in (*_identity_faults(values), *_place_faults(values), *_text_faults(values)):
        yield fault(rule, message, path, row.number)


def _identity_faults(values: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    if not values["email"]:
        yield "missing-email", "has no e-mail address"
    elif not _EMAIL.fullmatch(values["email"]):
        yield "bad-email", "has an e-mail address that is not one"
    if not values.get("first_name") or not values.get("last_name"):
        yield "missing-name", "has no first name or no last name; the certificate shows both"


def _place_faults(values: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    if not _ROLE.fullmatch(_role(values)):
        yield "bad-role", "has a role that is neither student nor tutor nor a role's short name"
    if _language(values) and not _LANGUAGE.fullmatch(_language(values)):
        yield "bad-language", "has a language that is not a code such as en, fr or es"


def _text_faults(values: Mapping[Column, str]) -> Iterator[tuple[str, str]]:
    for column, text in values.items():
        name = column.replace("_", " ")
        if len(text) > _LONGEST[column]:
            yield "too-long", f"has a {name} of {len(text)} characters; {_LONGEST[column]} are possible"
        if _CONTROL.search(text) or "\ufffd" in text:
            yield "unreadable", f"has characters in its {name} that are no text; look at the file's encoding"
