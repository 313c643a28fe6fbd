"""What a report says, before it is put into words of any language: records of figures, frozen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lms_toolkit.model import VerdictKind

SignalKind = Literal["late", "not-begun", "inactive", "low"]
Level = Literal["high", "raised", "none"]
Remark = Literal["hard", "easy", "against", "weak"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far learners are with one module or activity: so many in each state. `late` of them should be done already.

    `mean_percent` is of those who have a score. `due_at` is when its phase ends, or what its own times say.
    """

    slug: str
    title: str
    done: int
    under_way: int
    not_begun: int
    late: int
    mean_percent: float | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scores:
    """How the totals lie, in per cent: `counts` in tenths from 0 to 100; `ungraded` learners have no score at all."""

    counts: tuple[int, ...]
    mean_percent: float | None
    median_percent: float | None
    pass_mark_percent: float
    reached: int
    ungraded: int

    @property
    def graded(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Signal:
    """One reason to look after somebody: `titles` are late, nothing for `days`, or only `percent` so far."""

    kind: SignalKind
    titles: tuple[str, ...] = ()
    days: int = 0
    percent: float = 0.0


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that the rule asks for and a learner lacks: `title` names it, `fact` is in the rule's own words."""

    rule: str
    title: str
    fact: str


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A learner to look after, most urgent first. `name` is empty in a report without names."""

    name: str
    level: Level
    signals: tuple[Signal, ...]
    lacks: tuple[Lack, ...]
    percent: float | None
    last_active_at: datetime | None


@dataclass(frozen=True, slots=True)
class WrongAnswer:
    """An answer that is not right, and how many gave it."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class QuestionFigures:
    """What the first attempts of `answered` learners say about a question.

    `right_percent` is the mean of what was earned. `discrimination` is the correlation with the rest of the attempt,
    None where too few answered to say. Neither is known of a question that earns no points.
    """

    title: str
    text: str
    answered: int
    right_percent: float | None
    discrimination: float | None
    wrong: tuple[WrongAnswer, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """One certificate of the edition; `name` and `code` are empty in a report without names."""

    name: str
    code: str
    title: str
    issued_on: date
    state: VerdictKind


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a report on one course page says. `at` is the moment it speaks of, `pulled_at` what it knows from."""

    course_title: str
    edition: str
    edition_title: str
    language: str
    site: str
    timezone: str
    starts_on: date | None
    ends_on: date | None
    at: datetime
    pulled_at: datetime
    inactive_days: int
    is_over: bool
    is_anonymous: bool
    learners: int
    begun: int
    earned: int
    progress: tuple[Progress, ...]
    scores: Scores
    at_risk: tuple[AtRisk, ...]
    answers: int
    questions: tuple[QuestionFigures, ...]
    certificates: tuple[IssuedCertificate, ...]
