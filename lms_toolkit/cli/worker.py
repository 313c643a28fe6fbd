"""`lms-toolkit worker`."""

from __future__ import annotations

from functools import partial

import rich_click as click

from lms_toolkit.app import App
from lms_toolkit.cli.sync import EVERY, deadline_option
from lms_toolkit.commands import pass_app


@click.command()
@click.option("--every", type=click.Choice(EVERY), default="15m", show_default=True, help="How often pages are synced.")
@deadline_option
@click.option("--until-done", is_flag=True, help="Sync every page once, with the other workers, and end.")
@pass_app
def worker(app: App, every: str, deadline: float, until_done: bool) -> None:
    """Sync course pages together with other workers, on this machine and others.

    Needs a store on PostgreSQL and lms-toolkit[jobs]. Start as many as you like: each page is synced by one at a time,
    and what a worker leaves behind that was killed is done by another. Ctrl-C lets the page at hand be finished.

    Example: lms-toolkit worker --every 30m
    """
    from lms_toolkit.jobs import Pace, make_queue, prepare, run_worker
    from lms_toolkit.scheduling import CRON

    address = prepare(app.config.database_url)
    app.tell(f"{len(app.store.deployments.all())} course pages are deployed")
    app.close()  # its tables are there now; each job opens the store for itself
    open_app = partial(App, app.config, plugins=app.plugins, tell=app.tell)
    pace = Pace(CRON[every], deadline)
    run_worker(make_queue(open_app, address, pace), open_app, pace, once=until_done)
