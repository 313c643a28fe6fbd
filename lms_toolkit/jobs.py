"""Syncs by several workers on several machines: Procrastinate's jobs on the store's PostgreSQL, one a course page.

Every so often a tick makes a job for each deployed page, once however many workers tick; a page that has a job waiting
gets no second one. One more job, begun when no page is waiting, is for the diplomas. A job that a worker took to its
grave is given to another. Jobs are no facts: they may be lost or run twice, because a sync does what is left to do.
They are kept in a schema of their own, named after what Procrastinate's tables look like; a newer Procrastinate begins
a new one, and nothing is migrated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lms_toolkit.errors import ConfigError, StoreError

if TYPE_CHECKING:
    import procrastinate
    from procrastinate.jobs import Job
    from sqlalchemy.engine import URL

    from lms_toolkit.app import App
    from lms_toolkit.model import Deployment

SYNC, DIPLOMAS, TICK, RESCUE, NOTIFY = "sync_page", "sync_programmes", "tick", "rescue", "notify"
AFTER_PAGES = -1
"""The priority of the diplomas, which rest on what pages bring home; that of a page is 0."""
EVERY_MINUTE = "* * * * *"

OpenApp = Callable[[], "App"]
"""Opens the toolkit for one job, with its own store; the job closes it."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often pages are synced (cron), how long one may take, after how many seconds without a sign of life a
    worker's jobs are given to others, and how often one looks for those and for messages that are due (cron)."""

    cron: str
    deadline_seconds: float = 600.0
    heartbeat_seconds: float = 10.0
    stalled_seconds: float = 60.0
    care_cron: str = EVERY_MINUTE


def make_queue(open_app: OpenApp, address: str, pace: Pace) -> procrastinate.App:
    """The queue with its tasks; `address` is what `prepare` returned."""
    import procrastinate

    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=address))

    @queue.task(name=SYNC)
    def sync_page(site: str, edition: str, language: str) -> None:
        _sync(open_app, site, edition, language, pace.deadline_seconds)

    @queue.task(name=DIPLOMAS)
    def sync_programmes() -> None:
        _sync_programmes(open_app, pace.deadline_seconds)

    @queue.periodic(cron=pace.cron)
    @queue.task(name=TICK, queueing_lock=TICK)
    async def tick(timestamp: int) -> None:
        await defer_all(queue, open_app)

    @queue.periodic(cron=pace.care_cron)
    @queue.task(name=NOTIFY, queueing_lock=NOTIFY)
    def notify(timestamp: int) -> None:
        _notify(open_app)

    @queue.periodic(cron=pace.care_cron)
    @queue.task(name=RESCUE, queueing_lock=RESCUE)
    async def rescue(timestamp: int) -> None:
        await rescue_stalled(queue, pace)

    return queue


def run_worker(queue: procrastinate.App, open_app: OpenApp, pace: Pace, *, once: bool = False) -> None:
    """Work until told to stop by a signal, which lets the job at hand end; `once`: every page, until no job is left."""
    import asyncio

    async def work() -> None:
        async with queue.open_async():
            await rescue_stalled(queue, pace)
            if once:
                await defer_all(queue, open_app)
            await queue.run_worker_async(
                wait=not once,
                concurrency=1,  # one job, one process: more of them is what more workers are for
                delete_jobs="successful",
                update_heartbeat_interval=pace.heartbeat_seconds,
                stalled_worker_timeout=pace.stalled_seconds,
            )

    asyncio.run(work())


async def defer_all(queue: procrastinate.App, open_app: OpenApp) -> int:
    """A job for each deployed page that has none waiting, and one for the diplomas; how many were made for pages."""
    import asyncio

    pages = await asyncio.to_thread(_pages, open_app)
    made = [await _defer(queue, SYNC, f"sync:{page.site}:{page.edition}:{page.language}", page) for page in pages]
    await _defer(queue, DIPLOMAS, DIPLOMAS, None)
    return sum(made)


def _pages(open_app: OpenApp) -> list[Deployment]:
    """What is deployed, those first that waited longest."""
    from lms_toolkit.syncing import pages_to_sync

    app = open_app()
    try:
        return pages_to_sync(app)
    finally:
        app.close()


async def _defer(queue: procrastinate.App, task: str, key: str, page: Deployment | None) -> bool:
    from procrastinate.exceptions import AlreadyEnqueued

    job = queue.configure_task(task, lock=key, queueing_lock=key, priority=0 if page else AFTER_PAGES)
    try:
        if page:
            await job.defer_async(site=page.site, edition=page.edition, language=page.language)
        else:
            await job.defer_async()
    except AlreadyEnqueued:
        return False
    return True


