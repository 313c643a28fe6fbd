"""core_group_*: the groups that a deployment declared, and who is in them. core_cohort_*: here are no cohorts."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from lms_sandbox.errors import InvalidParameter, MissingRecord
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.functions.parts import parts_of
from lms_sandbox.params import Fields, ListOf, Value


def group_id(course_id: int, key: str) -> int:
    """The same number for a group at every deployment; groups have no rows of their own here."""
    return int(sha256(f"{course_id} {key}".encode()).hexdigest()[:7], 16)


def get_course_groups(call: Call, courseid: int) -> list[dict[str, Any]]:
    if not call.db.execute("SELECT 1 FROM courses WHERE id = ?", (courseid,)).fetchone():
        raise InvalidParameter("Context does not exist")
    return [
        {
            "id": group_id(courseid, group["key"]),
            "courseid": courseid,
            "name": group["name"],
            "idnumber": group["key"],
            "description": "",
            "descriptionformat": 1,
        }
        for group in parts_of(call.db, courseid).get("groups", {}).get("groups", [])
    ]


def get_group_members(call: Call, groupids: list[int]) -> list[dict[str, Any]]:
    query = "SELECT user_id FROM group_members WHERE group_id = ? ORDER BY user_id"
    return [
        {"groupid": group, "userids": [row["user_id"] for row in call.db.execute(query, (group,))]}
        for group in groupids
        if _course_of(call, group)
    ]


def add_group_members(call: Call, members: list[dict[str, Any]]) -> None:
    """All of them, or none; only who is enrolled may be a member."""
    for member in members:
        course = _course_of(call, member["groupid"])
        enrolled = "SELECT 1 FROM enrolments WHERE course_id = ? AND user_id = ?"
        if not call.db.execute(enrolled, (course, member["userid"])).fetchone():
            raise InvalidParameter("Only enrolled users may be members of groups")
        call.db.execute(
            "INSERT INTO group_members (group_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (member["groupid"], member["userid"]),
        )


def _course_of(call: Call, group: int) -> int:
    for row in call.db.execute("SELECT course_id FROM parts WHERE kind = 'groups'"):
        keys = [one["key"] for one in parts_of(call.db, row["course_id"])["groups"]["groups"]]
        if group in {group_id(row["course_id"], key) for key in keys}:
            return int(row["course_id"])
    raise MissingRecord("groups")


def get_cohorts(call: Call, cohortids: list[int]) -> list[dict[str, Any]]:
    return []


def refuse_cohort(call: Call, **parameters: Any) -> None:
    raise MissingRecord("cohort")


_MEMBER = Fields({"type": Value("alphanumext"), "value": Value("raw")})

FUNCTIONS = (
    Function("core_group_get_course_groups", Fields({"courseid": Value("int")}), get_course_groups),
    Function("core_group_get_group_members", Fields({"groupids": ListOf(Value("int"))}), get_group_members),
    Function(
        "core_group_add_group_members",
        Fields({"members": ListOf(Fields({"groupid": Value("int"), "userid": Value("int")}))}),
        add_group_members,
        writes=True,
    ),
    Function("core_cohort_get_cohorts", Fields({"cohortids": ListOf(Value("int"), default=[])}), get_cohorts),
    Function("core_cohort_get_cohort_members", Fields({"cohortids": ListOf(Value("int"))}), refuse_cohort),
    Function(
        "core_cohort_add_cohort_members",
        Fields({"members": ListOf(Fields({"cohorttype": _MEMBER, "usertype": _MEMBER}))}),
        refuse_cohort,
        writes=True,
    ),
)
