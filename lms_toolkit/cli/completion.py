"""`lms-toolkit completion`."""

from __future__ import annotations

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import pass_app

_LINES = {
    "bash": 'eval "$(_LMS_TOOLKIT_COMPLETE=bash_source lms-toolkit)"',
    "zsh": 'eval "$(_LMS_TOOLKIT_COMPLETE=zsh_source lms-toolkit)"',
    "fish": "_LMS_TOOLKIT_COMPLETE=fish_source lms-toolkit | source",
}


@click.command()
@click.argument("shell", type=click.Choice(sorted(_LINES)))
@pass_app
def completion(app: App, shell: str) -> None:
    """Print the line that switches on completion in your shell.

    Example: lms-toolkit completion bash >> ~/.bashrc
    """
    app.emit({"shell": shell, "line": _LINES[shell]}, _LINES[shell])
