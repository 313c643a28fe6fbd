"""Stands between the client and a site, and breaks one request, or all from one on, in a chosen way."""

from __future__ import annotations

import http.client
import socket
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import parse_qs, urlsplit

import pytest

Fault = Literal["refused", "dead", "answer-lost", "html", "empty", "too-large", "bad-gateway", "token-expired"]
LASTING: frozenset[Fault] = frozenset({"dead", "token-expired"})
"""Faults that stay: the server is gone, or the token is."""

_ANSWERS: dict[Fault, tuple[int, str, bytes]] = {
    "html": (200, "text/html", b"<!doctype html><title>Error</title><h1>Something broke</h1>"),
    "empty": (200, "application/json", b""),
    "too-large": (413, "text/html", b"<html><h1>413 Request Entity Too Large</h1></html>"),
    "bad-gateway": (502, "text/html", b"<html><h1>502 Bad Gateway</h1></html>"),
    "token-expired": (
        200,
        "application/json",
        b'{"exception":"moodle_exception","errorcode":"invalidtoken","message":"Invalid token - token expired"}',
    ),
}


@dataclass
class Proxy:
    """`fault` strikes at request number `at`, counting from 0; with no fault it only counts."""

    target: str
    fault: Fault | None = None
    at: int = 0
    functions: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                proxy.handle(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        with self._lock:
            number = len(self.functions)
            self.functions.append(_function(request, body))
        strikes = self.fault is not None and (number >= self.at if self.fault in LASTING else number == self.at)
        if not strikes:
            self._answer(request, *self._forward(request, body))
        elif self.fault in ("refused", "dead"):
            _cut(request)
        elif self.fault == "answer-lost":
            self._forward(request, body)
            _cut(request)
        else:
            assert self.fault is not None
            self._answer(request, *_ANSWERS[self.fault])

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(urlsplit(self.target).netloc, timeout=30)
        try:
            headers = {"Content-Type": request.headers.get("Content-Type", ""), "Content-Length": str(len(body))}
            connection.request("POST", request.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.headers.get("Content-Type", ""), answer.read()
        finally:
            connection.close()

    @staticmethod
    def _answer(request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
        request.send_response(status)
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def _function(request: BaseHTTPRequestHandler, body: bytes) -> str:
    if "upload.php" in request.path:
        return "upload"
    return parse_qs(body.decode("utf-8", "replace")).get("wsfunction", ["?"])[0]


def _cut(request: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word, as a server that dies does."""
    request.close_connection = True
    request.connection.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def proxy() -> type[Proxy]:
    return Proxy
