"""The companion's functions, as docs/companion.md describes them; restoring backups is left to a real Moodle."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from lms_sandbox.errors import Refusal
from lms_sandbox.functions import learner_files, modules, parts, results, sections
from lms_sandbox.functions.enrolments import STUDENT_ROLE
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.functions.payload import NOTHING, NUMBER, Checks, one_of, read_payload
from lms_sandbox.params import Fields, Value
from lms_sandbox.strings import LANGUAGES
from lms_sandbox.tracking import learners_by_item
from lms_toolkit import __version__

ACTIVITIES = ("page", "label", "url", "resource", "forum", "quiz", "assign", "workshop", "feedback")
"""What is kept and shown; a sandbox has no meeting rooms."""
COMPLETIONS = ("none", "manual", "viewed", "posted", "submitted", "graded", "passed", "completed")


def get_info(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "plugin": "local_lmstoolkit (sandbox)",
        "release": __version__,
        "languages": list(LANGUAGES),
        "activities": list(ACTIVITIES),
        "max_upload_bytes": call.limits.max_upload_bytes,
        "student_roleid": STUDENT_ROLE,
        "multilang": "headings",
        "checks": [{"check": "sandbox", "ok": True, "detail": "a local sandbox: no cron, no roles, no passwords"}],
    }


def get_course(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    idnumber = payload["idnumber"]
    row = call.db.execute("SELECT * FROM courses WHERE idnumber = ? AND idnumber <> ''", (idnumber,)).fetchone()
    return {"course": _course(call.db, row) if row else None}


def _course(db: sqlite3.Connection, course: sqlite3.Row) -> dict[str, Any]:
    columns = "key, id, position, name, summary, visible, availability"
    query = f"SELECT {columns} FROM sections WHERE course_id = ? AND key IS NOT NULL ORDER BY position"
    rows = db.execute(
        "SELECT modules.*, sections.key AS section_key FROM modules JOIN sections ON sections.id = section_id"
        " WHERE modules.course_id = ? ORDER BY sections.position, modules.position, modules.id",
        (course["id"],),
    )
    fields = ("id", "idnumber", "shortname", "fullname", "summary", "language", "starts_at", "ends_at")
    kept = parts.parts_of(db, course["id"])
    return {
        **{field: course[field] for field in fields},
        "sections": [_section(row) for row in db.execute(query, (course["id"],))],
        "modules": [_module(db, row) for row in rows],
        "groups": kept.get("groups", {}).get("groups", []),
        "groupings": kept.get("groups", {}).get("groupings", []),
        "enrolment": kept.get("enrolment", {}).get("methods", []),
        "gradebook": kept.get("gradebook"),
        "completion": kept.get("completion"),
        "image": {"draftitemid": None, **kept["image"]} if "image" in kept else None,
    }


def _section(row: sqlite3.Row) -> dict[str, Any]:
    return {**dict(row), "visible": bool(row["visible"]), "availability": json.loads(row["availability"])}


def _module(db: sqlite3.Connection, module: sqlite3.Row) -> dict[str, Any]:
    learners = learners_by_item(db, module["id"])
    titles = db.execute("SELECT identifier, title FROM scos WHERE module_id = ? ORDER BY position", (module["id"],))
    return {
        **{field: module[field] for field in ("key", "id", "section_key", "package_sha256", *modules.PLAIN)},
        "visible": bool(module["visible"]),
        "position": modules.position_of(db, module),
        "availability": json.loads(module["availability"]),
        "settings": json.loads(module["settings"]),
        "files": {"draftitemid": None, "content": json.loads(module["files"])},
        "items": [
            {"identifier": identifier, "title": title, "learners": learners[identifier]} for identifier, title in titles
        ],
        "learners": max(learners.values(), default=0),
    }


def apply_section(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    if payload["position"] < 1:
        raise Refusal("payloadinvalid", "The payload is not valid: position counts from 1")
    _require_course(call.db, payload["courseid"])
    return sections.apply(call.db, payload)


def apply_module(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    one_of(payload, "modname", (*modules.PACKAGED, *ACTIVITIES))
    one_of(payload, "completion", COMPLETIONS)
    one_of(payload, "group_mode", ("none", "separate", "visible"))
    if payload["position"] < 1:
        raise Refusal("payloadinvalid", "The payload is not valid: position counts from 1")
    _require_course(call.db, payload["courseid"])
    return modules.apply(call, payload)


def retire_module(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    _require_course(call.db, payload["courseid"])
    return modules.retire(call.db, payload)


def apply_part(kind: str) -> Callable[[Call, dict[str, Any]], dict[str, Any]]:
    def apply(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
        _require_course(call.db, payload["courseid"])
        return parts.apply(call.db, kind, payload)

    return apply


def get_snapshot(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    one_of(payload, "kind", tuple(results.KINDS))
    _require_course(call.db, payload["courseid"])
    return results.snapshot(call.db, payload["courseid"], payload["kind"], payload["after"], payload["limit"])


def get_changes(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    _require_course(call.db, payload["courseid"])
    return results.changes(call.db, payload["courseid"], payload["cursor"], payload["limit"])


def deliver_file(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    _require_course(call.db, payload["courseid"])
    return learner_files.deliver(call, payload)


def _require_course(db: sqlite3.Connection, course_id: int) -> None:
    if not db.execute("SELECT 1 FROM courses WHERE id = ?", (course_id,)).fetchone():
        raise Refusal("coursenotfound", f"There is no course with id {course_id}")


def _function(
    name: str,
    answer: Callable[[Call, dict[str, Any]], dict[str, Any]],
    checks: Checks,
    *,
    writes: bool = False,
    defaults: Mapping[str, Any] | None = None,
) -> Function:
    """A companion function: one JSON object in, one out."""

    def locks(parameters: dict[str, Any]) -> int | None:
        return int(read_payload(parameters["payload"], checks, defaults)["courseid"]) if writes else None

    def answer_text(call: Call, payload: str) -> str:
        return json.dumps(answer(call, read_payload(payload, checks, defaults)), ensure_ascii=False)

    return Function(f"local_lmstoolkit_{name}", Fields({"payload": Value("raw")}), answer_text, writes, locks)


def _part(kind: str, checks: Checks) -> Function:
    checks = {"courseid": (int,), **checks, "dryrun": (bool,)}
    return _function(f"apply_{kind}", apply_part(kind), checks, writes=True)


FUNCTIONS = (
    _function("get_info", get_info, {}),
    _function("get_course", get_course, {"idnumber": (str,)}),
    _function(
        "apply_section",
        apply_section,
        {
            "courseid": (int,),
            "key": (str,),
            "position": (int,),
            "name": (str,),
            "summary": (str,),
            "visible": (bool,),
            "availability": (list,),
            "dryrun": (bool,),
        },
        writes=True,
    ),
    _function(
        "apply_module",
        apply_module,
        {
            "courseid": (int,),
            "key": (str,),
            "section_key": (str,),
            "position": (int,),
            "modname": (str,),
            "name": (str,),
            "intro": (str,),
            "visible": (bool,),
            "availability": (list,),
            "completion": (str,),
            "group_mode": (str,),
            "grouping_key": (str, NOTHING),
            "max_points": (*NUMBER, NOTHING),
            "pass_mark_percent": NUMBER,
            "settings": (dict,),
            "package": (dict, NOTHING),
            "files": (dict, NOTHING),
            "allow_track_loss": (bool,),
            "dryrun": (bool,),
        },
        writes=True,
        defaults={"position": modules.LAST},
    ),
    _function(
        "retire_module",
        retire_module,
        {
            "courseid": (int,),
            "key": (str,),
            "delete": (bool,),
            "allow_track_loss": (bool,),
            "dryrun": (bool,),
        },
        writes=True,
    ),
    _part("groups", {"groups": (list,), "groupings": (list,)}),
    _part("gradebook", {"pass_mark_percent": NUMBER, "categories": (list,), "items": (list,)}),
    _part(
        "completion",
        {"completed": (list,), "pass_mark_percent": (*NUMBER, NOTHING), "allow_completion_reset": (bool,)},
    ),
    _part("enrolment", {"methods": (list,)}),
    _part("image", {"files": (dict, NOTHING)}),
    _function(
        "get_snapshot",
        get_snapshot,
        {"courseid": (int,), "kind": (str,), "after": (str, NOTHING), "limit": (int,)},
    ),
    _function("get_changes", get_changes, {"courseid": (int,), "cursor": (int,), "limit": (int,)}),
    _function(
        "deliver_file",
        deliver_file,
        {"courseid": (int,), "userid": (int,), "filename": (str,), "file": (dict, NOTHING)},
        writes=True,
    ),
)
