"""`lms-toolkit doctor`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli.check import describe, is_problem
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.errors import ConfigError, SiteError, ToolkitError

if TYPE_CHECKING:
    from lms_toolkit.model import Course, Finding


@click.command()
@click.argument("site")
@json_option
@pass_app
def doctor(app: App, site: str) -> None:
    """Find what stands in the way of working with a site.

    Looks at its address, token, rights, settings and limits, and at what the courses there are need of it. Nothing is
    written to the site.

    Example: lms-toolkit doctor staging
    """
    findings = tuple(app.platform(site).doctor())
    findings += tuple(_compared(app, site))
    app.emit(findings, describe(findings))
    if is_problem(findings, strict=False):
        raise Exit(1)


def _compared(app: App, site: str) -> Sequence[Finding]:
    """What the known courses need and the site has not; nothing when the site does not let us in."""
    from lms_toolkit.suiting import compare

    try:
        info = app.platform(site).info()
    except (SiteError, ConfigError):
        return ()  # the platform's own findings say why
    packages = app.config.data_folder / "packages"
    sizes = {path.name: path.stat().st_size for path in packages.rglob("*.zip")} if packages.is_dir() else {}
    return compare(info, _courses(app), sizes)


def _courses(app: App) -> Iterator[Course]:
    """Those that can be loaded; `check` is for the others."""
    for name in sorted(app.course_folders()):
        try:
            yield app.course(name)
        except ToolkitError as error:
            app.tell(f"{name} is left out: {error}")
