"""Small written courses for tests, made of records: no loader, nothing installed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

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
    phase = Phase("debut", {"fr": "Début"}, modules=("depart",))
    return course_of(
        folder,
        {"bienvenue": ("Bienvenue à tous", WELCOME), "suite": ("La suite", "## Et après\n\nRien de plus.\n")},
        quiz=QUIZ,
        id="tiny",
        title={"fr": "Un tout petit cours"},
        summary={"fr": "Pour les essais."},
        editions=(Edition("TINY-1", ("fr",), "self-paced", (phase,), 1),),
    )


def course_of(
    folder: Path,
    texts: Mapping[str, tuple[str, str]],
    *,
    quiz: Sequence[Question] = (),
    self_checks: Sequence[Question] = (CAPITAL,),
    pictures: Mapping[str, str] = {"pont.svg": PICTURE},
    module: Mapping[str, Any] = {},
    **changes: Any,
) -> Course:
    """A French course of one module, `depart`. `texts` are its lessons, by slug: a title and Markdown.

    `pictures` are written beside them, under `media/`. `module` and `changes` replace fields of both.
    """
    module_folder = folder / "fr" / "depart"
    (module_folder / "media").mkdir(parents=True, exist_ok=True)
    for name, picture in pictures.items():
        (module_folder / "media" / name).write_text(picture, encoding="utf-8")
    lessons = tuple(
        Lesson(slug, title, 3, text, module_folder / f"{slug}.md", body_line=5) for slug, (title, text) in texts.items()
    )
    only = Module(
        slug="depart",
        title={"fr": "Le départ"},
        objectives={"fr": ("Commencer.",)},
        lessons=tuple(texts),
        hours=1,
        pass_mark_percent=70,
        content={"fr": ModuleContent("fr", module_folder, lessons, tuple(quiz), tuple(self_checks))},
    )
    course = Course(
        id="mini",
        version="1.0",
        languages=("fr",),
        title={"fr": "Petit cours"},
        summary={"fr": "Un cours pour les essais."},
        modules=(replace(only, **module),),
        activities=(),
        editions=(),
        weights={},
        certification=CertificationRule({"fr": "Attestation"}),
        folder=folder,
    )
    return replace(course, **changes)
