"""What an item of a manifest tells its SCO at launch: pass mark, time limit, data, objectives.

SCORM 1.2 says it in `adlcp` elements (CAM 1.2, 2.3.5), SCORM 2004 partly there and partly in the item's sequencing (CAM
1.3, 3.4 and 5.1). What closes an item to a learner: see gates.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from lms_sandbox.manifest_xml import Node, invalid


@dataclass(frozen=True, slots=True)
class LaunchRules:
    """`mastery_score` is SCORM 1.2's, from 0 to 100; `scaled_passing_score` and `completion_threshold` are SCORM
    2004's, from -1 to 1 and from 0 to 1."""

    launch_data: str = ""
    max_time_allowed: str = ""
    time_limit_action: str = ""
    mastery_score: float | None = None
    scaled_passing_score: float | None = None
    completion_threshold: float | None = None
    objectives: tuple[str, ...] = ()


def rules12(item: Node) -> LaunchRules:
    return LaunchRules(
        launch_data=item.text_of("adlcp:datafromlms"),
        max_time_allowed=item.text_of("adlcp:maxtimeallowed"),
        time_limit_action=item.text_of("adlcp:timelimitaction"),
        mastery_score=_number(item, "masteryscore", item.text_of("adlcp:masteryscore"), 0, 100),
    )


def rules2004(item: Node, collection: dict[str, Node]) -> LaunchRules:
    """`collection` holds the manifest's shared sequencings by their ID."""
    sequencing = _sequencing(item, collection)
    primary = next(_parts(sequencing, "imsss:objectives", "imsss:primaryobjective"), None)
    others = _parts(sequencing, "imsss:objectives", "imsss:objective")
    limits = next(_parts(sequencing, "imsss:limitconditions"), None)
    names = [node.attribute("objectiveid") for node in ([primary] if primary else []) + list(others)]
    return LaunchRules(
        launch_data=item.text_of("adlcp:datafromlms"),
        max_time_allowed=limits.attribute("attemptabsolutedurationlimit") if limits else "",
        time_limit_action=item.text_of("adlcp:timelimitaction"),
        scaled_passing_score=_passing_score(item, primary),
        completion_threshold=_completion_threshold(item),
        objectives=tuple(name for name in names if name),
    )


def _sequencing(item: Node, collection: dict[str, Node]) -> list[Node]:
    """The item's own sequencing first, then the shared one it names: what the item says itself counts (CAM 5.1.1)."""
    own = item.first("imsss:sequencing")
    shared = collection.get(own.attribute("idref")) if own else None
    return [node for node in (own, shared) if node is not None]


def _parts(sequencing: list[Node], *path: str) -> Iterator[Node]:
    """The elements at the end of `path`, from the first sequencing that has any."""
    for node in sequencing:
        found = [node]
        for name in path:
            found = [child for parent in found for child in parent.all(name)]
        if found:
            yield from found
            return


def _passing_score(item: Node, primary: Node | None) -> float | None:
    """RTE 1.3, 4.2.18: minNormalizedMeasure, 1.0 when it is left out, and only where a measure satisfies."""
    if primary is None or primary.attribute("satisfiedbymeasure") not in ("true", "1"):
        return None
    text = primary.text_of("imsss:minnormalizedmeasure") or "1.0"
    return _number(item, "minNormalizedMeasure", text, -1, 1)


def _completion_threshold(item: Node) -> float | None:
    """The 4th edition's attributes, or the 3rd edition's text (CAM 1.3, 3.4.1)."""
    node = item.first("adlcp:completionthreshold")
    if node is None:
        return None
    if node.text.strip():
        return _number(item, "completionThreshold", node.text.strip(), 0, 1)
    if node.attribute("completedbymeasure") not in ("true", "1"):
        return None
    return _number(item, "minProgressMeasure", node.attribute("minprogressmeasure") or "1.0", 0, 1)


def _number(item: Node, what: str, text: str, low: float, high: float) -> float | None:
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not low <= number <= high:
        name = item.attribute("identifier")
        invalid(f"the {what} of {name} is {text!r}, not a number from {low} to {high}")
    return number
