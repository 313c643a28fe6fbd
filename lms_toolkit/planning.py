"""Compares what is declared with what a site has, and says step by step what it takes; nothing is written.

    DeclaredCourse ─┐
                    ├▶ plan ─▶ Plan
    SiteCourse ─────┘

Steps stand in the order in which they can be taken: what others name (groups, sections) comes before them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from lms_toolkit.interfaces import Platform
from lms_toolkit.model import (
    Change,
    DeclaredCourse,
    DeclaredModule,
    DeclaredPart,
    DeclaredSection,
    Fields,
    Plan,
    SiteCourse,
    SiteInfo,
    SiteModule,
    Step,
    StepKind,
)
from lms_toolkit.multilingual import in_language

BEFORE = ("image", "groups", "enrolment")
"""What a page has once and what sections and activities may name; gradebook and completion come after these."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the administrator has allowed: losing learners' records, and deleting what is no longer declared."""

    allow_track_loss: bool = False
    delete: bool = False


NONE_GIVEN = Permissions()


def plan(
    platform: Platform,
    declared: DeclaredCourse,
    edition: str,
    missing: Sequence[Step] = (),
    permissions: Permissions = NONE_GIVEN,
) -> Plan:
    """Look at the site and say what it takes; nothing is written. `missing` are steps that cannot be taken, and why."""
    info = platform.info()
    found = platform.find_course(declared.idnumber)
    wanted = _attainable(platform, declared, found)
    kept = {
        new.key: changes_between(old.fields(), new.fields())
        for old, new in zip(declared.modules, wanted.modules, strict=True)
    }
    return Plan(
        site=platform.site.name,
        edition=edition,
        language=declared.language,
        declared=wanted,
        steps=(*_Comparison(wanted, found, info, permissions, kept).steps(), *missing),
        course_ref=found.ref if found else None,
        site_digest=digest_of(found),
    )


def _attainable(platform: Platform, declared: DeclaredCourse, found: SiteCourse | None) -> DeclaredCourse:
    """The declaration, with what learners have built on as it is on the site."""
    if found is None:
        return declared

    def settled(module: DeclaredModule) -> DeclaredModule:
        there = found.module(module.key)
        differs = there is not None and changes_between(module.fields(), there.fields)
        return platform.attainable(found.ref, module, there) if there and differs else module

    return replace(declared, modules=tuple(settled(module) for module in declared.modules))


def digest_of(found: SiteCourse | None) -> str:
    """What a course page was like when we looked; what learners do there does not count."""
    if found is None:
        return ""
    sections = [(section.key, section.ref, section.fields) for section in found.sections]
    modules = [(module.key, module.ref, module.fields, module.package_sha256) for module in found.modules]
    text = json.dumps([found.ref, found.fields, sections, modules, found.parts], sort_keys=True, default=dict)
    return sha256(text.encode()).hexdigest()


def declared_digest(plan: Plan) -> str:
    """What a plan would bring there."""
    return sha256(json.dumps(asdict(plan.declared), sort_keys=True, default=str).encode()).hexdigest()