async def rescue_stalled(queue: procrastinate.App, pace: Pace) -> int:
    """Give the jobs of workers that show no sign of life to others; how many there were."""
    from procrastinate.exceptions import ConnectorException

    count = 0
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=pace.stalled_seconds):
        try:
            await _rescue(queue, job)
            count += 1
        except ConnectorException as error:
            if not _was_settled(error):
                raise
    return count


async def _rescue(queue: procrastinate.App, job: Job) -> None:
    from procrastinate.exceptions import UniqueViolation
    from procrastinate.jobs import Status

    try:
        await queue.job_manager.retry_job(job)
    except UniqueViolation:
        # The page has a new job waiting, which keeps this one from waiting too, and itself waits for this one's end.
        await queue.job_manager.finish_job(job, Status.ABORTED, delete_job=True)


def _was_settled(error: Exception) -> bool:
    """Whether another worker was faster, or the job ended after all: then it is no longer one to rescue."""
    from psycopg.errors import RaiseException

    return isinstance(error.__cause__, RaiseException)


def _sync(open_app: OpenApp, site: str, edition: str, language: str, deadline_seconds: float) -> None:
    """One page. Its faults are in the store and told to the office; the next tick tries again."""
    from lms_toolkit.notifying import send_due
    from lms_toolkit.syncing import sync_page

    app = open_app()
    try:
        page = app.store.deployments.get(site, edition, language)
        if page is not None:
            done = sync_page(app, page, deadline_seconds)
            app.tell(str(done))
            send_due(app)
    finally:
        app.close()


def _sync_programmes(open_app: OpenApp, deadline_seconds: float) -> None:
    """Every programme that concerns somebody, with each one's faults as with a page's."""
    from lms_toolkit.notifying import send_due
    from lms_toolkit.syncing_programmes import sync_programmes

    app = open_app()
    try:
        for done in sync_programmes(app, deadline_seconds=deadline_seconds):
            app.tell(str(done))
        send_due(app)
    finally:
        app.close()


def _notify(open_app: OpenApp) -> None:
    from lms_toolkit.notifying import send_due

    app = open_app()
    try:
        send_due(app)
    finally:
        app.close()


def prepare(url: str) -> str:
    """Make the schema of the queue where there is none yet, and return how to connect to it.

    Raises ConfigError for a store that is not PostgreSQL, and without the packages; StoreError when the server refuses.
    """
    from lms_toolkit.store.address import read_url, shown

    parsed = read_url(url)
    if parsed.get_backend_name() != "postgresql":
        raise ConfigError(
            "workers need a store on PostgreSQL, see docs/store.md; on one machine, lms-toolkit sync schedule is enough"
        )
    psycopg, tables = _packages()
    address = _address(parsed)
    try:
        return str(_prepared(psycopg, address, tables))
    except psycopg.Error as error:
        state = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
        raise StoreError(
            f"the store {shown(parsed)}: the schema of the queue cannot be made{state}; the role needs CREATE on the "
            "database"
        ) from error


def _packages() -> tuple[Any, str]:
    """psycopg, and the SQL of Procrastinate's tables."""
    try:
        import psycopg
        from procrastinate.schema import SchemaManager
    except ImportError as error:
        raise ConfigError(f"workers need the package {error.name}: pip install 'lms-toolkit[jobs]'") from error
    return psycopg, SchemaManager.get_schema()


def _prepared(psycopg: Any, address: str, tables: str) -> str:
    from psycopg import sql
    from psycopg.conninfo import conninfo_to_dict, make_conninfo

    with psycopg.connect(address) as connection:
        [beside] = connection.execute("SELECT current_schema()").fetchone()
        name = f"{beside[:45]}_jobs_{sha256(tables.encode()).hexdigest()[:8]}"
        # Whoever comes second waits until the first has made everything, or undone it.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        found = connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [name]).fetchone()
        if found is None:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
            connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(sql.Identifier(name)))
            connection.execute(tables)
    options = str(conninfo_to_dict(address).get("options", ""))
    return make_conninfo(address, options=f"{options} -csearch_path={name}".strip())


def _address(url: URL) -> str:
    from psycopg.conninfo import make_conninfo

    parts = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **{name: value for name, value in url.query.items() if isinstance(value, str)},
    }
    return make_conninfo("", **{name: value for name, value in parts.items() if value is not None})
