"""Examines a site before anybody relies on it: what stands in the way, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import lms_toolkit
from lms_moodle import companion_functions, functions
from lms_moodle.client import MoodleClient
from lms_moodle.errors import DOCS, SETUP
from lms_toolkit.config import Site
from lms_toolkit.errors import AuthError, ConfigError, SiteError
from lms_toolkit.model import Finding, Severity

CORE = frozenset(
    {
        "core_webservice_get_site_info",
        "core_course_get_categories",
        "core_course_create_categories",
        "core_course_get_courses_by_field",
        "core_course_create_courses",
        "core_course_update_courses",
        "core_user_get_users_by_field",
        "core_user_create_users",
        "core_enrol_get_enrolled_users",
        "enrol_manual_enrol_users",
    }
)
WITHOUT_COMPANION = frozenset(
    {
        "core_course_get_contents",
        "core_courseformat_update_course",
        "core_update_inplace_editable",
        "gradereport_user_get_grade_items",
    }
)
SMALL_UPLOAD_BYTES = 20 * 1024 * 1024
LOOPBACK = ("localhost", "127.0.0.1", "::1")

FIXES = {
    "cron": "run admin/cli/cron.php every minute; grades and course completions wait for it",
    "completion": "switch on Site administration → General → Advanced features → Completion tracking",
    "scorm": "enable SCORM package under Plugins → Activity modules",
    "manualenrolment": "enable Manual enrolments under Plugins → Enrolments",
    "gradebookroles": "choose roles under Grades → General settings → Graded roles",
    "assignstudent": f"run `{SETUP}` again",
}


def examine(site: Site) -> list[Finding]:
    """Every finding of a site; the first error that hides the others stands alone."""
    findings = list(_transport(site))
    try:
        client = MoodleClient(site)
        facts = functions.get_site_info(client)
    except (SiteError, ConfigError) as error:
        return [*findings, _finding(site, "error", _rule(error), str(error))]
    findings += [*_account(site, facts), *_companion(site, client, facts)]
    client.close()
    return findings


def _rule(error: Exception) -> str:
    if isinstance(error, AuthError):
        return "token"
    return "address" if isinstance(error, ConfigError) else "unreachable"


def _finding(site: Site, severity: Severity, rule: str, message: str, hint: str = "") -> Finding:
    return Finding(severity, rule, message, where=site.name, hint=hint)


def _transport(site: Site) -> Iterator[Finding]:
    address = urlsplit(site.url)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        yield _finding(site, "warning", "http", "the token travels unencrypted", f"use https in sites.{site.name}.url")


def _account(site: Site, facts: functions.SiteFacts) -> Iterator[Finding]:
    if facts.url.rstrip("/") != site.url:
        message = f"the site calls itself {facts.url}, not {site.url}"
        yield _finding(site, "warning", "address", message, f"set sites.{site.name}.url to it")
    if facts.is_admin:
        message = "the token belongs to a site administrator and could do anything"
        yield _finding(site, "warning", "administrator", message, f"run `{SETUP}` and use the token it prints")
    if not facts.may_upload:
        message = "the token's service does not allow uploads, so no package can be sent"
        yield _finding(site, "error", "uploads", message, "tick Can upload files in the service")


def _companion(site: Site, client: MoodleClient, facts: functions.SiteFacts) -> Iterator[Finding]:
    missing = sorted(companion_functions.FUNCTIONS - facts.functions)
    yield from _missing_functions(site, CORE if not missing else CORE | WITHOUT_COMPANION, facts)
    if missing:
        partly = f" (it lacks {', '.join(missing)})" if len(missing) < len(companion_functions.FUNCTIONS) else ""
        message = f"the companion is not installed or too old{partly}: packages are uploaded but not attached"
        hint = f"lms-toolkit moodle companion -o lmstoolkit.zip, install it, run `{SETUP}`; see {DOCS}#companion"
        yield _finding(site, "warning", "companion", message, hint)
        return
    try:
        info = companion_functions.get_info(client)
    except SiteError as error:
        yield _finding(site, "error", "companion", str(error))
        return
    yield from _companion_facts(site, info)


def _missing_functions(site: Site, needed: frozenset[str], facts: functions.SiteFacts) -> Iterator[Finding]:
    for name in sorted(needed - facts.functions):
        hint = f"add it to the service, or run `{SETUP}`"
        yield _finding(site, "error", "function", f"the token's service lacks {name}", hint)


def _companion_facts(site: Site, info: companion_functions.CompanionInfo) -> Iterator[Finding]:
    if info.version != lms_toolkit.__version__:
        message = f"the companion is {info.version}, this toolkit {lms_toolkit.__version__}"
        yield _finding(site, "warning", "companion", message, "install the companion that this toolkit writes")
    if info.max_upload_bytes and info.max_upload_bytes < SMALL_UPLOAD_BYTES:
        message = f"packages may have at most {info.max_upload_bytes / 1024 / 1024:.0f} MiB"
        hint = f"raise upload_max_filesize, post_max_size and the site's limit; see {DOCS}#limits"
        yield _finding(site, "warning", "upload-limit", message, hint)
    for check in info.checks:
        if not check.ok:
            message = f"a check on the site fails: {check.detail}"
            yield _finding(site, "warning", check.name, message, FIXES.get(check.name, f"see {DOCS}"))
    languages = ", ".join(sorted(info.languages))
    hint = "Site administration → General → Language → Language packs adds others"
    yield _finding(site, "info", "languages", f"the site's own buttons and messages exist in: {languages}", hint)
