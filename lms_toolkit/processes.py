"""How to start worker processes from where we are."""

from __future__ import annotations

import sys
import threading
from multiprocessing import get_context
from multiprocessing.context import BaseContext
from pathlib import Path


def worker_context() -> BaseContext:
    """Copies of this process where that is safe, new processes elsewhere.

    A forked process inherits the locks of threads that it does not have, and would wait for them for ever; and the
    libraries of macOS do not bear it at all.
    """
    return get_context("fork" if sys.platform == "linux" and is_alone() else "spawn")


def is_alone() -> bool:
    """Whether this process has one thread; those that Python did not start count too."""
    return threading.active_count() == 1 and sum(1 for _ in Path("/proc/self/task").iterdir()) == 1
