"""lms-toolkit: from a course's text to a certificate that anybody can check.

The names below are the public API; each is imported when it is first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lms_toolkit.content import content_path as content_path
    from lms_toolkit.hookspecs import hookimpl as hookimpl
    from lms_toolkit.interfaces import Certifier as Certifier
    from lms_toolkit.interfaces import CourseSource as CourseSource
    from lms_toolkit.interfaces import PackageFormat as PackageFormat
    from lms_toolkit.interfaces import Platform as Platform

_HOMES = {
    "content_path": "lms_toolkit.content",
    "hookimpl": "lms_toolkit.hookspecs",
    "Certifier": "lms_toolkit.interfaces",
    "CourseSource": "lms_toolkit.interfaces",
    "PackageFormat": "lms_toolkit.interfaces",
    "Platform": "lms_toolkit.interfaces",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lms_toolkit' has no attribute {name!r}")
    return getattr(import_module(home), name)
