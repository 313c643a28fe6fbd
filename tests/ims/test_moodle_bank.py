"""The question bank holds every kind, in categories of the course, with its pictures inside."""

from __future__ import annotations

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lms_ims.moodle_bank import MoodleBank
from lms_toolkit.archive import write_file
from lms_toolkit.errors import ContentError
from lms_toolkit.inspecting import inspect_package
from lms_toolkit.model import PackageFile, Question

HOSTILE = "]]> <b>&amp; “x” עברית العربية \U0001f600 \U00020000 \U0010fffd <script>alert(1)</script>"


def test_quiz_and_self_checks_have_a_category_each_under_course_and_module(workshop: Any) -> None:
    categories = [element.findtext("category/text") for element in workshop.bank() if element.get("type") == "category"]
    assert categories == [
        "$course$/top/Petit cours/Le départ & l’arrivée/Quiz final",
        "$course$/top/Petit cours/Le départ & l’arrivée/Entraînez-vous",
    ]


def test_a_slash_in_a_title_makes_no_category(workshop: Any) -> None:
    bank = workshop.bank(workshop.course(title="Oui/non"))
    assert bank.findtext("question/category/text") == "$course$/top/Petit cours/Oui//non/Quiz final"


def test_every_kind_is_in_it_under_its_id(workshop: Any) -> None:
    kinds = {one.findtext("idnumber"): one.get("type") for one in workshop.bank() if one.get("type") != "category"}
    assert kinds == {
        "q-single": "multichoice",
        "q-multiple": "multichoice",
        "q-true": "truefalse",
        "q-matching": "matching",
        "q-ordering": "ordering",
        "q-fill": "shortanswer",
        "q-numeric": "numerical",
        "capitale": "multichoice",
    }


def test_a_picture_of_a_question_is_inside_the_file(workshop: Any) -> None:
    bank = workshop.bank()
    file = bank.find("question/questiontext/file")
    assert (file.get("name"), file.get("path")) == ("cercle.svg", "/media/")
    assert base64.b64decode(file.text).startswith(b"<svg")
    assert "@@PLUGINFILE@@/media/cercle.svg" in file.getparent().findtext("text")


def test_it_is_one_file_and_no_zip(workshop: Any) -> None:
    package = workshop.build(MoodleBank())
    assert package.path.name == "mini-depart-fr-moodlexml.xml"
    assert package.path.read_bytes().startswith(b"<?xml")
    assert not list(package.path.parent.glob(".*.part"))


def test_a_single_file_may_come_from_the_disk(tmp_path: Path) -> None:
    (tmp_path / "source.xml").write_text("<quiz/>", encoding="utf-8")
    write_file(tmp_path / "out" / "bank.xml", [PackageFile("questions.xml", tmp_path / "source.xml")])
    assert (tmp_path / "out" / "bank.xml").read_text(encoding="utf-8") == "<quiz/>"


def test_text_of_every_plane_comes_back_as_it_was(workshop: Any) -> None:
    quiz = (Question("q", "fill-in", HOSTILE, answers=(HOSTILE,), feedback=HOSTILE),)
    bank = workshop.bank(workshop.course(quiz=quiz))
    (question,) = [one for one in bank if one.findtext("idnumber") == "q"]
    assert question.findtext("answer/text") == HOSTILE
    assert "\U0001f600 \U00020000 \U0010fffd" in question.findtext("questiontext/text")
    assert "<script>" not in question.findtext("questiontext/text")


def test_a_control_character_is_refused_in_one_line(workshop: Any) -> None:
    quiz = (Question("q", "fill-in", "a", answers=("a\x0bb",)),)
    with pytest.raises(ContentError, match="has a character that XML cannot hold") as caught:
        workshop.bank(workshop.course(quiz=quiz))
    assert "\n" not in str(caught.value)


def test_notes_say_what_moodle_marks_otherwise(workshop: Any) -> None:
    notes = workshop.build(MoodleBank()).notes
    assert any("q-fill" in note and "accents" in note for note in notes)
    assert notes[-1] == "ordering questions need Moodle 4.4 or later, or its plugin qtype_ordering"


def test_inspect_names_the_bank_its_category_and_its_questions(workshop: Any) -> None:
    package = workshop.build(MoodleBank())
    report = inspect_package(package.path, workshop.plugins)
    assert (report.format, report.findings, report.files) == ("moodlexml", (), 1)
    assert report.title == "Petit cours/Le départ & l’arrivée/Quiz final"
    assert [item.identifier for item in report.items] == [item.identifier for item in package.items]


@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("<question><name><text>a</text></name></question>", "question-type"),
        ('<question type="essay"/>', "missing-name"),
        (
            '<question type="shortanswer"><name><text>a</text></name>'
            '<answer fraction="0"><text>b</text></answer></question>',
            "no-right-answer",
        ),
        (
            '<question type="multichoice"><name><text>a</text></name><single>false</single>'
            '<answer fraction="30"><text>b</text></answer></question>',
            "fractions",
        ),
        (
            '<question type="essay"><name><text>a</text></name><idnumber>x</idnumber></question>'
            '<question type="essay"><name><text>b</text></name><idnumber>x</idnumber></question>',
            "duplicate-identifier",
        ),
    ],
)
def test_inspect_names_what_moodle_would_stumble_over(workshop: Any, tmp_path: Any, question: str, rule: str) -> None:
    path = tmp_path / "bank.xml"
    path.write_text(f"<quiz>{question}</quiz>", encoding="utf-8")
    assert [finding.rule for finding in inspect_package(path, workshop.plugins).findings] == [rule]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('<!DOCTYPE quiz [<!ENTITY x "y">]><quiz>&x;</quiz>', "xml-doctype"),
        ("<quiz><question></quiz>", "xml-malformed"),
        ("<html/>", "unknown-format"),
        ("not a zip", "not-a-zip"),
    ],
)
def test_a_single_file_that_is_no_bank_is_told_apart(workshop: Any, tmp_path: Any, text: str, rule: str) -> None:
    path = tmp_path / "bank.xml"
    path.write_text(text, encoding="utf-8")
    assert [finding.rule for finding in inspect_package(path, workshop.plugins).findings] == [rule]


def test_two_questions_with_one_id_are_kept_apart_by_their_category(workshop: Any) -> None:
    course = workshop.course()
    check = replace(course.modules[0].content["fr"].self_checks[0], id="capitale")
    package = workshop.build(MoodleBank(), workshop.course(quiz=(replace(check, text="Et en quiz ?"),)))
    assert inspect_package(package.path, workshop.plugins).findings == ()
