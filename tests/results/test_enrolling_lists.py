"""Two people who look like one, one who is there twice, workbooks, optional columns, and what is sent back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lms_toolkit.enrolling import export_outcomes, read_people
from lms_toolkit.model import Enrolment, EnrolOutcome, Finding, User

Write = Callable[[str], Path]


@pytest.fixture
def listed(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def workbook(tmp_path: Path, rows: Sequence[Sequence[Any]], before: Sequence[str] = ()) -> Path:
    made = Workbook()
    for title in before:
        made.create_sheet(title, 0)
    sheet = made["Sheet"]
    for row in rows:
        sheet.append(list(row))
    path = tmp_path / "people.xlsx"
    made.save(path)
    return path


def told(findings: Sequence[Finding]) -> list[tuple[str, str, int]]:
    return [(finding.severity, finding.rule, finding.line) for finding in findings]


HEAD = "email,first name,last name,idnumber,groups\n"


def test_a_person_who_is_there_twice_is_one_with_the_groups_of_both(listed: Write) -> None:
    people, findings = read_people(
        listed(HEAD + "chloe@example.org,Chloé,Essai,,teams-1\nCHLOE@example.org,chloe,ESSAI,S-2,Tables; teams-1\n")
    )

    [chloe] = people
    assert (chloe.groups, chloe.rows, chloe.user.idnumber) == (("teams-1", "Tables"), (2, 3), "S-2")
    assert told(findings) == [("info", "merged", 3)]
    assert findings[0].message == "is the same person as row 2; the two are one"


@pytest.mark.parametrize(
    ("second", "said"),
    [
        ("chloe@example.org,Jorge,Prueba,,", "the same e-mail address as row 2, but another name"),
        ("chloe@example.org,Chloé,Essai,S-9,", "the same e-mail address as row 2, but another ID number"),
        ("other@example.org,Jorge,Prueba,s-1,", "the same ID number as row 2, but another name"),
        ("other@example.org,Chloé,Essai,S-1,", "the same ID number as row 2, but another e-mail address"),
    ],
)
def test_two_people_who_cannot_be_told_apart_are_both_refused_with_both_rows(
    listed: Write, second: str, said: str
) -> None:
    text = f"{HEAD}chloe@example.org,Chloé,Essai,S-1,\n{second}\namina@example.org,Amina,Test,S-3,\n"

    people, findings = read_people(listed(text))

    assert [person.user.first_name for person in people] == ["Amina"]
    assert told(findings) == [("error", "duplicate", 2), ("error", "duplicate", 3)]
    assert said.replace("row 2", "row 3") in findings[0].message
    assert said in findings[1].message
    assert not any(name in str(findings) for name in ("Jorge", "Chloé", "example.org"))


def test_three_rows_that_hang_together_by_different_keys_are_refused_together(listed: Write) -> None:
    rows = "a@example.org,A,A,S-1,\nb@example.org,B,B,S-2,\na@example.org,B,B,S-2,\n"

    people, findings = read_people(listed(HEAD + rows))

    assert people == []
    assert sorted(finding.line for finding in findings) == [2, 3, 4]
    assert "rows 2, 3" in findings[2].message


def test_optional_columns_are_read_in_any_language(listed: Write) -> None:
    text = (
        "Correo electrónico|Primer apellido|Segundo apellido|Nombre(s)|Grupo|Cohorte|Patrocinador|Rôle|Langue\n"
        "amina@example.org|Test|Deux|Amina|Mesa 1, teams-2|C26|PNUD|Tutrice|Français\n"
        "jorge@example.org|Prueba||Jorge||||manager|fr_CA\n"
    )

    (amina, jorge), findings = read_people(listed(text))

    assert findings == []
    assert amina == Enrolment(
        User("amina@example.org", "amina@example.org", "Amina", "Test Deux"),
        "tutor",
        ("Mesa 1", "teams-2"),
        "C26",
        "PNUD",
        "fr",
        (2,),
    )
    assert (jorge.role, jorge.language, jorge.groups) == ("manager", "fr_ca", ())


@pytest.mark.parametrize(
    ("role", "language", "rule"), [("Head of all", "", "bad-role"), ("", "Klingon of Qo’noS", "bad-language")]
)
def test_a_role_or_language_that_is_none_is_a_fault(listed: Write, role: str, language: str, rule: str) -> None:
    text = f"email,first name,last name,role,language\na@example.org,A,A,{role},{language}\n"

    people, findings = read_people(listed(text))

    assert (people, told(findings)) == ([], [("error", rule, 2)])


def test_a_title_above_the_headings_and_excels_own_first_line_are_passed_over(listed: Write) -> None:
    text = "sep=;\nInscrits au 4 mai 2026\n\nCourriel;Prénom;Nom\nchloe@example.org;Chloé, dite;Essai\nbad;A;B\n"

    people, findings = read_people(listed(text))

    assert [(person.user.first_name, person.rows) for person in people] == [("Chloé, dite", (5,))]
    assert told(findings) == [("info", "above-headings", 0), ("error", "bad-email", 6)]


def test_a_title_full_of_commas_does_not_decide_the_delimiter(listed: Write) -> None:
    text = "Inscrits de Dakar, Thiès, Kaolack, Ziguinchor et Matam\nCourriel;Prénom;Nom\na@example.org;A, dite B;C\n"

    [person], _ = read_people(listed(text))

    assert person.user.first_name == "A, dite B"


def test_what_copying_leaves_behind_is_not_part_of_a_name(listed: Write) -> None:
    [person], findings = read_people(
        listed("email,first name,last name\nmailto:a@example.org,\u200bJose\u0301\u00a0 Luis ,\ufeffTest\n")
    )

    assert findings == []
    assert person.user == User("a@example.org", "a@example.org", "José Luis", "Test")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "latin-1"])
def test_an_encoding_that_says_nothing_of_itself_is_found_out(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "people.csv"
    odd = "\x81" if encoding == "latin-1" else ""  # undefined in Windows-1252
    path.write_bytes(f"email;first name;last name;x{odd}\nchloe@example.org;Chloé;Essai;\n".encode(encoding))

    [person], _ = read_people(path)

    assert person.user.first_name == "Chloé"


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    rows = [
        ["List of 2026", None],
        [],
        ["E-mail", "First name", "Last name", "Matricule", "Groupe", "Born"],
        ["amina@example.org", "Amina", "Test", 1042.0, "teams-1", date(1990, 1, 2)],
        [],
        ["jorge@example.org", "Jorge", None, True, "", ""],
    ]

    people, findings = read_people(workbook(tmp_path, rows))

    assert [(person.user.idnumber, person.groups, person.rows) for person in people] == [("1042", ("teams-1",), (4,))]
    assert told(findings) == [
        ("info", "above-headings", 0),
        ("info", "unknown-column", 3),
        ("error", "missing-name", 6),
    ]


def test_the_first_sheet_with_anything_in_it_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    path = workbook(tmp_path, [["email", "first name", "last name"], ["a@example.org", "A", "B"]], before=["Empty"])

    people, findings = read_people(path)

    assert len(people) == 1
    assert [finding.message for finding in findings] == ["only the sheet “Sheet” of 2 is read"]


def test_a_formula_is_refused_where_a_value_is_needed_and_passed_over_elsewhere(tmp_path: Path) -> None:
    rows = [
        ["email", "first name", "last name", "born"],
        ['=CONCATENATE("a","@example.org")', "A", "B", ""],
        ["b@example.org", "B", "B", "=TODAY()"],
    ]

    people, findings = read_people(workbook(tmp_path, rows))

    assert [person.user.email for person in people] == ["b@example.org"]
    assert ("error", "formula", 2) in told(findings)


def spoilt(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content)
    return path


def test_a_workbook_that_may_do_harm_is_not_opened(tmp_path: Path) -> None:
    rows = [["email", "first name", "last name"], ["a@example.org", "A", "B"]]
    macros = spoilt(workbook(tmp_path, rows), "xl/vbaProject.bin", b"x")
    people, [finding] = read_people(macros)
    assert (people, finding.rule, finding.message) == ([], "unsafe-workbook", "has macros")

    entities = spoilt(workbook(tmp_path, rows), "xl/extra.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode("utf-16"))
    people, [finding] = read_people(entities)
    assert (people, finding.rule) == ([], "unsafe-workbook")
    assert "entities" in finding.message


@pytest.mark.parametrize(
    ("content", "rule"),
    [(b"PK\x03\x04 no zip", "not-xlsx"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old-excel")],
)
def test_a_workbook_that_cannot_be_read_says_what_to_do(tmp_path: Path, content: bytes, rule: str) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)

    people, [finding] = read_people(path)

    assert (people, finding.rule) == ([], rule)
    assert "CSV UTF-8" in finding.hint


def test_a_zip_that_is_no_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "people.xlsx"
    spoilt(path, "readme.txt", b"hello")

    people, [finding] = read_people(path)

    assert (people, finding.rule) == ([], "not-xlsx")


def test_two_thousand_rows_with_fifty_problems_lose_nobody_and_name_every_problem(tmp_path: Path) -> None:
    rows = [f"p{number}@example.org;Person;Number {number};S-{number}" for number in range(2, 2002)]
    rows[98] = rows[97]  # the same person again
    for number in range(10, 60):
        rows[number * 30] = {0: ";No;Address;", 1: "no-address;A;B;", 2: f"q{number}@example.org;;B;"}[number % 3]
    path = tmp_path / "many.csv"
    path.write_bytes("\n".join(["Courriel;Prénom;Nom;Matricule", *rows]).encode("cp1252"))

    people, findings = read_people(path)

    assert len(people) == 2000 - 50 - 1
    assert sorted(one.line for one in findings if one.severity == "error") == [n * 30 + 2 for n in range(10, 60)]
    assert ("info", "merged", 100) in told(findings)


def test_what_is_sent_back_has_every_row_and_runs_in_no_spreadsheet() -> None:
    evil = User("amina", "amina@example.org", "=HYPERLINK(0)", "@Test", "+1")
    outcomes = [EnrolOutcome(evil, "enrolled", "-new", rows=(2, 4))]
    findings = [Finding("error", "bad-email", "has none", "people.csv", 3, hint="add it")]
    file = io.StringIO()

    export_outcomes(outcomes, findings, file)

    text = file.getvalue()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert [row[:2] for row in rows] == [["row", "outcome"], ["2", "enrolled"], ["3", "refused"], ["4", "enrolled"]]
    assert rows[1][2:] == ["'-new", "amina", "amina@example.org", "'=HYPERLINK(0)", "'@Test", "'+1"]
    assert rows[2][2] == "has none (add it)"
