"""A course cannot read the machine: what leads out of its folder is refused, by whatever links."""

from __future__ import annotations

from pathlib import Path

import pytest

from lms_toolkit.courses.sources import is_inside


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "course"
    (folder / "fr" / "soups").mkdir(parents=True)
    (tmp_path / "private").mkdir()
    return folder


def test_a_plain_file_is_inside_whether_or_not_it_is_there(course: Path) -> None:
    assert is_inside(course / "fr" / "soups" / "hot.md", course)


@pytest.mark.parametrize("name", ["../private", "fr/../../private/a.md", "fr/soups/../../../private"])
def test_a_way_up_is_followed(course: Path, name: str) -> None:
    assert not is_inside(course / name, course)


def test_a_link_is_inside_when_it_leads_inside(course: Path) -> None:
    (course / "en").symlink_to(course / "fr")
    (course / "de").symlink_to(course.parent / "private")
    assert is_inside(course / "en" / "soups" / "hot.md", course)
    assert not is_inside(course / "de" / "soups.md", course)


def test_a_course_may_itself_be_reached_by_a_link(course: Path) -> None:
    door = course.parent / "door"
    door.symlink_to(course)
    assert is_inside(door / "fr" / "hot.md", door)
    assert is_inside(course / "fr" / "hot.md", door)


def test_a_neighbour_with_a_longer_name_is_outside(course: Path) -> None:
    assert not is_inside(course.parent / "course-two" / "a.md", course)
