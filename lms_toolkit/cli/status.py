"""`lms-toolkit status`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
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

_COLUMNS = ("edition", "site", "deployed", "grades pulled", "learners", "issued", "sync")
Key = tuple[str, str, str]
"""Site, edition and language."""
Row = dict[str, str | int | None]
_DONE = "done"


@click.command()
@click.argument("edition", required=False)
@click.option("--site", help="The site to look at, with EDITION.")
@click.option("--lang", "language", help="Language to look at, where the edition is deployed in several.")
@json_option
@pass_app
def status(app: App, edition: str | None, site: str | None, language: str | None) -> None:
    """Show what is deployed where, and what was changed by hand.

    Without EDITION, every deployment, when grades last came back and how the last sync went, and every programme that
    was synced. With it, what differs on the site from what was deployed, field by field: `deploy` puts that right,
    `deploy --adopt` keeps it. Ends with 1 when something differs.

    Example: lms-toolkit status SURE-FR-M1 --site staging
    """
    if edition:
        _show_drift(app, edition, site, language)
        return
    runs = {(run.site, run.edition, run.language): run for run in app.store.runs.latest()}
    rows = [_status(app, deployment, runs) for deployment in app.store.deployments.all()]
    rows += [_programme(app, run) for run in runs.values() if not run.site]
    text = table(_COLUMNS, map(_cells, rows)) if rows else "nothing is deployed yet: lms-toolkit deploy"
    app.emit(rows, text)
    for row in rows:
        _tell_what_went_wrong(app, row)
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


def _status(app: App, deployment: Deployment, runs: Mapping[Key, SyncRun]) -> Row:
    key = (deployment.site, deployment.edition, deployment.language)
    pulled = app.store.results.last_pull(*key)
    here = {one.learner_id for one in app.store.deciding.seen(deployment.site, deployment.course_ref)}
    return {
        "edition": deployment.edition,
        "language": deployment.language,
        "site": deployment.site,
        "deployed_at": deployment.deployed_at.strftime("%Y-%m-%d %H:%M"),
        "last_step": _last_step(app.store.journal.last(*key)),
        "pulled_at": pulled.pulled_at.strftime("%Y-%m-%d %H:%M") if pulled else None,
        "learners": len(here),
        "certificates": _certificates(app, deployment.edition, deployment.course_id, here),
        **_synced(runs.get(key)),
    }


def _programme(app: App, run: SyncRun) -> Row:
    """A programme, which is on no site, is decided from what was pulled from any."""
    awards = app.store.awards.all(run.edition, run.edition)
    return {
        "edition": run.edition,
        "language": "",
        "site": "",
        "deployed_at": None,
        "last_step": _DONE,
        "pulled_at": None,
        "learners": len(awards),
        "certificates": _certificates(app, run.edition, run.edition, {award.learner_id for award in awards}),
        **_synced(run),
    }


def _certificates(app: App, edition: str, course_id: str, learner_ids: Collection[str]) -> int:
    """How many of these learners' certificates count."""
    awards = app.store.awards.all(edition, course_id)
    ids = [award.id for award in awards if award.earned and award.learner_id in learner_ids]
    return sum(one.revoked_at is None for one in app.store.certificates.of_awards(ids).values())


def _synced(run: SyncRun | None) -> Row:
    return {"synced_at": f"{run.started_at:%Y-%m-%d %H:%M}" if run else None, "sync": _last_sync(run)}


def _cells(row: Row) -> tuple[str | int | None, ...]:
    """A row of the table, for 80 columns: the day something was deployed, and in one word how the last sync went."""
    deployed, pulled, sync = (str(row[key] or "") for key in ("deployed_at", "pulled_at", "sync"))
    outcome, _, _ = sync.partition(":")
    return _named(row), row["site"], deployed[:10], pulled, row["learners"], row["certificates"], outcome


def _named(row: Row) -> str:
    return f"{row['edition']} ({row['language']})" if row["language"] else str(row["edition"])


def _tell_what_went_wrong(app: App, row: Row) -> None:
    where = f"{_named(row)} on {row['site']}" if row["site"] else _named(row)
    outcome, _, note = str(row["sync"] or "").partition(": ")
    if row["last_step"] != _DONE:
        app.tell(f"{where}: {row['last_step']}")
    if note:
        app.tell(f"{where}: sync of {row['synced_at']} {outcome}: {note}")


def _last_sync(run: SyncRun | None) -> str | None:
    if run is None:
        return None
    return f"{run.outcome or 'under way or killed'}{f': {run.note}' if run.note else ''}"


def _last_step(entry: JournalEntry | None) -> str:
    if entry is None or entry.outcome not in (None, "failed"):
        return _DONE
    how = "was interrupted" if entry.outcome is None else f"failed: {entry.note}"
    return f"{entry.action} {entry.kind} {entry.title} {how}; run lms-toolkit deploy again"
