"""The doctor on a real Moodle, with one fault seeded at a time and taken back.

Needs LMS_TOOLKIT_TEST_MOODLE_URL, and help from the Moodle's machine: LMS_TOOLKIT_TEST_MOODLE_PHP is a command that
runs `on_site.php` there, for instance `runuser -u www-data -- php on_site.php MOODLE`. Most faults are those of an
account made for this; a few are the whole site's, for a moment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.doctor import examine
from lms_toolkit.config import Secret, Site
from lms_toolkit.model import Finding

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("doctor")]

OnSite = Callable[[str], Any]


@dataclass(frozen=True)
class Patient:
    """The account that is examined, with the ids of what belongs to it."""

    site: Site
    user: int
    role: int
    service: int

    def named(self, code: str) -> str:
        """PHP code with our ids in the place of names."""
        values = {"USER": self.user, "ROLE": self.role, "SERVICE": self.service}
        for name, value in values.items():
            code = code.replace(f"<{name}>", str(value))
        return "global $CFG, $DB; " + code.replace("<TOKEN>", f"'{self.site.token.reveal()}'")


@pytest.fixture(scope="module")
def patient(on_site: OnSite) -> Patient:
    url = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_URL", "")
    if not url:
        pytest.skip("no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL")
    made = on_site(Path(__file__).with_name("patient.php").read_text(encoding="utf-8"))
    site = Site("live", "moodle", url.rstrip("/"), Secret(made["token"]), read_timeout=60)
    return Patient(site, made["user"], made["role"], made["service"])


def token(values: str) -> str:
    return f"$DB->execute('UPDATE {{external_tokens}} SET {values} WHERE token = ?', [<TOKEN>]); return 1;"


def record(table: str, where: str, values: str) -> str:
    return f"$DB->execute('UPDATE {{{table}}} SET {values} WHERE id = {where}'); return 1;"


def setting(name: str, value: str, plugin: str = "null") -> str:
    return f"set_config('{name}', {value}, {plugin}); return 1;"


def capability(name: str, permission: str) -> str:
    return (
        f"assign_capability('{name}', {permission}, <ROLE>, \\context_system::instance()->id, true);"
        " accesslib_clear_role_cache(<ROLE>); return 1;"
    )


def module(name: str, enabled: int) -> str:
    return f"\\core\\plugininfo\\mod::enable_plugin('{name}', {enabled}); return 1;"


def in_service(function: str, method: str) -> str:
    return (
        "require_once($CFG->dirroot . '/webservice/lib.php');"
        f" (new \\webservice())->{method}('{function}', <SERVICE>); return 1;"
    )


def authorised(method: str) -> str:
    return f"require_once($CFG->dirroot . '/webservice/lib.php'); $w = new \\webservice(); {method}; return 1;"


REMEMBER_CRON = (
    "set_config('lmstk_lastcron', get_config('tool_task', 'lastcronstart'), 'local_lmstoolkit');"
    " set_config('lastcronstart', time() - 10 * HOURSECS, 'tool_task'); return 1;"
)
RESTORE_CRON = (
    "set_config('lastcronstart', get_config('local_lmstoolkit', 'lmstk_lastcron'), 'tool_task');"
    " unset_config('lmstk_lastcron', 'local_lmstoolkit'); return 1;"
)
NOT_STUDENT = (
    "$student = $DB->get_field('role', 'id', ['shortname' => 'student']);"
    " $DB->delete_records('role_allow_assign', ['roleid' => <ROLE>, 'allowassign' => $student]); return 1;"
)
STUDENT = (
    "$student = $DB->get_field('role', 'id', ['shortname' => 'student']);"
    " core_role_set_assign_allowed(<ROLE>, $student); return 1;"
)
FAULTS: dict[str, tuple[str, str, tuple[str, str]]] = {
    "web services off": (
        setting("enablewebservices", "0"),
        setting("enablewebservices", "1"),
        ("error", "web-services"),
    ),
    "REST off": (
        "\\core\\plugininfo\\webservice::enable_plugin('rest', 0); return 1;",
        "\\core\\plugininfo\\webservice::enable_plugin('rest', 1); return 1;",
        ("error", "rest"),
    ),
    "token restricted to another address": (
        token('iprestriction = "10.9.8.7"'),
        token("iprestriction = NULL"),
        ("error", "ip-restriction"),
    ),
    "service disabled": (
        record("external_services", "<SERVICE>", "enabled = 0"),
        record("external_services", "<SERVICE>", "enabled = 1"),
        ("error", "service"),
    ),
    "account not authorised": (
        authorised("$w->remove_ws_authorised_user((object) ['id' => <USER>], <SERVICE>)"),
        authorised("$w->add_ws_authorised_user((object) ['externalserviceid' => <SERVICE>, 'userid' => <USER>])"),
        ("error", "service"),
    ),
    "uploads not allowed": (
        record("external_services", "<SERVICE>", "uploadfiles = 0"),
        record("external_services", "<SERVICE>", "uploadfiles = 1"),
        ("error", "uploads"),
    ),
    "no right to use REST": (
        capability("webservice/rest:use", "CAP_PREVENT"),
        capability("webservice/rest:use", "CAP_ALLOW"),
        ("error", "capability"),
    ),
    "function of core missing": (
        in_service("enrol_manual_enrol_users", "remove_external_function_from_service"),
        in_service("enrol_manual_enrol_users", "add_external_function_to_service"),
        ("error", "function"),
    ),
    "site information missing": (
        in_service("core_webservice_get_site_info", "remove_external_function_from_service"),
        in_service("core_webservice_get_site_info", "add_external_function_to_service"),
        ("error", "function"),
    ),
    "function for groups missing": (
        in_service("core_group_add_group_members", "remove_external_function_from_service"),
        in_service("core_group_add_group_members", "add_external_function_to_service"),
        ("warning", "function"),
    ),
    "companion too old for a function": (
        in_service("local_lmstoolkit_get_changes", "remove_external_function_from_service"),
        in_service("local_lmstoolkit_get_changes", "add_external_function_to_service"),
        ("warning", "companion"),
    ),
    "account suspended": (
        record("user", "<USER>", "suspended = 1"),
        record("user", "<USER>", "suspended = 0"),
        ("error", "account-suspended"),
    ),
    "account without login": (
        record("user", "<USER>", 'auth = "nologin"'),
        record("user", "<USER>", 'auth = "manual"'),
        ("error", "account-nologin"),
    ),
    "account not confirmed": (
        record("user", "<USER>", "confirmed = 0"),
        record("user", "<USER>", "confirmed = 1"),
        ("error", "account-unconfirmed"),
    ),
    "password to be changed": (
        "set_user_preference('auth_forcepasswordchange', 1, <USER>); return 1;",
        "unset_user_preference('auth_forcepasswordchange', <USER>); return 1;",
        ("error", "password"),
    ),
    "policy not agreed to": (
        "set_config('sitepolicy', 'https://policy.example.org/');"
        " $DB->set_field('user', 'policyagreed', 0, ['id' => <USER>]); return 1;",
        "set_config('sitepolicy', ''); $DB->set_field('user', 'policyagreed', 1, ['id' => <USER>]); return 1;",
        ("error", "policy"),
    ),
    "may not make students": (NOT_STUDENT, STUDENT, ("error", "assignstudent")),
    "cron stale": (REMEMBER_CRON, RESTORE_CRON, ("warning", "cron")),
    "completion off": (setting("enablecompletion", "0"), setting("enablecompletion", "1"), ("warning", "completion")),
    "SCORM disabled": (module("scorm", 0), module("scorm", 1), ("warning", "scorm")),
    "upload limit low": (setting("maxbytes", "2097152"), setting("maxbytes", "0"), ("warning", "upload-limit")),
    "maintenance": (setting("maintenance_enabled", "1"), setting("maintenance_enabled", "0"), ("error", "maintenance")),
    "a capability missing": (
        capability("mod/quiz:manage", "CAP_PREVENT"),
        capability("mod/quiz:manage", "CAP_ALLOW"),
        ("error", "capability"),
    ),
}


def what_companion_tells(patient: Patient) -> Mapping[str, Any]:
    client = MoodleClient(patient.site)
    told: Mapping[str, Any] = json.loads(client.read("local_lmstoolkit_get_info", payload="{}"))
    client.close()
    return told


@pytest.fixture
def seeded(patient: Patient, on_site: OnSite) -> Iterator[Callable[[str], list[Finding]]]:
    """Seeds a fault, examines the site, and takes the fault back whatever happens."""
    mended: list[str] = []

    def seed(name: str) -> list[Finding]:
        spoil, mend, _ = FAULTS[name]
        mended.append(mend)
        on_site(patient.named(spoil))
        return examine(patient.site)

    yield seed
    for mend in mended:
        on_site(patient.named(mend))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_that_was_seeded_is_found_with_a_fix(
    patient: Patient, seeded: Callable[[str], list[Finding]], name: str
) -> None:
    if name == "a capability missing" and "missing_capabilities" not in what_companion_tells(patient):
        pytest.skip("this companion does not tell which capabilities are missing")
    before = {(finding.severity, finding.rule, finding.message) for finding in examine(patient.site)}

    found = seeded(name)

    new = [finding for finding in found if (finding.severity, finding.rule, finding.message) not in before]
    assert [(finding.severity, finding.rule) for finding in new if finding.severity != "info"] == [FAULTS[name][2]]
    assert new[0].hint


def test_a_token_that_has_run_out_is_told_from_an_unknown_one(patient: Patient, on_site: OnSite) -> None:
    made = on_site(
        patient.named(
            "$service = $DB->get_record('external_services', ['id' => <SERVICE>]);"
            " return \\core_external\\util::generate_token(EXTERNAL_TOKEN_PERMANENT, $service, <USER>,"
            " \\context_system::instance(), time() - 60);"
        )
    )
    expired = replace(patient.site, token=Secret(made))

    assert [finding.rule for finding in examine(expired) if finding.severity == "error"] == ["token-expired"]
    assert [finding.rule for finding in examine(expired) if finding.severity == "error"] == ["token"]


@pytest.mark.parametrize(
    ("path", "rule"), [("/nowhere", "address"), ("/login/index.php?x=", "not-json"), ("/webservice/..", "")]
)
def test_a_wrong_address_is_found(patient: Patient, path: str, rule: str) -> None:
    found = [finding.rule for finding in examine(replace(patient.site, url=patient.site.url + path))]

    assert (rule or "address") in found


def test_a_healthy_account_has_no_errors(patient: Patient) -> None:
    assert [finding for finding in examine(patient.site) if finding.severity == "error"] == []
