"""`lms-toolkit courses`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Course, Edition


@click.command()
@json_option
@pass_app
def courses(app: App) -> None:
    """List the courses, their editions, languages and modules.

    Example: lms-toolkit courses --json
    """
    loaded, broken = [], []
    for course_id in sorted(app.course_folders()):
        try:
            loaded.append(app.course(course_id))
        except ContentError as error:
            broken.append(error)
            app.tell(f"{course_id}: {error}; see lms-toolkit check {course_id}")
    app.emit(
        [_summary(course) for course in loaded], table(_COLUMNS, (row for course in loaded for row in _rows(course)))
    )
    if broken:
        raise Exit(1)


# No more columns than a terminal of 80 characters shows unbroken; --json says the rest.
_COLUMNS = ("course", "edition", "lang", "dates", "hours", "written")


def _rows(course: Course) -> list[tuple[str, ...]]:
    return [
        (
            course.id,
            edition.code,
            " ".join(edition.languages),
            _dates(edition),
            f"{edition.learning_hours:g}",
            _written(course, edition.languages[0], [slug for phase in edition.phases for slug in phase.modules]),
        )
        for edition in course.editions
    ]


def _dates(edition: Edition) -> str:
    """`2026-06-29/07-31`: an ISO 8601 interval, whose end leaves out what it shares with the start."""
    start, end = edition.starts_on, edition.ends_on
    if start is None or end is None:
        return "any time" if start is end else f"{start or '..'}/{end or '..'}"
    return f"{start}/{end:%m-%d}" if start.year == end.year else f"{start}/{end}"


def _written(course: Course, language: str, slugs: list[str]) -> str:
    return f"{sum(course.module(slug).is_written(language) for slug in slugs)} of {len(slugs)}"


def _summary(course: Course) -> dict[str, object]:
    return {
        "id": course.id,
        "title": course.title,
        "languages": course.languages,
        "folder": course.folder,
        "modules": [
            {"slug": module.slug, "title": module.title, "written": sorted(module.content)} for module in course.modules
        ],
        "editions": [
            {
                "code": edition.code,
                "languages": edition.languages,
                "mode": edition.mode,
                "learning_hours": edition.learning_hours,
                "starts_on": edition.starts_on,
                "ends_on": edition.ends_on,
            }
            for edition in course.editions
        ],
    }
