"""A small HTTP server that answers as it is told and remembers what it was sent; and a Moodle made of functions."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.pacing import Pace
from lms_toolkit.config import Secret, Site

TOKEN = "0123456789abcdef0123456789abcdef"
CUT = "•cut•"
"""A function that returns this closes the connection instead of answering."""


def php_parse(fields: list[tuple[str, str]]) -> dict[str, Any]:
    """What PHP makes of a form: `a[0][b]` becomes nested arrays; lists are arrays with the keys 0, 1, …"""
    parsed: dict[str, Any] = {}
    for name, value in fields:
        first, *keys = [part.rstrip("]") for part in re.split(r"\[", name)]
        place = parsed
        for key, following in zip([first, *keys], [*keys, None], strict=True):
            if following is None:
                place[key] = value
            else:
                place = place.setdefault(key, {})
    return {name: _listed(value) for name, value in parsed.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(entry) for key, entry in value.items()}
    return list(inner.values()) if list(inner) == [str(index) for index in range(len(inner))] else inner


@dataclass(frozen=True)
class Sent:
    """One request as the server saw it."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def fields(self) -> list[tuple[str, str]]:
        return parse_qsl(self.body.decode(), keep_blank_values=True)

    @property
    def params(self) -> dict[str, Any]:
        return php_parse(self.fields)


@dataclass(frozen=True)
class Answer:
    """One answer to give; `cut` closes the connection instead."""

    status: int = 200
    text: str = "null"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


class Stub:
    """Answers in the order given, then by `function`; `sent` has every request."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.queue: list[Answer] = []
        self.functions: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.url = ""

    def answer(self, text: str = "null", status: int = 200, **headers: str) -> None:
        self.queue.append(Answer(status, text, {name.replace("_", "-"): value for name, value in headers.items()}))

    def cut(self) -> None:
        self.queue.append(Answer(cut=True))

    def next(self, sent: Sent) -> Answer:
        self.sent.append(sent)
        if self.queue:
            return self.queue.pop(0)
        if "upload.php" in sent.path:
            return Answer(text=self.functions["upload"]({"body": sent.body}))
        params = sent.params
        result = self.functions[params["wsfunction"]](params)
        return Answer(cut=True) if result == CUT else Answer(text=json.dumps(result))

    def called(self) -> list[str]:
        """The functions called so far, in order."""
        return [sent.params.get("wsfunction", "upload") for sent in self.sent]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        answer = self.server.stub.next(Sent(self.path, dict(self.headers), body))
        if answer.cut:
            self.close_connection = True
            return
        content = answer.text.encode()
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test output quiet."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, stub: Stub) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.stub = stub


@pytest.fixture
def stub() -> Iterator[Stub]:
    stub = Stub()
    server = _Server(stub)
    stub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield stub
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def site(stub: Stub) -> Site:
    return Site("staging", "moodle", stub.url, Secret(TOKEN), connect_timeout=5, read_timeout=5)


@pytest.fixture
def waited() -> list[float]:
    """The waits before repeated reads, in seconds; none is really waited."""
    return []


@pytest.fixture
def client(site: Site, waited: list[float]) -> Iterator[MoodleClient]:
    client = MoodleClient(site, waits=(1, 3, 9), sleep=waited.append, pace=Pace(sleep=lambda seconds: None))
    yield client
    client.close()
