"""A small written course for tests, made of records: two lessons with accents, a picture, a self-check and a quiz."""

from __future__ import annotations

from pathlib import Path

from lms_toolkit.model import (
    CertificationRule,
    Course,
    Edition,
    Lesson,
    Module,
    ModuleContent,
    Option,
    Phase,
    Question,
)

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>Un pont</title>'
    '<path d="M2 18 Q20 2 38 18" fill="none" stroke="#0b5cad"/></svg>'
)
WELCOME = """\
Un peu de texte : l’été, à Fès, où naît l’œuvre.

## Pour commencer

![Un pont entre deux rives.](media/pont.svg "Le pont")

::: self-check capitale
:::
"""
CAPITAL = Question(
    "capitale",
    "single",
    "La capitale du Maroc ?",
    options=(Option("Rabat", correct=True, feedback="Oui."), Option("Fès", feedback="Une belle ville.")),
    feedback="C’est Rabat.",
)
QUIZ = (
    Question(
        "vrai",
        "true-false",
        "Un cycle peut être interrompu.",
        options=(Option("Vrai", correct=True), Option("Faux")),
        feedback="Oui.",
    ),
    Question("moitie", "numeric", "La moitié de 25 ?", answer=12.5, tolerance=0.1, feedback="12,5."),
)


def tiny_course(folder: Path) -> Course:
    """The course `tiny` in French, its one picture written into `folder`."""
    module_folder = folder / "fr" / "depart"
    (module_folder / "media").mkdir(parents=True, exist_ok=True)
    (module_folder / "media" / "pont.svg").write_text(PICTURE, encoding="utf-8")
    lessons = (
        Lesson("bienvenue", "Bienvenue à tous", 3, WELCOME, module_folder / "bienvenue.md"),
        Lesson("suite", "La suite", 2, "## Et après\n\nRien de plus.\n", module_folder / "suite.md"),
    )
    module = Module(
        slug="depart",
        title={"fr": "Le départ"},
        objectives={"fr": ("Commencer.",)},
        lessons=("bienvenue", "suite"),
        hours=1,
        pass_mark_percent=70,
        content={"fr": ModuleContent("fr", module_folder, lessons, QUIZ, (CAPITAL,))},
    )
    phase = Phase("debut", {"fr": "Début"}, modules=("depart",))
    return Course(
        id="tiny",
        version="1.0",
        languages=("fr",),
        title={"fr": "Un tout petit cours"},
        summary={"fr": "Pour les essais."},
        modules=(module,),
        activities=(),
        editions=(Edition("TINY-1", ("fr",), "self-paced", (phase,), 1),),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}, 60),
        folder=folder,
    )
