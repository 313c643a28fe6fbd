"""The doctor names each thing that stands in the way, its cause and its fix."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

import lms_toolkit
from lms_moodle.companion_functions import FUNCTIONS
from lms_moodle.doctor import CORE, WITHOUT_COMPANION, examine
from lms_toolkit.config import Secret

ALL = FUNCTIONS | CORE | WITHOUT_COMPANION


@pytest.fixture
def healthy(stub):
    """A site with nothing to report; tests change what they are about."""
    info = {
        "sitename": "Test",
        "siteurl": stub.url,
        "release": "4.5",
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
        "max_upload_bytes": 10**9,
        "student_roleid": 5,
        "checks": [{"check": "cron", "ok": True, "detail": "Cron ran."}],
    }
    stub.functions["core_webservice_get_site_info"] = lambda params: info
    stub.functions["local_lmstoolkit_get_info"] = lambda params: json.dumps(companion)
    return {"info": info, "companion": companion}


def rules(site):
    return [(finding.severity, finding.rule) for finding in examine(site)]


def test_a_healthy_site_is_only_told_its_languages(site, healthy):
    assert rules(site) == [("info", "languages")]


def without(*names):
    return [{"name": name} for name in sorted(ALL - set(names))]


@pytest.mark.parametrize(
    ("part", "changes", "rule"),
    [
        ("info", {"userissiteadmin": True}, ("warning", "administrator")),
        ("info", {"uploadfiles": False}, ("error", "uploads")),
        ("info", {"siteurl": "https://elsewhere.example.org"}, ("warning", "address")),
        ("info", {"functions": without("core_course_create_courses")}, ("error", "function")),
        ("info", {"functions": without(*FUNCTIONS)}, ("warning", "companion")),
        ("info", {"functions": without("local_lmstoolkit_get_results")}, ("warning", "companion")),
        ("companion", {"plugin": "0.0.1"}, ("warning", "companion")),
        ("companion", {"max_upload_bytes": 2 * 1024 * 1024}, ("warning", "upload-limit")),
        ("companion", {"checks": [{"check": "cron", "ok": False, "detail": "Cron ran."}]}, ("warning", "cron")),
    ],
)
def test_each_fault_is_found_with_a_fix(site, healthy, part, changes, rule):
    healthy[part].update(changes)

    [found] = [finding for finding in examine(site) if (finding.severity, finding.rule) == rule]

    assert found.hint
    assert found.where == "staging"


@pytest.mark.parametrize(
    ("text", "status", "rule", "said"),
    [
        ("<html>Shop</html>", 200, "unreachable", "Shop"),
        ("", 403, "unreachable", "REST is off"),
        ("", 404, "address", "no Moodle"),
        ('{"exception": "x", "errorcode": "invalidtoken", "message": "Invalid token"}', 200, "token", "setup.php"),
    ],
)
def test_an_error_that_hides_all_others_stands_alone(site, stub, text, status, rule, said):
    stub.answer(text, status)

    [found] = examine(site)

    assert (found.severity, found.rule) == ("error", rule)
    assert said in found.message


def test_a_missing_token_is_a_finding(site):
    [found] = examine(replace(site, token=Secret("")))

    assert found.rule == "token"


def test_a_token_over_plain_http_is_warned_of(site, stub):
    away = replace(site, url="http://moodle.invalid", connect_timeout=0.01, token=Secret(""))

    assert ("warning", "http") in rules(away)


def test_a_companion_that_fails_is_a_finding_beside_the_others(site, healthy, stub):
    healthy["info"]["uploadfiles"] = False
    stub.functions["local_lmstoolkit_get_info"] = lambda params: {
        "exception": "e",
        "errorcode": "nopermissions",
        "message": "no",
    }

    assert rules(site) == [("error", "uploads"), ("error", "companion")]
