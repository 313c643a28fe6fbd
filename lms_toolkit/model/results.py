"""What learners achieved and what they earn: people, grades, completions, awards, certificates, events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from lms_toolkit.model.credentials import CertificateKind

CompletionState = Literal["incomplete", "complete", "passed", "failed"]
EnrolOutcomeKind = Literal["enrolled", "already", "updated", "withdrawn", "refused"]
AnswerResult = Literal["correct", "incorrect", "partial", "neutral", "unanticipated", ""]
FactKind = Literal["user", "grade", "completion", "attempt"]
VerdictKind = Literal["valid", "revoked", "replaced", "expired", "forged", "unknown"]


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
    """What came of one person of a list; `rows` are where the list names them.

    `updated` was enrolled before and got something more, such as a group; `already` had everything.
    """

    user: User
    outcome: EnrolOutcomeKind
    note: str = ""
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Grade:
    """One gradebook item of one user as the site stood at `pulled_at`.

    `item` is our key (`module:…`, `activity:…`), or `total`. `score` is None while nothing is graded, and so is a
    grade that is not there at all. `overridden`, `hidden` and `excluded` are the gradebook's flags.
    `awaits_recalculation`: the site had still to add up its grades when this one was read, so no award may rest on it.
    All times are aware, UTC.
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
    excluded: bool = False
    awaits_recalculation: bool = False

    @property
    def score_percent(self) -> float | None:
        span = self.score_max - self.score_min
        if self.score is None or span <= 0:
            return None
        return (self.score - self.score_min) / span * 100


@dataclass(frozen=True, slots=True)
class Completion:
    """Whether one user has completed one item, as the site says; without one, the item is incomplete."""

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
class Answer:
    """What a learner answered to one question; `sco` is the identifier of the lesson it was asked in.

    `question` is the question's id, `text` what was asked as far as the site knows it.
    """

    question: str
    text: str
    result: AnswerResult
    response: str
    sco: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of one user at a package or quiz, numbered from 1, with what was answered.

    `status` is the site's own word, `score` on a scale from 0 to `score_max`. No rule reads it.
    """

    site: str
    course_ref: str
    user_ref: str
    item: str
    number: int
    status: str
    score: float | None
    score_max: float | None
    started_at: datetime | None
    updated_at: datetime | None
    answers: tuple[Answer, ...]
    pulled_at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class Gone:
    """What was on the site and is no longer: of one user one item, or every item where `item` is empty.

    A user who is gone has left the course page and takes everything along.
    """

    kind: FactKind
    user_ref: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """One page of a pull. `cursor` is where to go on: now if there is `more`, else with the next pull.

    `whole` pages belong to a reading of everything: what such a reading never names is gone at its end. The others
    tell what changed. An empty cursor at the end means that this platform can only read everything each time.
    `unseen` are kinds that the platform cannot read here: what is known of them stays.
    """

    users: tuple[User, ...]
    grades: tuple[Grade, ...]
    completions: tuple[Completion, ...]
    attempts: tuple[Attempt, ...] = ()
    gone: tuple[Gone, ...] = ()
    cursor: str = ""
    more: bool = False
    whole: bool = True
    unseen: frozenset[FactKind] = frozenset()


@dataclass(frozen=True, slots=True)
class PullSummary:
    """What a pull read; `changed` says something new, `gone` is no longer on the site.

    `whole`: it was a reading of everything, and not of what had changed.
    """

    site: str
    edition: str
    language: str
    users: int
    grades: int
    completions: int
    changed: int
    pulled_at: datetime
    attempts: int = 0
    gone: int = 0
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Learner:
    """A person on a certificate; the same one across sites and years."""

    id: str
    name: str

    def __repr__(self) -> str:
        return f"Learner(id={self.id!r})"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of an award and how it came out: the fact, and where the fact was read.

    `subject` is the slug the rule is about, if it is about one thing. `decision` is the id of the decision by hand that
    settled it.
    """

    rule: str
    met: bool
    fact: str
    source: str = ""
    subject: str = ""
    decision: str = ""

    @property
    def key(self) -> str:
        """What a decision names it by."""
        return f"{self.rule}:{self.subject}" if self.subject else self.rule


@dataclass(frozen=True, slots=True)
class Award:
    """What was decided about one learner in one edition, or one programme, with its reasons.

    `language` is the course page the facts come from, so the language of the certificate too. Each `kind` is an award
    of its own.
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
    kind: CertificateKind = "achievement"


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """What a certificate says; this, and only this, is signed. It holds to the end of the day `expires_on` (UTC)."""

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
    kind: CertificateKind = "achievement"
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """The document of an award: the record, its signature, the digital credential, and the PDF that carries them.

    `status_index` is its place in the published status lists. `replaced_by` is the code of the certificate that was
    issued in its place, once its name was corrected; it is revoked then, too.
    """

    record: CertificateRecord
    signed_json: str
    pdf_path: str
    pdf_sha256: str
    issued_at: datetime
    revoked_at: datetime | None = None
    revocation_reason: str = ""
    credential_json: str = ""
    status_index: int | None = None
    replaced_by: str = ""

    @property
    def code(self) -> str:
        return self.record.code

    @property
    def is_erased(self) -> bool:
        """Whether its holder had it erased: only the code is left, and that it is revoked."""
        return not self.signed_json


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to "is this certificate real?"; `detail` names the first thing that is wrong.

    `record` is what one of ours says, `said` what another issuer's credential says, in order of importance.
    """

    verdict: VerdictKind
    detail: str
    record: CertificateRecord | None = None
    revocation_checked_at: datetime | None = None
    said: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and is already saved: told to plugins afterwards."""

    name: str
    at: datetime
    data: Mapping[str, str] = field(default_factory=dict)
