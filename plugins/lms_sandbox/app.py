"""The sandbox as a WSGI application: which address leads where, and what nobody gets past."""

from __future__ import annotations

import logging
import mimetypes
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from lms_sandbox import player, rest, uploads
from lms_sandbox.site import Site
from lms_sandbox.web import is_from_own_page, is_local, text_answer

STATIC = Path(__file__).with_name("static")
log = logging.getLogger("lms_sandbox")

Page = Callable[..., Response]


def _static(site: Site, request: Request, name: str) -> Response:
    path = STATIC / name
    if name not in {file.name for file in STATIC.iterdir()}:
        return text_answer("no such file", 404)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Response(path.read_bytes(), content_type=kind, headers={"Cache-Control": "no-cache"})


MACHINE_PAGES: dict[str, Page] = {"rest": rest.answer, "upload": uploads.answer}
"""Called by programs with a token; the others are for browsers with a cookie."""

PERSON_PAGES: dict[str, Page] = {
    "home": player.home,
    "login": player.login,
    "logout": player.logout,
    "enter": player.enter,
    "course": player.course,
    "play": player.play,
    "tracks": player.tracks,
    "content": player.content,
    "revision": player.revision,
    "static": _static,
}

ADDRESSES = Map(
    [
        Rule("/webservice/rest/server.php", endpoint="rest", methods=["GET", "POST"]),
        Rule("/webservice/upload.php", endpoint="upload", methods=["POST"]),
        Rule("/", endpoint="home", methods=["GET"]),
        Rule("/login", endpoint="login", methods=["GET", "POST"]),
        Rule("/logout", endpoint="logout", methods=["POST"]),
        Rule("/enter/<key>", endpoint="enter", methods=["GET"]),
        Rule("/course/<int:course_id>", endpoint="course", methods=["GET"]),
        Rule("/course/view.php", endpoint="course", methods=["GET"]),  # where Moodle shows a course
        Rule("/play/<int:module_id>", endpoint="play", methods=["GET"]),
        Rule("/play/<int:module_id>/tracks", endpoint="tracks", methods=["POST"]),
        Rule("/content/<int:module_id>/<path:name>", endpoint="content", methods=["GET"]),
        Rule("/revision", endpoint="revision", methods=["GET"]),
        Rule("/static/<name>", endpoint="static", methods=["GET"]),
    ],
    merge_slashes=False,  # an address is answered or it is not; none is mended
)


class SandboxApp:
    """Answers every request to one sandbox."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        with Request(environ) as request:  # closes the files of an upload
            response = self._answer(request, environ)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response(environ, start_response)

    def _answer(self, request: Request, environ: WSGIEnvironment) -> Response:
        if not is_local(request):
            return text_answer("The sandbox answers to 127.0.0.1 and localhost only", 421)
        try:
            endpoint, arguments = ADDRESSES.bind_to_environ(environ).match()
            return self._page(request, endpoint, arguments)
        except HTTPException as error:
            return text_answer(f"{error.code} {error.name}", error.code or 500)
        except Exception:
            log.exception("the sandbox failed on %s", request.path)
            return text_answer("The sandbox failed; its log says why", 500)

    def _page(self, request: Request, endpoint: str, arguments: Mapping[str, Any]) -> Response:
        if endpoint in MACHINE_PAGES:
            return MACHINE_PAGES[endpoint](self._site, request)
        if request.method == "POST" and not is_from_own_page(request):
            return text_answer("This can only be sent from the sandbox's own pages", 403)
        return PERSON_PAGES[endpoint](self._site, request, **arguments)
