"""Stands between the toolkit and a Moodle; at one request it kills the toolkit, or the server is gone from there."""

from __future__ import annotations

import subprocess
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Literal

from lms_toolkit.testing.forwarding import UPLOAD, ForwardingProxy, answer, cut, function_of

__all__ = ["UPLOAD", "Blow", "KillingProxy", "Struck", "is_read"]

Blow = Literal["killed-before", "killed-unanswered", "killed-answered", "gone-before", "gone-unanswered"]
"""Who ends, and when: before the site got the request, once it has done it, once its answer has arrived."""


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


class KillingProxy(ForwardingProxy):
    """`arm` it, start the toolkit, hand it over by `aim`; each run needs a new order."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self._aimed = threading.Event()
        self._victim: subprocess.Popen[str] | None = None
        self._order: Struck | None = None

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

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        order, function = self._order, function_of(request, body)
        if order is None:
            super().handle(request, body)
        elif order.function is not None:
            cut(request)  # the server is gone, or the one who asked is
        elif self._strikes(order, function):
            order.function = function
            self._strike(order.blow, request, body)
        else:
            super().handle(request, body)

    def _strikes(self, order: Struck, function: str) -> bool:
        counts = not (order.writes_only and is_read(function))
        strikes = counts and len(order.functions) == order.at
        if counts:
            order.functions.append(function)
        return strikes

    def _strike(self, blow: Blow, request: BaseHTTPRequestHandler, body: bytes) -> None:
        who, when = blow.split("-")
        reply = None if when == "before" else self.forward(request, body)
        if when == "answered":
            assert reply
            answer(request, *reply)
        if who == "killed":
            self._aimed.wait()
            assert self._victim
            self._victim.kill()
            self._victim.wait()
        if when != "answered":
            cut(request)
