"""Shows what was pulled: how everybody stands, how they stood at a time, and what was ever seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from lms_toolkit.model import Completion, CompletionState, Grade
from lms_toolkit.pulling import pull

if TYPE_CHECKING:
    from lms_toolkit.model import Learner
    from lms_toolkit.store import Store
    from lms_toolkit.store.history import Held

__all__ = ["HistoryRow", "ScoreRow", "history_of", "pull", "scores_of"]

_Fact = TypeVar("_Fact", Grade, Completion)


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One line of `grades show`: a learner, an item, and how both stand. Empty where the site says nothing."""

    learner: str
    learner_id: str
    item: str
    percent: float | None
    state: CompletionState | None
    graded_at: datetime | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One line of `grades show --history`: what a pull saw, from when until when it was so (None: it still is).

    `item` is empty for the enrolment itself.
    """

    learner: str
    learner_id: str
    item: str
    said: str
    since: datetime
    until: datetime | None
    source: str


def scores_of(store: Store, site: str, course_ref: str, text: str = "", at: datetime | None = None) -> list[ScoreRow]:
    """Grades and completions of a course page, by learner; `text` keeps those it is found in (see `People.find`).

    With `at`, as the store knew them at that time; else as they stand.
    """
    learners = _learners(store, site, course_ref, text)
    if at is None:
        found, done = store.results.grades(site, course_ref), store.results.completions(site, course_ref)
    else:
        found = _held_at(store.history.grades(site, course_ref), at)
        done = _held_at(store.history.completions(site, course_ref), at)
    grades = {(grade.user_ref, grade.item): grade for grade in found}
    states = {(state.user_ref, state.item): state for state in done}
    rows = [
        _row(learners[ref], item, grades.get((ref, item)), states.get((ref, item)))
        for ref, item in grades.keys() | states.keys()
        if ref in learners
    ]
    return sorted(rows, key=lambda row: (row.learner.casefold(), row.learner_id, row.item))


def history_of(store: Store, site: str, course_ref: str, text: str = "") -> list[HistoryRow]:
    """Everything pulls ever saw on a course page, by learner, item and time; `text` as for `scores_of`."""
    learners = _learners(store, site, course_ref, text)
    rows = _history(store, site, course_ref, learners)
    return sorted(rows, key=lambda row: (row.learner.casefold(), row.learner_id, row.item, row.since))


def _history(store: Store, site: str, course_ref: str, learners: dict[str, Learner]) -> Iterator[HistoryRow]:
    for one in store.history.enrolments(site, course_ref):
        if who := learners.get(one.user_ref):
            yield HistoryRow(who.name, who.id, "", "enrolled", one.since, one.until, f"{site}: user {one.user_ref}")
    for grade in store.history.grades(site, course_ref):
        if who := learners.get(grade.fact.user_ref):
            said = _grade_text(grade.fact)
            yield HistoryRow(who.name, who.id, grade.fact.item, said, grade.since, grade.until, grade.fact.source)
    for done in store.history.completions(site, course_ref):
        if who := learners.get(done.fact.user_ref):
            fact = done.fact
            yield HistoryRow(who.name, who.id, fact.item, fact.state, done.since, done.until, fact.source)


def _grade_text(grade: Grade) -> str:
    """The grade as the site gave it, with what the gradebook says of it."""
    score = "no grade" if grade.score is None else f"{grade.score:g} of {grade.score_max:g}"
    flags = ("overridden", "hidden", "excluded", "awaits_recalculation")
    return ", ".join([score, *(flag.replace("_", " ") for flag in flags if getattr(grade, flag))])


def _held_at(facts: Iterable[Held[_Fact]], at: datetime) -> list[_Fact]:
    return [one.fact for one in facts if one.since <= at and (one.until is None or at < one.until)]


def _learners(store: Store, site: str, course_ref: str, text: str) -> dict[str, Learner]:
    wanted = {learner.id for learner in store.people.find(text)}
    return {ref: who for ref, who in store.people.enrolled(site, course_ref).items() if who.id in wanted}


def _row(learner: Learner, item: str, grade: Grade | None, completion: Completion | None) -> ScoreRow:
    return ScoreRow(
        learner=learner.name,
        learner_id=learner.id,
        item=item,
        percent=grade.score_percent if grade else None,
        state=completion.state if completion else None,
        graded_at=grade.graded_at if grade else None,
    )
