"""A course of many modules is not held in memory, and nobody who builds it sees a difference."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.courses import load, shelf
from lms_toolkit.courses.shelf import Shelf
from lms_toolkit.units import units_of


@pytest.fixture
def folder(make_course: Any) -> Path:
    made: Path = make_course("cooking", "soups", languages=("fr", "en"))
    return made


def test_what_is_taken_from_the_shelf_is_what_was_read(folder: Path) -> None:
    few = Shelf(room=1)
    assert load(folder, few) == load(folder)
    assert len(few._at_hand) == 1


def test_looking_whether_a_module_is_written_takes_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    course = load(folder, Shelf(room=1))
    monkeypatch.setattr(Shelf, "take", lambda self, number: pytest.fail("taken"))
    module = course.module("soups")
    assert (module.is_written("fr"), module.is_written("es"), len(module.content)) == (True, False, 2)
    with pytest.raises(KeyError):
        module.content["es"]


def test_a_copy_of_a_module_has_its_texts_with_it(folder: Path) -> None:
    module = load(folder, Shelf(room=1)).module("soups")
    assert pickle.loads(pickle.dumps(module)) == load(folder).module("soups")


@pytest.mark.parametrize("per", ["module", "lesson", "course"])
def test_units_are_the_same_from_the_shelf(folder: Path, per: Any) -> None:
    far, near = load(folder, Shelf(room=1)), load(folder)
    assert units_of(far, far.modules, "fr", per) == units_of(near, near.modules, "fr", per)


def test_packages_are_the_same_when_hardly_anything_fits(
    bench: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.build(folder, per="lesson")
    before = bench.bytes()
    monkeypatch.setattr(shelf.Shelf.__init__, "__defaults__", (1,))
    assert all(entry.is_new for entry in bench.build(folder, per="lesson", force=True).built)
    assert bench.bytes() == before
