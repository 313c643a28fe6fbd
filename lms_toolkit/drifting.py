"""Finds what somebody changed by hand on a site since the last deployment, and takes it over where that is wished.

Deployment.applied ─┐
                    ├▶ drift ─▶ Drift … ─▶ adopt ─▶ Deployment.adopted ─▶ keep_adopted ─▶ DeclaredCourse
SiteCourse ─────────┘
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from lms_toolkit.model import (
    Condition,
    DeclaredCourse,
    DeclaredModule,
    DeclaredSection,
    Deployment,
    Fields,
    Json,
    SiteCourse,
)
from lms_toolkit.multilingual import in_language
from lms_toolkit.planning import shown

FIXED = ("files", "language", "starts_at", "ends_at")
"""What cannot be taken over: files come from the course, and the course's own settings from `course.toml`."""


@dataclass(frozen=True, slots=True)
class Drift:
    """One field that is no longer as deployed; an empty `field` means that the whole thing is gone."""

    key: str
    title: str
    field: str
    deployed: Json
    found: Json

    def __str__(self) -> str:
        if not self.field:
            return f"{self.title} ({self.key}) is gone"
        return f"{self.title} ({self.key}): {self.field} was {shown(self.deployed)!r}, is {shown(self.found)!r}"


def drift(deployment: Deployment, found: SiteCourse | None) -> tuple[Drift, ...]:
    """Everything that differs from what was deployed, field by field."""
    there = _found(found)
    return tuple(
        replace(one, title=in_language(one.title, deployment.language))
        for key, applied in deployment.applied.items()
        for one in _differences(key, applied, there.get(key))
    )


def _found(course: SiteCourse | None) -> dict[str, Fields]:
    if course is None:
        return {}
    entries: dict[str, Fields] = {"course": course.fields}
    entries.update((section.key, section.fields) for section in course.sections)
    entries.update((module.key, module.fields) for module in course.modules)
    entries.update((kind, fields) for kind, fields in course.parts.items())
    return entries


def _differences(key: str, applied: Fields, found: Fields | None) -> Iterator[Drift]:
    title = str(applied.get("name") or applied.get("fullname") or key)
    if found is None:
        yield Drift(key, title, "", None, None)
        return
    for name, value in applied.items():
        if found.get(name) != value and not (key == "course" and name in FIXED):
            yield Drift(key, title, name, value, found.get(name))


def adopt(drifts: Sequence[Drift], before: Mapping[str, Fields]) -> dict[str, Fields]:
    """What deployments shall keep from now on: what was adopted before, and these; things that are gone come back."""
    adopted: dict[str, dict[str, Json]] = {key: dict(fields) for key, fields in before.items()}
    for one in drifts:
        if one.field and one.field not in FIXED:
            known = adopted.setdefault(one.key, {}).get(one.field)
            declared = known["declared"] if isinstance(known, Mapping) else one.deployed
            adopted[one.key][one.field] = {"declared": declared, "found": one.found}
    return cast("dict[str, Fields]", adopted)


def keep_adopted(declared: DeclaredCourse, adopted: Mapping[str, Fields]) -> DeclaredCourse:
    """The declaration with the site's own values, where its author has not changed the field since."""

    def kept(key: str, fields: Fields) -> dict[str, Any]:
        values = {name: cast(Mapping[str, Json], value) for name, value in adopted.get(key, {}).items()}
        return {name: value["found"] for name, value in values.items() if fields.get(name) == value["declared"]}

    course = kept("course", declared.fields())
    return replace(
        declared,
        **{name: course[name] for name in ("shortname", "fullname", "summary") if name in course},
        sections=tuple(_section(section, kept(section.key, section.fields())) for section in declared.sections),
        modules=tuple(_module(module, kept(module.key, module.fields())) for module in declared.modules),
        parts=tuple(replace(part, fields={**part.fields, **kept(part.kind, part.fields)}) for part in declared.parts),
    )


def _section(section: DeclaredSection, kept: dict[str, Any]) -> DeclaredSection:
    return replace(section, **_with_conditions(kept))


def _module(module: DeclaredModule, kept: dict[str, Any]) -> DeclaredModule:
    settings = {name.removeprefix("settings."): kept.pop(name) for name in list(kept) if name.startswith("settings.")}
    return replace(module, **_with_conditions(kept), settings={**module.settings, **settings})


def _with_conditions(kept: dict[str, Any]) -> dict[str, Any]:
    if "availability" in kept:
        pairs = [next(iter(condition.items())) for condition in kept["availability"]]
        kept = {**kept, "availability": tuple(Condition(kind, value) for kind, value in pairs)}
    return kept
