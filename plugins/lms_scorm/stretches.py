"""Divides the pages of a package into stretches: lessons and the quiz that ends them, which linear navigation gates."""

from __future__ import annotations

from dataclasses import dataclass

from lms_toolkit.model import RenderedModule, RenderedPage


@dataclass(frozen=True, slots=True)
class Stretch:
    """`is_gated`: the quiz opens once the lessons are completed."""

    lessons: tuple[RenderedPage, ...]
    quiz: RenderedPage | None
    is_gated: bool = False


def stretches(module: RenderedModule) -> tuple[Stretch, ...]:
    """One for each quiz, and one for lessons that none follows."""
    found: list[Stretch] = []
    lessons: list[RenderedPage] = []
    for page in module.pages:
        if page.kind == "lesson":
            lessons.append(page)
        else:
            found.append(_stretch(module, lessons, page))
            lessons = []
    return (*found, *([_stretch(module, lessons, None)] if lessons else []))


def _stretch(module: RenderedModule, lessons: list[RenderedPage], quiz: RenderedPage | None) -> Stretch:
    is_gated = module.course.navigation == "linear" and bool(lessons) and quiz is not None
    return Stretch(tuple(lessons), quiz, is_gated)
