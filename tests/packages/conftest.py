"""A small course made of records and files, and the plugins that build it: no loader, no installation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lms_scorm.scorm12 import Scorm12
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Option, Package, Pair, Question
from lms_toolkit.testing.courses import course_of
from lms_toolkit.testing.workshops import Workshop

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><circle cx="10" cy="10" r="8" fill="#0b5d7a"/></svg>'

WELCOME = """\
Un peu de texte, avec des **accents** : é, œ, ç.

## Pour commencer

::: objectives À la fin, vous saurez
- nommer les étapes ;
- poser une question.
:::

![Deux cercles reliés par une flèche.](media/cycle.svg "Le cycle, en bref")

## Vérifier

::: self-check capitale
:::

Voir [le site](https://example.org/page) et la fiche[^1].

[^1]: Une note de bas de page.
"""

CASE = """\
## Le cas

| Étape | Nombre |
| --- | ---: |
| Départ | 12 |

::: case Samia rentre (fictif)
Samia **hésite**.
:::

![](media/cycle.svg)

## La suite

::: note
Rien de plus.
:::
"""

QUIZ = (
    Question(
        "q-single",
        "single",
        "Quelle est la **bonne** réponse ?",
        options=(Option("La première"), Option("La bonne", correct=True, feedback="Oui."), Option("La dernière")),
        feedback="La bonne réponse est la bonne.",
    ),
    Question(
        "q-multiple",
        "multiple",
        "Lesquelles sont paires ?",
        points=2,
        options=(Option("2", correct=True), Option("3", feedback="Impair."), Option("4", correct=True), Option("5")),
    ),
    Question("q-true", "true-false", "Le ciel est vert.", options=(Option("Vrai"), Option("Faux", correct=True))),
    Question(
        "q-matching",
        "matching",
        "Associez.",
        pairs=(Pair("Maroc", "Rabat"), Pair("Tunisie", "Tunis")),
        distractors=("Alger",),
    ),
    Question("q-ordering", "ordering", "Remettez dans l’ordre.", items=("Un", "Deux", "Trois")),
    Question("q-fill", "fill-in", "Le contraire de décidé ?", answers=("contraint", "contrainte")),
    Question("q-numeric", "numeric", "La moitié de 25 ?", answer=12.5, tolerance=0.1, unit="%"),
)

CAPITAL = Question(
    "capitale",
    "single",
    "La capitale du Maroc ?",
    options=(Option("Rabat", correct=True, feedback="Oui !"), Option("Fès", feedback="Une belle ville.")),
    feedback="Rabat est la capitale.",
)

OBJECTIVES = ("Nommer les étapes", "Poser une question")
TEXTS = {"bienvenue": ("Bienvenue à tous", WELCOME), "cas": ("Le cas de Samia", CASE)}


def make_course(folder: Path, *, texts: Mapping[str, tuple[str, str]] = TEXTS, **changes: Any) -> Course:
    """The course `mini` with one module of two lessons and a quiz; `module` and the rest change what it says."""
    described: dict[str, Any] = {
        "quiz": QUIZ,
        "licence": "CC BY 4.0",
        "keywords": {"fr": ("migration", "retour")},
        "module": {},
    }
    said = described | changes
    module = {"title": {"fr": "Le départ & l’arrivée"}, "objectives": {"fr": OBJECTIVES}} | said.pop("module")
    return course_of(folder, texts, pictures={"cycle.svg": SVG}, module=module, **said)


class Scorm12Workshop(Workshop):
    def build(self, course: Course | None = None, out: str = "dist") -> Package:
        return self.package(Scorm12(), course, out)


@pytest.fixture
def local_plugins() -> Plugins:
    return Plugins()


@pytest.fixture
def make_plugins() -> Callable[..., Plugins]:
    """The installed plugins and more, given as objects."""
    return lambda *more: Plugins(also={f"more-{number}": plugin for number, plugin in enumerate(more)})


@pytest.fixture
def workshop(tmp_path: Path, local_plugins: Plugins) -> Scorm12Workshop:
    return Scorm12Workshop(tmp_path, make_course, local_plugins)
