"""`lms-toolkit certify decide|decisions|revoke|import`: what people decide or vouch for themselves."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._learner import find_learner
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Award, Decision, DecisionVerdict, Learner


@click.command()
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


@click.command()
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


@click.command()
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


@click.command("import")
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
