"""What first attempts say about questions: how hard each is, whether it tells people apart, what is chosen instead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from lms_toolkit.model import Answer, Option, Question
from lms_toolkit.reporting.responses import readable

At = Callable[..., datetime]
RIGHT, WRONG = Answer("return", "", "correct", "a"), Answer("return", "", "incorrect", "b_The_end")


def figures(desk: Any, at: At) -> dict[str, Any]:
    return {one.text: one for one in desk.report(at(6)).questions}


def test_a_question_is_as_hard_as_first_attempts_were_and_shows_what_was_chosen_instead(desk: Any, at: At) -> None:
    desk.pulled("Amina Test", "Jorge Prueba", "Chloé Essai", "Fatou Exemple")
    desk.answered("1", [RIGHT])
    desk.answered("2", [WRONG])
    desk.answered("2", [RIGHT], number=2)  # has seen what is right
    desk.answered("3", [Answer("return", "", "partial", "a")])
    desk.answered("9", [WRONG])  # nobody on this course page
    [one] = desk.report(at(6)).questions
    assert (one.text, one.title) == ("What is return ?", "Les cycles & <départs>")
    assert (one.answered, one.right_percent) == (3, 50.0)
    assert [(wrong.text, wrong.count) for wrong in one.wrong] == [("The end", 1)]
    assert one.discrimination is None  # of three people nothing can be said
    assert one.remarks == ()


def test_discrimination_tells_questions_that_those_who_know_more_get_right_from_those_they_get_wrong(
    desk: Any, at: At
) -> None:
    names = [f"Amina Test-{number}" for number in range(40)]
    desk.pulled(*names)
    for ref in range(1, 41):
        knows = ref > 20
        good, bad = ("correct", "incorrect") if knows else ("incorrect", "correct")
        answers = [Answer(name, name, good, "x") for name in ("q1", "q2", "q3")]  # type: ignore[arg-type]
        answers.append(Answer("upside-down", "upside-down", bad, "x"))  # type: ignore[arg-type]
        answers.append(Answer("always", "always", "correct", "x"))
        answers.append(Answer("opinion", "opinion", "neutral", "I think"))
        desk.answered(str(ref), answers)
    found = figures(desk, at)
    assert found["q1"].discrimination > 0.9
    assert found["upside-down"].discrimination < 0
    assert found["upside-down"].remarks == ("against",)
    assert found["always"].discrimination is None
    assert found["always"].remarks == ("easy",)
    assert found["opinion"].right_percent is None


def test_an_anonymous_report_shows_no_answer_that_somebody_typed(desk: Any, at: At) -> None:
    desk.pulled("Amina Test")
    desk.answered("1", [WRONG, Answer("essay", "Who are you?", "incorrect", "I am Amina, of Fès")])
    said = {one.text: one for one in desk.report(at(6), is_anonymous=True).questions}
    assert said["Who are you?"].wrong == ()
    assert [wrong.text for wrong in said["What is return ?"].wrong] == ["The end"]
    assert [wrong.text for wrong in figures(desk, at)["Who are you?"].wrong] == ["I am Amina, of Fès"]


def test_a_store_without_answers_has_no_question_figures(desk: Any, at: At) -> None:
    desk.pulled("Amina Test")
    assert desk.report(at(6)).questions == ()


SINGLE = Question("q", "single", "?", options=(Option("One"), Option("Two"), Option("Three")))
TRUE_FALSE = Question("q", "true-false", "?", options=(Option("True"), Option("False")))
ORDER = Question("q", "ordering", "?", items=("First", "Second"))


@pytest.mark.parametrize(
    ("response", "question", "said"),
    [
        ("b", SINGLE, "Two"),
        ("c_Three", SINGLE, "Three"),
        ("a,c", SINGLE, "One + Three"),
        ("a_One[,]b_Two", SINGLE, "One + Two"),
        ("f", TRUE_FALSE, "False"),
        ("true", TRUE_FALSE, "True"),
        ("b,a", ORDER, "Second → First"),
        ("z", SINGLE, "z"),
        ("forty two", None, "forty two"),
        ("", SINGLE, "–"),
        ("x" * 500, None, "x" * 159 + "…"),
    ],
)
def test_an_answer_is_said_as_its_learner_saw_it(response: str, question: Question | None, said: str) -> None:
    assert readable(response, question) == said
