"""core_course_get_courses_by_field, core_course_create_courses and core_course_update_courses."""

from __future__ import annotations

import sqlite3
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import InvalidParameter, Refusal
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.params import OPTIONAL, Fields, ListOf, Value
from lms_sandbox.strings import LANGUAGES

COLUMN_OF = {
    "categoryid": "category_id",
    "fullname": "fullname",
    "shortname": "shortname",
    "idnumber": "idnumber",
    "summary": "summary",
    "lang": "language",
    "startdate": "starts_at",
    "enddate": "ends_at",
    "visible": "visible",
    "enablecompletion": "enable_completion",
}
"""The parameters the sandbox keeps; it accepts Moodle's others and has no use for them."""


def get_courses_by_field(call: Call, field: str, value: str) -> dict[str, Any]:
    rows = call.db.execute(
        "SELECT courses.*, categories.name AS category FROM courses JOIN categories ON categories.id = category_id"
        f" WHERE {_condition(field)} ORDER BY courses.id",
        {"value": value},
    )
    return {"courses": [_described(row) for row in rows], "warnings": []}


def _condition(field: str) -> str:
    """SQL for one of the fields Moodle searches by; nothing that was sent becomes part of it."""
    conditions = {
        "": "TRUE",
        "id": "courses.id = CAST(:value AS INTEGER)",
        "ids": "instr(',' || :value || ',', ',' || courses.id || ',') > 0",
        "shortname": "shortname = :value",
        "idnumber": "courses.idnumber = :value",
        "category": "category_id = CAST(:value AS INTEGER)",
        "sectionid": "courses.id IN (SELECT course_id FROM sections WHERE id = CAST(:value AS INTEGER))",
    }
    if field not in conditions:
        raise InvalidParameter("Invalid field name")
    return conditions[field]


def _described(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "id": row["id"],
        "fullname": row["fullname"],
        "displayname": row["fullname"],
        "shortname": row["shortname"],
        "categoryid": row["category_id"],
        "categoryname": row["category"],
        "summary": row["summary"],
        "summaryformat": 1,
        "summaryfiles": [],
        "overviewfiles": [],
        "showactivitydates": False,
        "showcompletionconditions": True,
        "contacts": [],
        "enrollmentmethods": ["manual"],
        "idnumber": row["idnumber"],
        "format": "topics",
        "showgrades": 1,
        "newsitems": 0,
        "startdate": row["starts_at"],
        "enddate": row["ends_at"],
        "maxbytes": 0,
        "showreports": 0,
        "visible": row["visible"],
        "groupmode": 0,
        "groupmodeforce": 0,
        "defaultgroupingid": 0,
        "enablecompletion": row["enable_completion"],
        "completionnotify": 0,
        "lang": row["language"],
        "theme": "",
        "marker": 0,
        "legacyfiles": 0,
        "calendartype": "",
        "timecreated": row["created_at"],
        "timemodified": row["modified_at"],
        "requested": 0,
        "cacherev": row["modified_at"],
        "filters": [],
        "courseformatoptions": [],
    }


