"""The pages learners see: choose an account, a course, and play a module with the API adapter of its standard."""

from __future__ import annotations

import json
import mimetypes
import sqlite3
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from werkzeug.wrappers import Request, Response

from lms_sandbox import views
from lms_sandbox.errors import Refusal
from lms_sandbox.gates import Gates, gates
from lms_sandbox.gradebook import outcomes_of, standing
from lms_sandbox.pages import page
from lms_sandbox.sessions import current_user, end_session, learners, start_session
from lms_sandbox.site import Site
from lms_sandbox.strings import DEFAULT, LANGUAGES
from lms_sandbox.tracking import MODELS, launch_data, save_tracks
from lms_sandbox.web import CONTENT_POLICY, json_answer, redirect, text_answer

MAX_COMMIT_BYTES = 2_000_000


def home(site: Site, request: Request) -> Response:
    """The courses of whoever is logged in."""
    with site.database.reading() as db:
        user = current_user(db, request)
        if user is None:
            return redirect("/login")
        return page("courses.html", _language(request), user=user, courses=views.courses_of(db, user["id"]))


def login(site: Site, request: Request) -> Response:
    """Choose an account, or be logged in as the one chosen."""
    if request.method == "GET":
        with site.database.reading() as db:
            return page("login.html", _language(request), user=None, learners=learners(db))
    with site.database.writing() as db:
        chosen = [row for row in learners(db) if row["username"] == request.form.get("username")]
        response = redirect("/" if chosen else "/login")
        if chosen:
            start_session(db, chosen[0]["id"], response)
        return response


def logout(site: Site, request: Request) -> Response:
    response = redirect("/login")
    with site.database.writing() as db:
        end_session(db, request, response)
    return response


def enter(site: Site, request: Request, key: str) -> Response:
    """The door of `preview`: logs its invented learner in and goes to `next`, a page of ours."""
    target = request.args.get("next", "/")
    if key not in site.entrances or not target.startswith("/") or target.startswith("//"):
        return _missing(request)
    response = redirect(target)
    with site.database.writing() as db:
        start_session(db, site.entrances[key], response)
    return response


def course(site: Site, request: Request, course_id: int | None = None) -> Response:
    """A course: its sections, its modules, and how far the learner is."""
    number = course_id if course_id is not None else int(request.args.get("id", "0") or 0)
    with site.database.reading() as db:
        user = current_user(db, request)
        if user is None:
            return redirect("/login")
        row = views.course_of(db, number, user["id"])
        if row is None:
            return _missing(request, user)
        sections = views.sections_of(db, number, user["id"])
        return page("course.html", row["language"] or _language(request), user=user, course=row, sections=sections)


def play(site: Site, request: Request, module_id: int) -> Response:
    """One module: its contents, and the chosen item in a frame. `?debug=1` shows the calls and the data model."""
    with site.database.writing() as db:  # opening a SCO begins a sitting
        user = current_user(db, request)
        if user is None:
            return redirect("/login")
        module = views.module_of(db, module_id, user["id"])
        if module is None:
            return _missing(request, user)
        items = views.items_of(db, module_id, user["id"])
        found = _gates(site, db, module, user["id"])
        chosen = views.choose(items, request.args.get("item"), found.closed)
        if chosen is None:
            return _missing(request, user)
        return page(
            "play.html",
            module["language"] or _language(request),
            user=user,
            module=module,
            items=items,
            chosen=chosen,
            neighbours=views.neighbours(items, chosen),
            address=f"/content/{module_id}/{quote(chosen.href, safe='/?&=#%;+,:@!$()*~')}",
            standing=standing(db, module_id, user["id"]),
            gates=found,
            debug=request.args.get("debug") == "1",
            watched=site.watched,
            revision=site.revision,
            **_run_time(db, module, user, items, chosen, found),
        )


