"""Stands between a client and a site and hands every request on; whoever breaks the line between them inherits it."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, urlsplit

UPLOAD = "upload"
"""What a request that sends a file up is called; the others are called by their web-service function."""

Answer = tuple[int, str, bytes]
"""Status, content type, body."""


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever was killed did not say goodbye."""


class ForwardingProxy:
    """A context manager with a `url` of its own, on this machine; `handle` decides what becomes of each request."""

    def __init__(self, target: str, timeout: float = 300) -> None:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.handle(self, body)

            def log_message(self, *args: object) -> None:
                pass

        self.target = target
        self._timeout = timeout
        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        """Where clients find it."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Hand it on."""
        answer(request, *self.forward(request, body))

    def forward(self, request: BaseHTTPRequestHandler, body: bytes) -> Answer:
        """Have the site do it."""
        connection = http.client.HTTPConnection(urlsplit(self.target).netloc, timeout=self._timeout)
        try:
            headers = {"Content-Type": request.headers.get("Content-Type", ""), "Content-Length": str(len(body))}
            connection.request("POST", request.path, body, headers)
            reply = connection.getresponse()
            return reply.status, reply.headers.get("Content-Type", ""), reply.read()
        finally:
            connection.close()


def function_of(request: BaseHTTPRequestHandler, body: bytes) -> str:
    """The web-service function that is called; UPLOAD for a file, "?" for anything else."""
    if request.path.endswith("/upload.php"):
        return UPLOAD
    return parse_qs(body.decode("utf-8", "replace")).get("wsfunction", ["?"])[0]


def answer(request: BaseHTTPRequestHandler, status: int, kind: str, body: bytes) -> None:
    """Answer the client."""
    request.send_response(status)
    request.send_header("Content-Type", kind)
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)


def cut(request: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word, as a server that dies does."""
    request.close_connection = True
    with contextlib.suppress(OSError):  # the other side was killed and may have closed it
        request.connection.shutdown(socket.SHUT_RDWR)
