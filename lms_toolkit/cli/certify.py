"""`lms-toolkit certify edition|programme`; what people decide themselves is in `certify_by_hand`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli._awards import issue_and_show, show_reasons
from lms_toolkit.cli._deployed import deployed
from lms_toolkit.cli._deploying import edition_options
from lms_toolkit.cli._learner import find_learner
from lms_toolkit.cli._usual import with_usual
from lms_toolkit.cli.certify_by_hand import decide, decisions, import_, revoke
from lms_toolkit.commands import json_option, pass_app

if TYPE_CHECKING:
    from lms_toolkit.model import Programme


@click.group(cls=with_usual("edition"))
def certify() -> None:
    """Decide who earned the certificate, and issue it.

    `certify EDITION` is short for `certify edition EDITION`, whose `--help` lists its options.

    Example: lms-toolkit certify SURE-FR-M1 --site staging
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
    from lms_toolkit import certifying

    deployment = deployed(app, edition, site, language)
    course = app.course(deployment.course_id)
    chosen = course.edition(edition)
    one = find_learner(app, explain) if explain else None
    awards = certifying.decide(
        course, chosen, deployment.language, site, app.store, app.plugins, datetime.now(UTC), save=not dry_run
    )
    if one is not None:
        show_reasons(app, [award for award in awards if award.learner_id == one.id], one)
        return
    issue_and_show(app, course, chosen, awards, explain=explain is not None, dry_run=dry_run, yes=yes, page=deployment)


@certify.command()
@click.argument("programme")
@click.option("--lang", "language", help="Language of the diploma; that of the course each completed last, otherwise.")
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
def programme(app: App, programme: str, language: str | None, explain: str | None, dry_run: bool, yes: bool) -> None:
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
        show_reasons(app, [award for award in awards if award.learner_id == one.id], one)
        return
    issue_and_show(app, *as_course(chosen), awards, explain=explain is not None, dry_run=dry_run, yes=yes)


certify.add_command(decide)
certify.add_command(decisions)
certify.add_command(revoke)
certify.add_command(import_)


def _programme(app: App, id: str) -> Programme:
    from lms_toolkit.courses.programme_file import find_programme

    return find_programme(id, app.course_folders().values())
