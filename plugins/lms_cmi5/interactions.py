"""Describes the quiz's questions as xAPI interaction activities (xAPI data, section 2.4.4.1), with their answers.

Parts of a question are numbered in the author's order, as the run-time script numbers them: `choice-0`, `source-1`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lms_cmi5.structure import question_id
from lms_toolkit.model import Question, RenderedModule
from lms_toolkit.rendering.markdown import plain_text
from lms_toolkit.rendering.questions import right_answer, targets

_TYPE = "http://adlnet.gov/expapi/activities/cmi.interaction"


def definitions(module: RenderedModule) -> dict[str, dict[str, Any]]:
    """Question id → the activity that its answers are about, for every graded question."""
    questions = (question for page in module.pages if page.kind == "quiz" for question in page.questions)
    return {question.id: _activity(module, question) for question in questions}


def _activity(module: RenderedModule, question: Question) -> dict[str, Any]:
    language = module.language
    text = plain_text(question.text, language)
    definition = {"type": _TYPE, "name": {language: text}, "description": {language: text}}
    return {
        "objectType": "Activity",
        "id": question_id(module, question.id),
        "definition": definition | _interaction(question, language),
    }


def _interaction(question: Question, language: str) -> dict[str, Any]:
    kind = question.kind
    if kind == "true-false":
        return {
            "interactionType": "true-false",
            "correctResponsesPattern": ["false" if right_answer(question) else "true"],
        }
    if kind in ("single", "multiple", "hotspot"):
        return _choice(question, language)
    if kind == "matching":
        return _matching(question, language)
    if kind == "ordering":
        return {
            "interactionType": "sequencing",
            "choices": _parts("choice", question.items, language),
            "correctResponsesPattern": [_joined(f"choice-{index}" for index in range(len(question.items)))],
        }
    if kind == "fill-in":
        pattern = "{case_matters=" + ("true" if question.case_sensitive else "false") + "}"
        return {
            "interactionType": "fill-in",
            "correctResponsesPattern": [f"{pattern}{answer}" for answer in question.answers],
        }
    if kind == "numeric":
        return {"interactionType": "numeric", "correctResponsesPattern": [_range(question)]}
    return {"interactionType": "long-fill-in" if kind == "short-text" else "other"}  # read by a person: no right answer


def _choice(question: Question, language: str) -> dict[str, Any]:
    right = [index for index, option in enumerate(question.options) if option.correct]
    return {
        "interactionType": "choice",
        "choices": _parts("choice", (option.text for option in question.options), language),
        "correctResponsesPattern": [_joined(f"choice-{index}" for index in right)],
    }


def _matching(question: Question, language: str) -> dict[str, Any]:
    sides = enumerate(right_answer(question))
    return {
        "interactionType": "matching",
        "source": _parts("source", (pair.left for pair in question.pairs), language),
        "target": _parts("target", targets(question), language),
        "correctResponsesPattern": [_joined(f"source-{source}[.]target-{target}" for source, target in sides)],
    }


def _parts(name: str, texts: Iterable[str], language: str) -> list[dict[str, Any]]:
    return [
        {"id": f"{name}-{index}", "description": {language: plain_text(text, language)}}
        for index, text in enumerate(texts)
    ]


def _range(question: Question) -> str:
    answer = question.answer or 0.0
    if not question.tolerance:
        return f"{answer:g}"
    return f"{answer - question.tolerance:g}[:]{answer + question.tolerance:g}"


def _joined(parts: Iterable[str]) -> str:
    return "[,]".join(parts)
