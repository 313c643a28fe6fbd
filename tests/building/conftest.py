"""A course on disk with several modules in two languages, and a bench that builds it as a designer does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit import hookimpl
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Event
from lms_toolkit.preparing import Order, Place, Prepared, prepare_folder
from lms_toolkit.scaffolding import scaffold

MakeCourse = Callable[..., Path]


def add_module(folder: Path, slug: str, languages: tuple[str, ...]) -> None:
    """A further module, with the texts, file names and question ids of the first."""
    course_file = folder / "course.toml"
    text = course_file.read_text(encoding="utf-8")
    start, end = text.index("[[modules]]"), text.index("[certification]")
    table = text[start:end].replace("first-steps", slug)
    course_file.write_text(text[:end] + table + text[end:], encoding="utf-8")
    for language in languages:
        shutil.copytree(folder / language / "first-steps", folder / language / slug)


@pytest.fixture
def make_course(tmp_path: Path) -> MakeCourse:
    def make(name: str = "cooking", *more: str, languages: tuple[str, ...] = ("fr", "en")) -> Path:
        folder = tmp_path / "courses" / name
        folder.parent.mkdir(exist_ok=True)
        scaffold(folder, languages)
        for slug in more:
            add_module(folder, slug, languages)
        return folder

    return make


@dataclass
class Ears:
    """A plugin that keeps what it is told."""

    heard: list[Event] = field(default_factory=list)

    @hookimpl
    def lms_on_event(self, event: Event) -> None:
        self.heard.append(event)


@dataclass
class Bench:
    """Builds into one folder."""

    out: Path
    data: Path
    ears: Ears = field(default_factory=Ears)

    def build(self, folder: Path, *formats: str, **options: Any) -> Prepared:
        force = options.pop("force", False)
        plugins = Plugins(also={"ears": self.ears})
        place = Place(self.out, self.data, plugins, force=force)
        return prepare_folder(folder, Order(formats or ("scorm12",), **options), place)

    def built(self, folder: Path, *formats: str, **options: Any) -> list[str]:
        """The names of the packages that were built anew."""
        prepared = self.build(folder, *formats, **options)
        assert prepared.failures == ()
        return sorted(entry.package.path.name for entry in prepared.built if entry.is_new)

    def bytes(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir() if not path.name.startswith(".")}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "dist", tmp_path / "data")
