"""webservice/rest/server.php: finds the function, checks its parameters, runs it in one transaction.

As in Moodle, a refusal is an HTTP 200 with an exception in it. Unlike in Moodle, parameters in the address are refused,
so that no client of ours slips into a habit that would write tokens into access logs.
"""

from __future__ import annotations

import sqlite3
from contextlib import nullcontext
from typing import Any

from werkzeug.wrappers import Request, Response

from lms_sandbox.clock import now
from lms_sandbox.errors import AccessRefused, InvalidParameter, MissingRecord, Refusal
from lms_sandbox.functions import FUNCTIONS, Function
from lms_sandbox.functions.function import Call
from lms_sandbox.params import validate
from lms_sandbox.php_params import parse_form
from lms_sandbox.site import Site
from lms_sandbox.web import json_answer

FORM = "application/x-www-form-urlencoded"
SETTINGS = tuple(f"moodlewssetting{name}" for name in ("raw", "fileurl", "filter", "lang", "timezone"))


def answer(site: Site, request: Request) -> Response:
    """One web-service call."""
    sent = _parameters(site, request)
    if sent.pop("moodlewsrestformat", "xml") != "json":
        return _not_xml()
    try:
        _refuse_address(request)
        return json_answer(_call(site, sent))
    except Refusal as refusal:
        return json_answer(refusal.as_rest())
    except sqlite3.OperationalError as error:  # a full or read-only disk; Moodle's database errors look the same
        message = f"Error writing to database ({error})"
        return json_answer({"exception": "dml_write_exception", "errorcode": "dmlwriteexception", "message": message})


def _parameters(site: Site, request: Request) -> dict[str, Any]:
    """What PHP would find in $_POST: nothing, when the body is of another type."""
    body = request.get_data(cache=False)
    return parse_form(body, site.limits.max_input_vars) if request.mimetype == FORM else {}


def _not_xml() -> Response:
    message = "The sandbox answers in JSON only: send moodlewsrestformat=json"
    body = f'<?xml version="1.0" encoding="UTF-8" ?>\n<EXCEPTION><MESSAGE>{message}</MESSAGE></EXCEPTION>\n'
    return Response(body, content_type="application/xml; charset=utf-8")


def _refuse_address(request: Request) -> None:
    if request.args:
        raise Refusal(
            "tokeninurl" if "wstoken" in request.args else "parametersinurl",
            "The sandbox takes parameters in the body only: what is in an address ends up in logs",
        )


def _call(site: Site, sent: dict[str, Any]) -> Any:
    token, name = sent.pop("wstoken", None), sent.pop("wsfunction", None)
    for setting in SETTINGS:
        sent.pop(setting, None)
    with site.database.reading() as db:
        user_id = authenticate(db, token)
    function = _function(name)
    parameters = validate(function.parameters, sent)
    return _run(site, user_id, function, parameters)


def authenticate(db: sqlite3.Connection, token: object) -> int:
    """The user a token belongs to."""
    row = db.execute("SELECT * FROM tokens WHERE token = ?", (str(token),)).fetchone()
    if row is None:
        raise Refusal("invalidtoken", "Invalid token - token not found")
    if row["valid_until"] and row["valid_until"] < now():
        raise AccessRefused("Invalid token - token expired - check validuntil time for the token")
    return int(row["user_id"])


def _function(name: object) -> Function:
    if not name:
        raise InvalidParameter("Missing function name")
    if str(name) not in FUNCTIONS:
        raise MissingRecord("external_functions")
    return FUNCTIONS[str(name)]


def _run(site: Site, user_id: int, function: Function, parameters: dict[str, Any]) -> Any:
    course_id = function.locks(parameters)
    lock = nullcontext() if course_id is None else site.locks.hold(course_id)
    transaction = site.database.writing if function.writes else site.database.reading
    with lock, transaction() as db:
        call = Call(db, user_id, site.url, site.packages, site.limits, tuple(sorted(FUNCTIONS)))
        return function.answer(call, **parameters)
