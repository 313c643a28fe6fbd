"""Every question kind, answered right, partly and wrong, by mouse and by keyboard alone, in two run times for SCORM 1.2
and 2004: our sandbox's player and scorm-again, which we did not write. The same learner gets the same record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.testing import TinyPackage
from lms_toolkit.testing.hands import Keyboard, Mouse
from lms_toolkit.testing.questions import ANSWERS, EVERY_KIND, MORE

pytestmark = pytest.mark.browser

HOST = Path(__file__).parents[1] / "scorm2004" / "scorm_again_host.js"
WORDS_12 = {
    "raw": "cmi.core.score.raw",
    "completion": "cmi.core.lesson_status",
    "success": "cmi.core.lesson_status",
    "response": "student_response",
}
WORDS_2004 = {
    "raw": "cmi.score.raw",
    "completion": "cmi.completion_status",
    "success": "cmi.success_status",
    "response": "learner_response",
}
IDS = [question.id for question in EVERY_KIND]
RESPONSES = {
    "scorm12": {
        "right": ["b", "a,c", "f", "a.1,b.2", "a,b,c", "CONTRAINT", "12.45", "b", "Un récit."],
        "partly": ["a", "a", "t", "a.1,b.3", "a,c,b", "{volontaire [,] libre}", "13", "a", "Un récit."],
        "wrong": ["a", "b", "t", "a.3,b.3", "c,a,b", "{volontaire [,] libre}", "13", "a", "Un récit."],
    },
    "scorm2004-4th": {
        "right": [
            "b_La_bonne_a_l_oeil",
            "a_2[,]c_4",
            "false",
            "a_Maroc[.]a_Rabat[,]b_Tunisie[.]b_Tunis",
            "a_Un[,]b_Deux[,]c_Trois",
            "CONTRAINT",
            "12.45",
            "b_Au_milieu",
            "Un récit.",
        ],
        "partly": [
            "a_La_premiere",
            "a_2",
            "true",
            "a_Maroc[.]a_Rabat[,]b_Tunisie[.]c_Alger",
            "a_Un[,]c_Trois[,]b_Deux",
            "( volontaire [ , ] libre}",  # what would read as a delimiter is written otherwise (RTE 4.1.1.6)
            "13",
            "a_A_gauche",
            "Un récit.",
        ],
        "wrong": [
            "a_La_premiere",
            "b_3",
            "true",
            "a_Maroc[.]c_Alger[,]b_Tunisie[.]c_Alger",
            "c_Trois[,]a_Un[,]b_Deux",
            "( volontaire [ , ] libre}",
            "13",
            "a_A_gauche",
            "Un récit.",
        ],
    },
}
SHARES = {"q-multiple": "0.5", "q-matching": "0.5", "q-ordering": "0.3333333"}
"""What SCORM 2004 says of what is partly right; SCORM 1.2 has no word for it."""


def result(edition: str, how: str, question: str) -> str:
    if question == "q-free":
        return "neutral"
    if how == "right":
        return "correct"
    if edition == "scorm12":
        return "wrong"
    return SHARES.get(question, "incorrect") if how == "partly" else "incorrect"


@dataclass
class Player:
    """A page with the quiz in its frame, and what its server knows of the learner."""

    page: Any
    open_quiz: Callable[[], None]
    leave: Callable[[], None]
    stored: Callable[[], dict[str, str]]

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")


@pytest.fixture(params=["scorm12", "scorm2004-4th"])
def edition(request: Any) -> str:
    return str(request.param)


@pytest.fixture
def quiz_package(edition: str, built: Callable[..., TinyPackage]) -> TinyPackage:
    return built(edition, quiz=EVERY_KIND)


@pytest.fixture(params=["sandbox", "scorm-again"])
def player(request: Any, edition: str, quiz_package: TinyPackage) -> Iterator[Player]:
    start = request.getfixturevalue("in_sandbox" if request.param == "sandbox" else "in_scorm_again")
    yield from start(quiz_package)


@pytest.fixture
def in_sandbox(deployed: Any, watched_page: Any) -> Callable[[TinyPackage], Iterator[Player]]:
    def start(package: TinyPackage) -> Iterator[Player]:
        site = deployed.wire.sandbox.site
        number = deployed.wire.apply_module(deployed.course, package, key="module:quiz")["id"]
        site.entrances["key"] = deployed.learner

        def stored() -> dict[str, str]:
            with site.database.reading() as db:
                rows = db.execute(
                    "SELECT element, value FROM tracks JOIN scos ON scos.id = sco_id WHERE module_id = ?", (number,)
                )
                return {row["element"]: row["value"] for row in rows}

        with watched_page() as page:
            url = f"{deployed.wire.sandbox.url}/enter/key?next=/play/{number}?item=quiz"

            def open_quiz() -> None:
                page.goto(url)
                page.frame_locator("#sco").locator("html.is-live").wait_for()

            def leave() -> None:
                page.get_by_role("link", name="Retour au cours").click()
                page.wait_for_url("**/course/**")

            yield Player(page, open_quiz, leave, stored)

    return start


@pytest.fixture
def in_scorm_again(platform_window: Any, scorm_again: Path, edition: str) -> Callable[[TinyPackage], Iterator[Player]]:
    library = scorm_again / ("scorm12.min.js" if edition == "scorm12" else "scorm2004.min.js")

    def start(package: TinyPackage) -> Iterator[Player]:
        with platform_window(package.path, [library, HOST]) as window:

            def open_quiz() -> None:
                earlier = window.commits[-1] if window.commits else None
                manifest = {"threshold": 1, "passing": 0.7}
                window.page.evaluate("given => launch(...given)", ["quiz.html", edition, manifest, earlier])
                window.is_live()

            def leave() -> None:
                before = len(window.commits)
                window.page.evaluate("leave()")
                window.page.wait_for_function("window.isOver")
                window.served.wait_for_commit(before)

            yield Player(window.page, open_quiz, leave, lambda: dict(window.commits[-1]))
            assert window.page.evaluate("window.errors") == []

    return start


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
@pytest.mark.parametrize(
    ("how", "raw", "success"), [("right", 100, "passed"), ("partly", 20.37, "failed"), ("wrong", 0, "failed")]
)
def test_every_kind_of_question_gives_the_same_record_in_every_player(
    player: Player, edition: str, hands: Any, how: Any, raw: float, success: str
) -> None:
    words = WORDS_12 if edition == "scorm12" else WORDS_2004
    player.open_quiz()
    hand = hands(player.page, player.sco)
    for action, *texts in ANSWERS[how]:
        getattr(hand, action)(*texts)
    player.leave()
    assert player.stored()[words["completion"]] == "incomplete"
    player.open_quiz()  # what was answered before is there again
    for action, *texts in MORE[how]:
        getattr(hand, action)(*texts)
    hand.press("Valider mes réponses")
    player.sco.locator("#lms-result").wait_for()
    player.leave()
    stored = player.stored()
    assert float(stored[words["raw"]]) == raw
    assert stored[words["success"]] == success
    told = [f"cmi.interactions.{number}" for number in range(len(IDS))]
    assert [stored[f"{name}.id"] for name in told] == IDS
    assert [stored[f"{name}.result"] for name in told] == [result(edition, how, name) for name in IDS]
    assert [stored[f"{name}.{words['response']}"] for name in told] == RESPONSES[edition][how]
    assert f"cmi.interactions.{len(IDS)}.id" not in stored
