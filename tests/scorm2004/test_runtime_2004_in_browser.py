"""The run time of SCORM 2004 in a real browser, against a strict API that shares nothing with our adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.model import Option, Question

pytestmark = pytest.mark.browser

QUIZ = {"threshold": 1, "passing": 0.7}
LESSON = {"threshold": 1}


class Player:
    """A strict platform's window, and the learner in front of it."""

    def __init__(self, window: Any, learner: Any) -> None:
        self.window = window
        self.page = window.page
        self.sco = window.sco
        self.learner = learner

    def launch(self, name: str, record: dict[str, Any] | None = None, **manifest: float) -> None:
        known = manifest or (QUIZ if name == "quiz.html" else LESSON)
        self.page.evaluate("(given) => launch(...given)", [name, record or {}, known])
        self.window.is_live()

    def leave(self) -> None:
        self.page.evaluate("leave()")
        self.page.wait_for_function("API_1484_11.state === 'closed'")

    def resume(self, name: str) -> None:
        self.page.evaluate("url => resume(url)", name)
        self.window.is_live()

    def committed(self, element: str) -> Any:
        return self.page.evaluate("name => API_1484_11.committed[name]", element)

    @property
    def interactions(self) -> dict[str, dict[str, str]]:
        return {one["id"]: one for one in self.committed("interactions")}

    @property
    def log(self) -> list[str]:
        return list(self.page.evaluate("API_1484_11.log"))

    @property
    def errors(self) -> list[str]:
        return list(self.page.evaluate("API_1484_11.errors"))


@pytest.fixture
def player(workshop: Any, platform_window: Callable[..., Any], learner: Callable[..., Any]) -> Iterator[Player]:
    strict = Path(__file__).with_name("strict_scorm2004.js")
    with platform_window(workshop.build("scorm2004-4th").path, [strict]) as window:
        yield Player(window, learner(window))


