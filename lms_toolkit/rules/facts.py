"""What a site says of one item of one learner, over all the learner's accounts, as far as rules can count it.

Deciding for 100,000 people makes a million of these, so they are tuples, and equal scores are worked out once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from math import floor, isfinite
from typing import NamedTuple

from lms_toolkit.model import Completion, CompletionState, Grade

# Of two accounts of one person, the further one counts.
_FURTHEST: dict[CompletionState, int] = {"passed": 0, "complete": 1, "failed": 2, "incomplete": 3}


class Score(NamedTuple):
    """A score in per cent, exactly, and as it is shown."""

    percent: Fraction
    text: str


_NOTHING = Score(Fraction(0), "0 %")


class Facts(NamedTuple):
    """`grade` is the best usable one, `unusable` one that no rule can count, `late` what came too late, in words."""

    item: str
    grade: Grade | None = None
    score: Score = _NOTHING
    unusable: Grade | None = None
    completion: Completion | None = None
    late: str = ""

    @property
    def is_graded(self) -> bool:
        return self.grade is not None and self.grade.score is not None

    @property
    def is_attempted(self) -> bool:
        """A failed quiz was done too: it counts by its score."""
        return self.is_graded or (self.completion is not None and self.completion.state != "incomplete")

    @property
    def is_completed(self) -> bool:
        return self.completion is not None and self.completion.is_done

    @property
    def is_seen(self) -> bool:
        return self.grade is not None or self.unusable is not None or self.completion is not None

    @property
    def source(self) -> str:
        """Where it was read, and when it was done."""
        fact = self.unusable or self.grade or self.completion
        if fact is None:
            return ""
        known_at = fact.completed_at if isinstance(fact, Completion) else fact.graded_at
        when = f", {str(known_at)[:19]} UTC" if known_at else ""
        return f"{fact.site}: course {fact.course_ref}, user {fact.user_ref}, {fact.item}{when} ({fact.source})"


class Limit(NamedTuple):
    """Until when something counts. `by_people`: its grade says when a tutor judged it, not when it was handed in;
    `settled_by_grade`: and so does its completion."""

    until: datetime
    by_people: bool
    settled_by_grade: bool


Found = tuple[list[Grade], list[Completion]]


def by_item(grades: Iterable[Grade], completions: Iterable[Completion]) -> defaultdict[str, Found]:
    """Everything a learner has, by item."""
    found: defaultdict[str, Found] = defaultdict(lambda: ([], []))
    for grade in grades:
        found[grade.item][0].append(grade)
    for completion in completions:
        found[completion.item][1].append(completion)
    return found


def facts_of(item: str, found: Found, limit: Limit | None = None) -> Facts:
    """How one item stands; what came after the limit is left out."""
    grades, completions = found
    late = ""
    if limit is not None:
        grades, completions, late = _in_time(grades, completions, limit)
    grade, score, unusable = _best(grades)
    completion = None
    if completions:
        completion = min(completions, key=_distance) if len(completions) > 1 else completions[0]
    return Facts(item, grade, score, unusable, completion, late)


def _best(grades: Sequence[Grade]) -> tuple[Grade | None, Score, Grade | None]:
    best, best_score, unusable = None, _NOTHING, None
    for grade in grades:
        score = _score(grade.score, grade.score_min, grade.score_max)
        if score is None:
            unusable = unusable or grade
        elif best is None or (grade.score is not None, score.percent) > (best.score is not None, best_score.percent):
            best, best_score = grade, score
    return best, best_score, unusable


def _distance(completion: Completion) -> int:
    return _FURTHEST[completion.state]


def _in_time(
    grades: Sequence[Grade], completions: Sequence[Completion], limit: Limit
) -> tuple[list[Grade], list[Completion], str]:
    done = [one for one in completions if limit.settled_by_grade or not _is_late(one.completed_at, limit)]
    if limit.by_people:
        # Handed in too late, whenever it was graded; without a time of handing in, the site's own deadline held.
        is_late = len(done) < len(completions) and not done
        kept = [] if is_late else list(grades)
    else:
        kept = [one for one in grades if not _is_late(one.graded_at, limit)]
    dropped = len(done) < len(completions) or len(kept) < len(grades)
    return kept, done, f"what came after {limit.until:%Y-%m-%d %H:%M %Z} does not count" if dropped else ""


def _is_late(at: datetime | None, limit: Limit) -> bool:
    return at is not None and at > limit.until


def is_usable(grade: Grade) -> bool:
    """Whether a grade can be counted at all: a number within its own scale, or nothing yet."""
    return _score(grade.score, grade.score_min, grade.score_max) is not None


@lru_cache(maxsize=1 << 16)
def _score(score: float | None, low: float, high: float) -> Score | None:
    """The score of a grade, None for one that cannot be counted; an empty grade counts 0."""
    if not (isfinite(low) and isfinite(high) and low < high):
        return None
    if score is None:
        return _NOTHING
    if not (isfinite(score) and low <= score <= high):
        return None
    bottom, top = exact(low), exact(high)
    percent = (exact(score) - bottom) / (top - bottom) * 100
    return Score(percent, shown_percent(percent))


def exact(number: float) -> Fraction:
    """The number as people and gradebooks write it: 59.99, not the binary fraction beside it."""
    return Fraction(repr(float(number)))


def shown(value: Fraction) -> float:
    """Two decimals, always downwards: a total that did not reach the mark must not look as if it had."""
    return floor(value * 100) / 100


def shown_percent(value: Fraction) -> str:
    return f"{shown(value):g} %"
