"""Small things every page needs: who may ask, and how an answer is sent."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

LOCAL_NAMES = ("127.0.0.1", "localhost")

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Our own pages run no inline script and are framed by nobody."""

CONTENT_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " form-action 'self'; frame-ancestors 'self'"
)
"""Packages are full of inline scripts, but may load nothing from elsewhere."""


def json_answer(data: Any, status: int = 200) -> Response:
    return Response(json.dumps(data, ensure_ascii=False), status, content_type="application/json; charset=utf-8")


def text_answer(text: str, status: int) -> Response:
    return Response(f"{text}\n", status, content_type="text/plain; charset=utf-8")


def redirect(path: str) -> Response:
    return Response(status=303, headers={"Location": path})


def is_local(request: Request) -> bool:
    """Whether the page was asked for by a local name. Another name that resolves to this machine is how a web page
    elsewhere would reach us (DNS rebinding)."""
    return urlsplit(f"//{request.headers.get('Host', '')}").hostname in LOCAL_NAMES


def is_from_own_page(request: Request) -> bool:
    """Whether a POST comes from our own page; browsers always send its origin."""
    return request.headers.get("Origin") == f"http://{request.headers.get('Host', '')}"
