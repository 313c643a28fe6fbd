"""`lms-toolkit status`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Deployment

if TYPE_CHECKING:
    from lms_toolkit.store import JournalEntry
    from lms_toolkit.store.runs import SyncRun

_COLUMNS = (
    "edition",
    "language",
    "site",
    "deployed",
    "last step",
    "grades pulled",
    "users",
    "certificates",
    "last sync",
)
Key = tuple[str, str, str]
"""Site, edition and language."""


@click.command()
@click.argument("edition", required=False)
@click.option("--site", help="The site to look at, with EDITION.")
@click.option("--lang", "language", help="Language to look at, where the edition is deployed in several.")
@json_option
@pass_app
def status(app: App, edition: str | None, site: str | None, language: str | None) -> None:
    """Show what is deployed where, and what was changed by hand.

    Without EDITION, every deployment, when grades last came back and how the last sync went. With it, what differs on
    the site from what was deployed, field by field: `deploy` puts that right, `deploy --adopt` keeps it. Ends with 1
    when something differs.

    Example: lms-toolkit status SURE-FR-M1 --site staging
    """
    if edition:
        _show_drift(app, edition, site, language)
        return
    runs = {(run.site, run.edition, run.language): run for run in app.store.runs.latest()}
    rows = [_status(app, deployment, runs) for deployment in app.store.deployments.all()]
    text = table(_COLUMNS, map(_cells, rows)) if rows else "nothing is deployed yet: lms-toolkit deploy"
    app.emit(rows, text)
    if undelivered := app.store.outbox.needing_a_person():
        count = f"{len(undelivered)} message{'s' if len(undelivered) > 1 else ''}"
        app.tell(f"{count} could not be delivered: lms-toolkit notifications show")


def _show_drift(app: App, edition: str, site: str | None, language: str | None) -> None:
    from lms_toolkit.drifting import drift

    if site is None:
        raise ConfigError(f"say which site to look at: lms-toolkit status {edition} --site SITE")
    deployment = deployed(app, edition, site, language)
    idnumber = app.course_of_edition(edition).edition(edition).idnumber(deployment.language)
    drifts = drift(deployment, app.platform(site).find_course(idnumber))
    text = "\n".join(map(str, drifts)) if drifts else f"{edition} on {site} is as deployed: {deployment.course_url}"
    app.emit(drifts, text)
    if drifts:
        raise Exit(1)


def _status(app: App, deployment: Deployment, runs: Mapping[Key, SyncRun]) -> dict[str, str | int | None]:
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
        "synced_at": f"{runs[key].started_at:%Y-%m-%d %H:%M}" if key in runs else None,
        "sync": _last_sync(runs.get(key)),
    }


def _cells(row: dict[str, str | int | None]) -> tuple[str | int | None, ...]:
    """A row of the table: when the last sync was and how it went are one cell."""
    *before, synced_at, sync = row.values()
    return (*before, f"{synced_at} {sync}" if synced_at else None)


def _last_sync(run: SyncRun | None) -> str | None:
    if run is None:
        return None
    return f"{run.outcome or 'under way, or was killed'}{f': {run.note}' if run.note else ''}"


def _last_step(entry: JournalEntry | None) -> str:
    if entry is None or entry.outcome not in (None, "failed"):
        return "done"
    how = "was interrupted" if entry.outcome is None else f"failed: {entry.note}"
    return f"{entry.action} {entry.kind} {entry.title} {how}; run lms-toolkit deploy again"
