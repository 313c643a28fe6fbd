"""What learners achieved and what they earn: people, grades, completions, awards, certificates, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

CompletionState = Literal["incomplete", "complete", "passed", "failed"]
EnrolOutcomeKind = Literal["enrolled", "already", "refused"]
VerdictKind = Literal["valid", "revoked", "forged", "unknown"]


@dataclass(frozen=True, slots=True)
class User:
    """An account on a site; `ref` is the site's own id, empty before the account exists."""

    username: str
    email: str
    first_name: str
    last_name: str
    idnumber: str = ""
    ref: str = ""

    def __repr__(self) -> str:
        return f"User(ref={self.ref!r})"  # names and addresses stay out of logs


@dataclass(frozen=True, slots=True)
class EnrolOutcome:
    user: User
    outcome: EnrolOutcomeKind
    note: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """One gradebook item of one user as the site stood at `pulled_at`.

    `item` is our key (`module:…`, `activity:…`), or `total`. `score` is None while nothing is graded.
    `overridden` and `hidden` are the gradebook's flags. All times are aware, UTC.
    """

    site: str
    course_ref: str
    user_ref: str
    item: str
    score: float | None
    score_max: float
    graded_at: datetime | None
    pulled_at: datetime
    source: str
    score_min: float = 0.0
    overridden: bool = False
    hidden: bool = False

    @property
    def score_percent(self) -> float | None:
        span = self.score_max - self.score_min
        if self.score is None or span <= 0:
            return None
        return (self.score - self.score_min) / span * 100


@dataclass(frozen=True, slots=True)
class Completion:
    """Whether one user has completed one item, as the site says."""

    site: str
    course_ref: str
    user_ref: str
    item: str
    state: CompletionState
    completed_at: datetime | None
    pulled_at: datetime
    source: str

    @property
    def is_done(self) -> bool:
        return self.state in ("complete", "passed")


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One page of a pull; `after` asks for the next one, None on the last."""

    users: tuple[User, ...]
    grades: tuple[Grade, ...]
    completions: tuple[Completion, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class PullSummary:
    site: str
    edition: str
    language: str
    users: int
    grades: int
    completions: int
    changed: int
    pulled_at: datetime


@dataclass(frozen=True, slots=True)
class Learner:
    """A person on a certificate; the same one across sites and years."""

    id: str
    name: str

    def __repr__(self) -> str:
        return f"Learner(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of an award and how it came out: the fact, and where the fact was read."""

    rule: str
    met: bool
    fact: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Award:
    """A decision about one learner in one edition, with its reasons.

    `language` is the course page the facts come from, so the language of the certificate too.
    """

    learner_id: str
    course_id: str
    edition: str
    language: str
    earned: bool
    score_percent: float | None
    reasons: tuple[Reason, ...]
    decided_at: datetime
    id: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """What a certificate says; this, and only this, is signed."""

    code: str
    award_id: str
    learner_name: str
    course_id: str
    course_title: str
    certificate_title: str
    edition: str
    language: str
    issued_on: date
    issuer: str
    learning_hours: float
    verify_url: str
    score_percent: float | None = None
    modules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Certificate:
    """The document of an award: the record, its signature, and the PDF that carries both."""

    record: CertificateRecord
    signed_json: str
    pdf_path: str
    pdf_sha256: str
    issued_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str = ""

    @property
    def code(self) -> str:
        return self.record.code


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "is this certificate real?"; `detail` names the first thing that is wrong."""

    verdict: VerdictKind
    detail: str
    record: CertificateRecord | None = None
    revocation_checked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and is already saved: told to plugins afterwards."""

    name: str
    at: datetime
    data: Mapping[str, str] = field(default_factory=dict)
