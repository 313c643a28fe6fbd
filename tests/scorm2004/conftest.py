"""A course with every kind of question, built in a SCORM edition and opened in a platform's window."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_toolkit.model import Course, Option, Package, Question
from lms_toolkit.testing.courses import course_of
from lms_toolkit.testing.hands import Mouse
from lms_toolkit.testing.questions import ANSWERS, MARKED, How
from lms_toolkit.testing.workshops import Workshop

LESSON = """\
Un texte, avec des accents : é, œ, ç.

::: self-check capitale
:::

![Un pont.](media/pont.svg)

## Vérifier

Encore un texte.
"""
CAPITAL = Question(
    "capitale", "single", "La capitale ?", options=(Option("Rabat", correct=True), Option("Fès")), feedback="Rabat."
)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 2"><title>Un pont</title></svg>'


def make_course(folder: Path, *, quiz: Sequence[Question] = MARKED, title: str = "Le départ & l’arrivée") -> Course:
    """The course `mini`: one module of two lessons and a quiz, its picture written into `folder`."""
    texts = {
        "bienvenue": ("Bienvenue à tous", LESSON),
        "suite": ("La suite", "## Et après\n\n![Un pont.](media/pont.svg)\n"),
    }
    pictures, module = {"pont.svg": PICTURE}, {"title": {"fr": title}}
    return course_of(folder, texts, quiz=quiz, self_checks=(CAPITAL,), pictures=pictures, module=module)


class ScormWorkshop(Workshop):
    def build(self, format_name: str, course: Course | None = None, out: str = "dist") -> Package:
        return self.package(format_name, course, out)


@pytest.fixture
def workshop(tmp_path: Path) -> ScormWorkshop:
    return ScormWorkshop(tmp_path, make_course)


@pytest.fixture(scope="session")
def schema_of(xsd_folder: Path) -> Callable[[str], etree.XMLSchema]:
    """The schema of an edition, by the format's name."""
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    return functools.cache(lambda name: etree.XMLSchema(etree.parse(str(xsd_folder / name / "_driver.xsd"), parser)))


class Learner:
    """Answers every kind of question: `right`, `partly` or `wrong` all through; and hands in."""

    def __init__(self, window: Any) -> None:
        self.window = window
        self.hands = Mouse(window.page, window.sco)

    def take_quiz(self, how: How) -> None:
        self.answer(how)
        self.hands.press("Valider mes réponses")

    def answer(self, how: How) -> None:
        for action, *words in ANSWERS[how]:
            getattr(self.hands, action)(*words)

    def restart(self) -> None:
        self.hands.press("Recommencer le quiz")

    def finish_lesson(self) -> None:
        self.hands.press("J’ai terminé cette leçon")


@pytest.fixture
def learner() -> Callable[[Any], Learner]:
    return Learner
