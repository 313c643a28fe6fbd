"""Rules for quizzes that give themselves away: patterns in the right answers, and marks that chance would earn."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lms_toolkit.courses.subject import ModuleRule, Subject, warning
from lms_toolkit.model import Finding, Question

_ENOUGH = 5  # fewer questions show no pattern
_ALWAYS = 0.9
_CLEARLY_LONGER = 1.2
_GUESSED_PERCENT = 45

_MARKUP = re.compile(r"[*_`~]|\]\([^)]*\)|[\[\]]")
_ABOVE = re.compile(
    r"""\b(?:
        (?:all|none|both|neither|any)\ of\ (?:the\ above|these|them|the\ previous)
        | (?:tout(?:e?s?)|aucun(?:e)?)\ (?:de\ |d['’])?(?:ce(?:s|lles|ux)|les)?\ ?(?:réponses?|propositions?|choix)?\ ?
          (?:ci-dessus|précédentes?|qui\ précèdent|ci-avant)
        | aucune\ de\ ces\ (?:réponses|propositions) | toutes\ ces\ (?:réponses|propositions)
        | (?:toda[so]?|ningun[oa]|ambas?)\ (?:las|los|de\ las|de\ los)?\ ?(?:respuestas\ |opciones\ )?anteriores
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def longest_is_right(subject: Subject) -> Iterator[Finding]:
    """Who has found out that the longest option is right need not read the question."""
    choices = [question for question in subject.content.quiz if question.kind == "single"]
    if _nearly_all(choices, _is_longest):
        message = f"the right option is clearly the longest in nearly all {len(choices)} questions"
        yield warning("key-pattern", message, subject.questions_path, choices[0].line, "make wrong options as long")


def first_is_right(subject: Subject) -> Iterator[Finding]:
    """Our pages shuffle options, so this one is for quizzes that go elsewhere: no warning, a note."""
    choices = [question for question in subject.content.quiz if question.kind == "single"]
    patterns: tuple[tuple[str, Callable[[Question], bool]], ...] = (
        ("first", lambda question: question.options[0].correct),
        ("last", lambda question: question.options[-1].correct),
    )
    for name, holds in patterns:
        if _nearly_all(choices, holds):
            message = f"the right option is the {name} in nearly all {len(choices)} questions"
            hint = "our pages shuffle options; systems that you export to may not"
            where, line = str(subject.questions_path), choices[0].line
            yield Finding("info", "key-pattern", message, where, line, hint=hint)


def same_truth(subject: Subject) -> Iterator[Finding]:
    """Statements that are all true, or all false."""
    statements = [question for question in subject.content.quiz if question.kind == "true-false"]
    truths = {question.options[0].correct for question in statements}
    if len(statements) >= _ENOUGH and len(truths) == 1:
        message = f"all {len(statements)} statements are {'true' if truths == {True} else 'false'}"
        yield warning("key-pattern", message, subject.questions_path, statements[0].line, "turn some of them round")


def all_of_the_above(subject: Subject) -> Iterator[Finding]:
    """Options are shuffled, so there is no “above”; and whoever knows two right options knows the answer."""
    for question in subject.questions:
        for option in question.options:
            if _ABOVE.search(_plain(option.text)):
                message = f"{question.id} has the option {option.text!r}, and options are shuffled"
                hint = "ask for several right options (kind: multiple) instead"
                yield warning("all-of-the-above", message, subject.questions_path, question.line, hint)


def easy_to_guess(subject: Subject) -> Iterator[Finding]:
    """What blind guessing earns on average must be far from a pass."""
    scored = [question for question in subject.content.quiz if question.is_scored]
    points = sum(question.points for question in scored)
    if len(scored) < _ENOUGH or not points:
        return
    percent = 100 * sum(question.points * _chance(question) for question in scored) / points
    if percent >= min(_GUESSED_PERCENT, subject.module.pass_mark_percent):
        message = f"guessing earns {percent:.0f} % of the quiz on average"
        hint = "add options, or questions to be answered in writing"
        yield warning("easy-to-guess", message, subject.questions_path, scored[0].line, hint)


def _chance(question: Question) -> float:
    """The share of the points that a blind guess earns on average."""
    if question.kind in ("single", "true-false", "hotspot"):
        return 1 / len(question.options)
    if question.kind == "multiple":
        return _chance_of_several(question)
    if question.kind == "matching":
        return 1 / len({*(pair.right for pair in question.pairs), *question.distractors})
    return 1 / len(question.items) if question.kind == "ordering" else 0.0


def _chance_of_several(question: Question) -> float:
    """Ticking everything earns (right - wrong) / right, and so does no other blind way better."""
    right = sum(option.correct for option in question.options)
    return max(0.0, (2 * right - len(question.options)) / right)


def _nearly_all(questions: Sequence[Question], holds: Callable[[Question], bool]) -> bool:
    return len(questions) >= _ENOUGH and sum(map(holds, questions)) >= _ALWAYS * len(questions)


def _is_longest(question: Question) -> bool:
    right = [len(_plain(option.text)) for option in question.options if option.correct]
    wrong = [len(_plain(option.text)) for option in question.options if not option.correct]
    return min(right) > _CLEARLY_LONGER * max(wrong)


def _plain(text: str) -> str:
    return _MARKUP.sub("", text)


KEY_RULES: tuple[ModuleRule, ...] = (longest_is_right, first_is_right, same_truth, all_of_the_above, easy_to_guess)
