"""The tiny course as a web site, unpacked, in a browser that reads it from a server or from the folder."""

from __future__ import annotations

import functools
import http.server
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.building import build, make_shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Package
from lms_toolkit.testing.courses import tiny_course
from lms_web.web import Web


@dataclass
class WebWorkshop:
    """Builds the tiny course, or a changed one, into the test's own folder."""

    folder: Path

    def course(self, **changes: Any) -> Course:
        return replace(tiny_course(self.folder / "course"), **changes)

    def build(self, course: Course | None = None, out: str = "dist") -> Package:
        course = course or self.course()
        shell = make_shell(self.folder / "no-data")
        return build(course, course.modules[0], "fr", Web(), self.folder / out, shell, Plugins())

    def unpack(self, course: Course | None = None, to: str = "site") -> Path:
        folder = self.folder / to
        with zipfile.ZipFile(self.build(course, to + "-dist").path) as archive:
            archive.extractall(folder)
        (folder / "favicon.ico").touch()  # browsers ask for one, and a 404 would look like a fault of ours
        return folder


@pytest.fixture
def web(tmp_path: Path) -> WebWorkshop:
    return WebWorkshop(tmp_path)


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass

    def end_headers(self) -> None:
        # as strict as a server may be: no inline script or style runs, and nothing is fetched from elsewhere
        self.send_header("Content-Security-Policy", "default-src 'self'")
        super().end_headers()


@pytest.fixture
def site_url(web: WebWorkshop) -> Iterator[str]:
    """The address of the unpacked site, in a folder below the root as on a school's server."""
    web.unpack(to="www/courses/depart")
    handler = functools.partial(_QuietHandler, directory=str(web.folder / "www"))
    (web.folder / "www" / "favicon.ico").touch()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/courses/depart"
    server.shutdown()
    server.server_close()


@pytest.fixture
def learner(chromium: Any) -> Iterator[Any]:
    """A learner's browser: nothing remembered yet, and no fault left unnoticed."""
    context = chromium.new_context(viewport={"width": 900, "height": 700}, locale="fr-FR")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield context
    context.close()
    assert not faults
