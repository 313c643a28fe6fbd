"""What one running sandbox has: its data, its packages, its limits and its address."""

from __future__ import annotations

import secrets
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path

from lms_sandbox.clock import now
from lms_sandbox.database import Database
from lms_sandbox.functions.function import Limits
from lms_sandbox.functions.users import add_user
from lms_sandbox.locks import CourseLocks
from lms_sandbox.package_files import PackageFiles

SERVICE_USER = "lmstoolkit"
DRAFT_SECONDS = 4 * 24 * 3600  # Moodle purges draft areas after four days


@dataclass(slots=True)
class Site:
    """`url` is known once the port is bound. `revision` changes when open pages should be reloaded; `watched` says
    that somebody changes it, so that pages need to ask."""

    database: Database
    packages: PackageFiles
    limits: Limits
    locks: CourseLocks
    token: str
    url: str = ""
    revision: int = 0
    watched: bool = False
    entrances: dict[str, int] = field(default_factory=dict)


def open_site(folder: Path, limits: Limits) -> Site:
    """Open or create the data of a sandbox, and tidy up what nobody needs any more."""
    database = Database(folder / "sandbox.db")
    packages = PackageFiles(folder / "files")
    with database.writing() as db:
        token = _token(db)
        db.execute("DELETE FROM drafts WHERE created_at < ?", (now() - DRAFT_SECONDS,))
        kept = db.execute(
            "SELECT package_sha256 FROM modules UNION SELECT sha256 FROM drafts UNION SELECT sha256 FROM learner_files"
        ).fetchall()
    packages.forget_all_but({sha256 for (sha256,) in kept})
    return Site(database, packages, limits, CourseLocks(limits.lock_wait_seconds), token)


def _token(db: sqlite3.Connection) -> str:
    row = db.execute(
        "SELECT token FROM tokens JOIN users ON users.id = user_id WHERE username = ?", (SERVICE_USER,)
    ).fetchone()
    if row:
        return str(row["token"])
    user = {"username": SERVICE_USER, "email": "lmstoolkit@example.org", "firstname": "Service", "lastname": "Account"}
    token = secrets.token_hex(16)
    db.execute("INSERT INTO tokens (token, user_id) VALUES (?, ?)", (token, add_user(db, user)))
    return token
