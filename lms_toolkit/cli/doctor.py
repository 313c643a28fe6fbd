"""`lms-toolkit doctor`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli.check import describe, is_problem
from lms_toolkit.commands import json_option, pass_app


@click.command()
@click.argument("site")
@json_option
@pass_app
def doctor(app: App, site: str) -> None:
    """Find what stands in the way of working with a site.

    Example: lms-toolkit doctor staging
    """
    findings = tuple(app.platform(site).doctor())
    app.emit(findings, describe(findings))
    if is_problem(findings, strict=False):
        raise Exit(1)
