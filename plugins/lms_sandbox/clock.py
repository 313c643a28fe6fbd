"""The time as Moodle tells it."""

from __future__ import annotations

import time


def now() -> int:
    """Whole seconds since 1970 (UTC)."""
    return int(time.time())
