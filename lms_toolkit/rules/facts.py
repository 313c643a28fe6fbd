"""What a site says of one item of one learner, over all the learner's accounts, as far as rules can count it.

Deciding for 100,000 people makes a million of these, so they are tuples, and equal scores are worked out once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from math import floor, isfinite
from typing import NamedTuple

from lms_toolkit.model import CompletionState, Grade
from lms_toolkit.result_rows import CompletionRow, GradeRow, grade_row, moment_of

# Of two accounts of one person, the further one counts.
_FURTHEST: dict[CompletionState, int] = {"passed": 0, "complete": 1, "failed": 2, "incomplete": 3}

WHOLE = 720_720 * 10**6
"""So many parts of a per cent make most scores a whole number: those with up to six decimals, out of up to 16."""


class Score(NamedTuple):
    """A score in per cent: exactly, as it is shown, and in parts of a per cent where that is a whole number."""

    percent: Fraction
    text: str
    parts: int | None


_NOTHING = Score(Fraction(0), "0 %", 0)


class Facts(NamedTuple):
    """`grade` is the best usable one, `unusable` one that no rule can count, `late` what came too late, in words."""

    item: str
    grade: GradeRow | None = None
    score: Score = _NOTHING
    unusable: GradeRow | None = None
    completion: CompletionRow | None = None
    late: str = ""

    # Rows may be plain tuples, so that their fields have places and no names here: 4 is the score, or the state.
    @property
    def is_graded(self) -> bool:
        return self.grade is not None and self.grade[4] is not None

    @property
    def is_attempted(self) -> bool:
        """A failed quiz was done too: it counts by its score."""
        return self.is_graded or (self.completion is not None and self.completion[4] != "incomplete")

    @property
    def is_completed(self) -> bool:
        return self.completion is not None and self.completion[4] in ("complete", "passed")

    @property
    def source(self) -> str:
        """Where it was read, and when it was done."""
        return source_of(self.unusable or self.grade or self.completion)


def source_of(row: GradeRow | CompletionRow | None) -> str:
    """Where something was read, and when it was done."""
    if row is None:
        return ""
    where, item, at, source, *_ = row
    return f"{where}, {item}, {at[:19]} UTC ({source})" if at else f"{where}, {item} ({source})"


class Limit(NamedTuple):
    """Until when something counts. `by_people`: its grade says when a tutor judged it, not when it was handed in;
    `settled_by_grade`: and so does its completion."""

    until: datetime
    by_people: bool
    settled_by_grade: bool


class Found:
    """Everything a learner has on a course page; rows may be plain tuples.

    Nearly always there is one row of an item: `_is_plain` says so.
    """

    __slots__ = ("_completion_of", "_completions", "_grade_of", "_grades", "_is_plain")

    def __init__(self, grades: Sequence[GradeRow], completions: Sequence[CompletionRow]) -> None:
        self._grades, self._completions = grades, completions
        self._grade_of = {row[1]: row for row in grades}
        self._completion_of = {row[1]: row for row in completions}
        self._is_plain = len(self._grade_of) == len(grades) and len(self._completion_of) == len(completions)

    def facts(self, item: str, limit: Limit | None = None) -> Facts:
        """How one item stands; what came after the limit is left out."""
        if limit is None and self._is_plain:
            grade = self._grade_of.get(item)
            score = _NOTHING if grade is None else _score(grade[4], grade[5], grade[6])
            if score is None:
                return Facts(item, None, _NOTHING, grade, self._completion_of.get(item), "")
            return Facts(item, grade, score, None, self._completion_of.get(item), "")
        grades = [GradeRow._make(row) for row in self._grades if row[1] == item]
        completions = [CompletionRow._make(row) for row in self._completions if row[1] == item]
        late = ""
        if limit is not None:
            grades, completions, late = _in_time(grades, completions, limit)
        grade, score, unusable = _best(grades)
        return Facts(item, grade, score, unusable, min(completions, key=_distance, default=None), late)


def _best(grades: Sequence[GradeRow]) -> tuple[GradeRow | None, Score, GradeRow | None]:
    best, best_score, unusable = None, _NOTHING, None
    for grade in grades:
        score = _score(grade.score, grade.low, grade.high)
        if score is None:
            unusable = unusable or grade
        elif best is None or (grade.score is not None, score.percent) > (best.score is not None, best_score.percent):
            best, best_score = grade, score
    return best, best_score, unusable


def _distance(completion: CompletionRow) -> int:
    return _FURTHEST[completion.state]


def _in_time(
    grades: list[GradeRow], completions: list[CompletionRow], limit: Limit
) -> tuple[list[GradeRow], list[CompletionRow], str]:
    done = [one for one in completions if limit.settled_by_grade or not _is_late(one, limit)]
    if limit.by_people:
        # Handed in too late, whenever it was graded; without a time of handing in, the site's own deadline held.
        is_late = len(done) < len(completions) and not done
        kept = [] if is_late else grades
    else:
        kept = [one for one in grades if not _is_late(one, limit)]
    dropped = len(done) < len(completions) or len(kept) < len(grades)
    return kept, done, f"what came after {limit.until:%Y-%m-%d %H:%M %Z} does not count" if dropped else ""


def _is_late(row: GradeRow | CompletionRow, limit: Limit) -> bool:
    return row.at is not None and moment_of(row.at) > limit.until


def is_usable(grade: Grade) -> bool:
    """Whether a grade can be counted at all: a number within its own scale, or nothing yet."""
    row = grade_row(grade)
    return _score(row.score, row.low, row.high) is not None


_ENOUGH = 1 << 16
_scales: dict[tuple[str, str], dict[str | None, Score | None]] = {}
"""The scores that were worked out, by scale; a million times as many are asked for."""


def _score(score: str | None, low: str, high: str) -> Score | None:
    """The score of a grade, None for one that cannot be counted; an empty grade counts 0."""
    known = _scales.get((low, high))
    if known is None or len(known) >= _ENOUGH:
        if len(_scales) >= _ENOUGH:
            _scales.clear()
        known = _scales[low, high] = {}
    try:
        return known[score]
    except KeyError:
        return known.setdefault(score, _worked_out(score, low, high))


def _worked_out(score: str | None, low: str, high: str) -> Score | None:
    least, most = float(low), float(high)
    if not (isfinite(least) and isfinite(most) and least < most):
        return None
    if score is None:
        return _NOTHING
    if not (isfinite(float(score)) and least <= float(score) <= most):
        return None
    bottom, top = Fraction(low), Fraction(high)
    percent = (Fraction(score) - bottom) / (top - bottom) * 100
    parts = percent * WHOLE
    return Score(percent, shown_percent(percent), parts.numerator if parts.denominator == 1 else None)


def exact(number: float) -> Fraction:
    """The number as people and gradebooks write it: 59.99, not the binary fraction beside it."""
    return Fraction(repr(float(number)))


def shown(value: Fraction) -> float:
    """Two decimals, always downwards: a total that did not reach the mark must not look as if it had."""
    return floor(value * 100) / 100


def shown_percent(value: Fraction) -> str:
    return f"{shown(value):g} %"
