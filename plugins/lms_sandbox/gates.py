"""Tells which items of a module are closed to a learner, by the rules of its manifest that the sandbox runs.

SCORM 2004 (SN 1.3): conditions that disable an item, the rollup rules and global objectives they look at, and whether
items can be chosen. SCORM 1.2: prerequisites that name items joined by `&`. Everything else in a manifest's sequencing
is left aside, and leaves items open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lms_sandbox.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class State:
    """What is known of an activity: `is_satisfied` is None while nothing is known of its success."""

    is_attempted: bool = False
    is_completed: bool = False
    is_satisfied: bool | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """`objective` names one of the item's objectives, and is empty for its own."""

    name: str
    is_negated: bool
    objective: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions, of which all must hold or any, and what follows."""

    conditions: tuple[Condition, ...]
    needs_all: bool
    action: str
    children: str = "all"
    """Of which children they must hold, in a rollup rule: all, any or none."""


@dataclass(frozen=True, slots=True)
class Activity:
    """An item, or the organization that holds all. `reads` and `writes` map its objectives to global ones."""

    identifier: str = ""
    children: tuple[Activity, ...] = ()
    is_choosable: bool = True
    disabled_when: tuple[Rule, ...] = ()
    rollup: tuple[Rule, ...] = ()
    counts_for_satisfied: bool = True
    counts_for_completed: bool = True
    reads: Mapping[str, str] = field(default_factory=dict)
    writes: tuple[str, ...] = ()
    prerequisites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gates:
    """Identifiers of items: `closed` to this learner now, and those that nobody chooses from the contents."""

    closed: frozenset[str] = frozenset()
    guided: frozenset[str] = frozenset()


def gates(root: Activity, outcomes: Mapping[str, Outcome]) -> Gates:
    """`outcomes` has an entry for each item where the learner has reached something."""
    states = dict(_rolled_up(root, {name: _state(found) for name, found in outcomes.items()}))
    known = {target: states[activity.identifier] for activity in _all(root) for target in activity.writes}
    closed = {name for activity in _all(root) if _is_closed(activity, states, known) for name in _names(activity)}
    guided = {activity.identifier for activity in _all(root) if not activity.is_choosable}
    return Gates(frozenset(closed), frozenset(guided))


def _state(found: Outcome) -> State:
    is_satisfied = found.is_passed if found.status in ("passed", "failed") else None
    return State(True, found.is_completed, is_satisfied)


def _all(activity: Activity) -> Iterator[Activity]:
    yield activity
    for child in activity.children:
        yield from _all(child)


def _names(activity: Activity) -> Iterator[str]:
    return (one.identifier for one in _all(activity))


def _is_closed(activity: Activity, states: Mapping[str, State], known: Mapping[str, State]) -> bool:
    if any(not states.get(name, State()).is_completed for name in activity.prerequisites):
        return True
    return any(_holds(rule, _seen_from(activity, states, known)) for rule in activity.disabled_when)


def _seen_from(
    activity: Activity, states: Mapping[str, State], known: Mapping[str, State]
) -> Callable[[Condition], State]:
    def state_of(condition: Condition) -> State:
        if condition.objective in activity.reads:
            return known.get(activity.reads[condition.objective], State())
        return states.get(activity.identifier, State()) if not condition.objective else State()

    return state_of


def _rolled_up(activity: Activity, reached: Mapping[str, State]) -> Iterator[tuple[str, State]]:
    """The state of an activity and of all in it, the innermost first (SN 1.3, RB.1.5)."""
    if not activity.children:
        yield activity.identifier, reached.get(activity.identifier, State())
        return
    inside: dict[str, State] = {}
    for child in activity.children:
        inside |= dict(_rolled_up(child, reached))
    yield from inside.items()
    children = [(child, inside[child.identifier]) for child in activity.children]
    completing = [state for child, state in children if child.counts_for_completed]
    satisfying = [state for child, state in children if child.counts_for_satisfied]
    yield (
        activity.identifier,
        State(
            any(state.is_attempted for _, state in children),
            bool(_verdict(activity, "completed", "incomplete", completing)),
            _verdict(activity, "satisfied", "notSatisfied", satisfying),
        ),
    )


def _verdict(activity: Activity, good: str, bad: str, children: list[State]) -> bool | None:
    """The rules of an activity, or the default ones: good when every child is (SN 1.3, RB.1.2 b, RB.1.3)."""
    rules = [rule for rule in activity.rollup if rule.action in (good, bad)]
    if not rules:
        everyone = Rule((Condition(good, False),), True, good)
        return True if _holds_for(everyone, children) else None
    verdicts = [rule.action == good for rule in rules if _holds_for(rule, children)]
    return all(verdicts) if verdicts else None


def _holds_for(rule: Rule, children: Iterable[State]) -> bool:
    found = [_holds(rule, lambda _, state=state: state) for state in children]  # type: ignore[misc]  # bound at once
    if not found:
        return False
    return {"all": all(found), "any": any(found), "none": not any(found)}.get(rule.children, False)


def _holds(rule: Rule, state_of: Callable[[Condition], State]) -> bool:
    found = [_is_true(condition, state_of(condition)) != condition.is_negated for condition in rule.conditions]
    return bool(found) and (all(found) if rule.needs_all else any(found))


def _is_true(condition: Condition, state: State) -> bool:
    return CONDITIONS[condition.name](state)


CONDITIONS: dict[str, Callable[[State], bool]] = {
    "always": lambda state: True,
    "satisfied": lambda state: state.is_satisfied is True,
    "objectiveStatusKnown": lambda state: state.is_satisfied is not None,
    "completed": lambda state: state.is_completed,
    "activityProgressKnown": lambda state: state.is_attempted,
    "attempted": lambda state: state.is_attempted,
}
"""The conditions that the sandbox knows. A rule with any other is not run."""
