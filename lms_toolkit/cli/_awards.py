"""Shows what was decided, with its reasons, and issues the certificates of what was earned."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._output import confirm, error_line
from lms_toolkit.commands import percent, table
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Award, Certificate, Course, Deployment, Edition, Learner

if TYPE_CHECKING:
    from lms_toolkit.delivering import Delivery


def show_reasons(app: App, awards: list[Award], learner: Learner) -> None:
    from lms_toolkit.certifying import explain

    if not awards:
        raise ConfigError(f"nothing was decided about {learner.id} here; was the learner pulled, or anything imported?")
    app.emit(awards, "\n".join(explain(award) for award in awards))


def issue_and_show(
    app: App,
    course: Course,
    edition: Edition,
    awards: list[Award],
    *,
    explain: bool,
    dry_run: bool,
    yes: bool,
    page: Deployment | None = None,
) -> None:
    """Issue what was earned, deliver it to the holders of a course page where the settings say so, and show it all."""
    learners = {learner.id: learner for learner in app.store.people.learners()}
    issued_before = app.store.certificates.of_awards([award.id for award in awards if award.earned])
    certificates = issued_before if dry_run else _issue(app, course, edition, awards, learners, yes=yes)
    wanted = page if app.config.certificates.deliver != "off" and not dry_run else None
    undelivered = [one for one in deliver_to(app, wanted) if one.outcome == "failed"] if wanted else []
    rows = [_row(award, learners[award.learner_id], certificates) for award in awards]
    text = table(
        ("learner", "decision", "score %", "certificate", "why" if explain else "what is missing"),
        (
            (row["learner"], row["decision"], row["score"], row["certificate"], _why(award, explain=explain))
            for row, award in zip(rows, awards, strict=True)
        ),
    )
    data: list[dict[str, Any]] = [{**row, "reasons": award.reasons} for row, award in zip(rows, awards, strict=True)]
    app.emit(data, text)
    if undelivered or (not dry_run and any(award.earned and award.id not in certificates for award in awards)):
        raise Exit(1)


def deliver_to(app: App, page: Deployment, *, again: bool = False) -> list[Delivery]:
    """Bring certificates into the areas of the holders of a course page, and say what became of them."""
    from lms_toolkit.delivering import deliver, summary

    done: list[Delivery] = []
    with app.progress("Delivering") as advance:
        for one in deliver(app.platform(page.site), page, app.store, app.config.certificates, again=again):
            done.append(one)
            advance(len(done), 0)
            if one.outcome == "failed":
                app.tell(f"{one.code} was not delivered: {one.note}")
    if done:
        app.tell(f"certificates in learners' areas on {page.site}: {summary(done)}")
    return done


def _issue(
    app: App, course: Course, edition: Edition, awards: list[Award], learners: dict[str, Learner], *, yes: bool
) -> dict[str, Certificate]:
    from lms_toolkit.issuing_many import Desk, ToIssue, issue_all

    earned = [award for award in awards if award.earned]
    known = app.store.certificates.of_awards([award.id for award in earned])
    fresh = len(earned) - len(known)
    if fresh:
        confirm(app, f"Issue {fresh} certificate{'s' if fresh > 1 else ''}?", yes=yes)
    wanted = [ToIssue(award, course, edition, learners[award.learner_id]) for award in earned]
    desk = Desk(app.certifier, app.store, app.config.certificates, app.plugins)
    issued = {}
    with app.progress("Issuing") as advance:
        for done, (award, outcome) in enumerate(issue_all(wanted, desk, os.cpu_count() or 1), 1):
            advance(done, len(wanted))
            if isinstance(outcome, ContentError):  # one name that cannot be printed keeps nobody else waiting
                error_line(outcome, as_json=False)
            else:
                issued[award.id] = outcome
    return issued


def _row(award: Award, learner: Learner, certificates: dict[str, Certificate]) -> dict[str, str | None]:
    certificate = certificates.get(award.id)
    return {
        "learner": learner.name,
        "learner_id": learner.id,
        "kind": award.kind,
        "decision": "earned" if award.earned else "not yet",
        "score": percent(award.score_percent),
        "certificate": certificate.code if certificate else None,
    }


def _why(award: Award, *, explain: bool) -> str:
    reasons = award.reasons if explain else [reason for reason in award.reasons if not reason.met]
    kind = [] if award.kind == "achievement" else [f"({award.kind})"]
    lines = (
        f"{'✓' if reason.met else '✗'} {reason.rule}: {reason.fact}{_where(reason.source, explain)}"
        for reason in reasons
    )
    return "\n".join([*kind, *lines])


def _where(source: str, explain: bool) -> str:
    return f" [{source}]" if explain and source else ""
