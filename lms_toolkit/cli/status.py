"""`lms-toolkit status`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.model import Deployment

if TYPE_CHECKING:
    from lms_toolkit.store import JournalEntry


@click.command()
@json_option
@pass_app
def status(app: App) -> None:
    """Show what is deployed where, and when grades last came back.

    Example: lms-toolkit status
    """
    rows = [_status(app, deployment) for deployment in app.store.deployments.all()]
    columns = ("edition", "language", "site", "deployed", "last step", "grades pulled", "users", "certificates")
    text = table(columns, ((*row.values(),) for row in rows)) if rows else "nothing is deployed yet: lms-toolkit deploy"
    app.emit(rows, text)


def _status(app: App, deployment: Deployment) -> dict[str, str | int | None]:
    key = (deployment.site, deployment.edition, deployment.language)
    pulled = app.store.results.last_pull(*key)
    return {
        "edition": deployment.edition,
        "language": deployment.language,
        "site": deployment.site,
        "deployed_at": deployment.deployed_at.strftime("%Y-%m-%d %H:%M"),
        "last_step": _last_step(app.store.journal.last(*key)),
        "pulled_at": pulled.pulled_at.strftime("%Y-%m-%d %H:%M") if pulled else None,
        "users": pulled.users if pulled else 0,
        "certificates": len(app.store.certificates.all(deployment.edition)),
    }


def _last_step(entry: JournalEntry | None) -> str:
    if entry is None or entry.outcome not in (None, "failed"):
        return "done"
    how = "was interrupted" if entry.outcome is None else f"failed: {entry.note}"
    return f"{entry.action} {entry.kind} {entry.title} {how}; run lms-toolkit deploy again"
