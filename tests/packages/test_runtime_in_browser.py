"""The run-time script in a real browser, against a strict SCORM 1.2 API that shares nothing with our adapter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@dataclass
class Player:
    """The platform's window, with the SCO in its frame."""

    page: Any
    url: str

    @property
    def sco(self) -> Any:
        return self.page.frame_locator("#sco")

    def launch(self, name: str, record: dict[str, str] | None = None) -> None:
        self.page.evaluate("([url, record]) => launch(url, record)", [name, record or {}])
        self.sco.locator("html.is-live").wait_for()

    def leave(self) -> None:
        self.page.evaluate("leave()")
        self.page.wait_for_function("API.state === 'closed'")

    def resume(self, name: str) -> None:
        self.page.evaluate("url => resume(url)", name)
        self.sco.locator("html.is-live").wait_for()

    def api(self, expression: str) -> Any:
        return self.page.evaluate(f"API.{expression}")

    def committed(self, element: str) -> Any:
        return self.page.evaluate("name => API.committed[name]", element)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def control(self, question: str, number: int = 0) -> Any:
        return self.sco.locator(f"fieldset:has-text('{question}')").locator("input, select").nth(number)


@pytest.fixture
def player(workshop: Any, platform_window: Any) -> Iterator[Player]:
    scripts = [Path(__file__).with_name("strict_scorm12.js")]
    with platform_window(workshop.build().path, scripts) as window:
        yield Player(window.page, window.url)


def answer_quiz(player: Player, *, right: bool) -> None:
    """Answers every kind of question with the keyboard alone."""
    option = "La bonne" if right else "La première"
    player.sco.get_by_role("radio", name=option, exact=True).focus()
    player.press("Space")
    for label in ("2", "4") if right else ("2", "3"):
        player.sco.get_by_role("checkbox", name=label, exact=True).focus()
        player.press("Space")
    player.sco.get_by_role("radio", name="Faux" if right else "Vrai", exact=True).focus()
    player.press("Space")
    for label, wanted in (("Maroc", "Rabat"), ("Tunisie", "Tunis" if right else "Alger")):
        choose(player, label, wanted)
    places = {"Un": "1", "Deux": "2", "Trois": "3"} if right else {"Un": "1", "Deux": "3", "Trois": "2"}
    for label, place in places.items():
        choose(player, label, place)
    player.control("Le contraire").focus()
    player.page.keyboard.type("  CONTRAINT " if right else "volontaire")
    player.control("La moitié").focus()
    player.page.keyboard.type("12,45 %" if right else "13")


def choose(player: Player, label: str, option: str) -> None:
    select = player.sco.get_by_label(label, exact=True)
    select.focus()
    for _ in range(10):
        if select.evaluate("node => node.selectedOptions[0].textContent") == option:
            return
        player.press("ArrowDown")
    raise AssertionError(f"{option} cannot be chosen for {label} with the arrow keys")


def submit(player: Player) -> None:
    player.sco.get_by_role("button", name="Valider mes réponses").focus()
    player.press("Enter")


