"""Decides whether a learner earned an edition's certificate: the host's answer to `lms_decide_award`.

The award is earned when every reason is met. Arithmetic is exact, on the decimal text of each number, and nothing is
rounded before it is compared: 60 passes a mark of 60, and 59.999999 does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from math import floor, isfinite

from lms_toolkit.model import (
    Activity,
    Award,
    Completion,
    CompletionState,
    Course,
    Edition,
    Grade,
    Learner,
    Module,
    Reason,
)

Assessment = Module | Activity

# Of two accounts of one person, the further one counts.
_FURTHEST: tuple[CompletionState, ...] = ("passed", "complete", "failed", "incomplete")


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the site says of one item; `grade` is the best one, `unusable` one that no rule can count."""

    item: str
    grade: Grade | None
    unusable: Grade | None
    completion: Completion | None

    @property
    def percent(self) -> Fraction:
        """The score, exactly; an empty grade counts 0."""
        return Fraction(0) if self.grade is None else _exact_percent(self.grade)

    @property
    def is_graded(self) -> bool:
        return self.grade is not None and self.grade.score is not None

    @property
    def is_attempted(self) -> bool:
        """A failed quiz was done too: it counts by its score."""
        return self.is_graded or (self.completion is not None and self.completion.state != "incomplete")

    @property
    def is_seen(self) -> bool:
        return self.grade is not None or self.unusable is not None or self.completion is not None

    @property
    def source(self) -> str:
        fact = self.unusable or self.grade or self.completion
        if fact is None:
            return ""
        known_at = fact.completed_at if isinstance(fact, Completion) else fact.graded_at
        when = f", {known_at:%Y-%m-%d %H:%M:%S} UTC" if known_at else ""
        return f"{fact.site}: course {fact.course_ref}, user {fact.user_ref}, {fact.item}{when} ({fact.source})"


def decide_award(
    course: Course,
    edition: Edition,
    language: str,
    learner: Learner,
    grades: Sequence[Grade],
    completions: Sequence[Completion],
) -> Award:
    """Apply the certification rule of `course.toml` to what one learner has done on one course page.

    `grades` and `completions` are those of all the learner's accounts there, and of no other course page.
    """
    assessments = course.assessments(edition)
    facts = {assessment.key: _facts(assessment.key, grades, completions) for assessment in assessments}
    total = _weighted_total(course, assessments, facts)
    reasons = (
        *(_assessment_reason(course, assessment, language, facts[assessment.key]) for assessment in assessments),
        *_required_reasons(course, edition, language, completions),
        _pass_mark_reason(course, total),
    )
    return Award(
        learner_id=learner.id,
        course_id=course.id,
        edition=edition.code,
        language=language,
        earned=all(reason.met for reason in reasons),
        score_percent=None if total is None else _shown(total),
        reasons=reasons,
        decided_at=datetime.now(UTC),
    )


def _facts(item: str, grades: Sequence[Grade], completions: Sequence[Completion]) -> _Facts:
    of_item = [grade for grade in grades if grade.item == item]
    states = [completion for completion in completions if completion.item == item]
    usable = [grade for grade in of_item if is_usable(grade)]
    return _Facts(
        item=item,
        grade=max(usable, key=lambda grade: (grade.score is not None, _exact_percent(grade)), default=None),
        unusable=next((grade for grade in of_item if not is_usable(grade)), None),
        completion=min(states, key=lambda completion: _FURTHEST.index(completion.state), default=None),
    )


def is_usable(grade: Grade) -> bool:
    """Whether a grade can be counted at all: a number within its own scale, or nothing yet."""
    bounds = (grade.score_min, grade.score_max)
    if not all(map(isfinite, bounds)) or grade.score_max <= grade.score_min:
        return False
    return grade.score is None or (isfinite(grade.score) and grade.score_min <= grade.score <= grade.score_max)


def _exact(number: float) -> Fraction:
    """The number as people and gradebooks write it: 59.99, not the binary fraction beside it."""
    return Fraction(repr(float(number)))


def _exact_percent(grade: Grade) -> Fraction:
    if grade.score is None:
        return Fraction(0)
    low, high = _exact(grade.score_min), _exact(grade.score_max)
    return (_exact(grade.score) - low) / (high - low) * 100


def _weighted_total(course: Course, assessments: Sequence[Assessment], facts: dict[str, _Facts]) -> Fraction | None:
    weights = {assessment.key: _weight(course, assessment) for assessment in assessments}
    whole = sum(weights.values(), Fraction(0))
    if whole <= 0:
        return None
    return sum((weights[key] * facts[key].percent for key in weights), Fraction(0)) / whole


def _weight(course: Course, assessment: Assessment) -> Fraction:
    return _exact(course.weights.get(assessment.slug, 1.0))


def _assessment_reason(course: Course, assessment: Assessment, language: str, facts: _Facts) -> Reason:
    """How one graded module or activity stands, and whether that stands in the way of the award."""
    title = assessment.title[language]
    if isinstance(assessment, Module) and not assessment.is_written(language):
        return Reason("written", False, f"“{title}” is not written in this language yet", facts.source)
    if facts.unusable:
        return Reason("usable-grade", False, f"“{title}” has {_fault(facts.unusable)}", facts.source)
    if isinstance(assessment, Module) and not facts.is_seen:
        return Reason("deployed", False, f"“{title}” is not in what the site reported for this learner")
    met = facts.is_attempted or not course.certification.require_all_assessments
    return Reason("assessment", met, f"“{title}”: {_standing(facts)}", facts.source)


def _fault(grade: Grade) -> str:
    return f"a grade that cannot be counted: {grade.score} on a scale from {grade.score_min:g} to {grade.score_max:g}"


def _standing(facts: _Facts) -> str:
    if facts.is_graded:
        return _percent(facts.percent)
    return "done without a grade, counts 0 %" if facts.is_attempted else "not done yet, counts 0 %"


def _required_reasons(
    course: Course, edition: Edition, language: str, completions: Sequence[Completion]
) -> list[Reason]:
    items = {item.slug: item for item in _items(course, edition)}
    return [
        _required_reason(items[slug], language, completions) if slug in items else _missing_reason(slug, edition)
        for slug in course.certification.required
    ]


def _items(course: Course, edition: Edition) -> list[Assessment]:
    modules = [course.module(slug) for phase in edition.phases for slug in phase.modules]
    return [*modules, *(course.activity(slug) for phase in edition.phases for slug in phase.activities)]


def _required_reason(item: Assessment, language: str, completions: Sequence[Completion]) -> Reason:
    facts = _facts(item.key, (), completions)
    met = facts.completion is not None and facts.completion.is_done
    return Reason("required", met, f"“{item.title[language]}” is {'' if met else 'not '}completed", facts.source)


def _missing_reason(slug: str, edition: Edition) -> Reason:
    return Reason("required", False, f"“{slug}” must be completed and is not part of edition {edition.code}")


def _pass_mark_reason(course: Course, total: Fraction | None) -> Reason:
    mark = _exact(course.certification.pass_mark_percent)
    if total is None:
        return Reason("pass-mark", False, "nothing in this edition is graded, so there is no total to pass with")
    return Reason("pass-mark", total >= mark, f"weighted total {_percent(total)}, pass mark {_percent(mark)}")


def _percent(value: Fraction) -> str:
    return f"{_shown(value):g} %"


def _shown(value: Fraction) -> float:
    """Two decimals, always downwards: a total that did not reach the mark must not look as if it had."""
    return floor(value * 100) / 100
