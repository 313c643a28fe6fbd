"""`lms-toolkit build`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ContentError, ToolkitError

if TYPE_CHECKING:
    from lms_toolkit.build_index import BuiltPackage
    from lms_toolkit.preparing import Order, Place, Prepared

ALL = "all"


@click.command()
@click.argument("courses", nargs=-1, required=True)
@click.option("--module", "slugs", multiple=True, help="Only this module; may be given several times.")
@click.option("--lang", "languages", multiple=True, help="Only this language; all of the course's otherwise.")
@click.option(
    "--format",
    "formats",
    multiple=True,
    default=("scorm12",),
    show_default="scorm12",
    help="Kind of package; may be given several times, or all.",
)
@click.option(
    "--per",
    type=click.Choice(("module", "lesson", "course")),
    help="One package per module, per lesson, or for the whole course; as course.toml says otherwise.",
)
@click.option("--force", is_flag=True, help="Build also what has not changed.")
@click.option("--watch", is_flag=True, help="Go on building what changes, until Ctrl-C.")
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    default=lambda: os.cpu_count() or 1,
    help="How many processes may build at once; as many as there are processors otherwise.",
)
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), default=Path("dist"), show_default=True)
@json_option
@pass_app
def build(
    app: App,
    courses: tuple[str, ...],
    slugs: tuple[str, ...],
    languages: tuple[str, ...],
    formats: tuple[str, ...],
    per: Any,
    force: bool,
    watch: bool,
    workers: int,
    out: Path,
) -> None:
    """Build the packages of courses.

    COURSES are course ids or folders. Only what changed since the last build is built. Modules that are not written yet
    are named and skipped; a package that fails does not keep the others waiting.

    Example: lms-toolkit build sure --lang fr --format scorm12 -o dist/
    """
    from lms_toolkit.preparing import Order, Place
    from lms_toolkit.watching import changes

    folders = [app.course_folder(name) for name in courses]
    order = Order(_formats(app, formats), languages, slugs, per)
    place = Place(out, app.config.data_folder, app.plugins, workers, force)
    saved = changes(folders)  # looked at before the build, so that nothing saved during it is missed
    outcome = _build(app, folders, order, place)
    _show(app, outcome, out)
    if watch:
        _watch(app, saved, folders, order, place)
    elif outcome.failures:
        raise Exit(1)


def _formats(app: App, asked: Sequence[str]) -> tuple[str, ...]:
    return app.plugins.format_names() if ALL in asked else tuple(dict.fromkeys(asked))


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of all courses; `failures` have their name in front."""

    prepared: tuple[Prepared, ...]
    failures: tuple[tuple[str, ToolkitError], ...]

    @property
    def built(self) -> tuple[BuiltPackage, ...]:
        return tuple(entry for prepared in self.prepared for entry in prepared.built)


def _build(app: App, folders: Sequence[Path], order: Order, place: Place) -> _Outcome:
    """Build every course. Raises what is wrong if it is one thing and nothing could be built."""
    prepared: list[Prepared] = []
    failures: list[tuple[str, ToolkitError]] = []
    for folder in folders:
        try:
            prepared.append(_build_one(app, folder, order, place))
        except ContentError as error:
            failures.append((folder.name, error))
    failures += [(failure.name, failure.error) for one in prepared for failure in one.failures]
    if len(failures) == 1 and not any(one.built for one in prepared):
        raise failures[0][1]
    return _Outcome(tuple(prepared), tuple(failures))


def _build_one(app: App, folder: Path, order: Order, place: Place) -> Prepared:
    from lms_toolkit.preparing import prepare_folder

    with app.progress(f"Building {folder.name}") as advance:
        return prepare_folder(folder, order, place, advance)


def _show(app: App, outcome: _Outcome, out: Path) -> None:
    """Packages as a table; what was skipped, noted and failed as advice."""
    for step in (step for prepared in outcome.prepared for step in prepared.skipped):
        app.tell(f"skipped: {step.title}: {step.reason}")
    for note in dict.fromkeys(note for entry in outcome.built for note in entry.package.notes):
        app.tell(f"note: {note}")
    for name, fault in outcome.failures:
        app.tell(f"failed: {name}: {fault}")
    app.emit([_record(entry) for entry in outcome.built], _summary(out, outcome.built))


def _record(entry: BuiltPackage) -> dict[str, Any]:
    """The package's record, and what was counted on the way."""
    counted = {"questions": entry.questions, "findings": entry.findings, "is_new": entry.is_new}
    return {**asdict(entry.package), **counted}


_COLUMNS = ("package", "KiB", "SCOs", "questions", "findings", "")


def _summary(out: Path, built: Sequence[BuiltPackage]) -> Any:
    new = sum(entry.is_new for entry in built)
    return table(_COLUMNS, map(_row, built), title=f"{out}: {new} built, {len(built) - new} unchanged")


def _row(entry: BuiltPackage) -> Iterable[str]:
    package = entry.package
    return (
        package.path.name,
        f"{package.size_bytes / 1024:.0f}",
        str(len(package.items)),
        str(entry.questions),
        str(entry.findings),
        "built" if entry.is_new else "unchanged",
    )


def _watch(app: App, saved: Iterator[None], folders: Sequence[Path], order: Order, place: Place) -> None:
    """Build again whenever a file changes; faults are told, and waited out."""
    from dataclasses import replace

    app.tell("watching; Ctrl-C ends it")
    try:
        for _ in saved:
            _rebuild(app, folders, order, replace(place, force=False))
    except KeyboardInterrupt:
        app.tell("stopped")


def _rebuild(app: App, folders: Sequence[Path], order: Order, place: Place) -> None:
    try:
        outcome = _build(app, folders, order, place)
    except ToolkitError as error:
        app.tell(f"failed: {error}")
        return
    for entry in outcome.built:
        if entry.is_new:
            app.tell(f"built {entry.package.path} ({entry.package.size_bytes / 1024:.0f} KiB)")
    for name, fault in outcome.failures:
        app.tell(f"failed: {name}: {fault}")
