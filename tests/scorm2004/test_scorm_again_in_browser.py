"""Every SCORM format in scorm-again, an LMS run time that we did not write: what is kept over sessions is the same.

What each question kind leaves there: see tests/sandbox/test_players_agree.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FORMATS = ("scorm12", "scorm2004-3rd", "scorm2004-4th")
NAMES_12 = {
    "completion": "cmi.core.lesson_status",
    "success": "cmi.core.lesson_status",
    "raw": "cmi.core.score.raw",
    "location": "cmi.core.lesson_location",
    "exit": "cmi.core.exit",
    "memory": "cmi.suspend_data",
    "response": "student_response",
}
NAMES_2004 = {
    "completion": "cmi.completion_status",
    "success": "cmi.success_status",
    "raw": "cmi.score.raw",
    "location": "cmi.location",
    "exit": "cmi.exit",
    "memory": "cmi.suspend_data",
    "response": "learner_response",
}


class Player:
    """scorm-again's window in one edition, and the learner in front of it."""

    def __init__(self, window: Any, learner: Any, edition: str) -> None:
        self.window = window
        self.page = window.page
        self.sco = window.sco
        self.learner = learner
        self.edition = edition
        self.names = NAMES_12 if edition == "scorm12" else NAMES_2004

    def launch(self, name: str, earlier: Any = None) -> None:
        manifest = {"threshold": 1, **({"passing": 0.7} if name == "quiz.html" else {})}
        self.page.evaluate("given => launch(...given)", [name, self.edition, manifest, earlier])
        self.window.is_live()

    def leave(self) -> None:
        before = len(self.window.commits)
        self.page.evaluate("leave()")
        self.page.wait_for_function("window.isOver")
        self.window.served.wait_for_commit(before)

    def come_back(self, name: str) -> None:
        self.leave()
        self.launch(name, self.last)

    @property
    def last(self) -> dict[str, Any]:
        """What the last commit told the platform's server."""
        return dict(self.window.commits[-1])

    def told(self, what: str) -> Any:
        return self.last[self.names[what]]

    def interaction(self, number: int, name: str) -> Any:
        return self.last[f"cmi.interactions.{number}.{name}"]

    @property
    def errors(self) -> list[str]:
        return list(self.page.evaluate("window.errors"))


@pytest.fixture(params=FORMATS)
def player(
    request: Any, workshop: Any, scorm_again: Path, platform_window: Any, learner: Callable[..., Any]
) -> Iterator[Player]:
    edition: str = request.param
    library = scorm_again / ("scorm12.min.js" if edition == "scorm12" else "scorm2004.min.js")
    host = Path(__file__).with_name("scorm_again_host.js")
    with platform_window(workshop.build(edition).path, [library, host]) as window:
        yield Player(window, learner(window), edition)


def test_a_lesson_is_completed_and_stays_so_when_it_is_read_again(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    assert player.told("completion") == "incomplete"
    player.learner.finish_lesson()
    assert player.told("completion") == "completed"
    player.come_back("lesson-bienvenue.html")
    player.leave()
    assert player.told("completion") == "completed"
    assert player.errors == []


def test_drafts_survive_leaving_and_a_failed_quiz_is_passed_later(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.answer("wrong")
    player.come_back("quiz.html")
    player.sco.get_by_role("button", name="Valider mes réponses").click()
    assert player.told("success") == "failed"
    player.come_back("quiz.html")
    player.learner.restart()
    player.learner.take_quiz("right")
    assert player.told("success") == "passed"
    assert float(player.told("raw")) == 100
    assert player.interaction(6, "result") == "correct"
    assert player.errors == []
