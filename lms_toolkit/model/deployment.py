"""What goes to a site: what we declare, what we find there, the plan between the two, and what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

Action = Literal["create", "update", "unchanged", "skip", "refuse"]
Outcome = Literal["created", "updated", "unchanged", "skipped"]
StepKind = Literal["course", "section", "module"]
Tier = Literal["companion", "core"]


@dataclass(frozen=True, slots=True)
class DeclaredCourse:
    """A course page as an edition declares it, in one language. Times are aware, UTC."""

    idnumber: str
    shortname: str
    fullname: str
    summary: str
    language: str
    category: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    sections: tuple[DeclaredSection, ...] = ()
    modules: tuple[DeclaredModule, ...] = ()

    def fields(self) -> dict[str, str | int]:
        """The course's own settings, comparable with `SiteCourse.fields`; times are seconds since 1970, 0 for none."""
        return {
            "shortname": self.shortname,
            "fullname": self.fullname,
            "summary": self.summary,
            "language": self.language,
            "starts_at": int(self.starts_at.timestamp()) if self.starts_at else 0,
            "ends_at": int(self.ends_at.timestamp()) if self.ends_at else 0,
        }


@dataclass(frozen=True, slots=True)
class DeclaredSection:
    """A section of the course page; `position` counts from 1 (0 is the site's own general section)."""

    key: str
    position: int
    name: str
    summary: str = ""

    def fields(self) -> dict[str, str | int]:
        return {"position": self.position, "name": self.name, "summary": self.summary}


@dataclass(frozen=True, slots=True)
class DeclaredModule:
    """A package on the course page.

    `pass_mark_percent` is the pass grade of its gradebook item (0–100). `completion` says what completes it:
    `passed`, or `completed` for a package without assessment.
    """

    key: str
    section_key: str
    name: str
    intro: str
    package_path: Path
    package_sha256: str
    items: Mapping[str, str]
    pass_mark_percent: float
    completion: Literal["passed", "completed"] = "passed"

    def fields(self) -> dict[str, str | float]:
        """What is compared besides the package itself."""
        return {
            "section_key": self.section_key,
            "name": self.name,
            "intro": self.intro,
            "pass_mark_percent": self.pass_mark_percent,
            "completion": self.completion,
        }


@dataclass(frozen=True, slots=True)
class SiteSection:
    key: str
    ref: str
    fields: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class SiteModule:
    """A package found on a site. `learners_by_item`: item identifier → learners with tracks there."""

    key: str
    ref: str
    fields: Mapping[str, str | float]
    package_sha256: str
    learners_by_item: Mapping[str, int] = field(default_factory=dict)
    item_titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteCourse:
    """A course as found on a site, with what carries our keys; anything else there is left alone."""

    ref: str
    idnumber: str
    fields: Mapping[str, str | int]
    sections: tuple[SiteSection, ...] = ()
    modules: tuple[SiteModule, ...] = ()

    def section(self, key: str) -> SiteSection | None:
        return next((section for section in self.sections if section.key == key), None)

    def module(self, key: str) -> SiteModule | None:
        return next((module for module in self.modules if module.key == key), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: as found on the site, as declared."""

    field: str
    found: str
    declared: str


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a plan; `reason` is written for the administrator, `ref` is the site's id of what is there."""

    action: Action
    kind: StepKind
    key: str
    title: str
    reason: str = ""
    changes: tuple[Change, ...] = ()
    ref: str = ""

    @property
    def writes(self) -> bool:
        return self.action in ("create", "update")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment would do to one course of one site, in order."""

    site: str
    edition: str
    language: str
    declared: DeclaredCourse
    steps: tuple[Step, ...]
    course_ref: str | None = None

    @property
    def refusals(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.action == "refuse")

    @property
    def writes(self) -> tuple[Step, ...]:
        return tuple(step for step in self.steps if step.writes)


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step did on the site; `ref` is the site's own id of the thing."""

    kind: StepKind
    key: str
    outcome: Outcome
    ref: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """An edition as deployed to a site: where it is, and what each step did."""

    site: str
    course_id: str
    edition: str
    language: str
    course_ref: str
    course_url: str
    results: tuple[StepResult, ...]
    deployed_at: datetime


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What a site says of itself to our token; `languages` are those its interface can be shown in, if it tells."""

    name: str
    url: str
    release: str
    user: str
    tier: Tier
    functions: frozenset[str]
    max_upload_bytes: int
    companion: str | None = None
    languages: frozenset[str] = frozenset()
