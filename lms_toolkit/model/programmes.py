"""What several courses earn together: a programme, and courses that somebody completed before there was this store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Programme:
    """A diploma: the courses `required`, `at_least` of those it is `any_of`, and a capstone, if there is one.

    All but the capstone lie `within_years` of one another: the period begins with the day the first was completed and
    ends with the same date so many years later. `courses` has the title of each, by language.
    """

    id: str
    title: Mapping[str, str]
    languages: tuple[str, ...]
    required: tuple[str, ...]
    any_of: tuple[str, ...]
    at_least: int
    within_years: int
    capstone: str
    learning_hours: float
    courses: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Participation:
    """A course that somebody completed elsewhere or long ago, and what proves it.

    `completed_on` is the day where the course was. `imported_from` names the file and its row.
    """

    learner_id: str
    course_id: str
    edition: str
    completed_on: date
    evidence: str
    name: str
    email: str
    idnumber: str
    imported_from: str
    imported_by: str
    imported_at: datetime
    id: str = ""

    def __repr__(self) -> str:
        return f"Participation(id={self.id!r}, learner_id={self.learner_id!r})"


@dataclass(frozen=True, slots=True)
class MergeProposal:
    """Two learners who may be one person, and why; a person has to say so."""

    first_id: str
    second_id: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """A learner who turned out to be another one: who said so, when and why."""

    merged_id: str
    learner_id: str
    merged_name: str
    reason: str
    merged_by: str
    merged_at: datetime

    def __repr__(self) -> str:
        return f"Merge(merged_id={self.merged_id!r}, learner_id={self.learner_id!r})"
