"""`lms-toolkit grades pull|show|export`."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._output import give_up_stdout
from lms_toolkit.commands import json_option, pass_app, percent, table, wants_json
from lms_toolkit.errors import ConfigError

if TYPE_CHECKING:
    from lms_toolkit.grading import HistoryRow, ScoreRow


@click.group()
def grades() -> None:
    """Bring grades home, show them, export them."""


@grades.command()
@edition_options
@click.option("--full", is_flag=True, help="Read everything again, not only what changed since the last pull.")
@json_option
@pass_app
def pull(app: App, edition: str, site: str, language: str | None, *, full: bool) -> None:
    """Bring the grades and completions of an edition home: everything once, then what changed.

    A pull that was interrupted goes on where it stopped. Once a day everything is read again, see [pull] repair_hours
    in lms-toolkit.toml.

    Example: lms-toolkit grades pull SURE-FR-M1 --site staging
    """
    from lms_toolkit.pulling import pull as pull_results

    deployment = deployed(app, edition, site, language)
    with app.progress("Pulling") as advance:
        summary = pull_results(
            app.platform(site),
            deployment,
            app.store,
            app.plugins,
            datetime.now(UTC),
            lambda accounts: advance(accounts, 0),
            full=full,
            repair_after=app.config.repair_after,
        )
    what = "everything" if summary.whole else "what changed"
    text = (
        f"{what}: {summary.users} users, {summary.grades} grades, {summary.completions} completions, "
        f"{summary.attempts} attempts; {summary.changed} changed, {summary.gone} gone"
    )
    app.emit(summary, text)


@grades.command()
@edition_options
@click.argument("learner", default="")
@click.option(
    "--at", metavar="DATE", help="As the store knew it then: 2026-05-01 (the end of that day, UTC) or a time."
)
@click.option("--history", is_flag=True, help="Everything that pulls ever saw, with its from and until.")
@json_option
@pass_app
def show(
    app: App, edition: str, site: str, language: str | None, learner: str, at: str | None, *, history: bool
) -> None:
    """Show the grades that were pulled, of everybody or of those LEARNER is found in (name, e-mail, id).

    Example: lms-toolkit grades show SURE-FR-M1 amina --site staging --at 2026-05-01
    """
    from lms_toolkit.grading import history_of, scores_of

    deployment = deployed(app, edition, site, language)
    if history and at:
        raise ConfigError("--history shows all times and --at one; choose one")
    if history:
        past = history_of(app.store, deployment.site, deployment.course_ref, learner)
        app.emit(past, _history_table(past))
        return
    when = _moment(at) if at else None
    rows = scores_of(app.store, deployment.site, deployment.course_ref, learner, when)
    cells = ((row.learner, row.item, percent(row.percent), row.state, _shown(row.graded_at)) for row in rows)
    text = table(("learner", "item", "%", "completion", "graded (UTC)"), cells)
    app.emit(rows, text if rows else _nothing(edition, site, learner, when))


def _history_table(rows: Sequence[HistoryRow]) -> str:
    cells = ((row.learner, row.item, row.said, _shown(row.since), _shown(row.until)) for row in rows)
    text: str = table(("learner", "item", "said", "from (UTC)", "until (UTC)"), cells)
    return text


def _nothing(edition: str, site: str, learner: str, at: datetime | None) -> str:
    if learner or at:
        return "nothing was known then" if at else "no grades of anybody by that name, e-mail or id"
    return f"no grades yet: lms-toolkit grades pull {edition} --site {site}"


def _moment(text: str) -> datetime:
    """The end of a day, or a time; UTC where it names no zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--at {text}: write a date or a time, such as 2026-05-01 or 2026-05-01T12:00") from error
    if "T" not in text and " " not in text:
        found = datetime.combine(found, time.max)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _shown(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


@grades.command()
@edition_options
@click.option("-o", "--out", required=True, metavar="FILE", help="A .csv or .xlsx file to write; - for CSV on stdout.")
@json_option
@pass_app
def export(app: App, edition: str, site: str, language: str | None, out: str) -> None:
    """Write the grades that were pulled to a CSV or XLSX file that spreadsheet programs open safely.

    Times are UTC.

    Example: lms-toolkit grades export SURE-FR-M1 --site staging -o grades.xlsx
    """
    from lms_toolkit.exporting import export as export_rows
    from lms_toolkit.grading import scores_of

    deployment = deployed(app, edition, site, language)
    rows = scores_of(app.store, deployment.site, deployment.course_ref)
    if out == "-":
        if wants_json():
            raise ConfigError("-o - writes CSV to stdout, where --json writes too; choose one")
        _to_stdout(rows)
        return
    export_rows(rows, Path(out))
    app.emit({"file": out, "rows": len(rows)}, f"{out}: {len(rows)} rows")


def _to_stdout(rows: Sequence[ScoreRow]) -> None:
    """CSV in UTF-8 for another program, whatever the terminal's own encoding."""
    from lms_toolkit.exporting import export_csv

    stdout = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        export_csv(rows, stdout)
        stdout.flush()
    except BrokenPipeError:
        give_up_stdout()  # the reader has seen enough, and left
    finally:
        stdout.detach()
