"""`lms-toolkit grades pull|show|export`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.commands import json_option, pass_app, percent, table


@click.group()
def grades() -> None:
    """Bring grades home, show them, export them."""


@grades.command()
@edition_options
@json_option
@pass_app
def pull(app: App, edition: str, site: str, language: str | None) -> None:
    """Bring the grades and completions of an edition home.

    Example: lms-toolkit grades pull SURE-FR-M1 --site staging
    """
    from lms_toolkit.grading import pull as pull_results

    deployment = deployed(app, edition, site, language)
    with app.progress("Pulling") as advance:
        summary = pull_results(
            app.platform(site),
            deployment,
            app.store,
            app.plugins,
            datetime.now(UTC),
            lambda accounts: advance(accounts, 0),
        )
    text = (
        f"{summary.users} users, {summary.grades} grades, {summary.completions} completions; {summary.changed} changed"
    )
    app.emit(summary, text)


@grades.command()
@edition_options
@json_option
@pass_app
def show(app: App, edition: str, site: str, language: str | None) -> None:
    """Show the grades that were pulled.

    Example: lms-toolkit grades show SURE-FR-M1 --site staging
    """
    from lms_toolkit.grading import scores_of

    deployment = deployed(app, edition, site, language)
    rows = scores_of(app.store, deployment.site, deployment.course_ref)
    cells = (
        (
            row.learner,
            row.item,
            percent(row.percent),
            row.state,
            f"{row.graded_at:%Y-%m-%d %H:%M}" if row.graded_at else "",
        )
        for row in rows
    )
    text = table(("learner", "item", "%", "completion", "graded (UTC)"), cells)
    app.emit(rows, text if rows else f"no grades yet: lms-toolkit grades pull {edition} --site {site}")


@grades.command()
@edition_options
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="CSV file to write.")
@json_option
@pass_app
def export(app: App, edition: str, site: str, language: str | None, out: Path) -> None:
    """Write the grades that were pulled to a CSV file that spreadsheet programs open safely.

    Example: lms-toolkit grades export SURE-FR-M1 --site staging -o grades.csv
    """
    from lms_toolkit.grading import export_csv, scores_of

    deployment = deployed(app, edition, site, language)
    rows = scores_of(app.store, deployment.site, deployment.course_ref)
    with out.open("w", encoding="utf-8", newline="") as file:
        export_csv(rows, file)
    app.emit({"file": out, "rows": len(rows)}, f"{out}: {len(rows)} rows")
