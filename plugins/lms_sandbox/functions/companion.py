"""The companion's five functions, as docs/companion.md describes them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from typing import Any

from lms_sandbox.errors import Refusal
from lms_sandbox.functions import results, scorm_modules, sections
from lms_sandbox.functions.enrolments import STUDENT_ROLE
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.functions.payload import NOTHING, NUMBER, Checks, one_of, read_payload
from lms_sandbox.params import Fields, Value
from lms_sandbox.strings import LANGUAGES
from lms_sandbox.tracking import learners_by_item
from lms_toolkit import __version__


def get_info(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    return {
        "plugin": "local_lmstoolkit (sandbox)",
        "release": __version__,
        "languages": list(LANGUAGES),
        "max_upload_bytes": call.limits.max_upload_bytes,
        "student_roleid": STUDENT_ROLE,
        "checks": [{"check": "sandbox", "ok": True, "detail": "a local sandbox: no cron, no roles, no passwords"}],
    }


def get_course(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    idnumber = payload["idnumber"]
    row = call.db.execute("SELECT * FROM courses WHERE idnumber = ? AND idnumber <> ''", (idnumber,)).fetchone()
    return {"course": _course(call.db, row) if row else None}


def _course(db: sqlite3.Connection, course: sqlite3.Row) -> dict[str, Any]:
    columns = "key, id, position, name, summary"
    query = f"SELECT {columns} FROM sections WHERE course_id = ? AND key IS NOT NULL ORDER BY position"
    modules = db.execute(
        "SELECT modules.*, sections.key AS section_key FROM modules JOIN sections ON sections.id = section_id"
        " WHERE modules.course_id = ? ORDER BY modules.id",
        (course["id"],),
    )
    fields = ("id", "idnumber", "shortname", "fullname", "summary", "language", "starts_at", "ends_at")
    return {
        **{field: course[field] for field in fields},
        "sections": [dict(row) for row in db.execute(query, (course["id"],))],
        "modules": [_module(db, row) for row in modules],
    }


def _module(db: sqlite3.Connection, module: sqlite3.Row) -> dict[str, Any]:
    learners = learners_by_item(db, module["id"])
    titles = db.execute("SELECT identifier, title FROM scos WHERE module_id = ? ORDER BY position", (module["id"],))
    fields = ("key", "id", "section_key", "name", "intro", "pass_mark_percent", "completion", "package_sha256")
    return {
        **{field: module[field] for field in fields},
        "items": [
            {"identifier": identifier, "title": title, "learners": learners[identifier]} for identifier, title in titles
        ],
    }


def apply_section(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    if payload["position"] < 1:
        raise Refusal("payloadinvalid", "The payload is not valid: position counts from 1")
    _require_course(call.db, payload["courseid"])
    return sections.apply(call.db, payload)


def apply_module(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    one_of(payload, "modname", ("scorm",))
    one_of(payload, "completion", ("passed", "completed"))
    _require_course(call.db, payload["courseid"])
    return scorm_modules.apply(call, payload)


def get_results(call: Call, payload: dict[str, Any]) -> dict[str, Any]:
    _require_course(call.db, payload["courseid"])
    return results.page(call.db, payload["courseid"], payload["after"] or 0, payload["limit"])


def _require_course(db: sqlite3.Connection, course_id: int) -> None:
    if not db.execute("SELECT 1 FROM courses WHERE id = ?", (course_id,)).fetchone():
        raise Refusal("coursenotfound", f"There is no course with id {course_id}")


def _function(
    name: str, answer: Callable[[Call, dict[str, Any]], dict[str, Any]], checks: Checks, *, writes: bool = False
) -> Function:
    """A companion function: one JSON object in, one out."""

    def locks(parameters: dict[str, Any]) -> int | None:
        return int(read_payload(parameters["payload"], checks)["courseid"]) if writes else None

    def answer_text(call: Call, payload: str) -> str:
        return json.dumps(answer(call, read_payload(payload, checks)), ensure_ascii=False)

    return Function(f"local_lmstoolkit_{name}", Fields({"payload": Value("raw")}), answer_text, writes, locks)


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
            "modname": (str,),
            "name": (str,),
            "intro": (str,),
            "pass_mark_percent": NUMBER,
            "completion": (str,),
            "package": (dict, NOTHING),
            "allow_track_loss": (bool,),
            "dryrun": (bool,),
        },
        writes=True,
    ),
    _function("get_results", get_results, {"courseid": (int,), "after": (int, NOTHING), "limit": (int,)}),
)
