"""`preview` shows what was just built to a learner who is logged in, and shows changes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys

import pytest
import requests

from lms_sandbox.preview import CourseSource, PackageSource, Preview
from lms_sandbox.server import Sandbox
from lms_toolkit import content_path
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError
from lms_toolkit.testing import tiny_scorm12


@pytest.fixture
def told():
    return []


@pytest.fixture
def app(tmp_path, told):
    return App(load_config(env={"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data")}), tell=told.append)


@pytest.fixture
def sandbox(tmp_path):
    with Sandbox(tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def course(tmp_path):
    """A copy of the SURE course that may be changed."""
    return shutil.copytree(content_path("sure"), tmp_path / "sure")


def shown(url: str) -> str:
    """The page a browser ends on, and the content of its frame."""
    with requests.Session() as session:
        page = session.get(url, timeout=10)
        assert page.status_code == 200
        frame = re.search(r'<iframe [^>]*src="([^"]+)"', page.text)
        assert frame
        base = url.split("/enter/", maxsplit=1)[0]
        return page.text + session.get(base + frame[1], timeout=10).content.decode()


def test_a_course_is_built_and_open_to_its_learner(app, sandbox, course, tmp_path, told):
    source = CourseSource(app, sandbox.as_site(), str(course), (), (), "scorm12", tmp_path / "out")

    html = shown(Preview(app, sandbox, source).open())

    assert "Bienvenue dans le module" in html
    assert "Noa Visite" in html
    assert 'id="calls"' in html
    assert any("not written in fr yet" in line for line in told)


def test_a_change_is_built_and_makes_open_pages_reload(app, sandbox, course, tmp_path):
    preview = Preview(
        app,
        sandbox,
        CourseSource(app, sandbox.as_site(), str(course), (), (), "scorm12", tmp_path / "out"),
    )
    url = preview.open()
    assert not preview.refresh()
    lesson = course / "fr" / "cycles-migratoires" / "bienvenue.md"
    lesson.write_text(lesson.read_text() + "\nUne phrase toute neuve.\n")

    assert preview.refresh()

    assert "Une phrase toute neuve." in shown(url)
    assert requests.get(f"{sandbox.url}/revision", timeout=10).text.strip() == "1"


def test_a_fault_is_told_and_the_last_good_page_stays(app, sandbox, course, tmp_path, told):
    preview = Preview(
        app,
        sandbox,
        CourseSource(app, sandbox.as_site(), str(course), (), (), "scorm12", tmp_path / "out"),
    )
    url = preview.open()
    lesson = course / "fr" / "cycles-migratoires" / "bienvenue.md"
    lesson.write_text(lesson.read_text() + "\n![Rien](media/nowhere.svg)\n")

    assert not preview.refresh()

    assert any("not shown yet" in line and "nowhere.svg" in line for line in told)
    assert "Bienvenue dans le module" in shown(url)


def test_somebodys_package_is_shown_as_it_is(app, sandbox, tmp_path):
    package = tiny_scorm12(tmp_path / "the-package.zip", text="Bonjour")
    preview = Preview(app, sandbox, PackageSource(package.path, "es"))

    html = shown(preview.open())

    assert "the-package" in html
    assert "Bonjour" in html
    assert '<html lang="es">' in html


@pytest.mark.parametrize(
    ("languages", "slugs", "complaint"),
    [(("tlh",), (), "is not given in 'tlh'"), ((), ("nowhere",), "has no module 'nowhere'")],
)
def test_what_the_course_does_not_have_is_named(app, sandbox, course, tmp_path, languages, slugs, complaint):
    source = CourseSource(app, sandbox.as_site(), str(course), languages, slugs, "scorm12", tmp_path / "out")

    with pytest.raises(ConfigError, match=complaint):
        Preview(app, sandbox, source).open()


# A test run in the background inherits a shell's order to ignore Ctrl-C; a terminal gives no such order.
AS_IN_A_TERMINAL = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from lms_toolkit.cli import main
sys.exit(main())
"""


@pytest.mark.parametrize("arguments", [["sandbox", "--port", "0"], ["preview", "tiny.zip"]])
def test_the_commands_print_an_address_serve_it_and_end_well_on_ctrl_c(tmp_path, arguments):
    tiny_scorm12(tmp_path / "tiny.zip")
    environment = {**os.environ, "LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", AS_IN_A_TERMINAL, *arguments]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout
        assert running.stderr
        address = re.search(r"http://127\.0\.0\.1:\d+[^\s\"]*", running.stdout.readline())
        assert address
        assert requests.get(address[0].rstrip("."), timeout=10).status_code == 200
        while "Ctrl-C" not in running.stderr.readline():
            pass
        running.send_signal(signal.SIGINT)
        assert running.wait(timeout=20) == 0
        assert "Traceback" not in running.stderr.read()
