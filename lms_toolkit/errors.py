"""What can go wrong, by what the reader can do about it.

    ToolkitError
    ├── ConfigError      fix the configuration or the command line        exit 2
    ├── ContentError     fix the course: file, line, hint                 exit 1
    ├── PackageError     fix or refuse the package                        exit 1
    ├── PluginError      fix, upgrade or disable the plugin               exit 2
    ├── StoreError       free disk space, check rights or the database    exit 2
    │   └── InUse        wait: another command is at it
    ├── PlanRefused      decide: what was asked would lose something      exit 1
    └── SiteError        something about one site                         exit 3
        ├── AuthError    renew the token or give the account its rights
        ├── Refused      the site said no, with its error code
        │   └── CursorExpired   read everything again
        └── Unreachable  try later

Exit codes: 0 done · 1 the work found problems · 2 wrong usage or configuration · 3 site unreachable or refused.
The message is one line, for the person at the terminal: what is wrong, where, what to do.
"""

from __future__ import annotations

from collections.abc import Sequence

from lms_toolkit.model import Finding


class ToolkitError(Exception):
    """A fault its reader can act on. Anything else that escapes is a bug of ours and keeps its traceback."""

    exit_code = 1


class ConfigError(ToolkitError):
    exit_code = 2


class ContentError(ToolkitError):
    """A course that cannot be used as it is; `findings` has every fault, the message the first."""

    def __init__(self, message: str, findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.findings = tuple(findings)


class PackageError(ToolkitError):
    pass


class PluginError(ToolkitError):
    exit_code = 2


class StoreError(ToolkitError):
    exit_code = 2


class InUse(StoreError):
    """Another process holds the lock of what this one was to work on."""


class PlanRefused(ToolkitError):
    pass


class SiteError(ToolkitError):
    exit_code = 3


class AuthError(SiteError):
    pass


class Refused(SiteError):
    """The site said no; `errorcode` is the site's own."""

    def __init__(self, message: str, errorcode: str = "") -> None:
        super().__init__(message)
        self.errorcode = errorcode


class CursorExpired(Refused):
    """Where a pull stopped is no place to go on from: too old, the course was reset, or another site's."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "cursorexpired")


class Unreachable(SiteError):
    """No usable answer. `outcome_unknown`: a write was sent, so look before repeating it."""

    def __init__(self, message: str, *, outcome_unknown: bool = False) -> None:
        super().__init__(message)
        self.outcome_unknown = outcome_unknown
