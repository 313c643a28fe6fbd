"""Lists of people as registrars send them; every row becomes a person or a finding."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms_toolkit.enrolling import enrol, enrol_people, read_learners, withdraw
from lms_toolkit.errors import ConfigError, Refused
from lms_toolkit.model import Deployment, Enrolment, EnrolOptions, User

AMINA = User("amina", "amina@example.org", "Amina", "Test", "S-1")
CHLOE = User("chloe@example.org", "chloe@example.org", "Chloé", "Essai", "")


def _file(tmp_path: Path, content: str | bytes) -> Path:
    path = tmp_path / "learners.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "username,email,first name,last name,idnumber\namina,amina@example.org,Amina,Test,S-1\n",
        "Nom d’utilisateur;Adresse e-mail;Prénom;Nom;Matricule\r\namina;amina@example.org;Amina;Test;S-1\r\n",
        "\ufeffApellidos\tNombre\tCorreo\tUsuario\tNúmero de ID\nTest\tAmina\tamina@example.org\tAMINA\tS-1",
        '"E-mail","IDNUMBER","Username","First_Name","Last_Name"\n" amina@example.org ",S-1,amina,Amina,"Test"\n\n',
    ],
    ids=["english", "french semicolons", "spanish tabs and a mark", "quoted"],
)
def test_a_list_is_read_whatever_its_language_and_delimiter(tmp_path: Path, content: str) -> None:
    assert read_learners(_file(tmp_path, content)) == ([AMINA], [])


def test_an_address_is_the_user_name_where_there_is_none(tmp_path: Path) -> None:
    users, findings = read_learners(_file(tmp_path, "email,first name,last name\nchloe@example.org,Chloé,Essai\n"))
    assert (users, findings) == ([CHLOE], [])


def test_a_list_in_the_old_windows_encoding_is_read_and_said_so(tmp_path: Path) -> None:
    content = "email;prénom;nom\nchloe@example.org;Chloé;Essai\n".encode("cp1252")
    users, (finding,) = read_learners(_file(tmp_path, content))
    assert users == [CHLOE]
    assert (finding.severity, finding.rule) == ("warning", "encoding")


def test_a_list_in_utf_16_is_read(tmp_path: Path) -> None:
    content = "email\tprénom\tnom\nchloe@example.org\tChloé\tEssai\n".encode("utf-16")
    assert read_learners(_file(tmp_path, content)) == ([CHLOE], [])


@pytest.mark.parametrize(
    ("row", "rule", "said"),
    [
        ("nobody,Jorge,Prueba", "bad-email", "has an e-mail address that is not one"),
        ("a@b@example.org,Jorge,Prueba", "bad-email", "has an e-mail address that is not one"),
        (",Jorge,Prueba", "missing-email", "has no e-mail address"),
        ("jorge@example.org,Jorge", "missing-name", "has no first name or no last name"),
        ("jorge@example.org,Jorge,Prueba, Jr", "too-many-cells", "has more cells than there are columns"),
        ("jorge@example.org,Jor\x07ge,Prueba", "unreadable", "characters in its first name that are no text"),
        ("jorge@example.org," + "J" * 101 + ",Prueba", "too-long", "a first name of 101 characters; 100 are possible"),
    ],
)
def test_a_row_with_a_fault_is_reported_by_its_line_and_left_out(
    tmp_path: Path, row: str, rule: str, said: str
) -> None:
    content = f"email,first name,last name\nchloe@example.org,Chloé,Essai\n\n{row}\n"
    users, (finding,) = read_learners(_file(tmp_path, content))
    assert users == [CHLOE]
    assert (finding.severity, finding.rule, finding.line) == ("error", rule, 4)
    assert said in finding.message
    assert "jorge" not in str(finding).lower().replace(str(tmp_path).lower(), "")


def test_a_field_over_two_lines_does_not_shift_the_line_numbers(tmp_path: Path) -> None:
    content = 'email,first name,last name,note\nchloe@example.org,Chloé,Essai,"a\nb"\nbad,Jorge,Prueba,\n'
    _, findings = read_learners(_file(tmp_path, content))
    assert [(finding.rule, finding.line) for finding in findings] == [("unknown-column", 1), ("bad-email", 4)]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest(tmp_path: Path) -> None:
    content = 'email,first name,last name\nchloe@example.org,Chloé,"Essai\njorge@example.org,Jorge,Prueba\n'
    users, (finding,) = read_learners(_file(tmp_path, content))
    assert (users, finding.rule) == ([], "not-csv")


def test_a_missing_column_says_how_to_name_it(tmp_path: Path) -> None:
    users, findings = read_learners(_file(tmp_path, "email,first name\na@example.org,A\n"))
    assert users == []
    assert [(finding.rule, finding.message) for finding in findings] == [
        ("missing-column", "has no column for last name")
    ]
    assert "nom de famille" in findings[0].hint


def test_a_column_given_twice_is_reported(tmp_path: Path) -> None:
    content = "email,first name,last name,nom\na@example.org,A,B,C\n"
    users, (finding,) = read_learners(_file(tmp_path, content))
    assert finding.rule == "repeated-column" and users[0].last_name == "B"


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf", b"email,first name,last name\n"])
def test_an_empty_list_is_reported(tmp_path: Path, content: bytes) -> None:
    users, (finding,) = read_learners(_file(tmp_path, content))
    assert (users, finding.rule) == ([], "empty")


def test_a_list_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read_learners(tmp_path / "none.csv")


PIECES = [
    "email",
    "first name",
    "last name",
    "idnumber",
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    '"',
    "é",
    "a@example.org",
    "\0",
    " ",
]


@given(content=st.binary(max_size=50) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join).map(str.encode))
def test_any_file_ends_in_users_or_findings(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    header = b"email,first name,last name\n"
    for whole in (content, header + content):
        users, findings = read_learners(_file(tmp_path_factory.getbasetemp(), whole))
        assert users or findings


def test_an_account_that_is_missing_is_refused_unless_it_may_be_made(platform: Any, deployment: Deployment) -> None:
    assert enrol(platform, deployment, [CHLOE], create=False)[0].outcome == "refused"


def test_a_site_that_leaves_somebody_out_is_not_believed(platform: Any, site: Any, deployment: Deployment) -> None:
    site.drop_answers = 1
    with pytest.raises(Refused, match="lab answered for 1 of 2 accounts"):
        enrol(platform, deployment, [AMINA, CHLOE], create=True)


def test_each_outcome_leads_back_to_the_rows_of_the_list(platform: Any, deployment: Deployment) -> None:
    people = [Enrolment(AMINA, rows=(2, 7)), Enrolment(CHLOE, rows=(3,))]

    outcomes = enrol_people(platform, deployment, people, EnrolOptions(create=True))

    assert [outcome.rows for outcome in outcomes] == [(2, 7), (3,)]


def test_a_platform_that_knows_no_groups_does_not_pass_them_over(platform: Any, deployment: Deployment) -> None:
    with pytest.raises(Refused, match="knows no roles, groups"):
        enrol_people(platform, deployment, [Enrolment(AMINA, groups=("teams-1",))], EnrolOptions())
    with pytest.raises(Refused, match="cannot suspend"):
        withdraw(platform, deployment, [Enrolment(AMINA)], EnrolOptions())
