"""What a list leaves unsaid: the language of people, on a page in several, and the role of all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_toolkit.enrolling import into_language_groups, read_people
from lms_toolkit.model import Deployment, Enrolment, User, language_group

LIST = Path("people.csv")


def deployed(*languages):
    """A page in these languages, with the groups that it was deployed with."""
    groups = [{"key": language_group(language), "name": language} for language in languages]
    applied = {"groups": {"groups": [*groups, {"key": "group:teams-1", "name": "Team"}], "groupings": []}}
    return Deployment("lab", "c", "E1", "en", "7", "", (), datetime(2027, 1, 1, tzinfo=UTC), applied)


ONE = deployed("en", "fr")


def person(language="", role="student", groups=()):
    return Enrolment(User("amina", "a@example.org", "Amina", "Test"), role, groups, language=language, rows=(4,))


@pytest.mark.parametrize(
    ("language", "group"), [("fr", "language-fr"), ("fr_ca", "language-fr"), ("EN", "language-en")]
)
def test_learners_come_into_the_group_of_their_language(language, group):
    people, findings = into_language_groups([person(language, groups=("teams-1",))], ONE, LIST)
    assert [one.groups for one in people] == [("teams-1", group)]
    assert findings == []


def test_a_language_for_all_without_is_for_them_alone():
    people, _ = into_language_groups([person(), person("en")], ONE, LIST, "fr")
    assert [one.groups for one in people] == [("language-fr",), ("language-en",)]


@pytest.mark.parametrize(
    ("language", "rule", "says"),
    [("", "missing-language", "--lang"), ("es", "language-not-given", "given in en, fr")],
)
def test_a_learner_without_one_of_the_languages_is_left_out_and_named(language, rule, says):
    people, (finding,) = into_language_groups([person(language)], ONE, LIST)
    assert people == []
    assert (finding.rule, finding.line, finding.severity) == (rule, 4, "error")
    assert says in str(finding)
    assert "Amina" not in str(finding)


def test_tutors_need_no_language():
    people, findings = into_language_groups([person(role="tutor")], ONE, LIST)
    assert (people, findings) == ([person(role="tutor")], [])


def test_a_page_in_one_language_has_no_such_groups():
    assert into_language_groups([person("fr")], deployed(), LIST) == ([person("fr")], [])


def test_a_list_of_tutors_needs_no_column_of_roles(tmp_path):
    path = tmp_path / "tutors.csv"
    path.write_text("email,first name,last name\nt@example.org,Tatiana,Tutora\n", encoding="utf-8")
    assert [one.role for one in read_people(path, "Tuteur")[0]] == ["tutor"]
    assert [one.role for one in read_people(path)[0]] == ["student"]


def test_a_row_that_says_its_role_keeps_it(tmp_path):
    path = tmp_path / "both.csv"
    path.write_text("email,first name,last name,role\na@example.org,Amina,Test,étudiante\n", encoding="utf-8")
    assert [one.role for one in read_people(path, "tutor")[0]] == ["student"]