def test_a_lesson_is_incomplete_as_soon_as_it_is_opened(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    assert player.committed("cmi.completion_status") == "incomplete"
    assert player.committed("cmi.success_status") == "unknown"
    assert player.committed("cmi.exit") == "suspend"
    assert "Enregistré à" in player.sco.locator("#lms-saved").inner_text()
    assert player.errors == []


def test_a_finished_lesson_is_completed_and_says_nothing_about_success(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.learner.finish_lesson()
    assert player.committed("cmi.completion_status") == "completed"
    assert player.committed("cmi.success_status") == "unknown"
    assert player.committed("cmi.score.raw") is None
    player.leave()
    assert player.errors == []


def test_a_finished_lesson_is_still_completed_after_it_was_read_again(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.learner.finish_lesson()
    player.leave()
    player.resume("lesson-bienvenue.html")
    assert "C’est enregistré" in player.sco.locator("#lms-finish-result").inner_text()
    player.leave()
    assert player.committed("cmi.completion_status") == "completed"
    assert not [call for call in player.log if call.startswith("set cmi.completion_status")]
    assert player.errors == []


def test_a_right_quiz_is_passed_with_all_four_scores(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("right")
    assert player.sco.get_by_role("heading", name="Réussi").is_visible()
    assert player.committed("cmi.completion_status") == "completed"
    assert player.committed("cmi.success_status") == "passed"
    scores = [player.committed(f"cmi.score.{name}") for name in ("raw", "min", "max", "scaled")]
    assert scores == ["100", "0", "100", "1"]
    assert player.errors == []


def test_every_right_answer_is_reported_in_words_that_a_report_can_show(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("right")
    found = [
        (one["id"], one["type"], one["learner_response"], one["correct_responses.0.pattern"])
        for one in player.interactions.values()
    ]
    assert found == [
        ("q-single", "choice", "b_La_bonne_a_l_oeil", "b_La_bonne_a_l_oeil"),
        ("q-multiple", "choice", "a_2[,]c_4", "a_2[,]c_4"),
        ("q-true", "true-false", "false", "false"),
        ("q-matching", "matching", *["a_Maroc[.]a_Rabat[,]b_Tunisie[.]b_Tunis"] * 2),
        ("q-ordering", "sequencing", "a_Un[,]b_Deux[,]c_Trois", "a_Un[,]b_Deux[,]c_Trois"),
        ("q-fill", "fill-in", "CONTRAINT", "contraint"),
        ("q-numeric", "numeric", "12.45", "12.4[:]12.6"),
    ]
    assert {one["result"] for one in player.interactions.values()} == {"correct"}
    assert [one["weighting"] for one in player.interactions.values()] == ["1", "2", "1", "1", "1", "1", "1"]
    assert player.interactions["q-single"]["description"] == "Quelle est la bonne réponse ?"
    assert player.interactions["q-fill"]["correct_responses.1.pattern"] == "contrainte"


def test_a_partly_right_quiz_reports_the_share_of_each_answer(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("partly")
    assert player.sco.get_by_role("heading", name="Pas encore réussi").is_visible()
    # 2 of 4 even numbers: 1 of 2 points; matching 1/2; ordering 1/3; of 8 points
    assert player.committed("cmi.score.raw") == "22.92"
    assert player.committed("cmi.score.scaled") == "0.2292"
    assert (player.committed("cmi.success_status"), player.committed("cmi.completion_status")) == (
        "failed",
        "incomplete",
    )
    results = {name: one["result"] for name, one in player.interactions.items()}
    assert results["q-multiple"] == results["q-matching"] == "0.5"
    assert results["q-ordering"] == "0.3333333"
    assert results["q-single"] == results["q-fill"] == "incorrect"
    assert player.errors == []


def test_a_wrong_quiz_fails_with_nothing_and_odd_text_breaks_no_delimiter(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("wrong")
    assert player.committed("cmi.score.raw") == "0"
    assert player.committed("cmi.success_status") == "failed"
    assert {one["result"] for one in player.interactions.values()} == {"incorrect"}
    assert player.interactions["q-fill"]["learner_response"] == "( volontaire [ , ] libre}"
    assert player.errors == []


def test_a_failed_quiz_is_passed_in_a_later_session_and_the_answers_take_the_place_of_the_first(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("wrong")
    player.leave()
    player.resume("quiz.html")
    player.learner.restart()
    player.learner.take_quiz("right")
    assert player.committed("cmi.success_status") == "passed"
    assert player.committed("cmi.completion_status") == "completed"
    assert len(player.committed("interactions")) == 7
    assert {one["result"] for one in player.interactions.values()} == {"correct"}
    assert player.errors == []


def test_a_worse_second_try_keeps_the_best_score_and_the_pass(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.take_quiz("right")
    player.learner.restart()
    player.learner.take_quiz("wrong")
    assert player.committed("cmi.score.raw") == "100"
    assert player.committed("cmi.success_status") == "passed"
    assert player.errors == []


def test_other_questions_drawn_in_a_later_session_keep_their_own_places(player: Player) -> None:
    earlier = [{"id": "q-other", "type": "choice"}, {"id": "q-numeric", "type": "numeric"}]
    player.launch("quiz.html", {"interactions": earlier})
    player.learner.take_quiz("right")
    assert [one["id"] for one in player.committed("interactions")][:3] == ["q-other", "q-numeric", "q-single"]
    assert player.interactions["q-numeric"]["learner_response"] == "12.45"
    assert len(player.committed("interactions")) == 8
    assert player.errors == []


def test_drafts_survive_leaving_and_coming_back(player: Player) -> None:
    player.launch("quiz.html")
    player.learner.answer("right")
    player.leave()
    assert player.committed("cmi.completion_status") == "incomplete"
    player.resume("quiz.html")
    player.sco.get_by_role("button", name="Valider mes réponses").click()
    assert player.committed("cmi.score.raw") == "100"
    assert player.errors == []


def test_leaving_commits_the_time_and_terminates_once(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.leave()
    assert player.log.count("Terminate") == 1
    assert player.log[-2:] == ["Commit", "Terminate"]
    assert player.committed("cmi.session_time").startswith("PT")
    assert not [call for call in player.log if "adl.nav" in call]
    assert player.errors == []


def test_the_platforms_own_passing_score_decides(player: Player) -> None:
    player.launch("quiz.html", passing=0.2, threshold=1)
    player.learner.take_quiz("partly")
    assert player.sco.get_by_role("heading", name="Réussi").is_visible()
    assert player.committed("cmi.success_status") == "passed"
    assert player.committed("cmi.completion_status") == "completed"


@pytest.mark.parametrize("failing", [True, "throws"])
def test_a_failed_commit_is_tried_again_until_it_succeeds(player: Player, failing: Any) -> None:
    player.page.clock.install()
    player.launch("lesson-bienvenue.html")
    player.page.evaluate("failing => { API_1484_11.failing = failing; }", failing)
    player.learner.finish_lesson()
    assert player.committed("cmi.completion_status") == "incomplete"
    assert "gardez cette page ouverte" in player.sco.locator("#lms-finish-result").inner_text()
    player.page.evaluate("() => { API_1484_11.failing = false; }")
    player.page.clock.run_for(10_000)
    assert player.committed("cmi.completion_status") == "completed"


def test_review_mode_changes_nothing_on_the_platform(player: Player) -> None:
    record = {"cmi.mode": "review", "cmi.score.raw": "80", "cmi.score.scaled": "0.8", "cmi.progress_measure": "1"}
    player.launch("quiz.html", record)
    player.learner.take_quiz("wrong")
    player.leave()
    assert player.committed("cmi.score.raw") == "80"
    assert player.committed("cmi.success_status") == "passed"
    assert not [call for call in player.log if call.startswith(("set cmi.score", "set cmi.exit"))]


def test_a_session_that_another_page_left_open_is_used(player: Player) -> None:
    player.page.evaluate("() => { window.API_1484_11 = new StrictApi({}, {}); API_1484_11.Initialize(''); }")
    player.page.evaluate("() => { document.getElementById('sco').src = 'lesson-bienvenue.html'; }")
    player.window.is_live()
    assert player.committed("cmi.completion_status") == "incomplete"


def test_an_api_in_the_opener_is_found(player: Player) -> None:
    player.page.evaluate("() => { window.API_1484_11 = new StrictApi({}, {}); }")
    with player.page.expect_popup() as popup:
        player.page.evaluate("() => { window.open('lesson-bienvenue.html'); }")
    popup.value.locator("html.is-live").wait_for()
    assert player.committed("cmi.completion_status") == "incomplete"


MOODLE = """() => {
    window.scorm_current_node = { title: 'a=1&scoid=2' };
    window.API_1484_11 = new StrictApi({}, {});
    API_1484_11.Initialize('');
    API_1484_11.Terminate('');
    document.getElementById('sco').src = 'lesson-bienvenue.html';
}"""


def test_moodles_player_which_takes_one_session_in_a_window_is_opened_anew_on_the_chosen_page(player: Player) -> None:
    player.page.route("**/player.php*", lambda route: route.fulfill(body="<h1>Player</h1>", content_type="text/html"))
    player.page.evaluate(MOODLE)
    player.page.wait_for_url("**/player.php?a=1&scoid=2")


def test_moodles_player_is_not_opened_again_and_again(player: Player) -> None:
    player.page.evaluate("() => sessionStorage.setItem('lms-toolkit-player', 'a=1&scoid=2')")
    player.page.evaluate(MOODLE)
    player.sco.get_by_text("rien ne sera enregistré").wait_for()
    assert player.page.url.endswith("host.html")


def test_a_free_text_is_reported_as_neutral_and_in_full(workshop: Any, platform_window: Any, learner: Any) -> None:
    options = (Option("Oui", correct=True), Option("Non"))
    quiz = (
        Question("q-oui", "single", "Oui ?", options=options),
        Question("q-libre", "short-text", "Racontez.", points=0, feedback="Un modèle."),
    )
    package = workshop.build("scorm2004-4th", workshop.course(quiz=quiz))
    with platform_window(package.path, [Path(__file__).with_name("strict_scorm2004.js")]) as window:
        player = Player(window, learner(window))
        player.launch("quiz.html")
        player.sco.get_by_label("Oui", exact=True).check()
        player.sco.locator("fieldset:has-text('Racontez') textarea").fill("Une longue\nhistoire. " * 20)
        player.sco.get_by_role("button", name="Valider mes réponses").click()
        reported = player.interactions["q-libre"]
        assert (reported["type"], reported["result"]) == ("long-fill-in", "neutral")
        assert reported["learner_response"] == ("Une longue histoire. " * 20).strip()
        assert "correct_responses.0.pattern" not in reported
        assert player.committed("cmi.score.raw") == "100"
        assert player.errors == []
