"""`preview` shows what was just built to a learner who is logged in, and shows changes."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import zipfile

import pytest
import requests

from lms_sandbox.preview import CourseSource, PackageSource, Preview
from lms_sandbox.server import Sandbox
from lms_toolkit import content_path
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError, PackageError, Refused
from lms_toolkit.manager import Plugins
from lms_toolkit.testing import tiny_ims_cp, tiny_scorm12, tiny_scorm2004


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
    """A copy of the SURE course that may be changed, with one module written."""
    copy = shutil.copytree(content_path("sure"), tmp_path / "sure")
    for folder in (copy / "fr").iterdir():
        if folder.name not in ("cycles-migratoires", "activities"):
            shutil.rmtree(folder)
    return copy


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
    preview = Preview(app, sandbox, PackageSource(app, package.path, "es"))

    html = shown(preview.open())

    assert "the-package" in html
    assert "Bonjour" in html
    assert '<html lang="es">' in html


@pytest.mark.parametrize("make", [tiny_scorm12, tiny_scorm2004, tiny_ims_cp])
def test_packages_of_every_standard_are_shown(app, sandbox, tmp_path, make):
    package = make(tmp_path / "p.zip", text="Bonjour")

    html = shown(Preview(app, sandbox, PackageSource(app, package.path, "fr")).open())

    assert "Bonjour" in html
    assert 'data-item="quiz"' in html  # the contents
    assert ('id="calls"' in html) == (make is not tiny_ims_cp)


PLAYED = ("imscc11", "imscc13", "imscp", "scorm12", "scorm2004-3rd", "scorm2004-4th", "web")
NOT_PLAYED = {"cmi5": (Refused, "needs a learning record store"), "moodlexml": (ConfigError, "has no pages to look at")}


def test_every_format_is_played_or_refused_with_a_reason():
    assert set(Plugins().format_names()) == {*PLAYED, *NOT_PLAYED}


@pytest.mark.parametrize("name", PLAYED)
def test_a_course_is_shown_in_every_format_that_has_pages(app, sandbox, course, tmp_path, name):
    source = CourseSource(app, sandbox.as_site(), str(course), (), ("cycles-migratoires",), name, tmp_path / "out")

    html = shown(Preview(app, sandbox, source).open())

    assert "Bienvenue dans le module" in html
    assert ('id="calls"' in html) == name.startswith("scorm")


@pytest.mark.parametrize("name", NOT_PLAYED)
def test_a_format_that_cannot_be_shown_says_why(app, sandbox, course, tmp_path, name):
    kind, complaint = NOT_PLAYED[name]
    source = CourseSource(app, sandbox.as_site(), str(course), (), ("cycles-migratoires",), name, tmp_path / "out")

    with pytest.raises(kind, match=complaint):
        Preview(app, sandbox, source).open()


def test_a_folder_of_pages_without_a_manifest_is_shown_by_its_title(app, sandbox, tmp_path):
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.writestr("index.html", "<title>Le cours &amp; la suite</title><p>Bonjour")

    html = shown(Preview(app, sandbox, PackageSource(app, tmp_path / "pages.zip", "fr")).open())

    assert "Le cours &amp; la suite – pages" in html
    assert "Bonjour" in html


def hostile(path, name="index.html", content="<p>x", **attributes):
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    for key, value in attributes.items():
        setattr(entry, key, value)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("index.html", "<p>x") if name != "index.html" else None
        archive.writestr(entry, content)
    return path


DOCTYPE = '<!DOCTYPE m [<!ENTITY a SYSTEM "file:///etc/passwd">]><manifest>&a;</manifest>'


@pytest.mark.parametrize(
    ("name", "content", "attributes", "complaint"),
    [
        ("../../outside.html", "x", {}, "leads out of the package"),
        ("/etc/passwd", "x", {}, "is absolute"),
        ("a\\b.html", "x", {}, "backslash"),
        ("link.html", "/etc/passwd", {"external_attr": 0o120777 << 16}, "symbolic link"),
        ("bomb.html", "\0" * 5_000_000, {}, "would unpack"),
        ("imsmanifest.xml", DOCTYPE, {}, "DOCTYPE"),
    ],
)
def test_a_hostile_zip_is_refused_before_anything_of_it_is_served(
    app, sandbox, tmp_path, name, content, attributes, complaint
):
    path = hostile(tmp_path / "hostile.zip", name, content, **attributes)

    with pytest.raises(PackageError, match=rf"hostile\.zip is not shown: .*{complaint}"):
        Preview(app, sandbox, PackageSource(app, path, "en")).open()
    assert not list((tmp_path / "sandbox" / "files").iterdir())


def test_what_is_no_zip_is_refused(app, sandbox, tmp_path):
    (tmp_path / "p.zip").write_text("hello")

    with pytest.raises(PackageError, match="is not shown: this is not a zip"):
        Preview(app, sandbox, PackageSource(app, tmp_path / "p.zip", "en")).open()


@pytest.mark.browser
def test_an_open_page_reloads_on_save_and_keeps_the_learners_place(app, sandbox, course, chromium, tmp_path):
    source = CourseSource(app, sandbox.as_site(), str(course), (), ("cycles-migratoires",), "scorm12", tmp_path / "out")
    preview = Preview(app, sandbox, source)
    url = preview.open()
    stopped = threading.Event()
    watcher = threading.Thread(target=preview.watch, args=(lambda: not stopped.is_set(),))
    watcher.start()
    context = chromium.new_context(viewport={"width": 1280, "height": 640})
    try:
        page = context.new_page()
        page.goto(url)
        page.get_by_role("link", name="cycle").nth(1).click()
        page.wait_for_url("**item=**")
        heading = page.frame_locator("#sco").locator("h1").inner_text()
        page.frame_locator("#sco").locator("body").wait_for()
        page.wait_for_timeout(500)
        page.evaluate("document.getElementById('sco').contentWindow.scrollTo(0, 300)")
        lesson = next(path for path in course.rglob("*.md") if f"title: {heading}" in path.read_text())
        lesson.write_text(lesson.read_text() + "\nUne phrase toute neuve.\n")

        page.frame_locator("#sco").get_by_text("Une phrase toute neuve.").wait_for(timeout=10_000)

        assert page.frame_locator("#sco").locator("h1").inner_text() == heading
        page.wait_for_timeout(500)
        assert page.evaluate("document.getElementById('sco').contentWindow.scrollY") == 300
        assert page.locator("#calls tbody tr").count() > 0
    finally:
        context.close()
        stopped.set()
        watcher.join()


@pytest.mark.parametrize(
    ("languages", "slugs", "complaint"),
    [(("tlh",), (), "is not given in 'tlh'"), ((), ("nowhere",), "has no module 'nowhere'")],
)
def test_what_the_course_does_not_have_is_named(app, sandbox, course, tmp_path, languages, slugs, complaint):
    source = CourseSource(app, sandbox.as_site(), str(course), languages, slugs, "scorm12", tmp_path / "out")

    with pytest.raises(ConfigError, match=complaint):
        Preview(app, sandbox, source).open()


@pytest.mark.parametrize("arguments", [["sandbox", "--port", "0"], ["preview", "tiny.zip"]])
def test_the_commands_print_an_address_serve_it_and_end_well_on_ctrl_c(tmp_path, arguments):
    tiny_scorm12(tmp_path / "tiny.zip")
    environment = {**os.environ, "LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "lms_toolkit", *arguments]
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
