"""Notices that files changed, by looking at them twice a second: it works on every disk and needs no service."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from lms_toolkit.content import templates_path
from lms_toolkit.fingerprints import states

INTERVAL_SECONDS = 0.5


def changes(folders: Sequence[Path], interval: float = INTERVAL_SECONDS) -> Iterator[None]:
    """Once for each time that files of these folders, or the templates, changed since this call. Never ends.

    The first look is taken at once: what is saved between the call and the first step is not missed.
    """
    watched = (*folders, templates_path())
    return _differences(watched, states(watched), interval)


def _differences(watched: Sequence[Path], seen: object, interval: float) -> Iterator[None]:
    while True:
        time.sleep(interval)
        now = states(watched)
        if now != seen:
            seen = now
            yield
