"""lms-toolkit: from a course's text to a certificate that anybody can check.

The names below are the public API; each is imported when it is first used, so that the command line starts at once.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lms_toolkit.app import App as App
    from lms_toolkit.config import load_config as load_config
    from lms_toolkit.content import content_path as content_path
    from lms_toolkit.courses import check as check
    from lms_toolkit.courses import load as load
    from lms_toolkit.edition_plans import Wanted as Wanted
    from lms_toolkit.edition_plans import deploy_planned as deploy_planned
    from lms_toolkit.edition_plans import plan_edition as plan_edition
    from lms_toolkit.hookspecs import hookimpl as hookimpl
    from lms_toolkit.interfaces import Certifier as Certifier
    from lms_toolkit.interfaces import CourseSource as CourseSource
    from lms_toolkit.interfaces import PackageFormat as PackageFormat
    from lms_toolkit.interfaces import Platform as Platform

_HOMES = {
    "App": "lms_toolkit.app",
    "load_config": "lms_toolkit.config",
    "check": "lms_toolkit.courses",
    "load": "lms_toolkit.courses",
    "Wanted": "lms_toolkit.edition_plans",
    "deploy_planned": "lms_toolkit.edition_plans",
    "plan_edition": "lms_toolkit.edition_plans",
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
