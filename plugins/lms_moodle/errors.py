"""Moodle's error codes: what each means for the reader, and which error of ours it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms_toolkit.errors import AuthError, ConfigError, CursorExpired, Refused, SiteError, Unreachable

DOCS = "docs/moodle.md"

SETUP = "php local/lmstoolkit/cli/setup.php"


@dataclass(frozen=True, slots=True)
class Known:
    """One error code: its cause, what to do, and the error it becomes. `docs/moodle.md#<code>` says more.

    The cause is empty where the site's own message, ours, already tells it.
    """

    cause: str
    fix: str
    error: type[SiteError] = Refused


class Denied(AuthError):
    """An AuthError that keeps Moodle's error code, for the doctor."""

    def __init__(self, message: str, errorcode: str) -> None:
        super().__init__(message)
        self.errorcode = errorcode


class Paused(Unreachable):
    """An Unreachable that Moodle said itself; keeps its error code."""

    def __init__(self, message: str, errorcode: str, *, outcome_unknown: bool = False) -> None:
        super().__init__(message, outcome_unknown=outcome_unknown)
        self.errorcode = errorcode


class NotJson(Unreachable):
    """The site answered with something else than web services do."""


class Redirected(ConfigError):
    """The address leads to another one."""


class Untrusted(ConfigError):
    """The certificate of the site is not trusted."""


def code_of(error: Exception) -> str:
    """Moodle's error code; empty where there is none."""
    return str(getattr(error, "errorcode", ""))


_NO_SUCH_RECORD = Known(
    "the site has no such function, or no such record", "install or upgrade the companion, then run `doctor`"
)

KNOWN: Mapping[str, Known] = {
    "invalidtoken": Known(
        "the token is unknown, has run out or was replaced", f"run `{SETUP}` on the Moodle host and set it", AuthError
    ),
    "accessexception": Known(
        "the account may not use this function, the service or REST, or the token has run out",
        f"run `{SETUP}` on the Moodle host again; it repairs role, service and token",
        AuthError,
    ),
    "nopermissions": Known(
        "the account's role lacks a capability",
        f"run `{SETUP}` again, or give the role the capability named",
        AuthError,
    ),
    "servicenotavailable": Known("the service is disabled", f"run `{SETUP}` again", AuthError),
    "sitepolicynotagreed": Known(
        "the account has not agreed to the site's policies", f"run `{SETUP}` again, or agree as that user", AuthError
    ),
    "usernotfullysetup": Known(
        "the account's profile lacks a required field", "fill it in as an administrator", AuthError
    ),
    "forcepasswordchangenotice": Known("the account must change its password", f"run `{SETUP}` again", AuthError),
    "requireloginerror": Known("the account may not enter this course", f"run `{SETUP}` again", AuthError),
    "wsaccessusersuspended": Known(
        "the service account is suspended", "activate it under Users → Accounts → Browse list of users", AuthError
    ),
    "wsaccessusernologin": Known(
        "the service account has the authentication No login", "set it to Manual accounts", AuthError
    ),
    "wsaccessuserunconfirmed": Known(
        "the service account is not confirmed", "confirm it in the list of users", AuthError
    ),
    "wsaccessuserdeleted": Known("the service account was deleted", f"run `{SETUP}`; it makes a new one", AuthError),
    "wsaccessuserexpired": Known(
        "the password of the service account has run out", f"set a new one, or run `{SETUP}` again", AuthError
    ),
    "invalidrecord": _NO_SUCH_RECORD,
    "invalidrecordunknown": _NO_SUCH_RECORD,  # the same from Moodle 5.0
    "sitemaintenance": Known("the site is in maintenance", "try again later", Unreachable),
    "invalidresponse": Known(
        "Moodle did the work and could not describe it, mostly because of a faulty plugin",
        "run the same command again; it looks first",
        Unreachable,
    ),
    "invalidparameter": Known("Moodle does not accept a value", "see its message"),
    "shortnametaken": Known(
        "another course has this short name", "rename that course or the edition; short names are unique on a site"
    ),
    "courseidnumbertaken": Known("another course has this ID number", "change the edition's code or that course"),
    "wsusercannotassign": Known("the account may not make people students", f"run `{SETUP}` again"),
    "wsnoinstance": Known("the course has no manual enrolment", "add the method Manual enrolments to the course"),
    "userquotalimit": Known("the file exceeds the site's upload limit", "raise the limit or make the package smaller"),
    "fileoversized": Known("the file exceeds the site's upload limit", "raise the limit or make the package smaller"),
    "upload_error_ini_size": Known("the file exceeds PHP's upload_max_filesize", "raise it in php.ini"),
    "missingparam": Known(
        "Moodle received an empty form, mostly because the file exceeds PHP's post_max_size", "raise it in php.ini"
    ),
    "payloadinvalid": Known("", "install the companion of this toolkit's version"),
    "coursenotfound": Known("", "run the same command again"),
    "sectionnotfound": Known("", "run the same command again"),
    "keynotfound": Known("", "run the same command again"),
    "modulemissing": Known("", "have an administrator enable it under Plugins, or leave it out"),
    "jobnotfound": Known("", "jobs are forgotten after a while; look whether the course is there"),
    "settingforced": Known("", "have an administrator take the mark off “Force” at that setting under Grades"),
    "backupinvalid": Known("", "make the backup again, with Moodle 2 or later or as Common Cartridge 1.0 or 1.1"),
    "unknowncategory": Known("the category is gone", "name another category"),
    "manifestinvalid": Known("", "run `lms-toolkit inspect` on it"),
    "questionsinvalid": Known("", "correct the questions"),
    "packagemismatch": Known("", "run the same command again"),
    "trackloss": Known("", "keep the lessons, or allow the loss with --allow-track-loss"),
    "completionreset": Known("", "keep the completion rule, or allow the loss with --allow-track-loss"),
    "cursorexpired": Known("", "pull again with --full", CursorExpired),
    "notenrolled": Known("", "enrol the learner again, or leave it"),
    "filesclosed": Known("", "allow it the capability moodle/user:manageownfiles"),
    "filetaken": Known("", "have the learner rename or delete that file"),
    "quotafull": Known("", "have the learner make room, or raise userquota under Security → Site security settings"),
    "lockbusy": Known("", "try again when it has finished", Unreachable),
}


def refusal(site: str, function: str, errorcode: str, message: str, *, writes: bool) -> SiteError:
    """The error for Moodle's "no". `message` is Moodle's own, already safe to show."""
    known = KNOWN.get(errorcode)
    said = f": {message.rstrip('.')}" if message else ""
    text = f"{site} refused {function} ({errorcode or 'no code'}){said}{_advice(known, errorcode)}"
    if known is None or known.error is Refused:
        return Refused(text, errorcode)
    if known.error is CursorExpired:
        return CursorExpired(text)
    if known.error is Unreachable:
        return Paused(text, errorcode, outcome_unknown=writes and errorcode == "invalidresponse")
    return Denied(text, errorcode)


def _advice(known: Known | None, errorcode: str) -> str:
    if known is None:
        return ""
    sentence = f"{known.cause}: {known.fix}" if known.cause else known.fix
    return f". {sentence[0].upper()}{sentence[1:]}. See {DOCS}#{errorcode}"
