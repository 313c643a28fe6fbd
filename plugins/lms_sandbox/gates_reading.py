"""Reads from a manifest what closes items: sequencing (CAM 1.3, 5.1) and prerequisites (CAM 1.2, 2.3.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lms_sandbox.gates import CONDITIONS, Activity, Condition, Rule
from lms_sandbox.manifest_xml import Node

_JOINED = re.compile(r"[\w.-]+(\s*&\s*[\w.-]+)*")


def activity(node: Node, collection: dict[str, Node], is_choosable: bool = True) -> Activity:
    """An item, or the organization, with all that is in it. `collection` holds the shared sequencings by their ID."""
    own = node.first("imsss:sequencing") or Node("", {})
    shared = collection.get(own.attribute("idref")) or Node("", {})

    def part(name: str) -> Node:
        """What the item says itself counts (CAM 5.1.1)."""
        return own.first(name) or shared.first(name) or Node("", {})

    inside_is_choosable = _is_true(part("imsss:controlmode"), "choice")
    objectives = part("imsss:objectives")
    rollup = part("imsss:rolluprules")
    return Activity(
        identifier=node.attribute("identifier"),
        children=tuple(activity(item, collection, inside_is_choosable) for item in node.all("item")),
        is_choosable=is_choosable,
        disabled_when=tuple(_disabling(part("imsss:sequencingrules"))),
        rollup=tuple(_rollup(rollup)),
        counts_for_satisfied=_is_true(rollup, "rollupobjectivesatisfied"),
        counts_for_completed=_is_true(rollup, "rollupprogresscompletion"),
        reads=dict(_reads(objectives)),
        writes=tuple(_writes(objectives)),
        prerequisites=_prerequisites(node.text_of("adlcp:prerequisites")),
    )


def _prerequisites(script: str) -> tuple[str, ...]:
    """Identifiers joined by `&`; an AICC script that says anything else is not run."""
    return tuple(re.split(r"\s*&\s*", script)) if _JOINED.fullmatch(script) else ()


def _disabling(rules: Node) -> Iterator[Rule]:
    for node in rules.all("imsss:preconditionrule"):
        action = (node.first("imsss:ruleaction") or Node("", {})).attribute("action")
        holder = node.first("imsss:ruleconditions") or Node("", {})
        conditions = _conditions(holder, "imsss:rulecondition")
        if action == "disabled" and conditions:
            yield Rule(conditions, holder.attribute("conditioncombination") != "any", action)


def _rollup(rules: Node) -> Iterator[Rule]:
    for node in rules.all("imsss:rolluprule"):
        action = (node.first("imsss:rollupaction") or Node("", {})).attribute("action")
        holder = node.first("imsss:rollupconditions") or Node("", {})
        conditions = _conditions(holder, "imsss:rollupcondition")
        if conditions:
            needs_all = holder.attribute("conditioncombination") == "all"
            yield Rule(conditions, needs_all, action, node.attribute("childactivityset") or "all")


def _conditions(holder: Node, name: str) -> tuple[Condition, ...]:
    """None at all where one of them is not known here."""
    nodes = list(holder.all(name))
    if any(node.attribute("condition") not in CONDITIONS for node in nodes):
        return ()
    return tuple(
        Condition(
            node.attribute("condition"), node.attribute("operator") == "not", node.attribute("referencedobjective")
        )
        for node in nodes
    )


def _reads(objectives: Node) -> Iterator[tuple[str, str]]:
    for objective in _objectives(objectives):
        for link in _maps(objective):
            if _is_true(link, "readsatisfiedstatus"):
                yield objective.attribute("objectiveid"), link.attribute("targetobjectiveid")


def _writes(objectives: Node) -> Iterator[str]:
    """Only what an item's own objective tells: the others are set by content, which we do not follow."""
    for objective in objectives.all("imsss:primaryobjective"):
        for link in _maps(objective):
            if link.attribute("writesatisfiedstatus") in ("true", "1"):
                yield link.attribute("targetobjectiveid")


def _objectives(objectives: Node) -> Iterator[Node]:
    yield from objectives.all("imsss:primaryobjective")
    yield from objectives.all("imsss:objective")


def _maps(objective: Node) -> Iterator[Node]:
    """Whatever their prefix: Moodle fails on `imsss:mapInfo`, so packages that it shall take write another."""
    return (child for child in objective.children if child.name.rpartition(":")[2] == "mapinfo")


def _is_true(node: Node, name: str) -> bool:
    """These attributes are true where they are absent."""
    return node.attribute(name) not in ("false", "0")
