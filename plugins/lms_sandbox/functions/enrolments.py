"""core_enrol_get_enrolled_users and enrol_manual_enrol_users."""

from __future__ import annotations

from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import InvalidParameter, MissingRecord, Refusal
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.functions.users import described
from lms_sandbox.params import OPTIONAL, Fields, ListOf, Value

STUDENT_ROLE = 5
"""The id of the student role, as on a stock Moodle."""


def get_enrolled_users(call: Call, courseid: int, options: list[dict[str, str]]) -> list[dict[str, Any]]:
    if not call.db.execute("SELECT 1 FROM courses WHERE id = ?", (courseid,)).fetchone():
        raise MissingRecord("course", "invalidcourseid")
    chosen = {option["name"]: option["value"] for option in options}
    rows = call.db.execute(
        "SELECT users.*, role_id FROM users JOIN enrolments ON user_id = users.id WHERE course_id = :course"
        " AND (:only_active = 0 OR suspended = 0) AND (:only_suspended = 0 OR suspended = 1)"
        f" ORDER BY {_order(chosen)} LIMIT :limit OFFSET :offset",
        {
            "course": courseid,
            "only_active": _number(chosen, "onlyactive"),
            "only_suspended": _number(chosen, "onlysuspended"),
            "limit": _number(chosen, "limitnumber") or -1,
            "offset": _number(chosen, "limitfrom"),
        },
    )
    users = [{**described(row, call.site_url), "roles": [_role(row["role_id"])]} for row in rows]
    return [_only(user, chosen["userfields"]) for user in users] if chosen.get("userfields") else users


def _role(role_id: int) -> dict[str, Any]:
    return {"roleid": role_id, "name": "", "shortname": "student", "sortorder": role_id}


def _number(chosen: dict[str, str], name: str) -> int:
    text = chosen.get(name, "0")
    return int(text) if text.isdecimal() else 0


def _order(chosen: dict[str, str]) -> str:
    column = chosen.get("sortby", "id")
    direction = chosen.get("sortdirection", "ASC").upper()
    if column not in ("id", "firstname", "lastname", "siteorder"):
        raise InvalidParameter(f"Invalid value for sortby parameter (value: {column})")
    if direction not in ("ASC", "DESC"):
        raise InvalidParameter(f"Invalid value for sortdirection parameter (value: {direction})")
    return f"users.{'lastname' if column == 'siteorder' else column} {direction}, users.id"


def _only(user: dict[str, Any], fields: str) -> dict[str, Any]:
    """Moodle always sends id and fullname along."""
    wanted = {"id", "fullname", *(name.strip() for name in fields.split(","))}
    return {name: value for name, value in user.items() if name in wanted}


def enrol_users(call: Call, enrolments: list[dict[str, Any]]) -> None:
    """All of them, or none. Enrolling again is no error and changes nothing, as in Moodle."""
    for enrolment in enrolments:
        _enrol(call, enrolment)


def _enrol(call: Call, enrolment: dict[str, Any]) -> None:
    course, user, role = enrolment["courseid"], enrolment["userid"], enrolment["roleid"]
    if not call.db.execute("SELECT 1 FROM courses WHERE id = ?", (course,)).fetchone():
        raise InvalidParameter("Context does not exist")
    if role != STUDENT_ROLE:
        message = f"You don't have the permission to assign this role ({role}) to this user ({user})"
        raise Refusal("wsusercannotassign", f"{message} in this course ({course}).")
    if not call.db.execute("SELECT 1 FROM users WHERE id = ?", (user,)).fetchone():
        raise MissingRecord("user", "invaliduser")
    call.db.execute(
        "INSERT INTO enrolments (course_id, user_id, role_id, suspended, enrolled_at) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET suspended = excluded.suspended",
        (course, user, role, enrolment.get("suspend", 0), now()),
    )


FUNCTIONS = (
    Function(
        "core_enrol_get_enrolled_users",
        Fields(
            {
                "courseid": Value("int"),
                "options": ListOf(Fields({"name": Value("alphanumext"), "value": Value("raw")}), default=[]),
            }
        ),
        get_enrolled_users,
    ),
    Function(
        "enrol_manual_enrol_users",
        Fields(
            {
                "enrolments": ListOf(
                    Fields(
                        {
                            "roleid": Value("int"),
                            "userid": Value("int"),
                            "courseid": Value("int"),
                            "timestart": Value("int", OPTIONAL),
                            "timeend": Value("int", OPTIONAL),
                            "suspend": Value("int", OPTIONAL),
                        }
                    )
                )
            }
        ),
        enrol_users,
        writes=True,
    ),
)
