"""Renders the player's pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms_sandbox.strings import strings
from lms_sandbox.web import PAGE_POLICY
from lms_toolkit.multilingual import in_language


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["clean"] = _clean
    return environment


def _clean(html: str) -> Markup:
    """The summaries of courses are HTML that came over the web service: only harmless tags stay."""
    import nh3

    return Markup(nh3.clean(html))


def page(name: str, language: str, status: int = 200, **values: Any) -> Response:
    """A page in a language; `t` holds its texts, and `own` takes that language from a text in several."""
    html = (
        _environment()
        .get_template(name)
        .render(t=strings(language), own=lambda text: in_language(text, language), **values)
    )
    headers = {"Content-Security-Policy": PAGE_POLICY, "X-Frame-Options": "DENY"}
    return Response(html, status, content_type="text/html; charset=utf-8", headers=headers)
