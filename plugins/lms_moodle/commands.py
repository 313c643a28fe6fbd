"""`lms-toolkit moodle`: hands out the plugin that Moodle administrators install."""

from __future__ import annotations

from pathlib import Path

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app


@click.group()
def moodle() -> None:
    """Prepare a Moodle site for this toolkit."""


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
