"""`lms-toolkit certificates deliver EDITION`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._awards import deliver_to
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.commands import json_option, pass_app, table


@click.command()
@edition_options
@click.option("--again", is_flag=True, help="Also those that were put there before, if learners deleted them.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@json_option
@pass_app
def deliver(app: App, edition: str, site: str, language: str | None, again: bool, dry_run: bool) -> None:
    """Put the certificates of an edition into their holders' private files on the site, and take revoked ones away.

    Only with deliver = "files" under [certificates] in the settings; certify and sync then do the same by themselves.

    Example: lms-toolkit certificates deliver SURE-FR-M1 --site staging
    """
    from lms_toolkit.delivering import require_delivery

    require_delivery(app.config.certificates)
    page = deployed(app, edition, site, language)
    if dry_run:
        due = app.store.deliveries.due(page, again=again)
        rows = ((one.code, one.user_ref, one.action) for one in due)
        app.emit(due, table(("code", "account", "would"), rows) if due else "nothing to deliver")
        return
    done = deliver_to(app, page, again=again)
    shown = ((one.code, one.user_ref, one.outcome) for one in done)
    app.emit(done, table(("code", "account", "file"), shown) if done else "nothing to deliver")
    if any(one.outcome == "failed" for one in done):
        raise Exit(1)
