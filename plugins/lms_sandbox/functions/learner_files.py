"""local_lmstoolkit_deliver_file: files in learners' areas. Learners of a sandbox put nothing there."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from lms_sandbox.errors import Refusal, payload_invalid
from lms_sandbox.functions.function import Call
from lms_sandbox.functions.payload import check

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,95}\.pdf", re.ASCII)


def deliver(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    """Put a file there, or take it away; see docs/companion.md."""
    if not _NAME.fullmatch(payload["filename"]):
        raise payload_invalid("filename is no plain name of a PDF")
    found = call.db.execute(
        "SELECT course_id, sha256 FROM learner_files WHERE user_id = ? AND filename = ?",
        (payload["userid"], payload["filename"]),
    ).fetchone()
    if payload["file"] is None:
        return {"outcome": _remove(call.db, payload, found)}
    return {"outcome": _put(call, payload, found)}


def _remove(db: sqlite3.Connection, payload: dict[str, Any], found: sqlite3.Row | None) -> str:
    if found is None or found["course_id"] != payload["courseid"]:
        return "unchanged"
    db.execute("DELETE FROM learner_files WHERE user_id = ? AND filename = ?", (payload["userid"], payload["filename"]))
    return "removed"


def _put(call: Call, payload: dict[str, Any], found: sqlite3.Row | None) -> str:
    who = (payload["courseid"], payload["userid"])
    if not call.db.execute("SELECT 1 FROM enrolments WHERE course_id = ? AND user_id = ?", who).fetchone():
        raise Refusal("notenrolled", "This account is not enrolled in the course.")
    if found and found["course_id"] != payload["courseid"]:
        raise Refusal("filetaken", f"A file {payload['filename']} is there already that is not of this course.")
    sha256 = _sent(call, payload)
    if found and found["sha256"] == sha256:
        return "unchanged"
    call.db.execute(
        "INSERT OR REPLACE INTO learner_files (user_id, filename, course_id, sha256) VALUES (?, ?, ?, ?)",
        (payload["userid"], payload["filename"], payload["courseid"], sha256),
    )
    return "updated" if found else "created"


def _sent(call: Call, payload: dict[str, Any]) -> str:
    """The hash of what was uploaded, which leaves the draft area."""
    announced = check(payload["file"], {"draftitemid": (int,), "sha256": (str,)}, "file")
    area = (announced["draftitemid"], call.user_id)
    drafts = call.db.execute("SELECT sha256 FROM drafts WHERE item_id = ? AND user_id = ?", area).fetchall()
    if [row["sha256"] for row in drafts] != [announced["sha256"]]:
        raise Refusal("packagemismatch", "The uploaded file is not the one announced; upload it again")
    call.db.execute("DELETE FROM drafts WHERE item_id = ? AND user_id = ?", area)
    return str(announced["sha256"])
