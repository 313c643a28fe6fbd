"""What a certificate asks for besides the total, in the words of `course.toml`, and what people decided by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

RequirementKind = Literal["completed", "done", "scored", "attended", "any"]
Deadlines = Literal["none", "due", "closes"]
"""Whether work counts that came late: always, until it was due, until it closed."""
DecisionVerdict = Literal["met", "unmet", "extended"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a learner has to have done; `of` are slugs of modules and activities.

    `completed`: the site says so. `done`: handed in, taken or attended, whatever came of it. `scored`: at least
    `percent` in each. `attended`: at least `percent` of the sessions. `any`: `at_least` of the requirements `any_of`.
    With `at_least`, so many of `of` are enough; without, it takes all of them.
    """

    slug: str
    kind: RequirementKind
    of: tuple[str, ...] = ()
    percent: float = 0.0
    at_least: int | None = None
    title: Mapping[str, str] = field(default_factory=dict)
    any_of: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class ParticipationRule:
    """When those who did not earn an edition's certificate get one for having taken part, once the edition is over."""

    title: Mapping[str, str]
    requirements: tuple[Requirement, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided by hand about one rule of one learner's award: who, when and why. Nothing overrides it.

    `rule` is a reason's key (`required:essay`), or its subject (`essay`) for all reasons about it. `extended` moves
    deadlines of that subject, or of `all`, to `until`. A revoked decision is kept and counts no more. Times are UTC.
    """

    learner_id: str
    course_id: str
    edition: str
    rule: str
    verdict: DecisionVerdict
    reason: str
    decided_by: str
    decided_at: datetime
    until: datetime | None = None
    id: str = ""
    revoked_at: datetime | None = None
    revoked_by: str = ""
    revocation_reason: str = ""

    @property
    def stands(self) -> bool:
        return self.revoked_at is None
