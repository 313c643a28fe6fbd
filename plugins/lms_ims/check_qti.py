"""Checks QTI 1.2.1 files of cartridges against the profile of Common Cartridge 1.1."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from lms_ims.reading import all_named, first_child, line_of, local, text
from lms_toolkit.model import Finding

_SPEC = "CC 1.1, QTI profile"
_MAX_WEIGHT = 99
_CHOICES = {
    "cc.true_false.v0p1": ("Single", 2, 2, "3"),
    "cc.multiple_choice.v0p1": ("Single", 3, None, "4"),
    "cc.multiple_response.v0p1": ("Multiple", 2, None, "5"),
}
"""Profile → cardinality, fewest and most labels, number of its rules."""
_WRITTEN = frozenset({"cc.fib.v0p1", "cc.pattern_match.v0p1", "cc.essay.v0p1"})


def check_question_file(root: etree._Element, name: str) -> Iterator[Finding]:
    """What is wrong with an assessment or a question bank; `name` is the file's."""
    if local(root) != "questestinterop":
        yield _error("qti-root", f"the root element is <{local(root)}>, not <questestinterop>", name, root)
        return
    items = all_named(root, "item")
    for identifier, count in Counter(item.get("ident", "") for item in items).items():
        if count > 1:
            yield _error("duplicate-identifier", f"{count} questions are named {identifier!r} (rule 13a)", name, root)
    for item in items:
        yield from _item(item, name)


def _item(item: etree._Element, name: str) -> Iterator[Finding]:
    label = item.get("ident", "?")
    fields = _fields(item)
    profile = fields.get("cc_profile", "")
    if profile not in _CHOICES and profile not in _WRITTEN:
        message = f"question {label!r} has the profile {profile!r}, which Common Cartridge does not have (rule 2b)"
        yield _error("question-profile", message, name, item)
    weight = fields.get("cc_weighting", "1")
    if not weight.isascii() or not weight.isdecimal() or not 1 <= int(weight[:3]) <= _MAX_WEIGHT:
        message = f"the weighting of question {label!r} is {weight!r}; it is a whole number from 1 to 99 (rule 2c)"
        yield _error("question-weighting", message, name, item)
    if profile in _CHOICES:
        yield from _choices(item, profile, name)
    yield from _answers(item, name)
    yield from _feedback(item, name)


def _fields(item: etree._Element) -> dict[str, str]:
    metadata = first_child(item, "itemmetadata")
    fields = all_named(metadata, "qtimetadatafield") if metadata is not None else []
    return {text(first_child(field, "fieldlabel")): text(first_child(field, "fieldentry")) for field in fields}


def _choices(item: etree._Element, profile: str, name: str) -> Iterator[Finding]:
    label = item.get("ident", "?")
    cardinality, fewest, most, number = _CHOICES[profile]
    responses = all_named(item, "response_lid")
    if not responses or responses[0].get("rcardinality", "Single") != cardinality:
        message = f"question {label!r} needs a response_lid of cardinality {cardinality} (rule {number}a)"
        yield _error("question-cardinality", message, name, item)
    count = len(all_named(item, "response_label"))
    if count < fewest or (most is not None and count > most):
        wanted = f"{fewest}" if most else f"{fewest} or more"
        message = f"question {label!r} has {count} options; it needs {wanted} (rule {number}d)"
        yield _error("question-options", message, name, item)


def _answers(item: etree._Element, name: str) -> Iterator[Finding]:
    """Answers that are marked but cannot be given: QTI 1.2.1, varequal."""
    labels = {element.get("ident") for element in all_named(item, "response_label")}
    choices = {element.get("ident") for element in all_named(item, "response_lid")}
    for equal in all_named(item, "varequal"):
        if equal.get("respident") in choices and text(equal) not in labels:
            message = f"question {item.get('ident', '?')!r} marks the answer {text(equal)!r}, which is no option of it"
            yield _error("unknown-answer", message, name, equal)


def _feedback(item: etree._Element, name: str) -> Iterator[Finding]:
    written = {element.get("ident") for element in all_named(item, "itemfeedback")}
    shown = {element.get("linkrefid") for element in all_named(item, "displayfeedback")}
    for identifier in sorted(str(one) for one in written ^ shown):
        message = f"question {item.get('ident', '?')!r}: the feedback {identifier!r} is not both written and shown"
        yield _error("feedback", f"{message} (rule 12)", name, item)


def _error(rule: str, message: str, name: str, element: etree._Element) -> Finding:
    return Finding("error", rule, message, name, line_of(element), source=_SPEC)
