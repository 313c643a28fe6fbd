"""Names what a cartridge leaves out of a module, or marks otherwise than our own pages do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lms_ims import qti
from lms_ims.asked import listed, quiz_questions, self_checks
from lms_toolkit.model import Question, RenderedModule, RenderedPage


def cartridge_losses(module: RenderedModule) -> Iterator[str]:
    """One line for each, with the questions it is about."""
    questions = [*quiz_questions(module), *self_checks(module)]
    for question in questions:
        missing = qti.why_not(question)
        if missing:
            yield f"{question.id} is left out: Common Cartridge has {missing}"
    yield from _changes([question for question in questions if not qti.why_not(question)])
    for page in module.pages:
        if page.kind == "quiz":
            yield from _quiz_losses(page)
    if "--" in module.module.slug and any(activity.kind == "forum" for activity in module.course.activities):
        yield "forums come with packages per module or per course, not with those of a lesson"


def _changes(kept: Sequence[Question]) -> Iterator[str]:
    changes = {
        "only the exact number counts as right, without tolerance": [one for one in kept if one.tolerance],
        "all or nothing, for Common Cartridge knows no part of a mark": [one for one in kept if one.kind == "multiple"],
        "the areas are a list below the picture": [one for one in kept if one.kind == "hotspot"],
        "hints are left out": [one for one in kept if one.hint],
    }
    for change, questions in changes.items():
        if questions:
            yield f"{change}: {listed(questions)}"


def _quiz_losses(page: RenderedPage) -> Iterator[str]:
    kept = [question for question in page.questions if not qti.why_not(question)]
    settings = page.quiz_settings
    if kept and qti.weights(kept) is None:
        yield f"{page.identifier}: points are left out, Common Cartridge takes whole numbers from 1 to 99"
    if settings.draw:
        yield f"{page.identifier}: every question is asked, Common Cartridge draws none"
    if settings.attempts and qti.max_attempts(settings.attempts) == "unlimited":
        yield f"{page.identifier}: attempts are not limited, Common Cartridge counts up to 5"