class _Comparison:
    """One course page, as declared and as found."""

    def __init__(
        self,
        declared: DeclaredCourse,
        found: SiteCourse | None,
        info: SiteInfo,
        permissions: Permissions,
        kept: Mapping[str, Sequence[Change]],
    ) -> None:
        self._kept = kept
        self._declared = declared
        self._found = found
        self._info = info
        self._permissions = permissions

    def steps(self) -> Iterator[Step]:
        yield self._course()
        yield from (self._part(part) for part in self._declared.parts if part.kind in BEFORE)
        yield from (self._section(section) for section in self._declared.sections)
        yield from (self._module(module) for module in self._declared.modules)
        yield from self._vanished_modules()
        yield from self._vanished_sections()
        yield from (self._part(part) for part in self._declared.parts if part.kind not in BEFORE)

    @property
    def _lacks_companion(self) -> bool:
        return self._info.tier == "core"

    def _course(self) -> Step:
        declared, found = self._declared, self._found
        if found is None:
            return Step("create", "course", declared.idnumber, self._title(declared.fullname))
        fields = declared.fields()
        if declared.forced_language and declared.forced_language not in self._info.languages:
            fields.pop("language")  # the site cannot be set to a language it has not installed; doctor says so
        undeclared = {name for name in ("starts_at", "ends_at") if not fields[name]}
        changes = changes_between(
            {name: value for name, value in fields.items() if name not in undeclared}, found.fields
        )
        step = _compared("course", declared.idnumber, self._title(declared.fullname), changes, found.ref)
        forced = found.fields.get("language")
        if declared.forced_language or not forced:
            return step
        note = f"the site shows it in {forced} to everybody; set “Force language” to “Do not force” there"
        return replace(step, reason="; ".join(filter(None, (step.reason, note))))

    def _title(self, name: str) -> str:
        """A name as the plan shows it: in one language."""
        return in_language(name, self._declared.language)

    def _part(self, part: DeclaredPart) -> Step:
        if self._lacks_companion:
            return Step("skip", part.kind, part.kind, part.title, "needs the companion; set it by hand")
        there = self._found.parts.get(part.kind) if self._found else None
        if there is None:
            return Step("create", part.kind, part.kind, part.title)
        ref = self._found.ref if self._found else ""
        return _compared(part.kind, part.kind, part.title, changes_between(part.fields, there), ref)

    def _section(self, declared: DeclaredSection) -> Step:
        there = self._found.section(declared.key) if self._found else None
        if there is None:
            return Step("create", "section", declared.key, self._title(declared.name))
        changes = changes_between(declared.fields(), there.fields)
        return _compared("section", declared.key, self._title(declared.name), changes, there.ref)

    def _module(self, declared: DeclaredModule) -> Step:
        kind, key, name = declared.step_kind, declared.key, self._title(declared.name)
        impossible = self._impossible(declared)
        if impossible:
            return replace(impossible, kind=kind, key=key, title=name)
        there = self._found.module(key) if self._found else None
        if there is None:
            return Step("create", kind, key, name)
        loss = track_loss(declared, there)
        if loss and not self._permissions.allow_track_loss:
            return Step("refuse", kind, key, name, f"{loss}; --allow-track-loss goes on anyway")
        changes = changes_between(declared.fields(), there.fields)
        if declared.package_sha256 != there.package_sha256:
            changes = (*changes, Change("package", there.package_sha256[:12], declared.package_sha256[:12]))
        step = _compared(kind, key, name, changes, there.ref)
        return replace(step, reason=loss or self._with_kept(step))

    def _with_kept(self, step: Step) -> str:
        """The reason of a step, and what stays on the site although the course says something else by now."""
        names = ", ".join(change.field.removeprefix("settings.") for change in self._kept.get(step.key, ()))
        note = f"learners have answered, so the site keeps its {names}" if names else ""
        return "; ".join(filter(None, (step.reason, note)))

    def _impossible(self, declared: DeclaredModule) -> Step | None:
        """Why this site cannot have it, if so."""
        if declared.kind == "package":
            return None
        if self._lacks_companion:
            return Step("skip", "activity", "", "", "needs the companion; add it by hand")
        if self._info.activities and declared.kind not in self._info.activities:
            reason = f"this site cannot create an activity of kind {declared.kind}; enable it there, or leave it out"
            return Step("refuse", "activity", "", "", reason)
        return None

    def _vanished_modules(self) -> Iterator[Step]:
        declared = {module.key for module in self._declared.modules}
        for there in self._found.modules if self._found else ():
            if there.key not in declared and (self._permissions.delete or not there.is_retired):
                yield self._retire(there)

    def _retire(self, there: SiteModule) -> Step:
        kind: StepKind = "module" if there.key.startswith("module:") else "activity"
        title = self._title(str(there.fields.get("name", there.key)))
        worked = max((there.learners, *there.learners_by_item.values()))
        if self._permissions.delete and worked and not self._permissions.allow_track_loss:
            who = f"{worked} learner{'s' if worked > 1 else ''}"
            reason = f"deleting it would delete what {who} did there; --allow-track-loss goes on anyway"
            return Step("refuse", kind, there.key, title, reason, ref=there.ref)
        how = "no longer declared: deleted" if self._permissions.delete else "no longer declared: hidden, not deleted"
        return Step("retire", kind, there.key, title, how, ref=there.ref)

    def _vanished_sections(self) -> Iterator[Step]:
        declared = {section.key for section in self._declared.sections}
        for there in self._found.sections if self._found else ():
            if there.key not in declared and there.fields.get("visible") is not False and not self._lacks_companion:
                title = self._title(str(there.fields.get("name", there.key)))
                yield Step("retire", "section", there.key, title, "no longer declared: hidden", ref=there.ref)


def track_loss(declared: DeclaredModule, there: SiteModule) -> str:
    """What learners would lose if this package replaced the one there; empty when nothing."""
    vanished = [
        f"« {there.item_titles.get(identifier, identifier)} » ({learners} learner{'s' if learners > 1 else ''})"
        for identifier, learners in there.learners_by_item.items()
        if learners and identifier not in declared.items
    ]
    return f"removing {', '.join(vanished)} would delete what they did there" if vanished else ""


def changes_between(declared: Fields, found: Mapping[str, object]) -> tuple[Change, ...]:
    """What differs, field by field; fields that nobody declares are left alone."""
    return tuple(
        Change(name, shown(found.get(name, "")), shown(value))
        for name, value in declared.items()
        if found.get(name) != value
    )


def shown(value: object) -> str:
    """A value as a plan shows it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _compared(kind: StepKind, key: str, title: str, changes: tuple[Change, ...], ref: str) -> Step:
    reason = ", ".join(change.field for change in changes)
    return Step("update" if changes else "unchanged", kind, key, title, reason, changes, ref)
