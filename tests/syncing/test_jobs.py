"""Workers on PostgreSQL: each page by one at a time, ticks once, and nothing lost or doubled when they are killed."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError
from lms_toolkit.jobs import SYNC, TICK, Pace, defer_all, make_queue, prepare, rescue_stalled

PAGES = 12
KILLS = 6
SEED = 20260522
PATIENCE_SECONDS = 300
"""Only reached when something is wrong: everything below waits for a condition."""


def wait_for(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.05)


def queue_of(desk, cron="* * * * *", stalled=30.0):
    config = load_config(desk.folder / "lms-toolkit.toml", env={})
    pace = Pace(cron, stalled_seconds=stalled)
    return make_queue(lambda: App(config), prepare(desk.store_url), pace), lambda: App(config), pace


def synced(app: App) -> set[str]:
    """The editions that some run has brought up to date; the next tick may have begun another run."""
    with app.store.database.read() as connection:
        found = connection.exec_driver_sql("SELECT DISTINCT edition FROM sync_runs WHERE outcome = 'synced'")
        return set(found.scalars())


class Nursery:
    """A process that forks workers; see nursery.py."""

    def __init__(self, settings: Path) -> None:
        command = [sys.executable, str(Path(__file__).with_name("nursery.py")), str(settings)]
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_TOOLKIT")}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=settings.parent
        )
        self.workers: list[int] = []

    def start(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("another\n")
        self.process.stdin.flush()
        self.workers.append(int(self.process.stdout.readline()))

    def kill(self, index: int) -> None:
        os.kill(self.workers.pop(index), signal.SIGKILL)

    def close(self) -> None:
        for worker in self.workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        self.process.communicate(timeout=PATIENCE_SECONDS)


@pytest.fixture
def nursery(postgres_desk) -> Iterator[Nursery]:
    made = Nursery(postgres_desk.folder / "lms-toolkit.toml")
    yield made
    made.close()


def test_workers_killed_at_random_leave_every_page_synced_and_nothing_doubled(
    postgres_desk, nursery, mail_sink, mail_server, web_sink, in_a_loop
):
    desk = postgres_desk
    (desk.folder / "secret").write_text("correct horse")
    desk.told_by_mail(
        mail_server(mail_sink).port,
        'security = "none"\n[notifications.webhooks.crm]\n'
        f'url = "{web_sink.url}"\nsecret_file = "secret"\nevents = ["certificate.issued"]',
    )
    codes = [f"JOBS-{number}" for number in range(PAGES)]
    desk.deploy(*codes)
    for code in codes:
        desk.grade(code, 80)
    queue, open_app, _ = queue_of(desk)

    async def defer() -> int:
        async with queue.open_async():
            made = await defer_all(queue, open_app)
            assert await defer_all(queue, open_app) == 0  # each page has a job that waits
            return made

    assert in_a_loop(defer()) == PAGES
    chance = random.Random(SEED)
    for _ in range(3):
        nursery.start()
    for _ in range(KILLS):  # in whatever they are at; what must hold holds for any moment
        time.sleep(chance.uniform(0.05, 0.4))
        nursery.kill(chance.randrange(len(nursery.workers)))
        nursery.start()
    with desk.app() as app:
        wait_for(lambda: synced(app) == set(codes), "every page is synced")
        wait_for(lambda: not {"waiting", "claimed", "handed"} & set(app.store.outbox.counts()), "every message is told")
        certificates = app.store.certificates.all()
        unsure = {one.id for one in app.store.outbox.needing_a_person()}
        counts = app.store.outbox.counts()
    assert sorted(one.record.edition for one in certificates) == sorted(codes)
    assert len({one.record.award_id for one in certificates}) == PAGES
    assert len(list((desk.folder / "data" / "certificates").glob("*.pdf"))) == PAGES
    letters = Counter(one.message["Message-ID"].strip("<>").partition("@")[0] for one in mail_sink.letters)
    assert set(letters.values()) == {1}  # nobody got anything twice
    # Who was killed between the server's answer and our note left a letter that may have arrived: it says so.
    assert len(set(letters) | unsure) == 2 * PAGES
    assert counts.get("unsure", 0) <= KILLS
    assert {posted.headers["Webhook-Id"] for posted in web_sink.posted} & unsure == set()
    assert len({posted.headers["Webhook-Id"] for posted in web_sink.posted}) == PAGES


def test_two_schedulers_tick_once(postgres_desk, in_a_loop):
    desk = postgres_desk
    first, _, _ = queue_of(desk, cron="* * * * * *")
    second, _, _ = queue_of(desk, cron="* * * * * *")
    with desk.app() as app:
        assert app.store.deployments.all() == []

    async def run() -> list[int]:
        async with first.open_async(), second.open_async():
            options = {"install_signal_handlers": False, "delete_jobs": "never"}
            workers = [asyncio.create_task(queue.run_worker_async(**options)) for queue in (first, second)]
            ticks: list[int] = []
            async with asyncio.timeout(PATIENCE_SECONDS):
                while len(set(ticks)) < 3:
                    await asyncio.sleep(0.1)
                    jobs = await first.job_manager.list_jobs_async(task=TICK)
                    ticks = [int(job.task_kwargs["timestamp"]) for job in jobs]
            for worker in workers:
                worker.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            return ticks

    ticks = in_a_loop(run())
    assert len(ticks) == len(set(ticks))


@pytest.mark.parametrize("has_twin", [False, True])
def test_a_job_that_a_worker_took_to_its_grave_is_done_by_another(postgres_desk, in_a_loop, has_twin):
    """Even when the page has a new job waiting, which keeps the old one from waiting again."""
    desk = postgres_desk
    desk.deploy("GRAVE-1")
    queue, open_app, pace = queue_of(desk)

    async def run() -> tuple[int, int, list[str], bool]:
        async with queue.open_async():
            await defer_all(queue, open_app)
            worker = await queue.job_manager.register_worker()
            assert await queue.job_manager.fetch_job(None, worker) is not None
            alive = await rescue_stalled(queue, pace)
            if has_twin:
                assert await defer_all(queue, open_app) == 1
            await queue.connector.execute_query_async(
                "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
            )
            dead = sum(await asyncio.gather(*(rescue_stalled(queue, pace) for _ in range(3))))
            left = [job.status for job in await queue.job_manager.list_jobs_async(task=SYNC)]
            again = await queue.job_manager.fetch_job(None, await queue.job_manager.register_worker())
            return alive, dead, left, again is not None

    assert in_a_loop(run()) == (0, 1, ["todo"], True)


def test_workers_that_start_at_once_make_one_queue_beside_the_store(postgres_desk):
    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(prepare, [postgres_desk.store_url] * 4))
    (address,) = addresses
    assert "_jobs_" in address


def test_an_address_with_a_password_is_never_shown():
    with pytest.raises(ConfigError, match="workers need a store on PostgreSQL"):
        prepare("sqlite:///store.db")
    if os.environ.get("LMS_TOOLKIT_TEST_POSTGRES_URL"):
        with pytest.raises(Exception, match=r"127\.0\.0\.1") as caught:
            prepare("postgresql://toolkit:hunter2@127.0.0.1:1/nothing")
        assert "hunter2" not in str(caught.value)
