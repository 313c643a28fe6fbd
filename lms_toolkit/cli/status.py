"""`lms-toolkit status`."""

from __future__ import annotations

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._output import json_option, pass_app, table
from lms_toolkit.model import Deployment


@click.command()
@json_option
@pass_app
def status(app: App) -> None:
    """Show what is deployed where, and when grades last came back.

    Example: lms-toolkit status
    """
    rows = [_status(app, deployment) for deployment in app.store.deployments.all()]
    columns = ("edition", "language", "site", "deployed", "unfinished steps", "grades pulled", "users", "certificates")
    text = table(columns, ((*row.values(),) for row in rows)) if rows else "nothing is deployed yet: lms-toolkit deploy"
    app.emit(rows, text)


def _status(app: App, deployment: Deployment) -> dict[str, str | int | None]:
    key = (deployment.site, deployment.edition, deployment.language)
    pulled = app.store.results.last_pull(*key)
    return {
        "edition": deployment.edition,
        "language": deployment.language,
        "site": deployment.site,
        "deployed_at": deployment.deployed_at.isoformat(timespec="seconds"),
        "unfinished": len(app.store.journal.unfinished(*key)),
        "pulled_at": pulled.pulled_at.isoformat(timespec="seconds") if pulled else None,
        "users": pulled.users if pulled else 0,
        "certificates": len(app.store.certificates.all(deployment.edition)),
    }
