"""`lms-toolkit plugins`."""

from __future__ import annotations

import rich_click as click
from click.exceptions import Exit

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table
from lms_toolkit.manager import Plugins


@click.command()
@click.option("--strict", is_flag=True, help="Stop with the traceback of the first broken plugin.")
@json_option
@pass_app
def plugins(app: App, strict: bool) -> None:
    """List the plugins and how they are doing.

    Example: lms-toolkit plugins
    """
    manager = Plugins(app.config.disabled_plugins, strict=True) if strict else app.plugins
    states = manager.states()
    rows = ((s.name, s.state, f"{s.distribution} {s.version}", s.detail or " ".join(s.hooks)) for s in states)
    app.emit(states, table(("plugin", "state", "from", "hooks, or what is wrong"), rows))
    if any(state.state == "failed" for state in states):
        raise Exit(1)
