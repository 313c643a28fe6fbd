"""One writer per course, and one sandbox per folder."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from lms_sandbox.errors import Refusal
from lms_toolkit.errors import ConfigError


class CourseLocks:
    """A lock for each course; waiting longer than `wait_seconds` is refused as `lockbusy`."""

    def __init__(self, wait_seconds: float) -> None:
        self._wait_seconds = wait_seconds
        self._locks: dict[int, Lock] = {}

    @contextmanager
    def hold(self, course_id: int) -> Iterator[None]:
        lock = self._locks.setdefault(course_id, Lock())
        if not lock.acquire(timeout=self._wait_seconds):
            raise Refusal("lockbusy", "Another deployment is writing to this course; try again in a moment")
        try:
            yield
        finally:
            lock.release()


class FolderLock:
    """Held while a sandbox runs on a folder. It ends with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(
            folder / "running.lock", timeout=0, isolation_level=None, check_same_thread=False
        )
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._connection.close()
            raise ConfigError(
                f"{folder}: another sandbox is running on this folder; stop it or choose another"
            ) from error

    def release(self) -> None:
        self._connection.close()
