"""Writes who may go where, and what counts for the module (SCORM 2004 SN 3 and CAM 5.1).

`free`: every page at any time, from the table of contents or one after the other.
`linear`: one after the other, and the quiz once every lesson is completed. Conditions can only look at objectives, so
the lessons stand in a group of their own whose objective is satisfied when all of them are completed, and the quiz
reads that objective. This holds in both editions; reading completion directly would need the 4th.
"""

from __future__ import annotations

from lxml import etree

from lms_scorm.namespaces2004 import IMSSS
from lms_toolkit.model import Navigation, RenderedModule, RenderedPage
from lms_toolkit.xml_writing import Writer

MAP_PREFIX = "seq"
_GATE = "lessons-completed"


def add_group(item: etree._Element, navigation: Navigation) -> None:
    """An organization, or an item that holds others."""
    _add_control_mode(_add(item, "sequencing"), navigation)


def gate_of(module: RenderedModule, quiz: RenderedPage) -> str:
    """The global objective through which a quiz learns that the lessons before it are completed."""
    return f"urn:lms-toolkit:{module.course.id}:{module.module.slug}:{module.language}:{quiz.identifier}:{_GATE}"


def add_lessons_group(item: etree._Element, gate: str) -> None:
    """The lessons before a gated quiz: all completed means satisfied, and the quiz is told."""
    sequencing = _add(item, "sequencing")
    _add_control_mode(sequencing, "linear")
    # they open the quiz and count for completion; satisfaction and score of the module are the quiz's alone
    rollup = _add(sequencing, "rollupRules", rollupObjectiveSatisfied="false", objectiveMeasureWeight="0")
    rule = _add(rollup, "rollupRule", childActivitySet="all")
    _add(_add(rule, "rollupConditions"), "rollupCondition", condition="completed")
    _add(rule, "rollupAction", action="satisfied")
    primary = _add(_add(sequencing, "objectives"), "primaryObjective", objectiveID=_GATE)
    _add_map(primary, targetObjectiveID=gate, writeSatisfiedStatus="true")


def add_lesson(item: etree._Element, *, is_beside_quiz: bool) -> None:
    """A lesson counts for completion; in one group with a quiz it says nothing about success."""
    sequencing = _add(item, "sequencing")
    if is_beside_quiz:
        _add(sequencing, "rollupRules", rollupObjectiveSatisfied="false", objectiveMeasureWeight="0")
    _add_delivery_controls(sequencing)


def add_quiz(item: etree._Element, module: RenderedModule, gate: str) -> None:
    """The quiz is passed by its score, at the module's pass mark; `gate` is empty where it is always open."""
    sequencing = _add(item, "sequencing")
    if gate:
        _add_gate(sequencing)
    objectives = _add(sequencing, "objectives")
    primary = _add(objectives, "primaryObjective", satisfiedByMeasure="true")
    _add(primary, "minNormalizedMeasure").text = f"{module.module.pass_mark_percent / 100:g}"
    if gate:
        told = _add(objectives, "objective", objectiveID=_GATE)
        _add_map(told, targetObjectiveID=gate, readNormalizedMeasure="false")
    _add_delivery_controls(sequencing)


def _add_gate(sequencing: etree._Element) -> None:
    rule = _add(_add(sequencing, "sequencingRules"), "preConditionRule")
    conditions = _add(rule, "ruleConditions", conditionCombination="any")
    for condition in ("satisfied", "objectiveStatusKnown"):
        _add(conditions, "ruleCondition", referencedObjective=_GATE, operator="not", condition=condition)
    _add(rule, "ruleAction", action="disabled")


def _add_control_mode(sequencing: etree._Element, navigation: Navigation) -> None:
    _add(sequencing, "controlMode", choice="true" if navigation == "free" else "false", flow="true")


def _add_delivery_controls(sequencing: etree._Element) -> None:
    """The page says itself what was done: without this a platform takes a page whose script never ran for done."""
    _add(sequencing, "deliveryControls", completionSetByContent="true", objectiveSetByContent="true")


def _add_map(objective: etree._Element, **attributes: str) -> None:
    """mapInfo in a prefix of its own: Moodle's reader matches `imsss:mapInfo` as text and breaks down there (seen in
    4.5: datamodels/scormlib.php sets a property of what was never made). What it does not match it leaves aside."""
    etree.SubElement(objective, f"{{{IMSSS}}}mapInfo", dict(attributes), nsmap={MAP_PREFIX: IMSSS})


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return Writer(IMSSS).add(parent, name, attributes=attributes)
