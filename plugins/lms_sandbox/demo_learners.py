"""The three invented learners of the demonstration, and how each takes a module."""

from __future__ import annotations

from dataclasses import dataclass

from lms_sandbox.playing import LearnerBrowser
from lms_toolkit.model import User


@dataclass(frozen=True, slots=True)
class DemoLearner:
    """`score` is what they reach in the quiz; None stops half-way through the lessons."""

    user: User
    score: int | None


AMINA = DemoLearner(User("amina.test", "amina.test@example.org", "Amina", "Test", "demo-1"), 92)
JORGE = DemoLearner(User("jorge.prueba", "jorge.prueba@example.org", "Jorge", "Prueba", "demo-2"), 40)
CHLOE = DemoLearner(User("chloe.essai", "chloe.essai@example.org", "Chloé", "Essai", "demo-3"), None)


def play(url: str, module_id: int, learner: DemoLearner) -> str:
    """Take a module in the player over HTTP; what came of it, in words."""
    with LearnerBrowser(url, learner.user.username) as browser:
        items = browser.items(module_id)
        *lessons, quiz = items
        if learner.score is None:
            lessons = lessons[: len(lessons) // 2]
        for lesson in lessons:
            _read(browser, module_id, lesson)
        if learner.score is None:
            return f"{learner.user.first_name} stops after {len(lessons)} of {len(items)} pages"
        return f"{learner.user.first_name} {_sit(browser, module_id, quiz, learner.score)} with {learner.score}"


def _read(browser: LearnerBrowser, module_id: int, lesson: str) -> None:
    """Open a lesson, go through it, and close it; one that is done stays done."""
    if browser.launch(module_id, lesson)["cmi.core.lesson_status"] == "completed":
        return
    browser.commit(module_id, lesson, {"cmi.core.lesson_status": "incomplete", "cmi.core.exit": "suspend"})
    done = {
        "cmi.core.lesson_status": "completed",
        "cmi.core.session_time": "0000:06:00.00",
        "cmi.core.total_time": "0000:06:00.00",
        "cmi.core.exit": "",
    }
    browser.commit(module_id, lesson, done)


def _sit(browser: LearnerBrowser, module_id: int, quiz: str, score: int) -> str:
    """Take the quiz; the mastery score decides, as the adapter lets it at LMSFinish."""
    mastery = browser.launch(module_id, quiz)["cmi.student_data.mastery_score"] or "0"
    status = "passed" if score >= float(mastery) else "failed"
    result = {
        "cmi.core.score.raw": str(score),
        "cmi.core.score.min": "0",
        "cmi.core.score.max": "100",
        "cmi.core.lesson_status": status,
        "cmi.core.session_time": "0000:12:30.00",
        "cmi.core.total_time": "0000:12:30.00",
        "cmi.core.exit": "",
    }
    browser.commit(module_id, quiz, result)
    return "passes" if status == "passed" else "fails"
