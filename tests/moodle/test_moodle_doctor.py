"""The doctor names each thing that stands in the way, its cause and its fix."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import responses
from requests.exceptions import SSLError

import lms_toolkit
from lms_moodle.companion_functions import FUNCTIONS
from lms_moodle.diagnosing import NO_SUCH_FUNCTION
from lms_moodle.doctor import CORE, FOR_LISTS, WITHOUT_COMPANION, examine
from lms_moodle.errors import KNOWN
from lms_toolkit.config import Secret

ALL = FUNCTIONS | CORE | WITHOUT_COMPANION | FOR_LISTS
MIB = 1 << 20
DOCS = Path(__file__).parents[2] / "docs" / "moodle.md"
SITE_INFO = "core_webservice_get_site_info"


@pytest.fixture
def healthy(stub):
    """A site with nothing to report; tests change what they are about."""
    info = {
        "sitename": "Test",
        "siteurl": stub.url,
        "release": "4.5 (Build: 20241007)",
        "version": "2024100700",
        "username": "lmstoolkit",
        "uploadfiles": True,
        "userissiteadmin": False,
        "usermaxuploadfilesize": 10**9,
        "functions": [{"name": name} for name in sorted(ALL)],
    }
    companion = {
        "plugin": lms_toolkit.__version__,
        "release": "4.5",
        "languages": ["en", "fr"],
        "activities": ["page", "forum"],
        "max_upload_bytes": 10**9,
        "student_roleid": 5,
        "roles": {"student": 5},
        "missing_capabilities": [],
        "max_input_vars": 5000,
        "upload_max_filesize": 512 * MIB,
        "post_max_size": 520 * MIB,
        "last_cron": int(time.time()),
        "debugdisplay": False,
        "checks": [{"check": "completion", "ok": True, "detail": "Completion is on."}],
    }
    stub.functions[SITE_INFO] = lambda params: info
    stub.functions["local_lmstoolkit_get_info"] = lambda params: json.dumps(companion)
    return {"info": info, "companion": companion}


def rules(site):
    return [(finding.severity, finding.rule) for finding in examine(site)]


def refusal(errorcode):
    return {"exception": "moodle_exception", "errorcode": errorcode, "message": "No."}


def test_a_healthy_site_is_only_told_its_languages(site, healthy):
    assert rules(site) == [("info", "languages")]


def without(*names):
    return [{"name": name} for name in sorted(ALL - set(names))]


def failing(check):
    return {"checks": [{"check": check, "ok": False, "detail": "It is off."}]}


@pytest.mark.parametrize(
    ("part", "changes", "rule", "said"),
    [
        ("info", {"userissiteadmin": True}, ("warning", "administrator"), "could do anything"),
        ("info", {"uploadfiles": False}, ("error", "uploads"), "does not allow uploads"),
        ("info", {"siteurl": "https://away.example.org"}, ("warning", "address"), "https://away.example.org"),
        ("info", {"version": "2024042200.01", "release": "4.4"}, ("error", "version"), "is Moodle 4.4"),
        ("info", {"functions": without("core_course_create_courses")}, ("error", "function"), "create_courses"),
        ("info", {"functions": without(*FOR_LISTS)}, ("warning", "function"), "core_group_add_group_members"),
        ("info", {"functions": without(*FUNCTIONS)}, ("warning", "companion"), "not installed or too old"),
        ("info", {"functions": without("local_lmstoolkit_get_changes")}, ("warning", "companion"), "get_changes"),
        ("companion", {"plugin": "0.0.9"}, ("warning", "companion"), "older than this toolkit"),
        ("companion", {"plugin": "10.0.0"}, ("warning", "companion"), "newer than this toolkit"),
        ("companion", {"max_upload_bytes": 2 * MIB}, ("warning", "upload-limit"), "at most 2 MiB"),
        ("companion", {"post_max_size": 8 * MIB}, ("warning", "post-max-size"), "post_max_size (8 MiB)"),
        ("companion", {"max_input_vars": 1000}, ("warning", "max-input-vars"), "enough for this toolkit"),
        ("companion", {"max_input_vars": 804}, ("error", "max-input-vars"), "are cut"),
        ("companion", {"missing_capabilities": ["mod/quiz:manage"]}, ("error", "capability"), "mod/quiz:manage"),
        ("companion", {"last_cron": int(time.time()) - 3 * 3600}, ("warning", "cron"), "last ran 3 h ago"),
        ("companion", {"last_cron": 0}, ("warning", "cron"), "never run"),
        ("companion", {"debugdisplay": True}, ("warning", "debug-display"), "debug messages"),
        ("companion", failing("completion"), ("warning", "completion"), "It is off."),
        ("companion", failing("scorm"), ("warning", "scorm"), "It is off."),
        ("companion", failing("manualenrolment"), ("warning", "manualenrolment"), "It is off."),
        ("companion", failing("assignstudent"), ("error", "assignstudent"), "It is off."),
    ],
)
def test_each_fault_is_found_with_its_cause_and_a_fix(site, healthy, part, changes, rule, said):
    healthy[part].update(changes)

    [found] = [finding for finding in examine(site) if (finding.severity, finding.rule) == rule]

    assert said in found.message
    assert found.hint
    assert found.where == "staging"


def test_an_old_companion_that_tells_less_is_no_fault_in_itself(site, healthy):
    for name in ("roles", "missing_capabilities", "max_input_vars", "post_max_size", "last_cron", "debugdisplay"):
        del healthy["companion"][name]
    healthy["companion"]["checks"] = [{"check": "cron", "ok": False, "detail": "Cron has not run."}]

    assert rules(site) == [("warning", "cron"), ("info", "languages")]


@pytest.mark.parametrize(
    ("text", "status", "headers", "rule"),
    [
        ("<html>Shop</html>", 200, {}, "not-json"),
        ("", 303, {"Location": "https://moodle.example.org/"}, "redirect"),
        ("", 404, {}, "address"),
        ("", 500, {}, "unreachable"),
    ],
)
def test_an_error_that_hides_all_others_stands_alone(site, stub, text, status, headers, rule):
    stub.answer(text, status, **headers)
    stub.answer("", 404)  # nothing to learn in public either

    [found] = examine(site)

    assert (found.severity, found.rule) == ("error", rule)
    assert found.hint


@pytest.mark.parametrize(
    ("errorcode", "rule"),
    [
        ("invalidtoken", "token"),
        ("sitemaintenance", "maintenance"),
        ("wsaccessusersuspended", "account-suspended"),
        ("wsaccessusernologin", "account-nologin"),
        ("wsaccessuserunconfirmed", "account-unconfirmed"),
        ("wsaccessuserdeleted", "account-deleted"),
        ("wsaccessuserexpired", "password"),
    ],
)
def test_what_moodle_says_outright_is_explained_and_leads_to_its_page(site, stub, errorcode, rule):
    stub.functions[SITE_INFO] = lambda params: refusal(errorcode)

    [found] = examine(site)

    assert (found.severity, found.rule, found.source) == ("error", rule, f"docs/moodle.md#{errorcode}")
    assert found.hint


@pytest.mark.parametrize(
    ("errorcode", "rule"),
    [
        ("sitepolicynotagreed", "policy"),
        ("forcepasswordchangenotice", "password"),
        ("usernotfullysetup", "profile"),
        ("nopermissions", "companion"),
    ],
)
def test_what_only_shows_after_the_token_is_found_beside_the_others(site, healthy, stub, errorcode, rule):
    healthy["info"]["uploadfiles"] = False
    stub.functions["local_lmstoolkit_get_info"] = lambda params: refusal(errorcode)

    assert rules(site) == [("error", "uploads"), ("error", rule)]


def publicly(**changes):
    data = {"wwwroot": "", "enablewebservices": 1, "maintenanceenabled": 0, **changes}
    return json.dumps([{"error": False, "data": data}])


@pytest.mark.parametrize(
    ("config", "rule"),
    [
        (publicly(enablewebservices=0), "web-services"),
        (publicly(), "rest"),
        ("<html></html>", "http403"),
        ('[{"error": true}]', "http403"),
    ],
)
def test_a_closed_door_is_told_from_a_closed_house(site, stub, config, rule):
    stub.answer("", 403)
    stub.answer(config)

    [found] = examine(site)

    assert found.rule == rule
    assert b"0123456789abcdef" not in stub.sent[1].body  # the token stays at home
    assert stub.sent[1].path == "/lib/ajax/service-nologin.php"


def test_maintenance_that_answers_html_is_told_from_a_site_that_is_no_moodle(site, stub):
    stub.answer("<html>Back soon</html>")
    stub.answer(publicly(maintenanceenabled=1))

    assert rules(site) == [("error", "maintenance")]


@pytest.mark.parametrize(
    ("second", "upload", "rule"),
    [
        ("invalidtoken", None, "token-expired"),
        ("accessexception", "accessexception", "ip-restriction"),
        ("accessexception", "", "capability"),
        ("invalidrecord", "accessexception", "service"),
        ("invalidrecordunknown", "accessexception", "service"),
        ("invalidrecord", "", "function"),
    ],
)
def test_the_reasons_for_an_access_exception_are_told_apart(site, stub, second, upload, rule):
    stub.functions |= {
        SITE_INFO: lambda params: refusal("accessexception"),
        NO_SUCH_FUNCTION: lambda params: refusal(second),
        "upload": lambda sent: json.dumps({"error": "No.", "errorcode": upload} if upload else []),
    }

    [found] = examine(site)

    assert found.rule == rule
    assert found.hint


def test_a_clock_that_is_minutes_off_is_noticed_and_a_minute_is_not(site, healthy, monkeypatch):
    from email.utils import formatdate

    def tell(offset):
        date = lambda self, timestamp=None: formatdate(time.time() + offset, usegmt=True)  # noqa: E731
        monkeypatch.setattr(BaseHTTPRequestHandler, "date_time_string", date)

    tell(-60)
    assert rules(site) == [("info", "languages")]
    tell(-1800)
    [found] = [finding for finding in examine(site) if finding.rule == "clock"]
    assert "behind this machine's" in found.message
    tell(1800)
    assert "ahead of" in next(finding for finding in examine(site) if finding.rule == "clock").message


@responses.activate
def test_a_certificate_that_is_not_trusted_is_a_finding(site):
    responses.post(f"{site.url}/webservice/rest/server.php", body=SSLError("bad"))

    assert rules(site) == [("error", "certificate")]


def test_a_missing_token_is_a_finding(site):
    [found] = examine(replace(site, token=Secret("")))

    assert found.rule == "token"


def test_a_token_over_plain_http_is_warned_of(site, stub):
    away = replace(site, url="http://moodle.invalid", connect_timeout=0.01, token=Secret(""))

    assert ("warning", "http") in rules(away)


def test_every_error_code_has_its_page_and_every_finding_its_row():
    page = DOCS.read_text(encoding="utf-8")
    missing = [code for code in (*KNOWN, "http403", "http413") if f"### {code}\n" not in page]
    assert missing == []

    source = "".join(
        (Path(lms_toolkit.__file__).parents[1] / "plugins" / "lms_moodle" / f"{name}.py").read_text(encoding="utf-8")
        for name in ("doctor", "doctor_settings", "diagnosing")
    )
    import re

    told = set(re.findall(r'(?:Cause\(\s*|"(?:error|warning|info)", )"([a-z0-9-]+)"', source))
    assert len(told) > 25
    assert sorted(rule for rule in told if f"| `{rule}` |" not in page) == []
