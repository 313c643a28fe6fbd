"""A small course with every kind of question as a cmi5 package, an LMS that launches it, and a learner's browser."""

from __future__ import annotations

import importlib.util
import os
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lms_cmi5.cmi5 import Cmi5
from lms_toolkit.building import build, make_shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Option, Package, Pair, Question
from lms_toolkit.testing.courses import tiny_course

QUIZ = (
    Question(
        "une",
        "single",
        "Quelle est la **bonne** réponse ?",
        options=(Option("La première"), Option("La bonne", correct=True), Option("La dernière")),
    ),
    Question(
        "paires",
        "multiple",
        "Lesquelles sont paires ?",
        points=2,
        options=(Option("2", correct=True), Option("3"), Option("4", correct=True)),
    ),
    Question("vrai", "true-false", "Le ciel est vert.", options=(Option("Vrai"), Option("Faux", correct=True))),
    Question(
        "villes",
        "matching",
        "Associez.",
        pairs=(Pair("Maroc", "Rabat"), Pair("Tunisie", "Tunis")),
        distractors=("Alger",),
    ),
    Question("ordre", "ordering", "Remettez dans l’ordre.", items=("Un", "Deux", "Trois")),
    Question("mot", "fill-in", "Le contraire de décidé ?", answers=("contraint", "contrainte")),
    Question("moitie", "numeric", "La moitié de 25 ?", answer=12.5, tolerance=0.1, unit="%"),
)


@dataclass
class Cmi5Workshop:
    """Builds the tiny course with the larger quiz, or a changed one, into the test's own folder."""

    folder: Path

    def course(self, quiz: tuple[Question, ...] = QUIZ, **changes: Any) -> Course:
        course = tiny_course(self.folder / "course")
        module = course.modules[0]
        content = {"fr": replace(module.content["fr"], quiz=quiz)}
        return replace(course, modules=(replace(module, **{"content": content, **changes}),))

    def build(self, course: Course | None = None, out: str = "dist") -> Package:
        course = course or self.course()
        shell = make_shell(self.folder / "no-data")
        return build(course, course.modules[0], "fr", Cmi5(), self.folder / out, shell, Plugins())

    def unpack(self, course: Course | None = None) -> Path:
        folder = self.folder / "content"
        with zipfile.ZipFile(self.build(course).path) as archive:
            archive.extractall(folder)
        (folder / "favicon.ico").touch()
        return folder


@pytest.fixture
def cmi5(tmp_path: Path) -> Cmi5Workshop:
    return Cmi5Workshop(tmp_path)


@pytest.fixture
def xsd_folder() -> Path:
    folder = Path(os.environ.get("LMS_TOOLKIT_TEST_XSD", Path(__file__).parents[3] / "shared" / "xsd"))
    if not folder.is_dir():
        pytest.skip("no XSD sets: set LMS_TOOLKIT_TEST_XSD to their folder")
    return folder


@pytest.fixture(scope="session")
def strict_lrs() -> ModuleType:
    """The module beside this file; tests are no package, so it is loaded by its path."""
    path = Path(__file__).with_name("strict_lrs.py")
    spec = importlib.util.spec_from_file_location("strict_lrs", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its records look their own module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def lrs(cmi5: Cmi5Workshop, strict_lrs: ModuleType) -> Iterator[Any]:
    """An LMS with the package; whatever broke a rule of cmi5 fails the test."""
    server = strict_lrs.StrictLrs(cmi5.unpack())
    yield server
    server.stop()
    assert server.faults == []


@pytest.fixture
def learner(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 900, "height": 700}, locale="fr-FR")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    yield context
    context.close()
    assert not faults
