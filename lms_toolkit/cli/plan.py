"""`lms-toolkit plan`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deploying import build_options, describe, edition_options, make_plan
from lms_toolkit.commands import json_option, pass_app


@click.command()
@edition_options
@build_options
@json_option
@pass_app
def plan(
    app: App, edition: str, site: str, language: str | None, format_name: str, per: str | None, allow_track_loss: bool
) -> None:
    """Show what deploying an edition would do; nothing is written.

    Example: lms-toolkit plan SURE-FR-M1 --site staging
    """
    made = make_plan(app, edition, site, language, format_name, per, allow_track_loss=allow_track_loss).plan
    app.emit(made, describe(made))
    if made.refusals:
        raise Exit(1)
