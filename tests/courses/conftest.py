"""A small sound course as text, which each test spoils in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lms_toolkit.courses import check, load
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Finding

COURSE = """\
id = "tiny"
version = "1.0"
languages = ["fr"]
title.fr = "Petit cours"
summary.fr = "Un cours d’essai"

[[modules]]
slug = "intro"
title.fr = "Introduction"
objectives.fr = ["Savoir lire"]
lessons = ["bonjour"]
hours = 1

[[modules]]
slug = "suite"
title.fr = "La suite"
objectives.fr = ["Savoir écrire"]
hours = 1

[[activities]]
slug = "forum"
kind = "forum"
title.fr = "Présentez-vous"

[certification]
title.fr = "Attestation"

[[editions]]
code = "TINY-1"
languages = ["fr"]
mode = "self-paced"
learning_hours = 1

[[editions.phases]]
slug = "debut"
title.fr = "Début"
modules = ["intro"]
activities = ["forum"]
"""

LESSON = """\
---
title: Bonjour
minutes: 5
---

Un été à Malmö.

## Une partie

![Un carré](media/carre.svg)

::: self-check essai
:::
"""

QUESTIONS = """\
quiz:
  - id: couleur
    kind: single
    text: "Quelle couleur ?"
    options:
      - text: "Bleu"
        correct: true
      - text: "Rouge"
    feedback: "Bleu."
self_checks:
  - id: essai
    kind: true-false
    text: "La terre est plate."
    answer: false
    feedback: "Faux."
"""


@dataclass(frozen=True)
class CourseFolder:
    """A course on disk; `write` and `replace` spoil it, `found` says what `check` makes of it."""

    path: Path

    @property
    def module(self) -> Path:
        return self.path / "fr" / "intro"

    def write(self, name: str, text: str) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {name}"
        self.write(name, text.replace(old, new))

    def load(self) -> Course:
        return load(self.path)

    def faults(self) -> tuple[Finding, ...]:
        """What `load` raises."""
        with pytest.raises(ContentError) as caught:
            load(self.path)
        assert caught.value.findings
        assert str(caught.value).startswith(str(caught.value.findings[0]))
        assert "\n" not in str(caught.value)
        return caught.value.findings

    def fault(self) -> Finding:
        """The only fault that `load` raises; `check` tells it too."""
        faults = self.faults()
        assert len(faults) == 1, [str(fault) for fault in faults]
        assert faults[0].hint
        assert faults[0].severity == "error"
        assert faults[0] in check(self.path)
        return faults[0]

    def found(self, rule: str) -> list[Finding]:
        """What `check` finds under one name, in a course that loads."""
        load(self.path)
        return [finding for finding in check(self.path) if finding.rule == rule]

    def where(self, finding: Finding) -> str:
        """`file:line:column` of a finding, from the course's folder on."""
        return finding.place.removeprefix(f"{self.path}/")


@pytest.fixture
def tiny(tmp_path: Path) -> CourseFolder:
    folder = CourseFolder(tmp_path / "tiny")
    folder.write("course.toml", COURSE)
    folder.write("fr/intro/bonjour.md", LESSON)
    folder.write("fr/intro/questions.yaml", QUESTIONS)
    folder.write("fr/intro/media/carre.svg", "<svg/>")
    return folder


@pytest.fixture
def academy(tmp_path: Path) -> CourseFolder:
    """The course that docs/activities.md shows: every kind of activity, and an edition with everything."""
    folder = CourseFolder(tmp_path / "academy")
    page = (Path(__file__).parents[2] / "docs/activities.md").read_text(encoding="utf-8")
    files: dict[str, str] = {}
    for name, text in re.findall(r"^```\w+ (\S+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        files[name] = files.get(name, "") + text  # course.toml stands there in parts
    for name, text in {**files, "course.png": "", "fr/activities/files/timetable.pdf": "horaire"}.items():
        folder.write(name, text)
    return folder


@pytest.fixture
def quiz(tiny: CourseFolder) -> Callable[[str], CourseFolder]:
    """Gives the course one quiz question, from the lines below its id."""

    def write(lines: str) -> CourseFolder:
        body = "".join(f"    {line}\n" for line in lines.splitlines())
        checks = QUESTIONS[QUESTIONS.index("self_checks:") :]
        tiny.write("fr/intro/questions.yaml", f"quiz:\n  - id: q\n{body}{checks}")
        return tiny

    return write
