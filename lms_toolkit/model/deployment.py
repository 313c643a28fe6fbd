"""What goes to a site: what we declare, what we find there, the plan between the two, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal, cast

from lms_toolkit.model.activities import CompletedBy
from lms_toolkit.model.editions import language_group

Action = Literal["create", "update", "unchanged", "retire", "skip", "refuse"]
Outcome = Literal["created", "updated", "unchanged", "retired", "skipped"]
PartKind = Literal["image", "groups", "enrolment", "gradebook", "completion"]
StepKind = Literal["course", "section", "module", "activity"] | PartKind
GroupMode = Literal["none", "separate", "visible"]
Tier = Literal["companion", "core"]
Multilingual = Literal["everywhere", "texts", "off", ""]
Json = str | int | float | bool | None | Sequence["Json"] | Mapping[str, "Json"]
Fields = Mapping[str, Json]
"""Named values that are compared one by one: as declared with as found."""


@dataclass(frozen=True, slots=True)
class DeclaredCourse:
    """A course page as an edition declares it. Times are aware, UTC.

    `language` is the page's own; where it has several `languages`, readers choose theirs, and `language` is the first.
    """

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
    parts: tuple[DeclaredPart, ...] = ()
    languages: tuple[str, ...] = ()

    @property
    def forced_language(self) -> str:
        """The language that the page is shown in whatever its reader's is; empty where readers choose."""
        return "" if len(self.languages) > 1 else self.language

    def part(self, kind: PartKind) -> DeclaredPart | None:
        return next((part for part in self.parts if part.kind == kind), None)

    def fields(self) -> dict[str, str | int]:
        """The course's own settings, comparable with `SiteCourse.fields`; times are seconds since 1970, 0 for none.

        A page in several languages says nothing of `language`: Moodle's functions can set one, and not take it back.
        """
        language = {"language": self.forced_language} if self.forced_language else {}
        return {
            "shortname": self.shortname,
            "fullname": self.fullname,
            "summary": self.summary,
            **language,
            "starts_at": int(self.starts_at.timestamp()) if self.starts_at else 0,
            "ends_at": int(self.ends_at.timestamp()) if self.ends_at else 0,
        }


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that must be so before learners get in: a moment is reached or not yet, a key completed, a group."""

    kind: Literal["from", "until", "completed", "group"]
    value: int | str

    def as_json(self) -> dict[str, int | str]:
        return {self.kind: self.value}


@dataclass(frozen=True, slots=True)
class DeclaredSection:
    """A section of the course page; `position` counts from 1 (0 is the site's own general section)."""

    key: str
    position: int
    name: str
    summary: str = ""
    availability: tuple[Condition, ...] = ()
    visible: bool = True

    def fields(self) -> dict[str, Json]:
        return {
            "position": self.position,
            "name": self.name,
            "summary": self.summary,
            "visible": self.visible,
            "availability": [condition.as_json() for condition in self.availability],
        }


@dataclass(frozen=True, slots=True)
class DeclaredFile:
    """A file that goes with something on the course page; `sha1` as Moodle knows files."""

    name: str
    path: Path
    sha1: str


@dataclass(frozen=True, slots=True)
class DeclaredModule:
    """Anything on the course page that learners open: a package, or an activity.

    `kind` is `package`, or the kind of an activity; `settings` are what that kind takes (docs/companion.md lists them
    for Moodle). `position` counts from 1 within the section. `max_points` is None where nothing is graded, and
    `pass_mark_percent` is of them, 0 for none. `package_path` is the package, or the questions of a quiz as Moodle
    XML; `items` are what an LMS keeps records of in a package.
    """

    key: str
    section_key: str
    name: str
    intro: str = ""
    kind: str = "package"
    position: int = 1
    visible: bool = True
    availability: tuple[Condition, ...] = ()
    completion: CompletedBy = "passed"
    group_mode: GroupMode = "none"
    grouping_key: str | None = None
    max_points: float | None = 100.0
    pass_mark_percent: float = 0.0
    settings: Fields = field(default_factory=dict)
    package_path: Path | None = None
    package_sha256: str = ""
    package_format: str = ""
    items: Mapping[str, str] = field(default_factory=dict)
    files: tuple[DeclaredFile, ...] = ()

    @property
    def step_kind(self) -> StepKind:
        return "module" if self.kind == "package" else "activity"

    def fields(self) -> dict[str, Json]:
        """What is compared besides the package itself."""
        return {
            "section_key": self.section_key,
            "position": self.position,
            "name": self.name,
            "intro": self.intro,
            "visible": self.visible,
            "availability": [condition.as_json() for condition in self.availability],
            "completion": self.completion,
            "group_mode": self.group_mode,
            "grouping_key": self.grouping_key,
            "max_points": self.max_points,
            "pass_mark_percent": self.pass_mark_percent,
            "files": {file.name: file.sha1 for file in self.files},
            **{f"settings.{name}": value for name, value in self.settings.items()},
        }


@dataclass(frozen=True, slots=True)
class DeclaredPart:
    """Something a course page has once: its image, groups, ways in, gradebook, or completion.

    `fields` are those of the kind (docs/companion.md lists them), and `files` the image.
    """

    kind: PartKind
    title: str
    fields: Fields
    files: tuple[DeclaredFile, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteSection:
    key: str
    ref: str
    fields: Fields


@dataclass(frozen=True, slots=True)
class SiteModule:
    """A package or activity found on a site.

    `learners_by_item`: item identifier → learners with tracks there. `learners`: how many have worked on it at all.
    """

    key: str
    ref: str
    fields: Fields
    package_sha256: str = ""
    learners_by_item: Mapping[str, int] = field(default_factory=dict)
    item_titles: Mapping[str, str] = field(default_factory=dict)
    learners: int = 0

    @property
    def is_retired(self) -> bool:
        return self.fields.get("visible") is False


@dataclass(frozen=True, slots=True)
class SiteCourse:
    """A course as found on a site, with what carries our keys; anything else there is left alone.

    `parts` are the fields of what the page has once; one that was never applied is not among them.
    """

    ref: str
    idnumber: str
    fields: Fields
    sections: tuple[SiteSection, ...] = ()
    modules: tuple[SiteModule, ...] = ()
    parts: Mapping[PartKind, Fields] = field(default_factory=dict)

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
        return self.action in ("create", "update", "retire")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a deployment would do to one course of one site, in order; `site_digest` is what the site was like."""

    site: str
    edition: str
    language: str
    declared: DeclaredCourse
    steps: tuple[Step, ...]
    course_ref: str | None = None
    site_digest: str = ""

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
    """An edition as deployed to a site: where it is, and what each step did.

    `applied` is what was declared, field by field, by the key of what it is about. `adopted` are values that somebody
    set on the site and that deployments keep there.
    """

    site: str
    course_id: str
    edition: str
    language: str
    course_ref: str
    course_url: str
    results: tuple[StepResult, ...]
    deployed_at: datetime
    applied: Mapping[str, Fields] = field(default_factory=dict)
    adopted: Mapping[str, Fields] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """Those of its page: its own, or, where several share it, those that have a group there."""
        groups = cast("Sequence[Fields]", self.applied.get("groups", {}).get("groups", ()))
        prefix = language_group("")
        keys = (str(group["key"]) for group in groups)
        return tuple(key.removeprefix(prefix) for key in keys if key.startswith(prefix)) or (self.language,)


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What a site says of itself to our token.

    `languages` are those its interface can be shown in, and `activities` the kinds of activity that it can create, if
    it tells. `multilingual` is whether it shows each reader their own language of a text that has several: everywhere,
    in texts but not in names, or not at all; empty if it does not tell.
    """

    name: str
    url: str
    release: str
    user: str
    tier: Tier
    functions: frozenset[str]
    max_upload_bytes: int
    companion: str | None = None
    languages: frozenset[str] = frozenset()
    activities: frozenset[str] = frozenset()
    multilingual: Multilingual = ""