def test_a_lesson_is_incomplete_as_soon_as_it_is_opened(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    assert player.committed("cmi.core.lesson_status") == "incomplete"
    assert player.committed("cmi.core.exit") == "suspend"
    assert "Enregistré à" in player.sco.locator("#lms-saved").inner_text()


def test_the_end_button_completes_a_lesson_without_a_score(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.sco.get_by_role("button", name="J’ai terminé cette leçon").focus()
    player.press("Enter")
    assert player.committed("cmi.core.lesson_status") == "completed"
    assert player.committed("cmi.core.score.raw") == ""
    assert "C’est enregistré" in player.sco.locator("#lms-finish-result").inner_text()
    player.leave()
    assert player.committed("cmi.core.exit") == ""
    assert player.api("errors") == []


def test_a_completed_lesson_stays_completed_when_it_is_opened_again(player: Player) -> None:
    player.launch("lesson-bienvenue.html", {"cmi.core.lesson_status": "completed"})
    player.leave()
    assert player.committed("cmi.core.lesson_status") == "completed"
    assert not [call for call in player.api("log") if call.startswith("set cmi.core.lesson_status")]
    assert player.api("errors") == []


def test_a_self_check_answered_before_is_still_there_after_coming_back(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.sco.get_by_role("radio", name="Fès").focus()
    player.press("Space")
    player.sco.get_by_role("button", name="Vérifier ma réponse").focus()
    player.press("Enter")
    assert "Une belle ville" in player.sco.locator("[data-feedback]").inner_text()
    player.leave()
    player.resume("lesson-bienvenue.html")
    assert player.sco.locator("input[value='1']").is_checked()
    feedback = player.sco.locator("[data-feedback]").inner_text()
    assert "Ce n’est pas la bonne réponse" in feedback
    assert "Rabat" in feedback
    assert player.committed("cmi.core.score.raw") == ""


def test_an_unanswered_self_check_says_so_and_takes_the_focus_to_it(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.sco.get_by_role("button", name="Vérifier ma réponse").focus()
    player.press("Enter")
    assert player.sco.get_by_text("Répondez à cette question.").is_visible()
    assert player.sco.locator("main input").first.evaluate("node => node === document.activeElement")


def test_the_reader_comes_back_to_the_heading_where_reading_stopped(player: Player) -> None:
    player.page.set_viewport_size({"width": 600, "height": 220})
    player.launch("lesson-cas.html")
    player.sco.locator("#s-la-suite").evaluate("node => node.scrollIntoView()")
    player.sco.locator("body").evaluate("() => new Promise(requestAnimationFrame)")
    player.leave()
    assert player.committed("cmi.core.lesson_location") == "s-la-suite"
    player.resume("lesson-cas.html")
    assert "Votre lecture s’était arrêtée ici" in player.sco.locator(".resume").inner_text()
    assert player.sco.locator("#s-la-suite").evaluate("node => node === document.activeElement")
    assert player.sco.locator("html").evaluate("() => window.scrollY") > 0


def test_leaving_the_page_commits_time_and_finishes_once(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    player.leave()
    log = player.api("log")
    assert log.count("LMSFinish") == 1
    assert log[-1] == "LMSFinish"
    assert log[-2] == "LMSCommit"
    assert player.committed("cmi.core.session_time").count(":") == 2
    assert player.api("errors") == []


def test_a_hidden_page_has_committed_already(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    before = player.api("log").count("LMSCommit")
    hide = "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true});"
    player.sco.locator("body").evaluate(f"() => {{ {hide} document.dispatchEvent(new Event('visibilitychange')); }}")
    assert player.api("log").count("LMSCommit") == before + 1
    assert player.api("state") == "open"


def test_a_right_quiz_passes_with_a_hundred_and_reports_each_answer(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=True)
    submit(player)
    assert player.sco.get_by_role("heading", name="Réussi").is_visible()
    assert player.sco.locator("#lms-result").evaluate("node => node === document.activeElement")
    assert player.committed("cmi.core.lesson_status") == "passed"
    scores = [player.committed(f"cmi.core.score.{name}") for name in ("raw", "min", "max")]
    assert scores == ["100", "0", "100"]
    answers = player.committed("interactions")
    found = [(one["id"], one["type"], one["student_response"], one["correct_responses.0.pattern"]) for one in answers]
    assert found == [
        ("q-single", "choice", "b", "b"),
        ("q-multiple", "choice", "a,c", "a,c"),
        ("q-true", "true-false", "f", "f"),
        ("q-matching", "matching", "a.1,b.2", "a.1,b.2"),
        ("q-ordering", "sequencing", "a,b,c", "a,b,c"),
        ("q-fill", "fill-in", "CONTRAINT", "contraint"),
        ("q-numeric", "numeric", "12.45", "12.5"),
    ]
    assert {one["result"] for one in answers} == {"correct"}
    assert [one["weighting"] for one in answers] == ["1", "2", "1", "1", "1", "1", "1"]
    assert player.api("errors") == []


def test_a_partly_right_quiz_gives_part_of_the_points(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=False)
    submit(player)
    assert player.sco.get_by_role("heading", name="Pas encore réussi").is_visible()
    # matching 1/2 of 1 point, ordering 1/3 of 1 point; 2 right and 3 wrong cancel out: 0.8333 of 8 points
    assert player.committed("cmi.core.score.raw") == "10.42"
    assert player.committed("cmi.core.lesson_status") == "failed"
    responses = {one["id"]: (one["student_response"], one["result"]) for one in player.committed("interactions")}
    assert responses["q-ordering"] == ("a,c,b", "wrong")
    assert responses["q-matching"] == ("a.1,b.3", "wrong")
    assert player.api("errors") == []


def test_a_second_worse_try_keeps_the_best_score_and_the_pass(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=True)
    submit(player)
    player.sco.get_by_role("button", name="Recommencer le quiz").focus()
    player.press("Enter")
    answer_quiz(player, right=False)
    submit(player)
    assert "Votre meilleur résultat\u00a0: 100" in player.sco.locator("#lms-result").inner_text()
    assert player.committed("cmi.core.score.raw") == "100"
    assert player.committed("cmi.core.lesson_status") == "passed"
    assert player.api("errors") == []


def test_a_failed_quiz_can_be_passed_in_a_later_session(player: Player) -> None:
    player.launch("quiz.html", {"cmi.core.lesson_status": "failed", "cmi.core.score.raw": "40"})
    assert player.committed("cmi.core.lesson_status") == "failed"
    answer_quiz(player, right=True)
    submit(player)
    assert player.committed("cmi.core.lesson_status") == "passed"
    assert player.committed("cmi.core.score.raw") == "100"


def test_the_platforms_own_mastery_score_decides(player: Player) -> None:
    player.launch("quiz.html", {"cmi.student_data.mastery_score": "10"})
    answer_quiz(player, right=False)
    submit(player)
    assert player.committed("cmi.core.lesson_status") == "passed"


def test_an_incomplete_quiz_is_not_sent_and_names_what_is_missing(player: Player) -> None:
    player.launch("quiz.html")
    choose(player, "Maroc", "Rabat")
    player.control("La moitié").focus()
    player.page.keyboard.type("douze")
    submit(player)
    assert "Il manque 7 réponses" in player.sco.locator("#lms-incomplete").inner_text()
    assert player.sco.get_by_text("Complétez toute la question.").is_visible()
    assert player.sco.get_by_text("Écrivez un nombre, par exemple 12 ou 3,5.").is_visible()
    assert player.sco.locator("#lms-incomplete").evaluate("node => node === document.activeElement")
    assert player.committed("cmi.core.score.raw") == ""
    player.press("Tab", "Enter")  # the first link of the list
    assert player.control("Quelle est la").evaluate("node => node === document.activeElement")


def test_two_items_in_one_place_are_refused(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=True)
    choose(player, "Un", "2")
    submit(player)
    assert player.sco.get_by_text("Donnez une place différente à chaque élément.").is_visible()
    assert player.committed("cmi.core.score.raw") == ""


def test_quiz_drafts_survive_leaving_and_coming_back(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=True)
    player.leave()
    assert player.committed("cmi.core.lesson_status") == "incomplete"
    assert len(player.committed("cmi.suspend_data")) < 4096
    player.resume("quiz.html")
    submit(player)
    assert player.committed("cmi.core.score.raw") == "100"


def test_a_result_is_shown_again_after_coming_back(player: Player) -> None:
    player.launch("quiz.html")
    answer_quiz(player, right=False)
    submit(player)
    player.leave()
    player.resume("quiz.html")
    assert player.sco.get_by_role("heading", name="Pas encore réussi").is_visible()
    assert "10,42" in player.sco.locator("#lms-result-score").inner_text()
    player.leave()
    assert player.committed("cmi.core.score.raw") == "10.42"


@pytest.mark.parametrize("failing", [True, "throws"])
def test_a_failed_commit_is_shown_and_tried_again_until_it_succeeds(player: Player, failing: Any) -> None:
    player.page.clock.install()
    player.launch("lesson-bienvenue.html")
    player.page.evaluate("failing => { API.failing = failing; }", failing)
    player.sco.get_by_role("button", name="J’ai terminé cette leçon").click()
    assert player.sco.locator("#lms-saved").inner_text() == "Non enregistré – nouvel essai…"
    assert "gardez cette page ouverte" in player.sco.locator("#lms-finish-result").inner_text()
    assert player.committed("cmi.core.lesson_status") == "incomplete"
    player.page.clock.run_for(7_000)  # two more tries, after 2 s and 4 s
    assert player.api("log").count("LMSCommit") >= 4
    player.page.evaluate("() => { API.failing = false; }")
    player.page.clock.run_for(10_000)
    assert player.committed("cmi.core.lesson_status") == "completed"
    assert "Enregistré à" in player.sco.locator("#lms-saved").inner_text()
    assert "C’est enregistré" in player.sco.locator("#lms-finish-result").inner_text()


def test_without_a_platform_the_page_says_so_and_still_marks(player: Player) -> None:
    player.page.goto(f"{player.url}/lesson-bienvenue.html")
    assert player.page.get_by_text("rien ne sera enregistré").is_visible()
    player.page.get_by_role("radio", name="Rabat").check()
    player.page.get_by_role("button", name="Vérifier ma réponse").click()
    assert "Bonne réponse" in player.page.locator("[data-feedback]").inner_text()
    player.page.get_by_role("button", name="J’ai terminé cette leçon").click()
    assert "aucune plateforme" in player.page.locator("#lms-finish-result").inner_text()


def test_an_api_in_the_opener_is_found(player: Player) -> None:
    player.page.evaluate("() => { window.API = new StrictApi({}); window.sessions.push(window.API); }")
    with player.page.expect_popup() as popup:
        player.page.evaluate("() => { window.open('lesson-bienvenue.html'); }")
    popup.value.locator("html.is-live").wait_for()
    assert player.committed("cmi.core.lesson_status") == "incomplete"


def test_review_mode_changes_nothing_on_the_platform(player: Player) -> None:
    record = {"cmi.core.lesson_mode": "review", "cmi.core.lesson_status": "passed", "cmi.core.score.raw": "80"}
    player.launch("quiz.html", record)
    answer_quiz(player, right=False)
    submit(player)
    player.leave()
    assert player.committed("cmi.core.score.raw") == "80"
    assert player.committed("cmi.core.lesson_status") == "passed"
    assert not [call for call in player.api("log") if call.startswith("set cmi.core.lesson_status")]


def test_saved_state_that_is_not_ours_is_ignored(player: Player) -> None:
    player.launch("quiz.html", {"cmi.suspend_data": "{broken", "cmi.core.lesson_status": "incomplete"})
    answer_quiz(player, right=True)
    submit(player)
    assert player.committed("cmi.core.lesson_status") == "passed"
    assert json.loads(player.committed("cmi.suspend_data"))["v"] == 1


def test_links_to_other_sites_open_beside_the_platform_and_say_so(player: Player) -> None:
    player.launch("lesson-bienvenue.html")
    link = player.sco.get_by_role("link", name="le site")
    assert link.get_attribute("target") == "_blank"
    assert link.inner_text() == "le site (nouvel onglet)"


@pytest.mark.parametrize("name", ["lesson-bienvenue.html", "lesson-cas.html", "quiz.html"])
def test_no_page_is_wider_than_a_320_pixel_window(player: Player, name: str) -> None:
    player.page.set_viewport_size({"width": 320, "height": 640})
    player.launch(name)
    assert player.sco.locator("html").evaluate("node => node.scrollWidth") <= 320
