"""Goes easy on a site: a few readers at once, one writer a client, and pauses that grow while it slows down.

All clients of one site in this process share a pace, whatever thread they are in; sites do not wait for one another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

READERS = 4
"""Requests at once. Bursts make busy Moodles drop connections; see docs/moodle.md#pacing."""
SLOW_RATIO = 2.0
"""How many times slower than usual an answer of the same function is, before it counts as slow."""
SLOW_SECONDS = 1.0
"""Quicker answers are never slow: small numbers vary for many reasons."""
FIRST_PAUSE_SECONDS = 0.25
LONGEST_PAUSE_SECONDS = 30.0
LONGEST_REQUESTED_SECONDS = 60.0
"""What we wait because a site asks for it; one that asks for more is told to the user instead."""
_REMEMBERED = 0.2
"""How much of `usual` the latest answer makes up."""


@dataclass(slots=True)
class Pace:
    """What one site bears. `pause` is how long it is left alone after each answer, in seconds."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    pause: float = 0.0
    _usual: dict[str, float] = field(default_factory=dict)
    _answered_at: float = 0.0
    _not_before: float = 0.0
    _readers: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(READERS))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one of the places, and as long as the site needs, then send."""
        with self._readers:
            with self._lock:
                wait = max(self._answered_at + self.pause, self._not_before) - self.clock()
            if wait > 0:
                self.sleep(wait)
            yield

    def answered(self, function: str, seconds: float) -> None:
        """Learn from an answer: slower than usual for its function makes the pause longer, the usual halves it."""
        with self._lock:
            self._answered_at = self.clock()
            usual = self._usual.get(function, seconds)
            is_slow = seconds > SLOW_SECONDS and seconds > SLOW_RATIO * usual
            self.pause = self._longer() if is_slow else self._shorter()
            if not is_slow:  # what is slow now must not become what is usual
                self._usual[function] = (1 - _REMEMBERED) * usual + _REMEMBERED * seconds

    def refused(self, retry_after: float | None) -> None:
        """The site has too much to do (429, 503): longer pauses, and nothing before it says so."""
        with self._lock:
            self._answered_at = self.clock()
            self.pause = self._longer()
            if retry_after is not None and retry_after <= LONGEST_REQUESTED_SECONDS:
                self._not_before = max(self._not_before, self.clock() + retry_after)

    def _longer(self) -> float:
        return min(max(2 * self.pause, FIRST_PAUSE_SECONDS), LONGEST_PAUSE_SECONDS)

    def _shorter(self) -> float:
        return self.pause / 2 if self.pause > FIRST_PAUSE_SECONDS else 0.0


_paces: dict[str, Pace] = {}
_paces_lock = threading.Lock()


def pace_of(url: str) -> Pace:
    """The pace that all clients of a site share."""
    with _paces_lock:
        return _paces.setdefault(url, Pace())
