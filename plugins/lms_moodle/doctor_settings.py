"""What the companion tells of its site, and which of it stands in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator

import lms_toolkit
from lms_moodle.companion_functions import CompanionInfo
from lms_moodle.errors import DOCS, SETUP
from lms_moodle.parameters import MAX_VARIABLES
from lms_moodle.site_settings import SiteSettings
from lms_toolkit.config import Site
from lms_toolkit.model import Finding, Severity

SMALL_UPLOAD_BYTES = 50 << 20
FIXED_VARIABLES = 5
"""Form fields of each call besides its parameters; the token among them, as the last."""
RECOMMENDED_VARIABLES = 5000
LONGEST_WITHOUT_CRON_SECONDS = 3600

FIXES = {
    "cron": "run admin/cli/cron.php every minute; grades and course completions wait for it",
    "completion": "switch on Site administration → General → Advanced features → Completion tracking",
    "scorm": "enable SCORM package under Plugins → Activity modules → Manage activities",
    "manualenrolment": "enable Manual enrolments under Plugins → Enrolments",
    "gradebookroles": "choose roles under Grades → General settings → Graded roles",
    "assignstudent": f"run `{SETUP}` again",
}


def companion_findings(site: Site, info: CompanionInfo) -> Iterator[Finding]:
    """Everything that get_info tells and that is not as it should be."""
    checks = (*_version(info), *_capabilities(info), *_limits(info), *_cron(info.settings), *_checks(info))
    for severity, rule, message, hint in (*checks, *_debugging(info.settings), _languages(info)):
        yield Finding(severity, rule, message, where=site.name, hint=hint)


_Told = tuple[Severity, str, str, str]


def _version(info: CompanionInfo) -> Iterator[_Told]:
    ours = lms_toolkit.__version__
    if info.version == ours or not info.version[:1].isdigit():
        return  # the sandbox plays the companion's part and has no version of it
    if _parts(info.version) < _parts(ours):
        hint = f"lms-toolkit moodle companion -o lmstoolkit.zip, install it, run `{SETUP}`; see {DOCS}#companion"
        yield "warning", "companion", f"the companion is {info.version}, older than this toolkit ({ours})", hint
    else:
        message = f"the companion is {info.version}, newer than this toolkit ({ours})"
        yield "warning", "companion", message, "upgrade the toolkit: pip install --upgrade lms-toolkit"


def _parts(version: str) -> list[int]:
    return [int(part) if part.isdigit() else 0 for part in version.split(".")]


def _capabilities(info: CompanionInfo) -> Iterator[_Told]:
    for name in info.settings.missing_capabilities:
        yield "error", "capability", f"the account's role lacks {name}", f"run `{SETUP}`, or allow it in the role"


def _limits(info: CompanionInfo) -> Iterator[_Told]:
    settings = info.settings
    if info.max_upload_bytes and info.max_upload_bytes < SMALL_UPLOAD_BYTES:
        message = f"packages may have at most {_mib(info.max_upload_bytes)}"
        hint = f"raise upload_max_filesize, post_max_size and the site's limit; see {DOCS}#limits"
        yield "warning", "upload-limit", message, hint
    if settings.upload_max_filesize and settings.post_max_size:
        yield from _post_limit(settings.upload_max_filesize, settings.post_max_size)
    if settings.max_input_vars is not None:
        yield from _variables(settings.max_input_vars)


def _post_limit(upload_max_filesize: int, post_max_size: int) -> Iterator[_Told]:
    if post_max_size < upload_max_filesize:
        message = (
            f"PHP's post_max_size ({_mib(post_max_size)}) is below upload_max_filesize ({_mib(upload_max_filesize)}):"
            " files in between arrive as an empty form"
        )
        yield "warning", "post-max-size", message, "set post_max_size a little above upload_max_filesize in php.ini"


def _variables(max_input_vars: int) -> Iterator[_Told]:
    needed = MAX_VARIABLES + FIXED_VARIABLES
    hint = f"set max_input_vars = {RECOMMENDED_VARIABLES} in php.ini"
    if max_input_vars < needed:
        message = f"PHP takes {max_input_vars} form fields (max_input_vars); calls with up to {needed} are cut"
        yield "error", "max-input-vars", message, hint
    elif max_input_vars < RECOMMENDED_VARIABLES:
        message = (
            f"PHP takes {max_input_vars} form fields (max_input_vars): enough for this toolkit,"
            " too few for Moodle's own large forms"
        )
        yield "warning", "max-input-vars", message, hint


def _cron(settings: SiteSettings) -> Iterator[_Told]:
    if settings.last_cron is None:
        return
    if settings.last_cron == 0:
        yield "warning", "cron", "Moodle's cron has never run", FIXES["cron"]
    elif (age := time.time() - settings.last_cron) > LONGEST_WITHOUT_CRON_SECONDS:
        yield "warning", "cron", f"Moodle's cron last ran {age / 3600:.0f} h ago", FIXES["cron"]


def _checks(info: CompanionInfo) -> Iterator[_Told]:
    for check in info.checks:
        is_told_better = check.name == "cron" and info.settings.last_cron is not None
        if not check.ok and not is_told_better:
            severity: Severity = "error" if check.name == "assignstudent" else "warning"
            message = f"a check on the site fails: {check.detail}"
            yield severity, check.name, message, FIXES.get(check.name, f"see {DOCS}")


def _debugging(settings: SiteSettings) -> Iterator[_Told]:
    if settings.debug_display:
        message = "the site shows debug messages to everybody, also in the middle of answers"
        yield "warning", "debug-display", message, "switch off Development → Debugging → Display debug messages"


def _languages(info: CompanionInfo) -> _Told:
    languages = ", ".join(sorted(info.languages))
    hint = "Site administration → General → Language → Language packs adds others"
    return "info", "languages", f"the site's own buttons and messages exist in: {languages}", hint


def _mib(size: int) -> str:
    return f"{size / 1024 / 1024:.0f} MiB"