def create_courses(call: Call, courses: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All of them, or none."""
    return [_create(call.db, course) for course in courses]


def _create(db: sqlite3.Connection, course: dict[str, Any]) -> dict[str, Any]:
    _check(db, course, course_id=0)
    columns = {COLUMN_OF[name]: value for name, value in course.items() if name in COLUMN_OF}
    columns |= {"created_at": now(), "modified_at": now()}
    places = ", ".join(f":{column}" for column in columns)
    made = db.execute(f"INSERT INTO courses ({', '.join(columns)}) VALUES ({places})", columns)
    for position in range(1, course.get("numsections", 0) + 1):
        db.execute("INSERT INTO sections (course_id, position) VALUES (?, ?)", (made.lastrowid, position))
    return {"id": made.lastrowid, "shortname": course["shortname"]}


def update_courses(call: Call, courses: list[dict[str, Any]]) -> dict[str, Any]:
    """Each for itself: what goes wrong with one is a warning, as in Moodle."""
    warnings = []
    for course in courses:
        try:
            _update(call.db, course)
        except Refusal as error:
            warning = {"item": "course", "itemid": course["id"], "warningcode": error.errorcode, "message": str(error)}
            warnings.append(warning)
    return {"warnings": warnings}


def _update(db: sqlite3.Connection, course: dict[str, Any]) -> None:
    if not db.execute("SELECT 1 FROM courses WHERE id = ?", (course["id"],)).fetchone():
        raise Refusal("invalidrecord", "Can't find data record in database table context.")
    _check(db, course, course["id"])
    columns = {COLUMN_OF[name]: value for name, value in course.items() if name in COLUMN_OF}
    columns["modified_at"] = now()
    settings = ", ".join(f"{column} = :{column}" for column in columns)
    db.execute(f"UPDATE courses SET {settings} WHERE id = :course", {**columns, "course": course["id"]})


def _check(db: sqlite3.Connection, course: dict[str, Any], course_id: int) -> None:
    """What Moodle's create_course() and update_course() refuse."""
    for name in ("fullname", "shortname"):
        if name in course and not course[name].strip():
            raise Refusal("errorinvalidparam", f'The param "{name}" is invalid.')
    if course.get("lang") and course["lang"] not in LANGUAGES:
        raise Refusal("errorinvalidparam", 'The param "lang" is invalid.')
    if "categoryid" in course and not _exists(db, "categories", "id", course["categoryid"]):
        raise Refusal(
            "errorcatcontextnotvalid",
            f"You cannot execute functions in the category context (category id: {course['categoryid']})",
        )
    if "shortname" in course and _exists(db, "courses", "shortname", course["shortname"], course_id):
        raise Refusal("shortnametaken", f"Short name is already used for another course ({course['shortname']})")
    if course.get("idnumber") and _exists(db, "courses", "idnumber", course["idnumber"], course_id):
        raise Refusal("courseidnumbertaken", f"ID number is already used for another course ({course['idnumber']})")
    if course.get("enddate") and course.get("startdate", 0) > course["enddate"]:
        raise Refusal("enddatebeforestartdate", "The course end date must be after the start date.")


def _exists(db: sqlite3.Connection, table: str, column: str, value: object, other_than: int = 0) -> bool:
    query = f"SELECT 1 FROM {table} WHERE {column} = ? AND id <> ?"
    return db.execute(query, (value, other_than)).fetchone() is not None


_OPTIONS = ListOf(Fields({"name": Value("alphanumext"), "value": Value("raw")}), default=OPTIONAL)
_CUSTOM = ListOf(Fields({"shortname": Value("alphanumext"), "value": Value("raw")}), default=OPTIONAL)
_NUMBERS = (
    "showgrades",
    "newsitems",
    "startdate",
    "enddate",
    "numsections",
    "maxbytes",
    "showreports",
    "visible",
    "hiddensections",
    "groupmode",
    "groupmodeforce",
    "defaultgroupingid",
    "enablecompletion",
    "completionnotify",
)
_SETTINGS: dict[str, Value | ListOf] = {
    "idnumber": Value("raw", OPTIONAL),
    "summary": Value("raw", OPTIONAL),
    "summaryformat": Value("int", OPTIONAL),
    "format": Value("plugin", OPTIONAL),
    **{name: Value("int", OPTIONAL) for name in _NUMBERS},
    "lang": Value("lang", OPTIONAL),
    "forcetheme": Value("plugin", OPTIONAL),
    "courseformatoptions": _OPTIONS,
    "customfields": _CUSTOM,
}

FUNCTIONS = (
    Function(
        "core_course_get_courses_by_field",
        Fields({"field": Value("alpha", ""), "value": Value("raw", "")}),
        get_courses_by_field,
    ),
    Function(
        "core_course_create_courses",
        Fields(
            {
                "courses": ListOf(
                    Fields(
                        {"fullname": Value("text"), "shortname": Value("text"), "categoryid": Value("int"), **_SETTINGS}
                    )
                )
            }
        ),
        create_courses,
        writes=True,
    ),
    Function(
        "core_course_update_courses",
        Fields(
            {
                "courses": ListOf(
                    Fields(
                        {
                            "id": Value("int"),
                            "fullname": Value("text", OPTIONAL),
                            "shortname": Value("text", OPTIONAL),
                            "categoryid": Value("int", OPTIONAL),
                            **_SETTINGS,
                        }
                    )
                )
            }
        ),
        update_courses,
        writes=True,
    ),
)
