"""The player answers to this computer only, to its own pages only, and shows a learner only what is theirs."""

from __future__ import annotations

import socket
import zipfile

import pytest
import requests

from lms_sandbox.server import Sandbox
from lms_toolkit.archive import sha256_file
from lms_toolkit.errors import ConfigError
from lms_toolkit.testing import TinyPackage, tiny_scorm12


@pytest.fixture
def session(deployed):
    """A browser's session of a learner who is logged in."""
    with requests.Session() as session:
        url = deployed.wire.sandbox.url
        session.post(f"{url}/login", data={"username": "amina.test"}, headers={"Origin": url}, timeout=10)
        yield session


def get(session, deployed, path, **options):
    return session.get(f"{deployed.wire.sandbox.url}{path}", timeout=10, **options)


def test_it_listens_on_the_loopback_address_only(wire):
    port = int(wire.sandbox.url.rsplit(":", 1)[1])
    with socket.socket() as other, pytest.raises(OSError):
        other.connect(("127.0.0.2", port))


@pytest.mark.parametrize("host", ["evil.example.org", "evil.example.org:80", "127.0.0.1.evil.example.org", ""])
@pytest.mark.parametrize("path", ["/login", "/webservice/rest/server.php"])
def test_a_page_asked_for_by_another_name_is_refused(wire, host, path):
    response = requests.get(f"{wire.sandbox.url}{path}", headers={"Host": host}, timeout=10)

    assert response.status_code == 421


@pytest.mark.parametrize("origin", ["http://evil.example.org", "null", "http://127.0.0.1:1", None])
@pytest.mark.parametrize("path", ["/login", "/logout", "/play/1/tracks"])
def test_a_post_from_another_page_is_refused(deployed, session, origin, path):
    headers = {"Origin": origin} if origin else {}
    response = session.post(f"{deployed.wire.sandbox.url}{path}", headers=headers, timeout=10)

    assert response.status_code == 403


def test_the_session_cookie_is_out_of_reach_of_scripts_and_of_other_sites(deployed):
    url = deployed.wire.sandbox.url
    response = requests.post(
        f"{url}/login", data={"username": "amina.test"}, headers={"Origin": url}, timeout=10, allow_redirects=False
    )

    assert "HttpOnly" in response.headers["Set-Cookie"]
    assert "SameSite=Strict" in response.headers["Set-Cookie"]


@pytest.mark.parametrize("name", ["nobody", "lmstoolkit", ""])
def test_only_enrolled_learners_can_be_chosen(deployed, name):
    url = deployed.wire.sandbox.url
    response = requests.post(f"{url}/login", data={"username": name}, headers={"Origin": url}, timeout=10)

    assert response.url == f"{url}/login"
    assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("path", ["/course/1", "/play/1", "/"])
def test_who_is_not_logged_in_chooses_an_account_first(deployed, path):
    assert requests.get(f"{deployed.wire.sandbox.url}{path}", timeout=10).url.endswith("/login")


def test_a_course_of_others_is_not_shown(deployed, session):
    other = deployed.wire.new_course("others")

    assert get(session, deployed, f"/course/{other}").status_code == 404
    assert get(session, deployed, f"/course/{deployed.course}").status_code == 200


def test_content_needs_a_learner_of_the_course(deployed, session):
    path = f"/content/{deployed.module}/quiz.html"

    assert requests.get(f"{deployed.wire.sandbox.url}{path}", timeout=10).status_code == 404
    assert get(session, deployed, path).status_code == 200


@pytest.mark.parametrize(
    "name",
    ["../sandbox.db", "..%2f..%2fsandbox.db", "%2e%2e/sandbox.db", "/etc/passwd", "missing.html", "imsmanifest.xml/x"],
)
def test_content_is_only_what_the_package_lists(deployed, session, name):
    assert get(session, deployed, f"/content/{deployed.module}/{name}").status_code == 404


