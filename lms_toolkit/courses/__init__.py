"""Courses as their authors write them: load a folder into a `Course`, check it, describe its files to editors.

Each name is imported when it is first used; loading brings in pydantic and YAML, which the command line starts without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lms_toolkit.courses.checking import check as check
    from lms_toolkit.courses.checking import check_course as check_course
    from lms_toolkit.courses.loading import load as load
    from lms_toolkit.courses.schema import course_schema as course_schema
    from lms_toolkit.courses.schema import questions_schema as questions_schema

_HOMES = {
    "check": "lms_toolkit.courses.checking",
    "check_course": "lms_toolkit.courses.checking",
    "load": "lms_toolkit.courses.loading",
    "course_schema": "lms_toolkit.courses.schema",
    "questions_schema": "lms_toolkit.courses.schema",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lms_toolkit.courses' has no attribute {name!r}")
    return getattr(import_module(home), name)
