"""A quiz with one question of every kind, and what to answer to get it right, partly right or wrong."""

from __future__ import annotations

from typing import Literal

from lms_toolkit.model import Area, Option, Pair, Question

How = Literal["right", "partly", "wrong"]

MARKED = (
    Question(
        "q-single",
        "single",
        "Quelle est la **bonne** réponse ?",
        options=(Option("La première"), Option("La bonne, à l’œil", correct=True)),
    ),
    Question(
        "q-multiple",
        "multiple",
        "Lesquelles sont paires ?",
        points=2,
        options=(Option("2", correct=True), Option("3"), Option("4", correct=True)),
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
"""The kinds that every format knows, worth 8 points in all."""

SPOT = Question(
    "q-spot",
    "hotspot",
    "Où est le pont ?",
    picture="media/pont.svg",
    picture_alt="Un pont.",
    options=(Option("À gauche"), Option("Au milieu", correct=True)),
    areas=(Area(0, 0, 30, 100), Area(40, 0, 30, 100)),
)
"""Its picture is the one of `tiny_course`."""

FREE = Question("q-free", "short-text", "Racontez.", points=0, feedback="Un modèle.")

EVERY_KIND = (*MARKED, SPOT, FREE)

RIGHT = (
    ("tick", "La bonne, à l’œil"),
    ("tick", "2"),
    ("tick", "4"),
    ("tick", "Faux"),
    ("pick", "Maroc", "Rabat"),
    ("pick", "Tunisie", "Tunis"),
    ("pick", "Un", "1"),
    ("pick", "Deux", "2"),
    ("pick", "Trois", "3"),
    ("write", "Le contraire", "  CONTRAINT "),
    ("write", "La moitié", "12,45 %"),
)
PARTLY = (
    ("tick", "La première"),
    ("tick", "2"),
    ("tick", "Vrai"),
    ("pick", "Maroc", "Rabat"),
    ("pick", "Tunisie", "Alger"),
    ("pick", "Un", "1"),
    ("pick", "Deux", "3"),
    ("pick", "Trois", "2"),
    ("write", "Le contraire", "{volontaire [,] libre}"),
    ("write", "La moitié", "13"),
)
WRONG = (
    ("tick", "La première"),
    ("tick", "3"),
    ("tick", "Vrai"),
    ("pick", "Maroc", "Alger"),
    ("pick", "Tunisie", "Alger"),
    ("pick", "Un", "2"),
    ("pick", "Deux", "3"),
    ("pick", "Trois", "1"),
    *PARTLY[-2:],
)
ANSWERS: dict[How, tuple[tuple[str, ...], ...]] = {"right": RIGHT, "partly": PARTLY, "wrong": WRONG}
"""What to do on the page for the questions of `MARKED`: a method of `Mouse` or `Keyboard`, and what it is told."""

MORE: dict[How, tuple[tuple[str, ...], ...]] = {
    "right": (("tick", "2. Au milieu"), ("write", "Racontez", "Un récit.")),
    "partly": (("tick", "1. À gauche"), ("write", "Racontez", "Un récit.")),
    "wrong": (("tick", "1. À gauche"), ("write", "Racontez", "Un récit.")),
}
"""The same for `SPOT` and `FREE`."""