def test_names_with_accents_and_spaces_are_found(deployed, session, tmp_path):
    path = tmp_path / "accents.zip"
    with zipfile.ZipFile(tiny_scorm12(tmp_path / "plain.zip").path) as plain, zipfile.ZipFile(path, "w") as accents:
        manifest = plain.read("imsmanifest.xml").replace(b"quiz.html", "dossier/leçon%20une.html".encode())
        accents.writestr("imsmanifest.xml", manifest)
        accents.writestr("lesson-one.html", "une")
        accents.writestr("dossier/leçon une.html", "la leçon une")
    deployed.wire.apply_module(deployed.course, TinyPackage(path, sha256_file(path), {}))

    html = get(session, deployed, f"/play/{deployed.module}?item=quiz").text
    address = html.split('<iframe id="sco"')[1].split('src="')[1].split('"')[0]
    assert get(session, deployed, address).content.decode() == "la leçon une"


@pytest.mark.parametrize("name", ["..%2fserver.py", "%2e%2e/app.py", "nothing.css"])
def test_static_files_are_only_our_own(wire, name):
    assert requests.get(f"{wire.sandbox.url}/static/{name}", timeout=10).status_code == 404


def test_content_may_load_nothing_from_elsewhere_and_has_its_type(deployed, session):
    response = get(session, deployed, f"/content/{deployed.module}/quiz.html")

    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "http" not in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_our_pages_run_no_inline_script_and_cannot_be_framed(deployed, session):
    policy = get(session, deployed, f"/play/{deployed.module}").headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_summary_cannot_bring_a_script_along(deployed, session):
    form = {"courses[0][id]": str(deployed.course), "courses[0][summary]": "<b>Gras</b><script>alert(1)</script>"}
    deployed.wire.call("core_course_update_courses", form)

    html = get(session, deployed, f"/course/{deployed.course}").text
    assert "<b>Gras</b>" in html
    assert "alert(1)" not in html


def test_a_title_cannot_break_out_of_the_data_block(deployed, session, tmp_path):
    title = "</script><script>alert(1)</script>"
    hostile = tiny_scorm12(tmp_path / "x.zip", {"lesson-one": title, "quiz": "Quiz"})
    deployed.wire.apply_module(deployed.course, hostile)

    assert "<script>alert" not in get(session, deployed, f"/play/{deployed.module}").text


@pytest.mark.parametrize("key", ["wrong", "", "%2e"])
def test_a_made_up_key_opens_no_door(wire, key):
    assert requests.get(f"{wire.sandbox.url}/enter/{key}", timeout=10).status_code == 404


@pytest.mark.parametrize("target", ["//evil.example.org", "http://evil.example.org", "javascript:alert(1)"])
def test_the_door_leads_to_our_own_pages_only(deployed, target):
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    response = requests.get(f"{deployed.wire.sandbox.url}/enter/key", params={"next": target}, timeout=10)

    assert response.status_code == 404


def test_a_log_out_ends_the_session(deployed, session):
    url = deployed.wire.sandbox.url
    session.post(f"{url}/logout", headers={"Origin": url}, timeout=10)

    assert get(session, deployed, "/").url.endswith("/login")


def test_a_second_sandbox_on_the_same_folder_is_refused(tmp_path):
    with Sandbox(tmp_path), pytest.raises(ConfigError, match="another sandbox is running"):
        Sandbox(tmp_path).start()


def test_a_port_that_is_taken_is_named(wire, tmp_path):
    port = int(wire.sandbox.url.rsplit(":", 1)[1])

    with pytest.raises(ConfigError, match=f"port {port} is taken"):
        Sandbox(tmp_path / "other", port).start()


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ConfigError, match="file"):
        Sandbox(tmp_path / "file" / "sandbox").start()


def test_the_token_file_is_for_its_owner_only(wire):
    path = wire.sandbox.token_path

    assert path.read_text().strip() == wire.sandbox.token
    assert path.stat().st_mode & 0o077 == 0
