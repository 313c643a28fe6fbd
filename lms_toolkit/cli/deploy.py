"""`lms-toolkit deploy`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.cli._deploying import build_options, describe, edition_options, make_plan, save_packages
from lms_toolkit.cli._output import confirm
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.interfaces import Progress
from lms_toolkit.model import Deployment, Step


@click.command()
@edition_options
@build_options
@click.option("--dry-run", is_flag=True, help="Print the plan and stop.")
@click.option("--yes", is_flag=True, help="Do not ask before learners' records are deleted.")
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
    dry_run: bool,
    yes: bool,
) -> None:
    """Bring an edition of a course onto a site, exactly as declared.

    Running it again changes nothing, or completes what was interrupted.

    Example: lms-toolkit deploy SURE-FR-M1 --site staging --dry-run
    """
    from lms_toolkit.deploying import apply

    planned = make_plan(app, edition, site, language, format_name, per, allow_track_loss=allow_track_loss)
    made = planned.plan
    if dry_run:
        app.emit(made, describe(made))
        if made.refusals:
            raise Exit(1)
        return
    losses = [step.reason for step in made.writes if step.kind == "module" and "would delete" in step.reason]
    if losses:
        confirm(app, f"{'; '.join(losses)}. Go on?", yes=yes)

    save_packages(app.store, planned.prepared)
    with app.progress("Deploying") as advance:

        def announce(step: Step) -> Progress:
            app.tell(f"{step.action} {step.kind} {step.title}")
            return advance

        deployment = apply(
            made,
            planned.platform,
            planned.course.id,
            app.store,
            app.plugins,
            allow_track_loss=allow_track_loss,
            announce=announce,
        )
    app.emit(deployment, _describe(deployment))


def _describe(deployment: Deployment) -> object:
    rows = ((result.outcome, result.kind, result.key, result.ref, result.note) for result in deployment.results)
    title = f"{deployment.edition} on {deployment.site}: {deployment.course_url}"
    return table(("outcome", "kind", "key", "id there", "note"), rows, title=title)
