"""Finds out why a site answers nothing useful. Moodle has one "access exception" for many reasons: more questions tell.

What is asked changes nothing on the site, except that Moodle itself deletes a token that has run out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lms_moodle import functions
from lms_moodle.client import MoodleClient
from lms_moodle.errors import DOCS, SETUP, NotJson, Redirected, Untrusted, code_of
from lms_toolkit.config import Site
from lms_toolkit.errors import AuthError, ConfigError, SiteError, Unreachable
from lms_toolkit.model import Finding

NO_SUCH_FUNCTION = "lms_toolkit_no_such_function"
"""Moodle looks at token and protocol before it looks for the function, and at the service after that."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why calls fail, and what to do; `rule` is its name among the doctor's findings."""

    rule: str
    message: str
    hint: str


_MAINTENANCE = Cause("maintenance", "the site is in maintenance", "try again when it is over")
_SERVICES_OFF = Cause(
    "web-services",
    "web services are switched off",
    f"Site administration → General → Advanced features → Enable web services, or run `{SETUP}`",
)
_REST_OFF = Cause(
    "rest",
    "the REST protocol is switched off, or a firewall refuses the request",
    f"Site administration → Server → Web services → Manage protocols → REST, or run `{SETUP}`; then ask the host",
)
_EXPIRED = Cause(
    "token-expired", "the token has run out, and Moodle has deleted it", f"run `{SETUP}` and set the token it prints"
)
_RESTRICTED = Cause(
    "ip-restriction",
    "the token may not be used from this machine's address",
    "Site administration → Server → Web services → Manage tokens: correct its IP restriction, or make a new token",
)
_NO_REST_RIGHT = Cause(
    "capability", "the account's role lacks webservice/rest:use", f"run `{SETUP}`; it gives the role what it needs"
)
_SERVICE = Cause(
    "service",
    "the token's service is disabled, or the account is not among its authorised users",
    f"Site administration → Server → Web services → External services, or run `{SETUP}`",
)
_NOT_IN_SERVICE = Cause(
    "function", "the token's service lacks core_webservice_get_site_info", f"use the token that `{SETUP}` prints"
)

_BY_CODE: Mapping[str, Cause] = {
    "invalidtoken": Cause(
        "token", "the site does not know the token: it was mistyped, replaced or has run out", f"run `{SETUP}`"
    ),
    "sitemaintenance": _MAINTENANCE,
    "wsaccessusersuspended": Cause(
        "account-suspended",
        "the service account is suspended",
        "Site administration → Users → Accounts → Browse list of users: activate it",
    ),
    "wsaccessusernologin": Cause(
        "account-nologin", "the service account has the authentication No login", "set it to Manual accounts"
    ),
    "wsaccessuserunconfirmed": Cause(
        "account-unconfirmed", "the service account is not confirmed", "confirm it in the list of users"
    ),
    "wsaccessuserdeleted": Cause(
        "account-deleted", "the service account was deleted", f"run `{SETUP}` and set the token it prints"
    ),
    "wsaccessuserexpired": Cause("password", "the password of the service account has run out", "set a new one"),
    "forcepasswordchangenotice": Cause(
        "password", "the service account must change its password first", f"run `{SETUP}`; it takes that back"
    ),
    "sitepolicynotagreed": Cause(
        "policy", "the service account has not agreed to the site's policies", f"run `{SETUP}`, or agree as that user"
    ),
    "usernotfullysetup": Cause(
        "profile", "the service account's profile lacks a required field", "fill it in as an administrator"
    ),
}


def diagnose(site: Site, client: MoodleClient, error: SiteError | ConfigError) -> Finding:
    """The one finding of a site that does not let us in."""
    return _finding(site, _cause(site, client, error), error)


def failed_call(site: Site, error: SiteError) -> Finding:
    """The finding of a call that fails although the token is good."""
    return _finding(site, _BY_CODE.get(code_of(error)) or Cause("companion", str(error), ""), error)


def _finding(site: Site, cause: Cause, error: Exception) -> Finding:
    code = code_of(error)
    source = f"{DOCS}#{code}" if code else ""
    return Finding("error", cause.rule, cause.message, where=site.name, hint=cause.hint, source=source)


def _cause(site: Site, client: MoodleClient, error: SiteError | ConfigError) -> Cause:
    code = code_of(error)
    if code == "http403":
        return _closed(client, error)
    if code == "accessexception":
        return _denied(client)
    return _BY_CODE.get(code) or _unanswered(site, client, error)


def _closed(client: MoodleClient, error: Exception) -> Cause:
    """REST answers 403 for two reasons; what the site tells everybody says which."""
    config = functions.get_public_config(client)
    if config is None:
        return Cause("http403", str(error), "look whether REST is on, then ask the host about firewalls")
    return _REST_OFF if config.has_web_services else _SERVICES_OFF


def _denied(client: MoodleClient) -> Cause:
    """Why Moodle says "access exception", by what else it lets through; see its webservice/lib.php."""
    code = _code_of_call(client)
    if code == "invalidtoken":  # the first call has deleted it
        return _EXPIRED
    uploads = _code_of_upload(client)
    if code == "accessexception":
        return _NO_REST_RIGHT if not uploads else _RESTRICTED
    return _NOT_IN_SERVICE if not uploads else _SERVICE


def _code_of_call(client: MoodleClient) -> str:
    try:
        client.write(NO_SUCH_FUNCTION)
    except SiteError as error:
        return code_of(error)
    return ""


def _code_of_upload(client: MoodleClient) -> str:
    """Empty when the token is let through where files go up."""
    try:
        client.upload_nothing()
    except SiteError as error:
        return code_of(error) or "unknown"
    return ""


def _unanswered(site: Site, client: MoodleClient, error: SiteError | ConfigError) -> Cause:
    setting = f"sites.{site.name}.url"
    if isinstance(error, Redirected):
        return Cause("redirect", str(error), f"set {setting} to the address Moodle calls itself (wwwroot)")
    if isinstance(error, Untrusted):
        return Cause("certificate", str(error), "renew the certificate, with its chain")
    if isinstance(error, ConfigError):
        return Cause("address", str(error), f"correct {setting}")
    config = functions.get_public_config(client)
    if config and config.is_in_maintenance:
        return _MAINTENANCE
    if isinstance(error, NotJson):
        hint = f"see whether {setting} is a Moodle, and its error log; switch off Display debug messages"
        return Cause("not-json", str(error), hint)
    if isinstance(error, AuthError):
        return Cause("token", str(error), f"run `{SETUP}`")
    rule = "unreachable" if isinstance(error, Unreachable) else "refused"
    return Cause(rule, str(error), "try again later, then ask the host")
