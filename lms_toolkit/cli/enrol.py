"""`lms-toolkit enrol`."""

from __future__ import annotations

from pathlib import Path

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._output import error_line
from lms_toolkit.commands import json_option, pass_app, table


@click.command()
@edition_options
@click.argument("learners", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--create", is_flag=True, help="Make accounts for people the site does not know.")
@json_option
@pass_app
def enrol(app: App, edition: str, site: str, language: str | None, learners: Path, create: bool) -> None:
    """Enrol the learners of a CSV file in a deployed edition.

    The file has a header line with username, email, first name, last name and, if you have it, idnumber, in English,
    French or Spanish. Rows with problems are named and left out; running it again enrols nobody twice.

    Example: lms-toolkit enrol SURE-FR-M1 learners.csv --site staging --create
    """
    from lms_toolkit.enrolling import enrol as enrol_users
    from lms_toolkit.enrolling import read_learners

    deployment = deployed(app, edition, site, language)
    users, findings = read_learners(learners)
    for finding in findings:
        error_line(finding, as_json=False)
    outcomes = enrol_users(app.platform(site), deployment, users, create=create)
    rows = ((outcome.user.username, outcome.outcome, outcome.note) for outcome in outcomes)
    app.emit({"outcomes": outcomes, "findings": findings}, table(("username", "outcome", "note"), rows))
    if findings or any(outcome.outcome == "refused" for outcome in outcomes):
        raise Exit(1)
