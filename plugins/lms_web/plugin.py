"""Web: offers the format `web`, a module as a small site for any web server, or to open from a folder."""

from __future__ import annotations

from lms_toolkit import hookimpl


@hookimpl
def lms_register_formats() -> dict[str, str]:
    return {"web": "lms_web.web:Web"}
