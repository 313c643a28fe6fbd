"""`lms-toolkit moodle`: hands out the plugin that Moodle administrators install, and restores backups."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app


@click.group()
def moodle() -> None:
    """Get the plugin for Moodle sites, or restore a backup there."""


@moodle.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="The zip to write.",
)
@json_option
@pass_app
def companion(app: App, output: Path) -> None:
    """Write the companion plugin as a zip that Moodle installs.

    Example: lms-toolkit moodle companion -o lmstoolkit.zip
    """
    from lms_moodle.companion_zip import write_companion

    written = write_companion(output)
    text = (
        f"{written.path}: local_lmstoolkit {written.version}. Install it under Site administration → Plugins →"
        " Install plugins, then run on the Moodle host: php local/lmstoolkit/cli/setup.php"
    )
    app.emit(written, text=text)


@moodle.command()
@click.argument("backup", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--site", required=True, help="A Moodle site named in the configuration.")
@click.option("--idnumber", required=True, help="ID number and short name of the new course.")
@click.option("--name", required=True, help="Full name of the new course.")
@click.option("--wait", is_flag=True, help="Wait until Moodle has done it; its cron must run.")
@json_option
@pass_app
def restore(app: App, backup: Path, site: str, idnumber: str, name: str, wait: bool) -> None:
    """Restore a backup (.mbz) or a Common Cartridge (.imscc) into a new course.

    Moodle does it in its task queue; the answer is the number of the job, and its state.

    Example: lms-toolkit moodle restore course.imscc --site staging --idnumber REINTEGRATION --name "Reintegration"
    """
    from lms_moodle.restoring import restore_backup
    from lms_toolkit.errors import Refused

    job = restore_backup(app.config.site(site), backup, idnumber, name, wait=wait, tell=app.tell)
    if job.state == "failed":
        raise Refused(f"{site} could not restore {backup.name}: {job.detail}")
    app.emit(job, f"job {job.id}: {job.state}{f', course {job.course_ref}' if job.course_ref else ''}")
