"""Says whose records a new package would lose, by comparing a course with a package built from it before."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lms_toolkit.model import Course, Finding, PackageReport
from lms_toolkit.units import render_unit, units_of

if TYPE_CHECKING:
    from lms_toolkit.manager import Plugins

_UNKNOWN = "against-nothing"
_LOST = "lost-tracks"


def check_against(course: Course, package: Path, plugins: Plugins) -> list[Finding]:
    """A warning for each page of `package` that the course no longer has under its name.

    Learning platforms keep learners' records by these names. Raises PackageError when the package cannot be read.
    """
    from lms_toolkit.inspecting import inspect_package

    report = inspect_package(package, plugins)
    before = {item.identifier: item.title for item in report.items}
    units = dict(_units(course, plugins))
    slug = max(units, key=lambda name: len(units[name] & before.keys()), default="")
    if not before or not slug or not units[slug] & before.keys():
        return [_unlike(course, report)]
    return [_lost(course, slug, report, name, title) for name, title in before.items() if name not in units[slug]]


def _units(course: Course, plugins: Plugins) -> Iterator[tuple[str, set[str]]]:
    """What each unit's pages are called; the same in every language, as slugs are."""
    for language in course.languages:
        for unit in units_of(course, course.modules, language, course.package_per):
            pages = render_unit(course, unit, language, plugins).pages
            yield unit.slug, {page.identifier for page in pages}


def _lost(course: Course, slug: str, report: PackageReport, identifier: str, title: str) -> Finding:
    message = f"{slug} no longer has {identifier} (“{title}”), which {report.path.name} has"
    hint = "learners' records of it would be lost: keep its slug, or see lms-toolkit plan for how many there are"
    return Finding("warning", _LOST, message, str(course.folder), hint=hint)


def _unlike(course: Course, report: PackageReport) -> Finding:
    message = f"{report.path.name} has no page in common with any module of {course.id}"
    return Finding("warning", _UNKNOWN, message, str(course.folder), hint="name a package that was built from it")
