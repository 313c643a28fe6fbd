"""A limit for how long one piece of work may take.

The work looks at the clock itself, between its steps. On the main thread of a Unix process an alarm also ends a wait
for a site that never answers; it lets the store finish what it is doing, so that no transaction is torn.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from lms_toolkit.errors import ConfigError, Unreachable

MAX_SECONDS = 86_400.0
_LOOK_AGAIN_SECONDS = 0.2
_STORE = ("lms_toolkit.store", "sqlalchemy", "psycopg", "sqlite3")


class Deadline:
    """`what` names the work in the message; `seconds` begin now. Raises ConfigError for no time, or for over a day."""

    def __init__(self, what: str, seconds: float) -> None:
        if not 0 < seconds <= MAX_SECONDS:
            raise ConfigError(f"{what}: {seconds:g} s is no deadline; give --deadline up to {MAX_SECONDS:,.0f} seconds")
        self._what = what
        self.seconds = seconds
        self._ends = time.monotonic() + seconds

    def check(self) -> None:
        """Raises Unreachable when the time is over."""
        if time.monotonic() >= self._ends:
            raise self._over()

    def _over(self) -> Unreachable:
        return Unreachable(
            f"{self._what}: not done within {self.seconds:g} s; what was read is kept, and the next sync goes on; "
            "a longer --deadline gives it more time"
        )

    @contextmanager
    def alarm(self) -> Iterator[None]:
        """Within this block the time also ends a wait; elsewhere than on a Unix main thread, only `check` does."""
        if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
            yield
            return

        def ring(_number: int, frame: FrameType | None) -> None:
            if not _in_store(frame):
                signal.setitimer(signal.ITIMER_REAL, 0)
                raise self._over()

        before = signal.signal(signal.SIGALRM, ring)
        signal.setitimer(signal.ITIMER_REAL, max(self._ends - time.monotonic(), 0.001), _LOOK_AGAIN_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)


def _in_store(frame: FrameType | None) -> bool:
    while frame is not None:
        if str(frame.f_globals.get("__name__", "")).startswith(_STORE):
            return True
        frame = frame.f_back
    return False
