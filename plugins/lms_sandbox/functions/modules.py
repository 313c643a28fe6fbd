"""Creates or updates what stands on a course page: packages, which are played, and other activities, which are shown.

Replacing a package keeps every track whose item is still there.
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from lms_sandbox.errors import Refusal, payload_invalid
from lms_sandbox.functions.function import Call
from lms_sandbox.functions.payload import NOTHING, check
from lms_sandbox.gradebook import regrade_everybody
from lms_sandbox.manifest import Launch, Manifest
from lms_sandbox.tracking import learners_by_item

PLAIN = (
    "modname",
    "name",
    "intro",
    "visible",
    "completion",
    "group_mode",
    "grouping_key",
    "max_points",
    "pass_mark_percent",
)
"""Fields that are kept as they come."""
AS_JSON = ("availability", "settings", "files")
PACKAGED = ("scorm", "imscp")
WITH_FILE = (*PACKAGED, "quiz")
"""Modules that come with an uploaded package, or with questions."""
LAST = 1_000_000
"""A position beyond the end of any section."""


def apply(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    """See docs/companion.md. Everything is checked before anything is written."""
    section_id = _section(call.db, payload)
    found = call.db.execute(
        "SELECT * FROM modules WHERE course_id = ? AND key = ?", (payload["courseid"], payload["key"])
    ).fetchone()
    if not 0 <= payload["pass_mark_percent"] <= 100:
        raise payload_invalid("pass_mark_percent must be from 0 to 100")
    _check_files(call, payload)
    sha256 = _package(call, payload, found)
    is_new = found is None or sha256 != found["package_sha256"]
    manifest = call.packages.manifest(sha256) if payload["modname"] in PACKAGED and is_new else None
    if found:
        _refuse_losses(call.db, found, payload, manifest)
    wanted = _wanted(payload, section_id, sha256)
    outcome = _outcome(call.db, found, wanted, payload["position"])
    if payload["dryrun"] or outcome == "unchanged":
        return {"outcome": outcome, "id": found["id"] if found else None}
    return {"outcome": outcome, "id": _write(call.db, found, wanted, payload["position"], manifest)}


def retire(db: sqlite3.Connection, payload: dict[str, Any]) -> dict[str, Any]:
    """Hide a module and put it behind the others of its section, or delete it; see docs/companion.md."""
    found = db.execute(
        "SELECT * FROM modules WHERE course_id = ? AND key = ?", (payload["courseid"], payload["key"])
    ).fetchone()
    if found is None:
        raise Refusal("keynotfound", f"The course has nothing with the key {payload['key']}")
    if payload["delete"]:
        learners = max(learners_by_item(db, found["id"]).values(), default=0)
        if learners and not payload["allow_track_loss"]:
            raise Refusal("trackloss", f"{learners} learners would lose their records of {found['name']}")
    if payload["dryrun"] or (not payload["delete"] and not found["visible"]):
        return {"outcome": "updated" if found["visible"] or payload["delete"] else "unchanged", "id": found["id"]}
    if payload["delete"]:
        db.execute("DELETE FROM modules WHERE id = ?", (found["id"],))
    else:
        db.execute("UPDATE modules SET visible = 0, position = ? WHERE id = ?", (LAST, found["id"]))
    return {"outcome": "updated", "id": found["id"]}


def position_of(db: sqlite3.Connection, module: sqlite3.Row) -> int:
    """Its place among the modules of its section that are not retired, from 1."""
    order = _order(db, module["section_id"])
    return order.index(module["id"]) + 1 if module["id"] in order else len(order) + 1


def _order(db: sqlite3.Connection, section_id: int) -> list[int]:
    rows = db.execute("SELECT id FROM modules WHERE section_id = ? AND visible ORDER BY position, id", (section_id,))
    return [row["id"] for row in rows]


def _move(db: sqlite3.Connection, section_id: int, module_id: int, position: int) -> None:
    order = [one for one in _order(db, section_id) if one != module_id]
    order.insert(position - 1, module_id)
    db.executemany("UPDATE modules SET position = ? WHERE id = ?", ((n, one) for n, one in enumerate(order, start=1)))


def _check_files(call: Call, payload: dict[str, Any]) -> None:
    """Files are kept by name and hash alone: the sandbox shows no downloads."""
    if payload["files"] is None:
        return
    files = check(payload["files"], {"draftitemid": (int, NOTHING), "content": (dict,)}, "files")
    if files["draftitemid"] is not None:
        (count,) = call.db.execute(
            "SELECT count(*) FROM drafts WHERE item_id = ? AND user_id = ?", (files["draftitemid"], call.user_id)
        ).fetchone()
        if count != len(files["content"]):
            raise Refusal("packagemismatch", f"The draft area {files['draftitemid']} holds {count} files")


def _wanted(payload: dict[str, Any], section_id: int, sha256: str) -> dict[str, Any]:
    files = payload["files"]["content"] if payload["files"] else {}
    values = {**payload, "visible": int(payload["visible"]), "files": files}
    return {
        "course_id": payload["courseid"],
        "key": payload["key"],
        "section_id": section_id,
        **{name: values[name] for name in PLAIN},
        **{name: json.dumps(values[name], sort_keys=True, ensure_ascii=False) for name in AS_JSON},
        "package_sha256": sha256,
    }


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
        if found is None and payload["modname"] in WITH_FILE:
            raise payload_invalid("a new module needs a package")
        return str(found["package_sha256"]) if found else ""
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


def _refuse_losses(
    db: sqlite3.Connection, found: sqlite3.Row, payload: dict[str, Any], manifest: Manifest | None
) -> None:
    if payload["allow_track_loss"]:
        return
    # Moodle applies a new rule by wiping every state and computing it again, so that dates are lost.
    (done,) = db.execute("SELECT count(*) FROM completions WHERE module_id = ?", (found["id"],)).fetchone()
    if done and payload["completion"] != found["completion"]:
        raise Refusal("completionreset", f"{done} learners would lose the date on which they completed this")
    if manifest:
        _refuse_track_loss(db, found, manifest)


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


def _outcome(db: sqlite3.Connection, found: sqlite3.Row | None, wanted: dict[str, Any], position: int) -> str:
    if found is None:
        return "created"
    length = len(_order(db, wanted["section_id"]))
    is_placed = position_of(db, found) == min(position, max(length, 1)) or not wanted["visible"]
    return "unchanged" if is_placed and all(found[name] == value for name, value in wanted.items()) else "updated"


def _write(
    db: sqlite3.Connection,
    found: sqlite3.Row | None,
    wanted: dict[str, Any],
    position: int,
    manifest: Manifest | None,
) -> int:
    changes = ", ".join(f"{name} = excluded.{name}" for name in wanted if name not in ("course_id", "key"))
    made = db.execute(
        f"INSERT INTO modules ({', '.join(wanted)}, position, standard)"
        f" VALUES ({', '.join(f':{name}' for name in wanted)}, {LAST}, '')"
        f" ON CONFLICT (course_id, key) DO UPDATE SET {changes}",
        wanted,
    )
    module_id = int(found["id"]) if found else made.lastrowid or 0
    if wanted["visible"]:
        _move(db, wanted["section_id"], module_id, position)
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
