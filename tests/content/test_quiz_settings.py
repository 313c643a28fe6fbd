"""A quiz draws its questions, counts its attempts and shuffles, and a break changes nothing of an attempt under way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lms_toolkit.courses import load
from lms_toolkit.model import Question, QuizSettings, RenderedPage
from lms_toolkit.rendering import memory_limit_exceeded

SIX = "\n".join(
    f"""\
  - id: lettre-{number}
    kind: single
    text: "Choisissez juste, {number}."
    feedback: "Juste."
    options:
      - {{text: "juste {number}", correct: true}}
      - {{text: "faux {number} a"}}
      - {{text: "faux {number} b"}}
      - {{text: "faux {number} c"}}"""
    for number in range(1, 7)
)


def quiz(settings: str, questions: str = SIX) -> str:
    return f"settings: {settings}\nquiz:\n{questions}\n"


def shown(reader: Any) -> list[str]:
    texts: list[str] = reader.sco.locator("#lms-quiz .question:visible .asked").all_inner_texts()
    return texts


def answer(reader: Any, *, right: int) -> None:
    """Answers what is shown: the first `right` questions right, the others wrong."""
    for place, text in enumerate(shown(reader)):
        number = text.removesuffix(".").rpartition(" ")[2]
        name = f"juste {number}" if place < right else f"faux {number} a"
        reader.sco.get_by_role("radio", name=name, exact=True).check()
    reader.sco.get_by_role("button", name="Valider mes réponses").click()


def test_settings_are_read_and_absent_ones_change_nothing(draft: Any) -> None:
    assert load(draft.folder).modules[0].content["fr"].quiz_settings == QuizSettings()
    draft.questions(quiz("{attempts: 3, draw: 2, shuffle: true}"))
    assert load(draft.folder).modules[0].content["fr"].quiz_settings == QuizSettings(3, 2, True)


@pytest.mark.parametrize(
    ("settings", "rule", "words"),
    [
        ("{draw: 7}", "draw", "settings.draw takes 7 questions, and the quiz has 6 that earn points"),
        ("{draw: 0}", "wrong-value", "settings.draw must be at least 1"),
        ("{attempts: 0}", "wrong-value", "settings.attempts must be at least 1"),
        ("{attempt: 2}", "unknown-key", "did you mean attempts?"),
    ],
)
def test_wrong_settings_are_told_in_their_line(draft: Any, settings: str, rule: str, words: str) -> None:
    (finding,) = draft.questions(quiz(settings)).findings()
    assert (finding.rule, finding.line) == (rule, 1)
    assert words in str(finding)


def test_short_texts_are_asked_besides_what_is_drawn() -> None:
    scored = tuple(Question(f"q{number}", "fill-in", "?", answers=("x",)) for number in range(5))
    free = Question("libre", "short-text", "?", points=0, feedback="Oui.")
    assert QuizSettings(draw=2).length((*scored, free)) == 3
    assert QuizSettings().length((*scored, free)) == 6


def test_saved_state_is_measured_for_the_longest_questions_that_can_be_drawn() -> None:
    short = tuple(Question(f"q{number}", "fill-in", "?", answers=("x",)) for number in range(20))
    long = tuple(Question(f"r{number}", "fill-in", "?", answers=("x" * 200,)) for number in range(6))

    def fault(draw: int | None) -> str:
        page = RenderedPage("quiz", "quiz", "Quiz", "", 1, (*short, *long), quiz_settings=QuizSettings(draw=draw))
        return str(memory_limit_exceeded(page, 4096) or "")

    assert "26 questions can take" in fault(None)
    assert fault(7) == ""
    assert "15 questions can take" in fault(15)  # 6 long and 9 short ones


@pytest.mark.browser
def test_a_drawn_quiz_asks_that_many_numbers_them_and_scores_over_them(draft: Any, read: Any) -> None:
    reader = read(draft.questions(quiz("{draw: 4}")))
    reader.open("quiz.html")
    assert len(shown(reader)) == 4
    numbers = reader.sco.locator("#lms-quiz .question:visible [data-number]").all_inner_texts()
    assert numbers == ["Question 1", "Question 2", "Question 3", "Question 4"]
    assert "4 questions" in reader.sco.locator(".lead").inner_text()
    answer(reader, right=3)
    assert reader.kept("cmi.core.score.raw") == "75"
    assert reader.kept("cmi.interactions.3.id").startswith("lettre-")
    assert reader.kept("cmi.interactions.4.id") == ""


@pytest.mark.browser
def test_an_attempt_is_the_same_after_a_break_and_the_next_one_is_drawn_anew(draft: Any, read: Any) -> None:
    reader = read(draft.questions(quiz("{draw: 3, shuffle: true}")))
    reader.open("quiz.html")
    before = shown(reader)
    options = reader.sco.locator(".question:visible .choice").all_inner_texts()
    reader.sco.locator(".question:visible input").nth(1).check()
    reader.leave()
    reader.open("quiz.html")
    assert shown(reader) == before
    assert reader.sco.locator(".question:visible .choice").all_inner_texts() == options
    assert reader.sco.locator(".question:visible input").nth(1).is_checked()
    seen = {tuple(before)}
    for _ in range(6):  # that seven draws of 120 are one and the same has a chance of 1 in 10^12
        answer(reader, right=0)
        reader.sco.get_by_role("button", name="Recommencer le quiz").click()
        assert reader.sco.locator("#lms-quiz input:checked").count() == 0
        seen.add(tuple(shown(reader)))
    assert len(seen) > 1


@pytest.mark.browser
def test_reports_keep_one_number_for_each_question_across_attempts(draft: Any, read: Any) -> None:
    reader = read(draft.questions(quiz("{draw: 3}")))
    reader.open("quiz.html")
    for _ in range(4):
        answer(reader, right=3)
        reader.sco.get_by_role("button", name="Recommencer le quiz").click()
    ids = [reader.kept(f"cmi.interactions.{number}.id") for number in range(6)]
    known = [name for name in ids if name]
    assert len(set(known)) == len(known) >= 3
    assert reader.kept("cmi.core.score.raw") == "100"


@pytest.mark.browser
def test_the_last_attempt_takes_the_button_away_also_after_a_break(draft: Any, read: Any) -> None:
    reader = read(draft.questions(quiz("{attempts: 2}")))
    reader.open("quiz.html")
    assert "Vous avez 2 essais" in reader.sco.locator(".lead").inner_text()
    answer(reader, right=0)
    assert reader.sco.get_by_text("Essai 1 sur 2.").is_visible()
    reader.sco.get_by_role("button", name="Recommencer le quiz").click()
    answer(reader, right=1)
    assert reader.sco.get_by_text("Essai 2 sur 2 : c’était le dernier.").is_visible()
    reader.leave()
    reader.open("quiz.html")
    assert not reader.sco.locator("#lms-restart").is_visible()
    assert json.loads(reader.kept("cmi.suspend_data"))["n"] == 2
