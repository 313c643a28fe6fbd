"""Prepares a question for banks and quizzes that others will mark: HTML and plain text, with answers spelt out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lms_ims.local_links import redirect
from lms_toolkit.model import Question, RenderedModule
from lms_toolkit.questions.notation import name_of
from lms_toolkit.rendering.questions import key_data, question_view

Redirect = Callable[[str], str]
"""What becomes of an address inside the package."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose addresses fit the file it will be in. `choices` are as their author ordered them."""

    question: Question
    name: str
    html: str
    feedback: str
    choices: tuple[str, ...]
    targets: tuple[str, ...]
    choice_feedback: tuple[str, ...]


def ask(question: Question, language: str, change: Redirect) -> Asked:
    view = question_view(question, language)
    key = key_data(question, language, reveal=True)
    by_author = sorted(view.choices, key=lambda choice: choice.index)
    return Asked(
        question=question,
        name=name_of(question, language),
        html=redirect((f"<p>{view.legend}</p>" if view.legend else view.body) + _picture(view.picture), change),
        feedback=redirect(key["feedback"], change),
        choices=tuple(redirect(choice.html, change) for choice in by_author),
        targets=tuple(target.text for target in sorted(view.targets, key=lambda target: target.index)),
        choice_feedback=tuple(redirect(text, change) for text in key["choiceFeedback"]),
    )


def _picture(html: str) -> str:
    return f"<p>{html}</p>" if html else ""


def quiz_questions(module: RenderedModule) -> tuple[Question, ...]:
    """The graded questions."""
    return tuple(question for page in module.pages if page.kind == "quiz" for question in page.questions)


def self_checks(module: RenderedModule) -> tuple[Question, ...]:
    """The questions of the lessons, in the order learners meet them, each once."""
    asked = (question for page in module.pages if page.kind == "lesson" for question in page.questions)
    return tuple({question.id: question for question in asked}.values())


def spellings(question: Question) -> tuple[str, ...]:
    """Every answer to a fill-in that is right, for a reader who compares letter by letter."""
    answers = question.answers
    if not question.accent_sensitive:
        answers = (*answers, *(without_accents(answer) for answer in answers))
    return tuple(dict.fromkeys(answers))


def without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    for ligature, pair in (("œ", "oe"), ("Œ", "OE"), ("æ", "ae"), ("Æ", "AE")):
        plain = plain.replace(ligature, pair)
    return unicodedata.normalize("NFC", plain)


def number_spellings(question: Question) -> tuple[str, ...]:
    """A numeric answer with either decimal sign."""
    number = f"{question.answer:.15g}"
    return tuple(dict.fromkeys((number, number.replace(".", ","))))


def listed(questions: Sequence[Question]) -> str:
    return ", ".join(question.id for question in questions)
