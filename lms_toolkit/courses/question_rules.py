"""Rules for questions: nobody is left without feedback, and no choice is there twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from lms_toolkit.courses.subject import ModuleRule, Subject, error, warning
from lms_toolkit.model import Finding, Option, Pair, Question


def no_feedback(subject: Subject) -> Iterator[Finding]:
    """A learner who answers is told why; a text for each option will do."""
    for question in subject.questions:
        parts: list[Option | Pair] = [*question.options, *question.pairs]
        if not question.feedback.strip() and not (parts and all(part.feedback.strip() for part in parts)):
            message = f"{question.id} has no feedback"
            yield warning("no-feedback", message, subject.questions_path, question.line, "add feedback: and say why")


def equal_options(subject: Subject) -> Iterator[Finding]:
    """Two choices that read the same cannot be told apart, so one of them would be marked wrong."""
    for question in subject.questions:
        for text in _repeated(question):
            message = f"{question.id} offers {text!r} twice"
            yield error("equal-options", message, subject.questions_path, question.line, "reword or remove one")


def _repeated(question: Question) -> Iterator[str]:
    yield from _twice(option.text for option in question.options)
    yield from _twice(question.items)
    yield from _twice(pair.left for pair in question.pairs)
    yield from _twice([*(pair.right for pair in question.pairs), *question.distractors])


def _twice(texts: Iterable[str]) -> list[str]:
    normal = [_normal(text) for text in texts]
    if len(set(normal)) == len(normal):
        return []
    return [text for text, count in Counter(normal).items() if count > 1]


def equal_questions(subject: Subject) -> Iterator[Finding]:
    """Two questions of one kind with the same text, and the same choices, are one copied and forgotten."""
    alike: dict[tuple[str, str], list[Question]] = {}
    for question in subject.questions:
        before = alike.setdefault((question.kind, _normal(question.text)), [])
        same = next((other for other in before if _choices(other) == _choices(question)), None)
        if same:
            message = f"{question.id} asks the same as {same.id}"
            yield warning("equal-questions", message, subject.questions_path, question.line, "reword or remove one")
        else:
            before.append(question)


def _choices(question: Question) -> list[str]:
    return [_normal(option.text) for option in question.options]


def no_quiz(subject: Subject) -> Iterator[Finding]:
    """Every module counts as an assessment; without a quiz it never gives a grade."""
    if not any(question.is_scored for question in subject.content.quiz):
        hint = "add questions under quiz: in questions.yaml"
        yield warning(
            "no-quiz", f"module {subject.module.slug} has no graded question", subject.questions_path, hint=hint
        )


def _normal(text: str) -> str:
    return " ".join(text.split()).casefold()


QUESTION_RULES: tuple[ModuleRule, ...] = (no_feedback, equal_options, equal_questions, no_quiz)
