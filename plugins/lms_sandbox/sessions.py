"""Who is looking at the player's pages: a cookie, and no password."""

from __future__ import annotations

import secrets
import sqlite3

from werkzeug.wrappers import Request, Response

from lms_sandbox.clock import now
from lms_sandbox.site import SERVICE_USER

COOKIE = "sandbox_session"


def start_session(db: sqlite3.Connection, user_id: int, response: Response) -> None:
    """Log somebody in. The cookie is not sent along by pages of other sites."""
    cookie = secrets.token_urlsafe(24)
    db.execute("INSERT INTO sessions (cookie, user_id, created_at) VALUES (?, ?, ?)", (cookie, user_id, now()))
    response.set_cookie(COOKIE, cookie, httponly=True, samesite="Strict", path="/")


def end_session(db: sqlite3.Connection, request: Request, response: Response) -> None:
    db.execute("DELETE FROM sessions WHERE cookie = ?", (request.cookies.get(COOKIE, ""),))
    response.delete_cookie(COOKIE, path="/")


def current_user(db: sqlite3.Connection, request: Request) -> sqlite3.Row | None:
    """The user logged in, if any."""
    query = "SELECT users.* FROM sessions JOIN users ON users.id = user_id WHERE cookie = ?"
    row: sqlite3.Row | None = db.execute(query, (request.cookies.get(COOKIE, ""),)).fetchone()
    return row


def learners(db: sqlite3.Connection) -> list[sqlite3.Row]:
    """Everybody who can log in: the users enrolled in a course."""
    query = (
        "SELECT DISTINCT users.* FROM users JOIN enrolments ON user_id = users.id WHERE username <> ?"
        " ORDER BY lastname, firstname, users.id"
    )
    return db.execute(query, (SERVICE_USER,)).fetchall()