def _gates(site: Site, db: sqlite3.Connection, module: sqlite3.Row, user_id: int) -> Gates:
    """What is closed to a learner now; nothing in modules whose pages leave no records."""
    if module["standard"] not in MODELS:
        return Gates()
    return gates(site.packages.tree(module["package_sha256"]), outcomes_of(db, module["id"], user_id))


def _run_time(
    db: sqlite3.Connection,
    module: sqlite3.Row,
    user: sqlite3.Row,
    items: Sequence[views.ItemView],
    chosen: views.ItemView,
    found: Gates,
) -> dict[str, Any]:
    """What the page needs of an API adapter; no launch data and no model for plain pages and what is closed."""
    standard = module["standard"]
    if standard not in MODELS or chosen.identifier in found.closed:
        return {"standard": standard, "launch": None, "model": None}
    sco = views.sco(db, module["id"], chosen.identifier)
    identifiers = [item.identifier for item in items]
    launch = launch_data(db, sco, user, standard, identifiers, found).as_json()
    return {"standard": standard, "launch": launch, "model": MODELS[standard]()}


def tracks(site: Site, request: Request, module_id: int) -> Response:
    """What the API adapter commits: `{"item": identifier, "sitting": number, "values": {element: value}}`."""
    try:
        commit = _commit(request)
        with site.database.writing() as db:
            user = current_user(db, request)
            module = views.module_of(db, module_id, user["id"]) if user else None
            if user is None or module is None:
                return text_answer("log in first", 401)
            save_tracks(db, views.sco(db, module_id, commit["item"]), user["id"], commit["values"], commit["sitting"])
            found = standing(db, module_id, user["id"])
            closed = sorted(_gates(site, db, module, user["id"]).closed)
    except Refusal as refusal:
        return json_answer(refusal.as_rest(), 409 if refusal.errorcode == "sittingover" else 400)
    except sqlite3.OperationalError as error:
        return json_answer({"errorcode": "notsaved", "message": str(error)}, 503)
    progress = {"statuses": found.status_by_item, "score": found.score, "complete": bool(found.completed_at)}
    return json_answer({**progress, "closed": closed})


def _commit(request: Request) -> dict[str, Any]:
    if (request.content_length or 0) > MAX_COMMIT_BYTES:
        raise Refusal("trackinvalid", f"a commit is larger than {MAX_COMMIT_BYTES} bytes")
    try:
        commit = json.loads(request.get_data())
        item, values, sitting = commit["item"], commit["values"], commit.get("sitting")
        texts = [item, *values.values()]
        fine = all(isinstance(text, str) for text in texts) and (sitting is None or type(sitting) is int)
    except (ValueError, TypeError, KeyError, AttributeError):
        fine = False
    if not fine:
        raise Refusal("trackinvalid", 'a commit is {"item": text, "sitting": number, "values": {element: text}}')
    return {"item": item, "values": values, "sitting": sitting}


def content(site: Site, request: Request, module_id: int, name: str) -> Response:
    """One file of a package, straight from its zip."""
    with site.database.reading() as db:
        user = current_user(db, request)
        module = views.module_of(db, module_id, user["id"]) if user else None
    if module is None:
        return text_answer("not found", 404)
    try:
        size, blocks = site.packages.open(module["package_sha256"], name)
    except (KeyError, OSError):
        return text_answer("not found", 404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    charset = "; charset=utf-8" if kind.startswith("text/") or kind.endswith(("javascript", "json")) else ""
    headers = {"Content-Length": str(size), "Content-Security-Policy": CONTENT_POLICY, "Cache-Control": "no-cache"}
    return Response(blocks, content_type=kind + charset, headers=headers, direct_passthrough=True)


def revision(site: Site, request: Request) -> Response:
    """Changes when `preview` has built something new."""
    return text_answer(str(site.revision), 200)


def _language(request: Request) -> str:
    return request.accept_languages.best_match(LANGUAGES) or DEFAULT


def _missing(request: Request, user: sqlite3.Row | None = None) -> Response:
    return page("missing.html", _language(request), status=404, user=user)
