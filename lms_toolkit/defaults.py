"""The host's own answers to the "first answer wins" hooks; plugins are asked before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lms_toolkit.hookspecs import hookimpl

if TYPE_CHECKING:
    from lms_toolkit.model import Award, Completion, Course, Decision, Edition, Grade, Learner, Lesson, User


@hookimpl(trylast=True)
def lms_render_lesson(course: Course, lesson: Lesson, language: str) -> str:
    from lms_toolkit.rendering import render_lesson

    return render_lesson(course, lesson, language)


@hookimpl(trylast=True)
def lms_resolve_learner(site: str, user: User) -> Learner:
    from lms_toolkit.people import resolve_learner

    return resolve_learner(site, user)


@hookimpl(trylast=True)
def lms_decide_award(
    course: Course,
    edition: Edition,
    language: str,
    learner: Learner,
    grades: Sequence[Grade],
    completions: Sequence[Completion],
    decisions: Sequence[Decision],
) -> Award:
    from lms_toolkit.rules import decide_award

    return decide_award(course, edition, language, learner, grades, completions, decisions)
