"""`lms-toolkit sites`."""

from __future__ import annotations

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.commands import json_option, pass_app, table


@click.command()
@json_option
@pass_app
def sites(app: App) -> None:
    """List the sites named in the configuration.

    Example: lms-toolkit sites
    """
    known = [app.config.sites[name] for name in sorted(app.config.sites)]
    rows = ((site.name, site.platform, site.url, "set" if site.token else "missing") for site in known)
    text = table(("site", "platform", "address", "token"), rows) if known else "no site yet: see docs/moodle.md"
    app.emit(known, text)
