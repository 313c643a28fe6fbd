"""core_user_get_users_by_field, core_user_create_users and core_user_update_users."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from lms_sandbox.clock import now
from lms_sandbox.errors import InvalidParameter, Refusal
from lms_sandbox.functions.function import Call, Function
from lms_sandbox.params import OPTIONAL, Fields, ListOf, Value
from lms_sandbox.strings import LANGUAGES

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def get_users_by_field(call: Call, field: str, values: list[str]) -> list[dict[str, Any]]:
    if field not in ("id", "idnumber", "username", "email"):
        raise Refusal(
            "codingerror", f"The search field '{field}' is not supported, look at the web service documentation"
        )
    wanted = [value for value in dict.fromkeys(values) if value]
    comparison = "lower(email) = lower(?)" if field == "email" else f"{field} = ?"
    rows = [row for value in wanted for row in call.db.execute(f"SELECT * FROM users WHERE {comparison}", (value,))]
    return [described(row, call.site_url) for row in sorted(rows, key=lambda row: int(row["id"]))]


def described(row: sqlite3.Row, site_url: str) -> dict[str, Any]:
    """A user as Moodle shows one to a manager; an empty idnumber is left out."""
    user = {
        "id": row["id"],
        "username": row["username"],
        "firstname": row["firstname"],
        "lastname": row["lastname"],
        "fullname": f"{row['firstname']} {row['lastname']}",
        "email": row["email"],
        "department": "",
        "idnumber": row["idnumber"],
        "firstaccess": 0,
        "lastaccess": 0,
        "auth": "manual",
        "suspended": False,
        "confirmed": True,
        "lang": "en",
        "theme": "",
        "timezone": "99",
        "mailformat": 1,
        "description": "",
        "descriptionformat": 1,
        "profileimageurlsmall": f"{site_url}/static/user.svg",
        "profileimageurl": f"{site_url}/static/user.svg",
    }
    if not row["idnumber"]:
        del user["idnumber"]
    return user


def create_users(call: Call, users: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All of them, or none. Passwords are checked for and thrown away: nobody needs one here."""
    return [_create(call.db, user) for user in users]


def _create(db: sqlite3.Connection, user: dict[str, Any]) -> dict[str, Any]:
    for name in ("username", "firstname", "lastname"):
        if not user[name].strip():
            raise InvalidParameter(f"The field {name} cannot be blank")
    if db.execute("SELECT 1 FROM users WHERE username = ?", (user["username"],)).fetchone():
        raise InvalidParameter(f"Username already exists: {user['username']}")
    if user["auth"] != "manual":
        raise InvalidParameter(f"Invalid authentication type: {user['auth']}")
    if user["lang"] not in LANGUAGES:
        raise InvalidParameter(f"Invalid language code: {user['lang']}")
    if not user.get("password") and not user.get("createpassword"):
        raise InvalidParameter("Invalid password: you must provide a password, or set createpassword.")
    _check_email(db, user["email"])
    return {"id": add_user(db, user), "username": user["username"]}


def _check_email(db: sqlite3.Connection, email: str) -> None:
    if not EMAIL.fullmatch(email):
        raise InvalidParameter(f"Email address is invalid: {email}")
    if db.execute("SELECT 1 FROM users WHERE lower(email) = lower(?)", (email,)).fetchone():
        raise InvalidParameter(f"Email address already exists: {email}")


def add_user(db: sqlite3.Connection, user: dict[str, Any]) -> int:
    """Insert an account that has been checked; returns its id."""
    made = db.execute(
        "INSERT INTO users (username, email, firstname, lastname, idnumber, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (user["username"], user["email"], user["firstname"], user["lastname"], user.get("idnumber", ""), now()),
    )
    return made.lastrowid or 0


def update_users(call: Call, users: list[dict[str, Any]]) -> dict[str, Any]:
    """Custom profile fields alone can be sent, and here are none: passed over, as Moodle does with unknown ones."""
    for user in users:
        if not call.db.execute("SELECT 1 FROM users WHERE id = ?", (user["id"],)).fetchone():
            raise InvalidParameter(f"Invalid user id: {user['id']}")
    return {"warnings": []}


_CUSTOM_FIELDS = ListOf(Fields({"type": Value("alphanumext"), "value": Value("raw")}), default=OPTIONAL)

_TEXTS = (
    "city",
    "firstnamephonetic",
    "lastnamephonetic",
    "middlename",
    "alternatename",
    "interests",
    "institution",
    "department",
    "phone1",
    "phone2",
    "address",
)

FUNCTIONS = (
    Function(
        "core_user_get_users_by_field",
        Fields({"field": Value("alpha"), "values": ListOf(Value("raw"))}),
        get_users_by_field,
    ),
    Function(
        "core_user_create_users",
        Fields(
            {
                "users": ListOf(
                    Fields(
                        {
                            "createpassword": Value("bool", OPTIONAL),
                            "username": Value("username"),
                            "auth": Value("plugin", "manual"),
                            "password": Value("raw", OPTIONAL),
                            "firstname": Value("text"),
                            "lastname": Value("text"),
                            "email": Value("trimmed"),
                            "maildisplay": Value("int", OPTIONAL),
                            "country": Value("alpha", OPTIONAL),
                            "timezone": Value("raw", OPTIONAL),
                            "description": Value("raw", OPTIONAL),
                            **{name: Value("text", OPTIONAL) for name in _TEXTS},
                            "idnumber": Value("raw", ""),
                            "lang": Value("lang", "en"),
                            "calendartype": Value("plugin", "gregorian"),
                            "theme": Value("plugin", OPTIONAL),
                            "mailformat": Value("int", OPTIONAL),
                            "customfields": _CUSTOM_FIELDS,
                            "preferences": ListOf(
                                Fields({"type": Value("raw"), "value": Value("raw")}), default=OPTIONAL
                            ),
                        }
                    )
                )
            }
        ),
        create_users,
        writes=True,
    ),
    Function(
        "core_user_update_users",
        Fields({"users": ListOf(Fields({"id": Value("int"), "customfields": _CUSTOM_FIELDS}))}),
        update_users,
        writes=True,
    ),
)
