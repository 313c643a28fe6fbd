"""The tiny course as a web site, unpacked, in a browser that reads it from a server or from the folder."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.model import Course, Package
from lms_toolkit.testing.courses import tiny_course
from lms_toolkit.testing.workshops import Workshop
from lms_web.web import Web


class WebWorkshop(Workshop):
    def build(self, course: Course | None = None, out: str = "dist") -> Package:
        return self.package(Web(), course, out)

    def unpack(self, course: Course | None = None, to: str = "site") -> Path:
        folder = self.folder / to
        with zipfile.ZipFile(self.build(course, to + "-dist").path) as archive:
            archive.extractall(folder)
        (folder / "favicon.ico").touch()  # browsers ask for one, and a 404 would look like a fault of ours
        return folder


@pytest.fixture
def web(tmp_path: Path) -> WebWorkshop:
    return WebWorkshop(tmp_path, lambda folder, **changes: replace(tiny_course(folder), **changes))


@pytest.fixture
def school(web: WebWorkshop, serve: Any) -> str:
    """The address of a school's server, which shows what is in the folder `www`."""
    root = web.folder / "www"
    root.mkdir()
    return str(serve(root).url)


@pytest.fixture
def site_url(web: WebWorkshop, school: str) -> str:
    """The address of the unpacked site, in a folder below the root as on a school's server."""
    web.unpack(to="www/courses/depart")
    return f"{school}/courses/depart"


@pytest.fixture
def learner(chromium: Any, school: str) -> Iterator[Any]:
    """A learner's browser: nothing remembered yet, and no fault left unnoticed. It is closed before the server stops,
    because a request that breaks off is such a fault."""
    context = chromium.new_context(viewport={"width": 900, "height": 700}, locale="fr-FR")
    faults: list[str] = []
    context.on("weberror", lambda error: faults.append(str(error.error)))
    context.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield context
    context.close()
    assert not faults
