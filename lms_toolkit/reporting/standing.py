"""How each learner stands with each module and activity, over all the learner's accounts on the course page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lms_toolkit.model import Attempt, Completion, Grade
from lms_toolkit.rules import is_usable

NOT_BEGUN, UNDER_WAY, DONE = 0, 1, 2


@dataclass(slots=True)
class State:
    """How far one learner is with one item. The best of several accounts counts."""

    how_far: int = NOT_BEGUN
    percent: float | None = None


@dataclass(slots=True)
class Standing:
    """One learner: what is known of each item, by its key, and when the learner last did anything."""

    learner_id: str
    name: str
    states: dict[str, State] = field(default_factory=dict)
    last_active_at: datetime | None = None

    def state(self, key: str) -> State:
        return self.states.setdefault(key, State())

    @property
    def has_begun(self) -> bool:
        return self.last_active_at is not None or any(state.how_far for state in self.states.values())

    def was_active(self, at: datetime | None) -> None:
        if at is not None and (self.last_active_at is None or at > self.last_active_at):
            self.last_active_at = at


def standings(
    people: Mapping[str, tuple[str, str]],
    keys: Sequence[str],
    grades: Iterable[Grade],
    completions: Iterable[Completion],
    attempts: Iterable[Attempt],
    until: datetime,
) -> list[Standing]:
    """Everybody's standing, in order of learner id. `people` are learner id and name by account.

    Of `keys` only, because a site also reports totals. What happened after `until` is left out, as far as it is dated.
    """
    found = {id: Standing(id, name) for id, name in sorted(set(people.values()))}
    of_account = {ref: found[id] for ref, (id, _) in people.items()}
    wanted = set(keys)
    for grade in grades:
        if grade.item in wanted and grade.user_ref in of_account and not _later(grade.graded_at, until):
            _graded(of_account[grade.user_ref], grade)
    for completion in completions:
        if completion.item in wanted and completion.user_ref in of_account:
            _completed(of_account[completion.user_ref], completion, until)
    for attempt in attempts:
        if attempt.user_ref in of_account and not _later(attempt.started_at, until):
            _attempted(of_account[attempt.user_ref], attempt, wanted, until)
    return list(found.values())


def _graded(standing: Standing, grade: Grade) -> None:
    percent = grade.score_percent
    if percent is None or not is_usable(grade):
        return
    state = standing.state(grade.item)
    state.percent = percent if state.percent is None else max(state.percent, percent)
    state.how_far = max(state.how_far, UNDER_WAY)
    standing.was_active(grade.graded_at)


def _completed(standing: Standing, completion: Completion, until: datetime) -> None:
    if completion.state == "incomplete" or _later(completion.completed_at, until):
        return
    state = standing.state(completion.item)
    state.how_far = max(state.how_far, DONE if completion.is_done else UNDER_WAY)
    standing.was_active(completion.completed_at)


def _attempted(standing: Standing, attempt: Attempt, wanted: set[str], until: datetime) -> None:
    if attempt.item in wanted:
        state = standing.state(attempt.item)
        state.how_far = max(state.how_far, UNDER_WAY)
    standing.was_active(attempt.started_at)
    if not _later(attempt.updated_at, until):
        standing.was_active(attempt.updated_at)


def _later(moment: datetime | None, until: datetime) -> bool:
    return moment is not None and moment > until


def settle(standing: Standing, keys_without_completion: Iterable[str]) -> None:
    """What the site marks no completion of is done once it has a score."""
    for key in keys_without_completion:
        state = standing.states.get(key)
        if state is not None and state.percent is not None:
            state.how_far = DONE
