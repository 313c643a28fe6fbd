"""What rules read of a grade or a completion: texts, as the store keeps them.

Deciding for 100,000 people reads more than a million of each. Making records of them would take longer than deciding,
so records are made only if a plugin looks at them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple, TypeVar, cast, overload

from lms_toolkit.model import Completion, CompletionState, Grade

_Record = TypeVar("_Record")


class GradeRow(NamedTuple):
    """`where` is the site, course page and account; `at` is in UTC, without saying so; `waits`: for being added up."""

    where: str
    item: str
    at: str | None
    source: str
    score: str | None
    low: str
    high: str
    waits: bool


class CompletionRow(NamedTuple):
    """Begins as a `GradeRow` does."""

    where: str
    item: str
    at: str | None
    source: str
    state: CompletionState


def place(site: str, course_ref: str, user_ref: str) -> str:
    """Where something was read."""
    return f"{site}: course {course_ref}, user {user_ref}"


def grade_row(grade: Grade) -> GradeRow:
    return GradeRow(
        place(grade.site, grade.course_ref, grade.user_ref),
        grade.item,
        _text(grade.graded_at),
        grade.source,
        None if grade.score is None else repr(float(grade.score)),
        repr(float(grade.score_min)),
        repr(float(grade.score_max)),
        grade.awaits_recalculation,
    )


def completion_row(one: Completion) -> CompletionRow:
    where = place(one.site, one.course_ref, one.user_ref)
    return CompletionRow(where, one.item, _text(one.completed_at), one.source, one.state)


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ")


@lru_cache(maxsize=1 << 12)
def moment_of(text: str) -> datetime:
    """The time that a row's `at` says."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Unread(Sequence[_Record]):
    """Records of which only the `rows` were read; somebody who looks at one makes `load` read them."""

    def __init__(self, rows: Sequence[tuple[object, ...]], load: Callable[[], Sequence[_Record]]) -> None:
        self.rows = rows
        self._load = load

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> _Record: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Record]: ...
    def __getitem__(self, index: int | slice) -> _Record | Sequence[_Record]:
        return self._load()[index]


def grade_rows(grades: Iterable[Grade]) -> Sequence[GradeRow]:
    """The rows behind these grades; of a store's, plain tuples."""
    if isinstance(grades, Unread):
        return cast("Sequence[GradeRow]", grades.rows)
    return [grade_row(grade) for grade in grades]


def completion_rows(completions: Iterable[Completion]) -> Sequence[CompletionRow]:
    """The rows behind these completions; of a store's, plain tuples."""
    if isinstance(completions, Unread):
        return cast("Sequence[CompletionRow]", completions.rows)
    return [completion_row(one) for one in completions]
