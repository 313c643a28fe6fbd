"""`lms-toolkit report`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.commands import json_option, pass_app
from lms_toolkit.errors import ConfigError, StoreError
from lms_toolkit.model import Deployment


@click.command()
@click.argument("edition")
@click.option("--site", help="A site named in the configuration, where the edition is on several.")
@click.option("--lang", "language", help="Language of the course page, where the edition has several.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The HTML file to write."
)
@click.option("--anonymous", is_flag=True, help="Name nobody.")
@click.option(
    "--inactive-days",
    type=click.IntRange(min=1),
    default=14,
    show_default=True,
    help="After so many days without anything done, somebody is at risk.",
)
@click.option(
    "--at",
    type=click.DateTime(("%Y-%m-%d", "%Y-%m-%dT%H:%M")),
    help="The moment it speaks of, where the edition is; now otherwise.",
)
@json_option
@pass_app
def report(
    app: App,
    edition: str,
    site: str | None,
    language: str | None,
    out: Path,
    anonymous: bool,
    inactive_days: int,
    at: datetime | None,
) -> None:
    """Write a report on an edition: one page of HTML that needs nothing else, to read, send or print.

    Key figures, progress by module, scores, who is at risk and why, what the questions are worth, certificates issued;
    in the language of the course page, from the results that were pulled.

    Example: lms-toolkit report SURE-FR-M1 -o report.html
    """
    from lms_toolkit.reporting import gather, report_html

    deployment = _deployed(app, edition, site, language)
    course = app.course(deployment.course_id)
    chosen = course.edition(edition)
    moment = at.replace(tzinfo=ZoneInfo(chosen.timezone)) if at else datetime.now(UTC)
    made = gather(
        course,
        chosen,
        deployment,
        app.store,
        app.plugins,
        moment,
        is_anonymous=anonymous,
        inactive_days=inactive_days,
    )
    try:
        out.write_text(report_html(made), encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{out}: cannot be written ({error.strerror}); check rights and free space") from error
    learners = f"{made.learners} learner{'' if made.learners == 1 else 's'}"
    app.emit(made, f"{out}: {learners}, {made.earned} earned it, {len(made.at_risk)} to look after")


def _deployed(app: App, edition: str, site: str | None, language: str | None) -> Deployment:
    """The deployment to report on: the only one there is, unless the options say which."""
    if site is not None:
        return deployed(app, edition, site, language)
    sites = sorted({one.site for one in app.store.deployments.all() if one.edition == edition})
    if len(sites) > 1:
        raise ConfigError(f"{edition} is deployed on {', '.join(sites)}; choose one with --site")
    if not sites:
        raise ConfigError(f"{edition} is deployed nowhere; first: lms-toolkit deploy {edition} --site SITE")
    return deployed(app, edition, sites[0], language)
