"""Creates or updates a SCORM activity; replacing its package keeps every track whose item is still there."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lms_sandbox.errors import Refusal, payload_invalid
from lms_sandbox.functions.function import Call
from lms_sandbox.functions.payload import check
from lms_sandbox.gradebook import regrade_everybody
from lms_sandbox.manifest import Launch, Manifest
from lms_sandbox.tracking import learners_by_item

SETTINGS = ("name", "intro", "pass_mark_percent", "completion")


def apply(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    """See docs/companion.md. Everything is checked before anything is written."""
    section_id = _section(call.db, payload)
    found = call.db.execute(
        "SELECT * FROM modules WHERE course_id = ? AND key = ?", (payload["courseid"], payload["key"])
    ).fetchone()
    if not 0 <= payload["pass_mark_percent"] <= 100:
        raise payload_invalid("pass_mark_percent must be from 0 to 100")
    sha256 = _package(call, payload, found)
    manifest = call.packages.manifest(sha256) if not found or sha256 != found["package_sha256"] else None
    if found and not payload["allow_track_loss"]:
        _refuse_completion_reset(call.db, found, payload["completion"])
        if manifest:
            _refuse_track_loss(call.db, found, manifest)
    outcome = _outcome(found, payload, section_id, sha256)
    if payload["dryrun"] or outcome == "unchanged":
        return {"outcome": outcome, "id": found["id"] if found else None}
    return {"outcome": outcome, "id": _write(call.db, found, payload, section_id, sha256, manifest)}


def _section(db: sqlite3.Connection, payload: dict[str, Any]) -> int:
    row = db.execute(
        "SELECT id FROM sections WHERE course_id = ? AND key = ?", (payload["courseid"], payload["section_key"])
    ).fetchone()
    if row is None:
        raise Refusal("sectionnotfound", f"The course has no section {payload['section_key']}; apply the section first")
    return int(row["id"])


def _package(call: Call, payload: dict[str, Any], found: sqlite3.Row | None) -> str:
    """The hash of the package the module shall have; an uploaded one is checked against what was announced."""
    if payload["package"] is None:
        if found is None:
            raise payload_invalid("a new module needs a package")
        return str(found["package_sha256"])
    announced = check(payload["package"], {"draftitemid": (int,), "sha256": (str,)}, "package")
    drafts = call.db.execute(
        "SELECT sha256 FROM drafts WHERE item_id = ? AND user_id = ?", (announced["draftitemid"], call.user_id)
    ).fetchall()
    if len(drafts) != 1:
        raise Refusal(
            "packagemismatch", f"The draft area {announced['draftitemid']} holds {len(drafts)} files, not one"
        )
    if drafts[0]["sha256"] != announced["sha256"]:
        raise Refusal("packagemismatch", "The uploaded bytes are not the ones announced; upload the package again")
    return str(drafts[0]["sha256"])


def _refuse_completion_reset(db: sqlite3.Connection, module: sqlite3.Row, rule: str) -> None:
    """Moodle applies a new rule by wiping every state and computing it again, so that dates are lost."""
    (done,) = db.execute("SELECT count(*) FROM completions WHERE module_id = ?", (module["id"],)).fetchone()
    if done and rule != module["completion"]:
        raise Refusal("completionreset", f"{done} learners would lose the date on which they completed this")


def _refuse_track_loss(db: sqlite3.Connection, module: sqlite3.Row, manifest: Manifest) -> None:
    kept = {launch.identifier for launch in manifest.launches}
    learners = learners_by_item(db, module["id"])
    lost = {identifier: count for identifier, count in learners.items() if identifier not in kept and count}
    if not lost:
        return
    titles = dict(db.execute("SELECT identifier, title FROM scos WHERE module_id = ?", (module["id"],)).fetchall())
    what = "; ".join(f"{titles[identifier]} ({identifier}): {count}" for identifier, count in lost.items())
    message = f"{_learners_of(db, module['id'], set(lost))} learners would lose their records of {what}"
    raise Refusal("trackloss", message)


def _learners_of(db: sqlite3.Connection, module_id: int, identifiers: set[str]) -> int:
    rows = db.execute(
        "SELECT DISTINCT identifier, user_id FROM tracks JOIN scos ON scos.id = sco_id WHERE module_id = ?",
        (module_id,),
    )
    return len({row["user_id"] for row in rows if row["identifier"] in identifiers})


def _outcome(found: sqlite3.Row | None, payload: dict[str, Any], section_id: int, sha256: str) -> str:
    if found is None:
        return "created"
    same = all(found[field] == payload[field] for field in SETTINGS)
    return "unchanged" if same and (found["section_id"], found["package_sha256"]) == (section_id, sha256) else "updated"


def _write(
    db: sqlite3.Connection,
    found: sqlite3.Row | None,
    payload: dict[str, Any],
    section_id: int,
    sha256: str,
    manifest: Manifest | None,
) -> int:
    row = {field: payload[field] for field in ("courseid", "key", *SETTINGS)} | {
        "section": section_id,
        "sha256": sha256,
    }
    made = db.execute(
        "INSERT INTO modules (course_id, section_id, key, name, intro, pass_mark_percent, completion, package_sha256)"
        " VALUES (:courseid, :section, :key, :name, :intro, :pass_mark_percent, :completion, :sha256)"
        " ON CONFLICT (course_id, key) DO UPDATE SET section_id = excluded.section_id, name = excluded.name,"
        " intro = excluded.intro, pass_mark_percent = excluded.pass_mark_percent, completion = excluded.completion,"
        " package_sha256 = excluded.package_sha256",
        row,
    )
    module_id = int(found["id"]) if found else made.lastrowid or 0
    if manifest:
        db.execute("UPDATE modules SET standard = ? WHERE id = ?", (manifest.standard, module_id))
        _write_scos(db, module_id, manifest)
    regrade_everybody(db, module_id)
    return module_id


def _write_scos(db: sqlite3.Connection, module_id: int, manifest: Manifest) -> None:
    """Rows are matched by item identifier; those that vanish take their tracks along."""
    kept = {launch.identifier for launch in manifest.launches}
    for row in db.execute("SELECT id, identifier FROM scos WHERE module_id = ?", (module_id,)).fetchall():
        if row["identifier"] not in kept:
            db.execute("DELETE FROM scos WHERE id = ?", (row["id"],))
    for position, launch in enumerate(manifest.launches, 1):
        _write_sco(db, {"module_id": module_id, "position": position, **_sco(launch)})


def _sco(launch: Launch) -> dict[str, Any]:
    rules = launch.rules
    return {
        "identifier": launch.identifier,
        "title": launch.title,
        "href": launch.href,
        "is_sco": launch.is_sco,
        "mastery_score": rules.mastery_score,
        "launch_data": rules.launch_data,
        "max_time_allowed": rules.max_time_allowed,
        "time_limit_action": rules.time_limit_action,
        "scaled_passing_score": rules.scaled_passing_score,
        "completion_threshold": rules.completion_threshold,
        "objectives": json.dumps(rules.objectives),
    }


def _write_sco(db: sqlite3.Connection, row: dict[str, Any]) -> None:
    changes = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("module_id", "identifier"))
    db.execute(
        f"INSERT INTO scos ({', '.join(row)}) VALUES ({', '.join(f':{name}' for name in row)})"
        f" ON CONFLICT (module_id, identifier) DO UPDATE SET {changes}",
        row,
    )
