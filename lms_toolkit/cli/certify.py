"""`lms-toolkit certify`, and what people decide themselves: `certify decide|decisions|revoke|import|programme`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._learner import find_learner
from lms_toolkit.cli._output import confirm, error_line
from lms_toolkit.commands import json_option, pass_app, percent, table
from lms_toolkit.errors import ConfigError, ContentError
from lms_toolkit.model import Award, Certificate, Course, Decision, DecisionVerdict, Edition, Learner

if TYPE_CHECKING:
    from lms_toolkit.model import Programme


class _EditionFirst(click.RichGroup):
    """`certify EDITION …` is short for `certify edition EDITION …`: it is what people do day after day."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, *ctx.help_option_names):
            args = ["edition", *args]
        return super().parse_args(ctx, args)


@click.group(cls=_EditionFirst)
def certify() -> None:
    """Decide who earned the certificate, and issue it.

    `certify EDITION` is short for `certify edition EDITION`.
    """


@certify.command()
@edition_options
@click.option(
    "--explain",
    is_flag=False,
    flag_value="",
    metavar="[LEARNER]",
    help="Show every rule, the fact behind it, where and when it was read; of everybody, or of one learner.",
)
@click.option("--dry-run", is_flag=True, help="Decide, show, and issue nothing.")
@click.option("--yes", is_flag=True, help="Issue without being asked.")
@json_option
@pass_app
def edition(
    app: App, edition: str, site: str, language: str | None, explain: str | None, dry_run: bool, yes: bool
) -> None:
    """Decide who earned the certificate of an edition, and issue it.

    Decisions come from the grades that were pulled, and from what people decided by hand. One certificate per award,
    however often this runs.

    Example: lms-toolkit certify edition SURE-FR-M1 --site staging --yes
    """
    from lms_toolkit.certifying import decide

    deployment = deployed(app, edition, site, language)
    course = app.course(deployment.course_id)
    chosen = course.edition(edition)
    one = find_learner(app, explain) if explain else None
    awards = decide(
        course, chosen, deployment.language, site, app.store, app.plugins, datetime.now(UTC), save=not dry_run
    )
    if one is not None:
        _explain(app, [award for award in awards if award.learner_id == one.id], one)
        return
    _issue_and_show(app, course, chosen, awards, explain=explain is not None, dry_run=dry_run, yes=yes)


@certify.command()
@click.argument("programme")
@click.option("--lang", "language", required=True, help="Language of the diploma.")
@click.option(
    "--explain",
    is_flag=False,
    flag_value="",
    metavar="[LEARNER]",
    help="Show every rule, the fact behind it, where and when it was read; of everybody, or of one learner.",
)
@click.option("--dry-run", is_flag=True, help="Decide, show, and issue nothing.")
@click.option("--yes", is_flag=True, help="Issue without being asked.")
@json_option
@pass_app
def programme(app: App, programme: str, language: str, explain: str | None, dry_run: bool, yes: bool) -> None:
    """Decide who earned a diploma, from awards of every site and edition and from imported participations.

    Example: lms-toolkit certify programme labour-migration-diploma --lang en --dry-run
    """
    from lms_toolkit.programmes import as_course, decide_programme

    chosen = _programme(app, programme)
    one = find_learner(app, explain) if explain else None
    courses = [app.course(id) for id in chosen.courses if id in app.course_folders()]
    now = datetime.now(UTC)
    awards = decide_programme(chosen, language, courses, app.store, app.plugins, now, save=not dry_run)
    if one is not None:
        _explain(app, [award for award in awards if award.learner_id == one.id], one)
        return
    _issue_and_show(app, *as_course(chosen), awards, explain=explain is not None, dry_run=dry_run, yes=yes)


@certify.command()
@click.argument("learner")
@click.argument("edition")
@click.option("--rule", required=True, help="What it is about, as explained: required:essay, essay, pass-mark, all.")
@click.option(
    "--as", "verdict", type=click.Choice(("met", "unmet", "extended")), required=True, help="What was decided."
)
@click.option("--until", type=click.DateTime(("%Y-%m-%d",)), help="Last day of an extension, where the edition is.")
@click.option("--reason", required=True, help="Why: it stands in the award's reasons.")
@click.option("--by", required=True, help="Who decided: a person or a board.")
@json_option
@pass_app
def decide(
    app: App, learner: str, edition: str, rule: str, verdict: str, until: datetime | None, reason: str, by: str
) -> None:
    """Record what somebody decided about one rule of one learner: an equivalence, a make-up, an extension.

    EDITION is an edition or a programme. The next certify heeds it, whatever later pulls bring.

    Example: lms-toolkit certify decide S-8 A9718837 --rule pass-mark --as met --reason "equivalence" --by Board
    """
    from lms_toolkit.deciding_by_hand import decide_by_hand, until_end_of

    asked, timezone = _asked(app, edition, find_learner(app, learner))
    last = until_end_of(until.date() if until else None, timezone)
    chosen = cast("DecisionVerdict", verdict)
    made = decide_by_hand(asked, rule, chosen, reason, by, datetime.now(UTC), app.store, last)
    app.emit(made, _line(made))


