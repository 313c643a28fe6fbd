"""What the toolkit calls a package or an activity, and what Moodle calls it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lms_toolkit.model import DeclaredModule, Fields, Json

MODNAMES: Mapping[str, str] = {
    "announcements": "forum",
    "forum": "forum",
    "webinar": "bigbluebuttonbn",
    "assignment": "assign",
    "group-work": "assign",
    "attendance": "assign",
    "peer-assessment": "workshop",
    "quiz": "quiz",
    "survey": "feedback",
    "page": "page",
    "text": "label",
    "link": "url",
    "file": "resource",
}
"""Kind of activity → Moodle's module. Attendance is an assignment in which nothing is handed in and tutors grade."""

_MODULE_FIELDS = (
    "section_key",
    "position",
    "name",
    "intro",
    "visible",
    "availability",
    "completion",
    "group_mode",
    "grouping_key",
    "max_points",
    "pass_mark_percent",
)


def kinds(modnames: Iterable[str]) -> frozenset[str]:
    """The kinds of activity that a site with these modules can create."""
    there = set(modnames)
    return frozenset(kind for kind, modname in MODNAMES.items() if modname in there)


def modname_of(module: DeclaredModule) -> str:
    """Moodle's module for it; a package of a kind that the site cannot play is refused there as `manifestinvalid`."""
    if module.kind != "package":
        return MODNAMES[module.kind]
    return "imscp" if module.package_format == "imscp" else "scorm"


def payload_of(module: DeclaredModule) -> dict[str, Json]:
    """What `local_lmstoolkit_apply_module` takes, without course, package, files and permissions."""
    fields = module.fields()
    return {
        "key": module.key,
        "modname": modname_of(module),
        **{name: fields[name] for name in _MODULE_FIELDS},
        "settings": dict(module.settings),
    }


def payload_there(module: DeclaredModule, fields: Fields) -> dict[str, Json]:
    """As `payload_of`, with these fields, named as `fields_of` names them, instead of those declared."""
    settings = {name.removeprefix("settings."): value for name, value in fields.items() if name.startswith("settings.")}
    return {
        "key": module.key,
        "modname": modname_of(module),
        **{name: fields[name] for name in _MODULE_FIELDS},
        "settings": settings,
    }


def fields_of(entry: Mapping[str, Any]) -> Fields:
    """A module of `local_lmstoolkit_get_course`, in the fields that declared ones are compared by."""
    files = entry.get("files") or {}
    return {
        **{name: entry[name] for name in _MODULE_FIELDS},
        "files": files.get("content") or {},
        **{f"settings.{name}": value for name, value in (entry.get("settings") or {}).items()},
    }
