"""Breaks one request between the client and a site, or all from one on, in a chosen way."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler
from typing import Literal

import pytest

from lms_toolkit.testing.forwarding import ForwardingProxy, answer, cut, function_of

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


class Proxy(ForwardingProxy):
    """`fault` strikes at request number `at`, counting from 0; with no fault it only counts."""

    def __init__(self, target: str, fault: Fault | None = None, at: int = 0) -> None:
        super().__init__(target, timeout=30)
        self.functions: list[str] = []
        self._fault, self._at = fault, at
        self._lock = threading.Lock()

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        with self._lock:
            number = len(self.functions)
            self.functions.append(function_of(request, body))
        lasts = self._fault in LASTING
        if self._fault is None or not (number >= self._at if lasts else number == self._at):
            super().handle(request, body)
        elif self._fault in ("refused", "dead"):
            cut(request)
        elif self._fault == "answer-lost":
            self.forward(request, body)
            cut(request)
        else:
            answer(request, *_ANSWERS[self._fault])


@pytest.fixture(scope="session")
def proxy() -> type[Proxy]:
    return Proxy
