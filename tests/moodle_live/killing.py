"""Stands between the toolkit and a Moodle; at one request it kills the toolkit, or the server is gone from there."""

from __future__ import annotations

import contextlib
import http.client
import socket
import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

Blow = Literal["killed-before", "killed-unanswered", "killed-answered", "gone-before", "gone-unanswered"]
"""Who ends, and when: before the site got the request, once it has done it, once its answer has arrived."""

UPLOAD = "upload"


def is_read(function: str) -> bool:
    return "_get_" in function


@dataclass
class Struck:
    """How one run was struck; `function` is None while it was not."""

    blow: Blow
    at: int
    writes_only: bool
    function: str | None = None
    functions: list[str] = field(default_factory=list)


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was killed did not say goodbye."""


class KillingProxy:
    """`arm` it, start the toolkit, hand it over by `aim`; each run needs a new order."""

    def __init__(self, target: str) -> None:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                proxy._handle(self)

            def log_message(self, *args: object) -> None:
                pass

        self._target = target
        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._aimed = threading.Event()
        self._victim: subprocess.Popen[str] | None = None
        self._order: Struck | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> KillingProxy:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def arm(self, blow: Blow, at: int, *, writes_only: bool) -> Struck:
        """Strike at request number `at`, from 0, of the next run; `writes_only` counts those that are no reads."""
        self._aimed.clear()
        self._order = Struck(blow, at, writes_only)
        return self._order

    def disarm(self) -> None:
        self._order = None

    def aim(self, victim: subprocess.Popen[str]) -> None:
        self._victim = victim
        self._aimed.set()

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        order, function = self._order, _function(request.path, body)
        if order is None:
            _answer(request, *self._forward(request, body))
        elif order.function is not None:
            _cut(request)  # the server is gone, or the one who asked is
        elif self._strikes(order, function):
            order.function = function
            self._strike(order.blow, request, body)
        else:
            _answer(request, *self._forward(request, body))

    def _strikes(self, order: Struck, function: str) -> bool:
        counts = not (order.writes_only and is_read(function))
        strikes = counts and len(order.functions) == order.at
        if counts:
            order.functions.append(function)
        return strikes

    def _strike(self, blow: Blow, request: BaseHTTPRequestHandler, body: bytes) -> None:
        who, when = blow.split("-")
        answer = None if when == "before" else self._forward(request, body)
        if when == "answered":
            assert answer
            _answer(request, *answer)
        if who == "killed":
            self._aimed.wait()
            assert self._victim
            self._victim.kill()
            self._victim.wait()
        if when != "answered":
            _cut(request)

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self._target).netloc, timeout=300)
        try:
            headers = {"Content-Type": request.headers.get("Content-Type", ""), "Content-Length": str(len(body))}
            connection.request("POST", request.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()


def _function(path: str, body: bytes) -> str:
    if path.endswith("/upload.php"):
        return UPLOAD
    return parse_qs(body.decode("utf-8", "replace")).get("wsfunction", ["?"])[0]


def _answer(request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def _cut(request: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word, as a server that dies does."""
    request.close_connection = True
    with contextlib.suppress(OSError):  # the other side was killed and may have closed it
        request.connection.shutdown(socket.SHUT_RDWR)
