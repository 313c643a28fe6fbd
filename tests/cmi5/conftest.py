"""A small course with every kind of question as a cmi5 package, an LMS that launches it, and a learner's browser."""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lms_cmi5.cmi5 import Cmi5
from lms_toolkit.model import Course, Package, Question
from lms_toolkit.testing.courses import tiny_course
from lms_toolkit.testing.questions import MARKED
from lms_toolkit.testing.workshops import Workshop


def make_course(folder: Path, *, quiz: Sequence[Question] = MARKED, **module: Any) -> Course:
    """The tiny course with the larger quiz."""
    course = tiny_course(folder)
    content = {"fr": replace(course.modules[0].content["fr"], quiz=tuple(quiz))}
    return replace(course, modules=(replace(course.modules[0], **{"content": content, **module}),))


class Cmi5Workshop(Workshop):
    def build(self, course: Course | None = None, out: str = "dist") -> Package:
        return self.package(Cmi5(), course, out)

    def unpack(self, course: Course | None = None) -> Path:
        folder = self.folder / "content"
        with zipfile.ZipFile(self.build(course).path) as archive:
            archive.extractall(folder)
        (folder / "favicon.ico").touch()
        return folder


@pytest.fixture
def cmi5(tmp_path: Path) -> Cmi5Workshop:
    return Cmi5Workshop(tmp_path, make_course)


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
