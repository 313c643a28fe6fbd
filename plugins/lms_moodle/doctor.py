"""Examines a site before anybody relies on it: what stands in the way, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from lms_moodle import companion_functions, functions
from lms_moodle.client import MoodleClient
from lms_moodle.diagnosing import diagnose, failed_call
from lms_moodle.doctor_settings import companion_findings
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
FOR_LISTS = frozenset(
    {
        "core_group_get_course_groups",
        "core_group_get_group_members",
        "core_group_add_group_members",
        "core_cohort_get_cohorts",
        "core_cohort_get_cohort_members",
        "core_cohort_add_cohort_members",
        "core_user_update_users",
    }
)
"""What `enrol` needs only for lists with groups, cohorts or sponsors."""
ADD_FUNCTION = f"install this toolkit's companion, or add the function to the service, and run `{SETUP}`"
OLDEST_VERSION = 2024100700
"""Moodle 4.5; see https://moodledev.io/general/releases."""
LONGEST_SKEW_SECONDS = 120.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")


def examine(site: Site) -> list[Finding]:
    """Every finding of a site; the first error that hides the others stands alone."""
    findings = list(_transport(site))
    try:
        client = MoodleClient(site)
    except AuthError as error:
        return [*findings, _finding(site, "error", "token", str(error))]
    try:
        return [*findings, *_examined(site, client)]
    finally:
        client.close()


def _examined(site: Site, client: MoodleClient) -> Iterator[Finding]:
    try:
        facts = functions.get_site_info(client)
    except (SiteError, ConfigError) as error:
        yield diagnose(site, client, error)
        yield from _clock(site, client)
        return
    yield from _clock(site, client)
    yield from _account(site, facts)
    yield from _companion(site, client, facts)


def _finding(site: Site, severity: Severity, rule: str, message: str, hint: str = "") -> Finding:
    return Finding(severity, rule, message, where=site.name, hint=hint)


def _transport(site: Site) -> Iterator[Finding]:
    address = urlsplit(site.url)
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        yield _finding(site, "warning", "http", "the token travels unencrypted", f"use https in sites.{site.name}.url")


def _clock(site: Site, client: MoodleClient) -> Iterator[Finding]:
    skew = client.clock_skew
    if skew is not None and abs(skew) > LONGEST_SKEW_SECONDS:
        message = f"the site's clock is {abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} this machine's"
        hint = "set the wrong one by NTP; due dates, availability and certificates go by these clocks"
        yield _finding(site, "warning", "clock", message, hint)


def _account(site: Site, facts: functions.SiteFacts) -> Iterator[Finding]:
    if facts.url.rstrip("/") != site.url:
        message = f"the site calls itself {facts.url}, not {site.url}"
        yield _finding(site, "warning", "address", message, f"set sites.{site.name}.url to it")
    if facts.version and facts.version < OLDEST_VERSION:
        message = f"the site is Moodle {facts.release}; this toolkit speaks to Moodle 4.5 and later"
        yield _finding(site, "error", "version", message, "upgrade the site to Moodle 4.5 or later")
    if facts.is_admin:
        message = "the token belongs to a site administrator and could do anything"
        yield _finding(site, "warning", "administrator", message, f"run `{SETUP}` and use the token it prints")
    if not facts.may_upload:
        message = "the token's service does not allow uploads, so no package can be sent"
        hint = f"tick Can upload files in the service, or run the Moodle upgrade and `{SETUP}`"
        yield _finding(site, "error", "uploads", message, hint)


def _companion(site: Site, client: MoodleClient, facts: functions.SiteFacts) -> Iterator[Finding]:
    missing = sorted(companion_functions.FUNCTIONS - facts.functions)
    yield from _missing_functions(site, CORE if not missing else CORE | WITHOUT_COMPANION, facts)
    yield from _for_lists(site, facts)
    if missing:
        partly = f" (it lacks {', '.join(missing)})" if len(missing) < len(companion_functions.FUNCTIONS) else ""
        message = f"the companion is not installed or too old{partly}: packages are uploaded but not attached"
        hint = f"lms-toolkit moodle companion -o lmstoolkit.zip, install it, run `{SETUP}`; see {DOCS}#companion"
        yield _finding(site, "warning", "companion", message, hint)
        return
    try:
        info = companion_functions.get_info(client)
    except SiteError as error:
        yield failed_call(site, error)
        return
    yield from companion_findings(site, info)


def _missing_functions(site: Site, needed: frozenset[str], facts: functions.SiteFacts) -> Iterator[Finding]:
    for name in sorted(needed - facts.functions):
        yield _finding(site, "error", "function", f"the token's service lacks {name}", ADD_FUNCTION)


def _for_lists(site: Site, facts: functions.SiteFacts) -> Iterator[Finding]:
    missing = sorted(FOR_LISTS - facts.functions)
    if missing:
        message = f"lists with groups, cohorts or sponsors cannot be enrolled: the service lacks {', '.join(missing)}"
        yield _finding(site, "warning", "function", message, ADD_FUNCTION)
