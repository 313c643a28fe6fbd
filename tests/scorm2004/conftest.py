"""A course with every kind of question, built in a SCORM edition and opened in a platform's window."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lms_toolkit.building import build, make_shell
from lms_toolkit.interfaces import Shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import (
    CertificationRule,
    Course,
    Lesson,
    Module,
    ModuleContent,
    Option,
    Package,
    Question,
)
from lms_toolkit.testing.hands import Mouse
from lms_toolkit.testing.questions import ANSWERS, MARKED, How

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


def make_course(folder: Path, *, quiz: tuple[Question, ...] = MARKED, title: str = "Le départ & l’arrivée") -> Course:
    """The course `mini`: one module of two lessons and a quiz, its picture written into `folder`."""
    media = folder / "fr" / "depart" / "media"
    media.mkdir(parents=True, exist_ok=True)
    (media / "pont.svg").write_text(PICTURE, encoding="utf-8")
    lessons = (
        Lesson("bienvenue", "Bienvenue à tous", 3, LESSON, media.parent / "bienvenue.md"),
        Lesson("suite", "La suite", 2, "## Et après\n\n![Un pont.](media/pont.svg)\n", media.parent / "suite.md"),
    )
    module = Module(
        slug="depart",
        title={"fr": title},
        objectives={"fr": ("Commencer.",)},
        lessons=("bienvenue", "suite"),
        hours=1,
        pass_mark_percent=70,
        content={"fr": ModuleContent("fr", media.parent, lessons, quiz, (CAPITAL,))},
    )
    return Course(
        id="mini",
        version="1.0",
        languages=("fr",),
        title={"fr": "Petit cours"},
        summary={"fr": "Pour les essais."},
        modules=(module,),
        activities=(),
        editions=(),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}),
        folder=folder,
    )


@dataclass
class Workshop:
    """Builds the course, or a changed one, into the test's own folder."""

    folder: Path
    plugins: Plugins
    shell: Shell

    def course(self, **changes: Any) -> Course:
        return make_course(self.folder / "course", **changes)

    def build(self, format_name: str, course: Course | None = None, out: str = "dist") -> Package:
        course = course or self.course()
        fmt = self.plugins.format(format_name)
        return build(course, course.modules[0], "fr", fmt, self.folder / out, self.shell, self.plugins)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path, Plugins(strict=True), make_shell(tmp_path / "data"))


@pytest.fixture(scope="session")
def schema_of() -> Callable[[str], etree.XMLSchema]:
    """The schema of an edition, by the format's name."""
    folder = Path(os.environ.get("LMS_TOOLKIT_TEST_XSD", Path(__file__).parents[3] / "shared" / "xsd"))
    if not folder.is_dir():
        pytest.skip("no XSD sets: set LMS_TOOLKIT_TEST_XSD to their folder")
    parser = etree.XMLParser(no_network=True, load_dtd=False)
    return functools.cache(lambda name: etree.XMLSchema(etree.parse(str(folder / name / "_driver.xsd"), parser)))


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
