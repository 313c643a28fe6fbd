"""Writes questions as QTI 1.2.1 in the profiles of Common Cartridge: an assessment, or a bank of questions.

The order of conditions matters to readers: general feedback first (`continue="Yes"`), then one condition per answer,
each with its mark and its feedback together, because Moodle takes the last condition that names an answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from lxml import etree

from lms_ims.asked import Asked, number_spellings, spellings
from lms_ims.names import QTI
from lms_toolkit.model import Question
from lms_toolkit.xml_writing import Writer, document

_PROFILES = {
    "single": "cc.multiple_choice.v0p1",
    "multiple": "cc.multiple_response.v0p1",
    "true-false": "cc.true_false.v0p1",
    "fill-in": "cc.fib.v0p1",
    "numeric": "cc.fib.v0p1",
    "hotspot": "cc.multiple_choice.v0p1",  # its areas have names: a list below the picture
}
_FEWEST_OPTIONS = {"single": 3, "hotspot": 3, "multiple": 2, "true-false": 2}  # CC 1.1, QTI rules 4d, 5d and 3d
_RESPONSE = "response"
_GENERAL = "general"
_MOST_ATTEMPTS = 5
_MAX_WEIGHT = 99  # CC 1.1, QTI rule 2c: a whole number from 1 to 99

_qti = Writer(QTI)


@dataclass(frozen=True, slots=True)
class _Condition:
    """One way of answering: which answers it is, its mark if it is right, and the feedback it shows."""

    answers: tuple[str, ...]
    is_right: bool = False
    feedback: str = ""
    heed_case: bool = False


def why_not(question: Question) -> str:
    """What Common Cartridge lacks to hold a question, in words; empty when it holds it."""
    if not question.is_scored:
        return f"no {question.kind} question that nobody marks"
    if question.kind not in _PROFILES:
        return f"no profile for {question.kind} questions"
    fewest = _FEWEST_OPTIONS.get(question.kind, 0)
    if len(question.options) < fewest:
        return f"no {question.kind} question with {len(question.options)} options; it asks for {fewest}"
    return ""


def weights(questions: Sequence[Question]) -> tuple[int, ...] | None:
    """Points as whole numbers in the same proportion, 1 to 99; None when there are none."""
    points = [Fraction(question.points).limit_denominator(1000) for question in questions]
    if not points or any(point <= 0 for point in points):
        return None
    scale = lcm(*(point.denominator for point in points))
    whole = tuple(int(point * scale) for point in points)
    return whole if max(whole) <= _MAX_WEIGHT else None


def max_attempts(attempts: int | None) -> str:
    """As Common Cartridge counts them: 1 to 5, or without limit (CC 1.1, QTI rule 1i)."""
    return str(attempts) if attempts is not None and attempts <= _MOST_ATTEMPTS else "unlimited"


def assessment(identifier: str, title: str, asked: Sequence[Asked], attempts: int | None) -> bytes:
    """The graded quiz, which may be taken so many times."""
    root = _qti.root("questestinterop", {None: QTI})
    test = _qti.add(root, "assessment", attributes={"ident": identifier, "title": title})
    fields = {
        "cc_profile": "cc.exam.v0p1",
        "qmd_assessmenttype": "Examination",
        "qmd_scoretype": "Percentage",
        "qmd_feedbackpermitted": "Yes",
        "cc_maxattempts": max_attempts(attempts),
    }
    _add_metadata(test, fields)
    section = _qti.add(test, "section", attributes={"ident": "section"})
    marks = weights([one.question for one in asked])
    for number, one in enumerate(asked):
        _add_item(section, one, marks[number] if marks else None)
    return document(root)


def question_bank(identifier: str, asked: Sequence[Asked]) -> bytes:
    """Questions to draw from; a bank has no title (QTI 1.2.1, objectbank)."""
    root = _qti.root("questestinterop", {None: QTI})
    bank = _qti.add(root, "objectbank", attributes={"ident": identifier})
    for one in asked:
        _add_item(bank, one, None)
    return document(root)


def _add_item(parent: etree._Element, asked: Asked, weight: int | None) -> None:
    question = asked.question
    item = _qti.add(parent, "item", attributes={"ident": question.id, "title": asked.name})
    fields = {"cc_profile": _PROFILES[question.kind]}
    if weight is not None:
        fields["cc_weighting"] = str(weight)
    _add_metadata(_qti.add(item, "itemmetadata"), fields)
    presentation = _qti.add(item, "presentation")
    _add_html(presentation, asked.html)
    if question.options:
        _add_choices(presentation, asked)
    else:
        response = _add_response(presentation, "response_str", "Single")
        _qti.add(response, "render_fib", attributes={"prompt": "Box"})
    conditions = _conditions(asked)
    _add_marking(item, asked, conditions)
    _add_feedbacks(item, asked, conditions)


def _conditions(asked: Asked) -> list[_Condition]:
    question = asked.question
    if question.kind == "fill-in":
        return [_Condition(spellings(question), is_right=True, heed_case=question.case_sensitive)]
    if question.kind == "numeric":
        return [_Condition(number_spellings(question), is_right=True)]
    is_alone = question.kind != "multiple"  # several right answers are marked together
    return [
        _Condition((_option(question, index),), option.correct and is_alone, feedback)
        for index, (option, feedback) in enumerate(zip(question.options, asked.choice_feedback, strict=True))
    ]


def _option(question: Question, index: int) -> str:
    # Moodle insists on these two words, and the first option of a true-false question is the true one
    return ("true", "false")[index] if question.kind == "true-false" else f"option-{index + 1}"


def _add_choices(presentation: etree._Element, asked: Asked) -> None:
    question = asked.question
    response = _add_response(presentation, "response_lid", "Multiple" if question.kind == "multiple" else "Single")
    shuffle = "No" if question.kind == "true-false" else "Yes"
    choices = _qti.add(response, "render_choice", attributes={"shuffle": shuffle})
    for index, choice in enumerate(asked.choices):
        label = _qti.add(choices, "response_label", attributes={"ident": _option(question, index)})
        _add_html(label, choice)


def _add_response(presentation: etree._Element, name: str, cardinality: str) -> etree._Element:
    return _qti.add(presentation, name, attributes={"ident": _RESPONSE, "rcardinality": cardinality})


def _add_marking(item: etree._Element, asked: Asked, conditions: Sequence[_Condition]) -> None:
    processing = _qti.add(item, "resprocessing")
    range_ = {"varname": "SCORE", "vartype": "Decimal", "minvalue": "0", "maxvalue": "100"}
    _qti.add(_qti.add(processing, "outcomes"), "decvar", attributes=range_)
    if asked.feedback:
        always = _qti.add(processing, "respcondition", attributes={"continue": "Yes"})
        _qti.add(_qti.add(always, "conditionvar"), "other")
        _add_display(always, _GENERAL)
    if asked.question.kind == "multiple":
        _add_all_right(processing, asked.question)
    for number, condition in enumerate(conditions, 1):
        if condition.is_right or condition.feedback:
            _add_condition(processing, condition, number)


def _add_condition(processing: etree._Element, condition: _Condition, number: int) -> None:
    element = _qti.add(processing, "respcondition", attributes={"continue": "No"})
    variables = _qti.add(element, "conditionvar")
    for answer in condition.answers:
        _add_equal(variables, answer, heed_case=condition.heed_case)
    if condition.is_right:
        _add_full_mark(element)
    if condition.feedback:
        _add_display(element, _feedback(number))


def _add_all_right(processing: etree._Element, question: Question) -> None:
    """Full marks for exactly the right options: CC 1.1 knows no part of a mark."""
    element = _qti.add(processing, "respcondition", attributes={"continue": "No"})
    every = _qti.add(_qti.add(element, "conditionvar"), "and")
    for index, option in enumerate(question.options):
        parent = every if option.correct else _qti.add(every, "not")
        _add_equal(parent, _option(question, index), heed_case=True)
    _add_full_mark(element)


def _add_equal(parent: etree._Element, answer: str, *, heed_case: bool) -> None:
    _qti.add(parent, "varequal", answer, {"respident": _RESPONSE, "case": "Yes" if heed_case else "No"})


def _add_full_mark(condition: etree._Element) -> None:
    _qti.add(condition, "setvar", "100", {"varname": "SCORE", "action": "Set"})


def _add_display(condition: etree._Element, feedback: str) -> None:
    _qti.add(condition, "displayfeedback", attributes={"feedbacktype": "Response", "linkrefid": feedback})


def _add_feedbacks(item: etree._Element, asked: Asked, conditions: Sequence[_Condition]) -> None:
    if asked.feedback:
        _add_feedback(item, _GENERAL, asked.feedback)
    for number, condition in enumerate(conditions, 1):
        if condition.feedback:
            _add_feedback(item, _feedback(number), condition.feedback)


def _add_feedback(item: etree._Element, identifier: str, html: str) -> None:
    feedback = _qti.add(item, "itemfeedback", attributes={"ident": identifier})
    _add_html(_qti.add(feedback, "flow_mat"), html)


def _feedback(number: int) -> str:
    return f"feedback-{number}"


def _add_html(parent: etree._Element, html: str) -> None:
    _qti.add(_qti.add(parent, "material"), "mattext", html, {"texttype": "text/html"})


def _add_metadata(parent: etree._Element, fields: dict[str, str]) -> None:
    metadata = _qti.add(parent, "qtimetadata")
    for label, entry in fields.items():
        field = _qti.add(metadata, "qtimetadatafield")
        _qti.add(field, "fieldlabel", label)
        _qti.add(field, "fieldentry", entry)
