"""What a web-service function is, and what it is given when called."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lms_sandbox.package_files import PackageFiles
from lms_sandbox.params import Fields


@dataclass(frozen=True, slots=True)
class Limits:
    """What the sandbox refuses above, as a Moodle is set up to do; small ones are useful in tests."""

    max_upload_bytes: int = 512 * 1024**2
    max_input_vars: int = 1000
    lock_wait_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the transaction it runs in, who calls, and the site it is made to."""

    db: sqlite3.Connection
    user_id: int
    site_url: str
    packages: PackageFiles
    limits: Limits
    functions: tuple[str, ...]


def _no_course(arguments: dict[str, Any]) -> int | None:
    return None


@dataclass(frozen=True, slots=True)
class Function:
    """A function as `external_function_parameters` describes it in Moodle.

    `answer(call, **parameters)` returns what is sent as JSON. `locks` names the course whose lock a write takes.
    """

    name: str
    parameters: Fields
    answer: Callable[..., Any]
    writes: bool = False
    locks: Callable[[dict[str, Any]], int | None] = _no_course