@certify.command()
@click.argument("edition", required=False)
@click.option("--learner", help="Those about one learner.")
@json_option
@pass_app
def decisions(app: App, edition: str | None, learner: str | None) -> None:
    """List what was decided by hand, with those decisions that were revoked.

    Example: lms-toolkit certify decisions A9718837
    """
    found = app.store.decisions.all(edition, find_learner(app, learner).id if learner else None)
    app.emit(found, "\n".join(map(_line, found)) or "nothing was decided by hand")


@certify.command()
@click.argument("decision_id")
@click.option("--reason", required=True, help="Why it counts no more.")
@click.option("--by", required=True, help="Who says so.")
@json_option
@pass_app
def revoke(app: App, decision_id: str, reason: str, by: str) -> None:
    """Let a decision by hand count no more; it stays listed. An award that was earned with it stays earned.

    Example: lms-toolkit certify revoke 5f3a --reason "recorded for the wrong person" --by "Amina Test"
    """
    full = [one.id for one in app.store.decisions.all() if one.id.startswith(decision_id)]
    if len(full) != 1:
        problem = "no decision" if not full else f"{len(full)} decisions"
        raise ConfigError(
            f"{problem} have an id that begins with {decision_id!r}; lms-toolkit certify decisions lists them"
        )
    revoked = app.store.decisions.revoke(full[0], datetime.now(UTC), by, reason)
    app.emit(revoked, _line(revoked))


@certify.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", required=True, help="Who vouches for the file.")
@json_option
@pass_app
def import_(app: App, file: Path, by: str) -> None:
    """Bring courses home that people completed elsewhere or long ago, for diplomas.

    Columns: name, idnumber or email, course, edition, completed_on (2024-07-31), evidence. A file with a fault is not
    imported at all; one that was imported before changes nothing.

    Example: lms-toolkit certify import participations.csv --by "Registrar's office"
    """
    from lms_toolkit.participations import read_participations

    past = read_participations(file, by, datetime.now(UTC))
    new = app.store.participations.save(past)
    app.emit(
        {"rows": len(past), "new": len(new), "known": len(past) - len(new)},
        f"{len(new)} imported, {len(past) - len(new)} known already",
    )


def _programme(app: App, id: str) -> Programme:
    from lms_toolkit.courses.programme_file import find_programme

    return find_programme(id, app.course_folders().values())


def _asked(app: App, edition: str, learner: Learner) -> tuple[Award, str]:
    """What an edition, or a programme, asks for, and its time zone."""
    from lms_toolkit.courses.programme_file import load_programme, programme_files
    from lms_toolkit.deciding_by_hand import asked_of_edition, asked_of_programme

    for one in map(load_programme, programme_files(app.course_folders().values())):
        if one.id == edition:
            return asked_of_programme(one, learner), "UTC"
    course = app.course_of_edition(edition)
    chosen = course.edition(edition)
    return asked_of_edition(course, chosen, chosen.languages[0], learner, app.plugins), chosen.timezone


def _line(one: Decision) -> str:
    from lms_toolkit.rules import said

    revoked = (
        f"; revoked by {one.revoked_by} on {one.revoked_at:%Y-%m-%d}: {one.revocation_reason}" if one.revoked_at else ""
    )
    return f"{one.id[:8]} {one.edition} {one.learner_id} {one.rule}: {said(one)}{revoked}"


def _explain(app: App, awards: list[Award], learner: Learner) -> None:
    from lms_toolkit.certifying import explain

    if not awards:
        raise ConfigError(f"nothing was decided about {learner.id} here; was the learner pulled, or anything imported?")
    app.emit(awards, "\n".join(explain(award) for award in awards))


def _issue_and_show(
    app: App, course: Course, edition: Edition, awards: list[Award], *, explain: bool, dry_run: bool, yes: bool
) -> None:
    learners = {learner.id: learner for learner in app.store.people.learners()}
    certificates = {} if dry_run else _issue(app, course, edition, awards, learners, yes=yes)
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
