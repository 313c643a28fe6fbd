"""`lms-toolkit enrol`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._output import error_line
from lms_toolkit.cli.check import is_problem
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.model import STUDENT, EnrolOptions, MatchBy

if TYPE_CHECKING:
    from lms_toolkit.model import EnrolOutcome, Finding


def _match_order(ctx: click.Context, option: click.Parameter, value: str) -> tuple[MatchBy, ...]:
    names = tuple(name.strip() for name in value.split(",") if name.strip())
    known = get_args(MatchBy)
    if not names or not set(names) <= set(known) or len(set(names)) < len(names):
        raise click.BadParameter(f"name one or more of {', '.join(known)}, separated by commas, each once")
    return cast("tuple[MatchBy, ...]", names)


@click.command()
@edition_options
@click.argument("people", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--role", default=STUDENT, show_default=True, help="Role of people whose row says none, such as tutor.")
@click.option("--create", is_flag=True, help="Make accounts for people the site does not know.")
@click.option("--withdraw", is_flag=True, help="Suspend the people of the list instead; nothing is deleted.")
@click.option("--dry-run", is_flag=True, help="Show what would come of each row; nothing is written to the site.")
@click.option(
    "--match",
    default="idnumber,email,username",
    show_default=True,
    callback=_match_order,
    help="How accounts are found, in this order.",
)
@click.option(
    "--sponsor-field",
    default="sponsor",
    show_default=True,
    help="Short name of the profile field that the column “sponsor” goes to.",
)
@click.option(
    "-o", "report", type=click.Path(path_type=Path, dir_okay=False), help="Write what came of each row to a CSV file."
)
@json_option
@pass_app
def enrol(
    app: App,
    edition: str,
    site: str,
    language: str | None,
    people: Path,
    role: str,
    create: bool,
    withdraw: bool,
    dry_run: bool,
    match: tuple[MatchBy, ...],
    sponsor_field: str,
    report: Path | None,
) -> None:
    """Enrol the people of a CSV or XLSX list in a deployed edition.

    The list has a row of headings, in English, French or Spanish: e-mail, first name, last name and, if you have them,
    username, idnumber, groups, cohort, sponsor, role and language. Rows with problems are named and left out; running
    it again enrols nobody twice. On a page in several languages, --lang is that of people whose row says none, as
    --role is their role. Look first with --dry-run.

    Example: lms-toolkit enrol SURE-FR-M1 learners.csv --site staging --create --dry-run
    """
    from lms_toolkit import enrolling
    from lms_toolkit.deploying import page_lock

    if create and withdraw:
        raise click.UsageError("--withdraw makes no accounts: leave out --create")
    deployment = deployed(app, edition, site, language)
    listed, findings = enrolling.read_people(people, role)
    if not withdraw:
        listed, without = enrolling.into_language_groups(listed, deployment, people, language)
        findings += without
    for finding in findings:
        error_line(finding, as_json=False)
    options = EnrolOptions(create=create, match=match, sponsor_field=sponsor_field, dry_run=dry_run)
    act = enrolling.withdraw if withdraw else enrolling.enrol_people
    with page_lock(app.store, site, edition, deployment.language):
        outcomes = act(app.platform(site), deployment, listed, options)
    if report:
        with report.open("w", encoding="utf-8", newline="") as file:
            enrolling.export_outcomes(outcomes, findings, file)
    _show(app, outcomes, findings, dry_run=dry_run)
    if is_problem(findings, strict=False) or any(outcome.outcome == "refused" for outcome in outcomes):
        raise Exit(1)


def _show(app: App, outcomes: Sequence[EnrolOutcome], findings: Sequence[Finding], *, dry_run: bool) -> None:
    heading = "would be" if dry_run else "outcome"
    rows = (
        (", ".join(map(str, outcome.rows)), outcome.user.username, outcome.outcome, outcome.note)
        for outcome in outcomes
    )
    data = {"dry_run": dry_run, "outcomes": outcomes, "findings": findings}
    app.emit(data, table(("row", "username", heading, "note"), rows))
    kinds = [outcome.outcome for outcome in outcomes]
    counts = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "nobody"
    left_out = len({finding.line for finding in findings if finding.severity == "error" and finding.line})
    app.tell(f"{counts}; {left_out} rows left out")
