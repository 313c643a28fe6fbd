"""`lms-toolkit build`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Course, Module, Package


@click.command()
@click.argument("course")
@click.option("--module", "slugs", multiple=True, help="Only this module; may be given several times.")
@click.option("--lang", "languages", multiple=True, help="Only this language; all of the course's otherwise.")
@click.option("--format", "format_name", default="scorm12", show_default=True, help="Kind of package.")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("dist"), show_default=True)
@json_option
@pass_app
def build(
    app: App, course: str, slugs: tuple[str, ...], languages: tuple[str, ...], format_name: str, out: Path
) -> None:
    """Build a course's packages.

    COURSE is a course id or a folder. Modules that are not written yet are named and skipped.

    Example: lms-toolkit build sure --lang fr --format scorm12 -o dist/
    """
    from lms_toolkit.preparing import prepare

    loaded = app.course(course)
    modules = _chosen(loaded, slugs)
    packages: list[Package] = []
    with app.progress("Building") as advance:
        for language in _languages(loaded, languages):
            prepared = prepare(
                loaded, modules, language, format_name, out, app.config.data_folder, app.plugins, advance
            )
            packages += prepared.packages
            for step in prepared.skipped:
                app.tell(f"skipped: {step.title}: {step.reason}")
    for note in dict.fromkeys(note for package in packages for note in package.notes):
        app.tell(f"note: {note}")
    app.emit(packages, table(_COLUMNS, map(_row, packages)))


def _chosen(course: Course, slugs: tuple[str, ...]) -> tuple[Module, ...]:
    known = {module.slug: module for module in course.modules}
    unknown = [slug for slug in slugs if slug not in known]
    if unknown:
        raise ConfigError(f"{course.id} has no module {unknown[0]!r} (it has: {', '.join(known)})")
    return tuple(known[slug] for slug in slugs) if slugs else course.modules


def _languages(course: Course, asked: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [language for language in asked if language not in course.languages]
    if unknown:
        raise ConfigError(f"{course.id} is not given in {unknown[0]!r} (it is in: {', '.join(course.languages)})")
    return asked or course.languages


_COLUMNS = ("package", "language", "format", "SCOs", "KiB", "sha256")


def _row(package: Package) -> tuple[str, ...]:
    size = f"{package.size_bytes / 1024:.0f}"
    return (str(package.path), package.language, package.format, str(len(package.items)), size, package.sha256[:12])
