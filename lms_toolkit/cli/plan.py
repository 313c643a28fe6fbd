"""`lms-toolkit plan`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deploying import build_options, describe, edition_options, write_plan
from lms_toolkit.commands import json_option, pass_app


@click.command()
@edition_options
@build_options
@click.option("-o", "out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan, for deploy --plan.")
@json_option
@pass_app
def plan(
    app: App,
    edition: str,
    site: str,
    language: str | None,
    format_name: str,
    per: str | None,
    allow_track_loss: bool,
    delete: bool,
    out: Path | None,
) -> None:
    """Show what deploying an edition would do; nothing is written to the site.

    Signs: + create, ~ update, = unchanged, - hide or delete, · left out, ! refused.

    Example: lms-toolkit plan SURE-FR-M1 --site staging
    """
    from lms_toolkit.edition_plans import Wanted, plan_edition
    from lms_toolkit.planning import Permissions

    permissions = Permissions(allow_track_loss=allow_track_loss, delete=delete)
    made = plan_edition(app, Wanted(edition, site, language, format_name, per, permissions)).plan
    if out:
        write_plan(made, out)
    app.emit(made, describe(made))
    if made.refusals:
        raise Exit(1)
