"""`lms-toolkit deploy`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deploying import build_options, describe, edition_options, refuse_unless_saved
from lms_toolkit.cli._output import confirm
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.errors import ConfigError
from lms_toolkit.interfaces import Progress
from lms_toolkit.model import Deployment, Plan, Step

if TYPE_CHECKING:
    from lms_toolkit.edition_plans import Planned


@click.command()
@edition_options
@build_options
@click.option("--dry-run", is_flag=True, help="Print the plan and stop.")
@click.option(
    "--plan",
    "saved",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Do what this saved plan says, or nothing if the course or the site has changed since.",
)
@click.option("--resume", is_flag=True, help="Complete a deployment that was interrupted; refuse if there is none.")
@click.option("--adopt", is_flag=True, help="Keep what was changed by hand on the site since the last deployment.")
@click.option("--yes", is_flag=True, help="Do not ask before learners' records or activities are deleted.")
@json_option
@pass_app
def deploy(
    app: App,
    edition: str,
    site: str,
    language: str | None,
    format_name: str,
    per: str | None,
    allow_track_loss: bool,
    delete: bool,
    dry_run: bool,
    saved: Path | None,
    resume: bool,
    adopt: bool,
    yes: bool,
) -> None:
    """Bring an edition of a course onto a site, exactly as declared.

    Running it again changes nothing, or completes what was interrupted. What is no longer declared is hidden.

    Example: lms-toolkit deploy SURE-FR-M1 --site staging --dry-run
    """
    from lms_toolkit.edition_plans import Wanted, plan_edition
    from lms_toolkit.planning import Permissions

    permissions = Permissions(allow_track_loss=allow_track_loss, delete=delete)
    planned = plan_edition(app, Wanted(edition, site, language, format_name, per, permissions, adopt))
    made = planned.plan
    if resume:
        _tell_what_was_interrupted(app, made)
    if saved:
        refuse_unless_saved(made, saved)
    if dry_run:
        app.emit(made, describe(made))
        if made.refusals:
            raise Exit(1)
        return
    losses = [f"{step.title}: {step.reason}" for step in made.writes if _deletes(step)]
    if losses:
        confirm(app, f"{'; '.join(losses)}. Go on?", yes=yes)
    deployment = _deploy(app, planned)
    app.emit(deployment, _describe(deployment))


def _tell_what_was_interrupted(app: App, made: Plan) -> None:
    last = app.store.journal.last(made.site, made.edition, made.language)
    done = app.store.deployments.get(made.site, made.edition, made.language)
    # A deployment is saved once its last step was answered: it may be interrupted after an answer, too.
    if last is None or (done is not None and done.deployed_at > last.started_at):
        raise ConfigError(
            f"no deployment of {made.edition} on {made.site} was interrupted; run deploy without --resume"
        )
    how = {None: "got no answer", "failed": "failed"}.get(last.outcome, "was the last step")
    app.tell(
        f"{last.action} {last.kind} {last.title} {how} on {last.started_at:%Y-%m-%d %H:%M} UTC; going on from there"
    )


def _deletes(step: Step) -> bool:
    return "would delete" in step.reason or step.reason.endswith(": deleted")


def _deploy(app: App, planned: Planned) -> Deployment:
    from lms_toolkit.edition_plans import deploy_planned

    with app.progress("Deploying") as advance:

        def announce(step: Step) -> Progress:
            app.tell(f"{step.action} {step.kind} {step.title}")
            return advance

        return deploy_planned(app, planned, announce)


def _describe(deployment: Deployment) -> object:
    rows = ((result.outcome, result.kind, result.key, result.ref, result.note) for result in deployment.results)
    title = f"{deployment.edition} on {deployment.site}: {deployment.course_url}"
    return table(("outcome", "kind", "key", "id there", "note"), rows, title=title)
