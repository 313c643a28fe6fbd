"""`lms-toolkit certify`."""

from __future__ import annotations

from datetime import UTC, datetime

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._output import confirm, error_line
from lms_toolkit.commands import json_option, pass_app, percent, table
from lms_toolkit.errors import ContentError
from lms_toolkit.model import Award, Certificate, Course, Edition, Learner


@click.command()
@edition_options
@click.option("--explain", is_flag=True, help="Show every rule and the fact behind it.")
@click.option("--dry-run", is_flag=True, help="Decide, show, and issue nothing.")
@click.option("--yes", is_flag=True, help="Issue without being asked.")
@json_option
@pass_app
def certify(app: App, edition: str, site: str, language: str | None, explain: bool, dry_run: bool, yes: bool) -> None:
    """Decide who earned the certificate, and issue it.

    Decisions come from the grades that were pulled. One certificate per award, however often this runs.

    Example: lms-toolkit certify SURE-FR-M1 --site staging --yes
    """
    from lms_toolkit.certifying import decide

    deployment = deployed(app, edition, site, language)
    course = app.course(deployment.course_id)
    chosen = course.edition(edition)
    awards = decide(
        course, chosen, deployment.language, site, app.store, app.plugins, datetime.now(UTC), save=not dry_run
    )
    learners = {learner.id: learner for learner in app.store.people.learners()}
    certificates = {} if dry_run else _issue(app, course, chosen, awards, learners, yes=yes)
    rows = [_row(award, learners[award.learner_id], certificates) for award in awards]
    text = table(
        ("learner", "decision", "score %", "certificate", "why" if explain else "what is missing"),
        (
            (row["learner"], row["decision"], row["score"], row["certificate"], _why(award, explain=explain))
            for row, award in zip(rows, awards, strict=True)
        ),
    )
    app.emit([{**row, "reasons": award.reasons} for row, award in zip(rows, awards, strict=True)], text)
    if not dry_run and any(award.earned and award.id not in certificates for award in awards):
        raise Exit(1)


def _issue(
    app: App, course: Course, edition: Edition, awards: list[Award], learners: dict[str, Learner], *, yes: bool
) -> dict[str, Certificate]:
    from lms_toolkit.issuing import issue

    earned = [award for award in awards if award.earned]
    new = [award for award in earned if app.store.certificates.by_award(award.id) is None]
    if new:
        confirm(app, f"Issue {len(new)} certificate{'s' if len(new) > 1 else ''}?", yes=yes)
    issued = {}
    for award in earned:
        try:
            issued[award.id] = issue(
                award,
                course,
                edition,
                learners[award.learner_id],
                app.certifier,
                app.store,
                app.config.certificates,
                app.plugins,
            )
        except ContentError as error:  # one name that cannot be printed keeps nobody else waiting
            error_line(error, as_json=False)
    return issued


def _row(award: Award, learner: Learner, certificates: dict[str, Certificate]) -> dict[str, str | None]:
    certificate = certificates.get(award.id)
    return {
        "learner": learner.name,
        "decision": "earned" if award.earned else "not yet",
        "score": percent(award.score_percent),
        "certificate": certificate.code if certificate else None,
    }


def _why(award: Award, *, explain: bool) -> str:
    reasons = award.reasons if explain else [reason for reason in award.reasons if not reason.met]
    return "\n".join(f"{'✓' if reason.met else '✗'} {reason.rule}: {reason.fact}" for reason in reasons)
