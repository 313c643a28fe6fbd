"""webservice/upload.php: takes files into the caller's draft area. Its errors have a shape of their own."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import PurePosixPath
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request, Response

from lms_sandbox.clock import now
from lms_sandbox.errors import Refusal
from lms_sandbox.rest import authenticate
from lms_sandbox.site import Site
from lms_sandbox.web import json_answer

FORM_BYTES = 64 * 1024
"""What a form may weigh besides its files, as PHP's post_max_size is set a little above upload_max_filesize."""


def answer(site: Site, request: Request) -> Response:
    """One upload of any number of files."""
    try:
        _refuse_oversized(site, request)
        token = request.form.get("token")
        if token is None:
            raise _missing_token()
        item_id = _item_id(request.form.get("itemid", "0"))
        with site.database.writing() as db:
            user_id = authenticate(db, token)
            kept = [_keep(site, db, user_id, item_id, file) for file in request.files.values()]
        return json_answer(kept)
    except Refusal as refusal:
        return json_answer(refusal.as_upload())
    except (OSError, sqlite3.OperationalError) as error:
        return json_answer(Refusal("storedfilenotcreated", f"Can not create file ({error})").as_upload())


def _refuse_oversized(site: Site, request: Request) -> None:
    """A body above post_max_size reaches PHP scripts empty, so that Moodle misses the token and says so."""
    if (request.content_length or 0) <= site.limits.max_upload_bytes + FORM_BYTES:
        return
    while request.stream.read(1 << 20):
        pass  # read it to its end, or the client would see a broken connection instead of the answer
    raise _missing_token()


def _missing_token() -> Refusal:
    return Refusal("missingparam", "A required parameter (token) was missing")


def _item_id(text: str) -> int:
    sent = int(text) if text.isdecimal() else 0
    return sent or 100_000_000 + secrets.randbelow(900_000_000)


def _keep(site: Site, db: sqlite3.Connection, user_id: int, item_id: int, file: FileStorage) -> dict[str, Any]:
    name = PurePosixPath((file.filename or "file").replace("\\", "/")).name
    if db.execute("SELECT 1 FROM drafts WHERE item_id = ? AND filename = ?", (item_id, name)).fetchone():
        return {"filename": name, "errortype": "filenameexist", "error": f"File name already exists: {name}"}
    kept = site.packages.keep(file.stream)
    if kept.size_bytes > site.limits.max_upload_bytes:
        return {"filename": name, "errortype": "fileoversized", "error": "The file is larger than the site allows"}
    db.execute(
        "INSERT INTO drafts (item_id, user_id, filename, sha256, size_bytes, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (item_id, user_id, name, kept.sha256, kept.size_bytes, now()),
    )
    return {
        "component": "user",
        "contextid": user_id,
        "userid": user_id,
        "filearea": "draft",
        "filename": name,
        "filepath": "/",
        "itemid": item_id,
        "license": "unknown",
        "author": "Service Account",
        "source": name,
        "filesize": kept.size_bytes,
    }
