"""Starts workers by forking, a line of stdin each: `python nursery.py SETTINGS`. Imports cost time, and are made once.

A worker here looks for stalled jobs every second, and takes another one for dead after three, so that a test need not
wait for minutes.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import procrastinate  # noqa: F401 the children have it

import lms_toolkit.grading
import lms_toolkit.issuing_many
import lms_toolkit.notifying  # noqa: F401
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.jobs import EVERY_MINUTE, Pace, make_queue, prepare, run_worker

EVERY_SECOND = "* * * * * *"
PACE = Pace(EVERY_MINUTE, heartbeat_seconds=0.5, stalled_seconds=3.0, care_cron=EVERY_SECOND)


def work(settings: Path) -> None:
    config = load_config(settings, env={})

    def open_app() -> App:
        return App(config)

    run_worker(make_queue(open_app, prepare(config.database_url), PACE), open_app, PACE)


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who is killed leaves no corpse
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            work(Path(sys.argv[1]))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
