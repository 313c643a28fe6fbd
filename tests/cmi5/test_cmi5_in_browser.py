"""A cmi5 session in a real browser, against an LRS that validates every statement."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from lms_toolkit.model import Option, Question

pytestmark = pytest.mark.browser

FINISH = "J’ai terminé cette leçon"


@dataclass
class Unit:
    """A window with the unit in it; the pages are in its frame."""

    window: Any
    lrs: Any
    session: Any
    close_window: Any

    @property
    def page(self) -> Any:
        return self.window.frame_locator("#lms-pages")

    @property
    def bar(self) -> str:
        return str(self.window.locator("#lms-session").inner_text())

    def open(self, name: str) -> None:
        self.window.evaluate("name => { document.getElementById('lms-pages').src = name; }", name)
        self.page.locator("html.is-live").wait_for()
        self.window.wait_for_function(
            "name => document.getElementById('lms-pages').contentWindow.location.pathname.endsWith(name)", arg=name
        )
        self.page.locator("html.is-live").wait_for()

    def finish(self, name: str) -> None:
        self.open(name)
        self.page.locator("#lms-finish").click()
        self.page.get_by_text("C’est enregistré").wait_for()

    def answer(self, *, right: bool) -> None:
        page = self.page
        page.get_by_role("radio", name="La bonne, à l’œil" if right else "La première", exact=True).check()
        page.get_by_role("checkbox", name="2", exact=True).check()
        page.get_by_role("checkbox", name="4" if right else "3", exact=True).check()
        page.get_by_role("radio", name="Faux" if right else "Vrai", exact=True).check()
        page.get_by_label("Maroc", exact=True).select_option("Rabat")
        page.get_by_label("Tunisie", exact=True).select_option("Tunis" if right else "Alger")
        for label, place in zip(("Un", "Deux", "Trois"), "123" if right else "132", strict=True):
            page.get_by_label(label, exact=True).select_option(place)
        page.locator("[type=text]").first.fill(" CONTRAINT " if right else "volontaire")
        page.locator("[type=text]").last.fill("12,45 %" if right else "13")

    def submit(self) -> None:
        self.page.get_by_role("button", name="Valider mes réponses").click()

    def saved(self) -> None:
        self.page.get_by_text("Ce résultat est enregistré").wait_for()

    def close(self) -> None:
        self.close_window(self.window)
        self.lrs.wait(lambda: "terminated" in self.session.verbs)


def has_answer(progress: dict[str, Any], key: str) -> bool:
    return key in progress["pages"] and bool(json.loads(progress["pages"][key]["memory"])["a"])


@pytest.fixture
def launch(lrs: Any, learner: Any, close_window: Any) -> Any:
    def start(registration: str = "one", **data: Any) -> Unit:
        session, url = lrs.launch(registration, **data)
        window = learner.new_page()
        window.goto(url)
        window.frame_locator("#lms-pages").locator("html.is-live").wait_for()
        return Unit(window, lrs, session, close_window)

    return start


def test_a_session_is_initialized_and_terminated_once(launch: Any, lrs: Any) -> None:
    unit = launch()
    lrs.wait(lambda: unit.session.verbs == ["initialized"])
    assert unit.window.title() == "Le départ – Un tout petit cours"
    unit.close()
    assert unit.session.verbs == ["initialized", "terminated"]


def test_the_whole_module_is_completed_and_passed(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.finish("lesson-bienvenue.html")
    unit.finish("lesson-suite.html")
    unit.open("quiz.html")
    unit.answer(right=True)
    unit.submit()
    unit.saved()
    unit.close()
    assert unit.session.defined == ["initialized", "completed", "passed", "terminated"]
    assert unit.session.one("passed")["result"]["score"] == {"scaled": 1}
    answers = {
        one["object"]["id"].rpartition(":")[2]: one for one in unit.session.statements if "definition" in one["object"]
    }
    assert {name: one["result"]["response"] for name, one in answers.items()} == {
        "q-single": "choice-1",
        "q-multiple": "choice-0[,]choice-2",
        "q-true": "false",
        "q-matching": "source-0[.]target-0[,]source-1[.]target-1",
        "q-ordering": "choice-0[,]choice-1[,]choice-2",
        "q-fill": "CONTRAINT",
        "q-numeric": "12.45",
    }
    assert {one["result"]["success"] for one in answers.values()} == {True}
    assert answers["q-single"]["object"]["definition"]["name"] == {"fr": "Quelle est la bonne réponse ?"}
    assert answers["q-numeric"]["object"]["definition"]["correctResponsesPattern"] == ["12.4[:]12.6"]


def test_a_failure_is_said_at_the_end_only_so_that_a_pass_can_follow(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("quiz.html")
    unit.answer(right=False)
    unit.submit()
    unit.saved()
    assert unit.session.defined == ["initialized"]
    unit.page.get_by_role("button", name="Recommencer le quiz").click()
    unit.answer(right=True)
    unit.submit()
    unit.saved()
    unit.close()
    assert unit.session.defined == ["initialized", "passed", "terminated"]
    assert unit.session.verbs.count("answered") == 14


def test_a_failed_session_says_so_and_a_later_one_can_pass(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("quiz.html")
    unit.answer(right=False)
    unit.submit()
    unit.saved()
    unit.close()
    assert unit.session.defined == ["initialized", "failed", "terminated"]
    assert unit.session.one("failed")["result"]["score"]["scaled"] == pytest.approx(0.1042)
    again = launch()
    again.open("quiz.html")
    assert "10,42" in again.page.locator("#lms-result-score").inner_text()
    again.page.get_by_role("button", name="Recommencer le quiz").click()
    again.answer(right=True)
    again.submit()
    again.saved()
    again.close()
    assert again.session.defined == ["initialized", "passed", "terminated"]


def test_what_is_passed_and_completed_is_said_once_in_a_registration(launch: Any, lrs: Any) -> None:
    for _ in range(2):
        unit = launch()
        unit.finish("lesson-bienvenue.html")
        unit.finish("lesson-suite.html")
        unit.open("quiz.html")
        if unit.page.get_by_role("button", name="Recommencer le quiz").is_visible():
            unit.page.get_by_role("button", name="Recommencer le quiz").click()
        unit.answer(right=True)
        unit.submit()
        unit.saved()
        unit.close()
    first, second = (session.defined for session in lrs.sessions)
    assert first == ["initialized", "completed", "passed", "terminated"]
    assert second == ["initialized", "terminated"]


def test_the_lmss_own_mastery_score_decides(launch: Any, lrs: Any) -> None:
    unit = launch(masteryScore=0.1)
    unit.open("quiz.html")
    assert unit.page.locator("#lms-quiz").is_visible()
    unit.answer(right=False)
    unit.submit()
    unit.saved()
    unit.close()
    assert unit.session.defined == ["initialized", "passed", "terminated"]


def test_answers_and_place_are_there_again_in_the_next_session(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("lesson-bienvenue.html")
    unit.page.get_by_role("radio", name="Fès").check()
    unit.page.get_by_role("button", name="Vérifier ma réponse").click()
    unit.close()
    again = launch()
    assert again.page.get_by_role("link", name="Continuer").is_visible()
    again.open("lesson-bienvenue.html")
    assert again.page.get_by_role("radio", name="Fès").is_checked()
    assert "Une belle ville" in again.page.locator("[data-feedback]").inner_text()


def test_a_draft_typed_right_before_the_window_closes_is_kept(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("quiz.html")
    unit.page.get_by_role("radio", name="La bonne, à l’œil", exact=True).check()
    unit.close()
    lrs.wait(lambda: has_answer(lrs.progress(unit.session), "quiz"))
    again = launch()
    again.open("quiz.html")
    assert again.page.get_by_role("radio", name="La bonne, à l’œil", exact=True).is_checked()


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_looking_around_writes_nothing_but_the_frame_of_the_session(launch: Any, lrs: Any, mode: str) -> None:
    unit = launch(launchMode=mode)
    unit.open("quiz.html")
    assert unit.page.get_by_text("mode relecture").first.is_visible()
    unit.answer(right=True)
    unit.submit()
    assert unit.page.get_by_role("heading", name="Réussi").is_visible()
    unit.close()
    assert unit.session.verbs == ["initialized", "terminated"]
    assert unit.session.registration.documents == {}


def test_a_lost_connection_is_said_and_everything_arrives_in_order_afterwards(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("quiz.html")
    unit.answer(right=True)
    lrs.is_down = True
    unit.submit()
    unit.page.locator("#lms-saved.is-unsaved").wait_for()
    assert "gardez cette page ouverte" in unit.page.locator("#lms-result-saved").inner_text()
    lrs.is_down = False
    unit.saved()
    unit.close()
    assert unit.session.defined == ["initialized", "passed", "terminated"]
    assert unit.session.verbs.count("answered") == 7


def test_a_request_whose_answer_was_lost_counts_once(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("quiz.html")
    unit.answer(right=True)
    lrs.loses_answers = True
    unit.submit()
    unit.page.locator("#lms-saved.is-unsaved").wait_for()
    lrs.loses_answers = False
    unit.saved()
    unit.close()
    assert unit.session.verbs.count("answered") == 7
    assert unit.session.verbs.count("passed") == 1


def test_a_unit_opened_twice_goes_on_in_the_new_window_and_the_old_one_says_so(launch: Any, lrs: Any) -> None:
    old = launch()
    old.open("quiz.html")
    old.page.get_by_role("radio", name="La bonne, à l’œil", exact=True).check()
    lrs.wait(lambda: has_answer(lrs.progress(old.session), "quiz"))
    new = launch()
    old.page.get_by_role("radio", name="Vrai", exact=True).check()
    old.window.get_by_text("a fermé cette session").wait_for()
    new.open("quiz.html")
    assert new.page.get_by_role("radio", name="La bonne, à l’œil", exact=True).is_checked()
    new.answer(right=True)
    new.submit()
    new.saved()
    old.close_window(old.window)
    new.close()
    assert old.session.verbs == ["initialized"]
    assert new.session.defined == ["initialized", "passed", "terminated"]


@pytest.mark.parametrize("has_etags", [True, False])
def test_what_another_window_wrote_meanwhile_is_joined_not_overwritten(launch: Any, lrs: Any, has_etags: bool) -> None:
    lrs.has_etags = has_etags
    lrs.abandons = False  # an LMS that lets both go on
    old = launch()
    old.open("quiz.html")
    new = launch()
    new.finish("lesson-suite.html")
    old.page.get_by_role("radio", name="La bonne, à l’œil", exact=True).check()
    lrs.wait(lambda: has_answer(lrs.progress(new.session), "quiz"))
    assert lrs.progress(new.session)["pages"]["lesson-suite"]["status"] == "completed"


def test_leaving_saves_first_and_goes_back_to_the_lms(launch: Any, lrs: Any) -> None:
    unit = launch(returnURL=f"{lrs.url}/back?course=1")
    unit.open("lesson-suite.html")
    unit.page.get_by_role("button", name=FINISH).click()
    unit.window.get_by_role("button", name="Quitter le module").click()
    unit.window.wait_for_url("**/back?course=1")
    assert unit.session.verbs == ["initialized", "terminated"]
    assert lrs.progress(unit.session)["pages"]["lesson-suite"]["status"] == "completed"


def test_leaving_without_a_way_back_says_that_all_is_saved(launch: Any, lrs: Any) -> None:
    unit = launch(returnURL="javascript:document.title='evil'")
    unit.window.get_by_role("button", name="Quitter le module").click()
    unit.window.get_by_text("Tout est enregistré").wait_for()
    assert unit.session.verbs == ["initialized", "terminated"]
    assert unit.window.title() != "evil"


def test_leaving_while_nothing_can_be_saved_asks_once_more(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.open("lesson-suite.html")
    lrs.is_down = True
    unit.page.get_by_role("button", name=FINISH).click()
    unit.window.get_by_role("button", name="Quitter le module").click()
    unit.window.get_by_text("Tout n’est pas encore enregistré").wait_for()
    lrs.is_down = False
    unit.window.get_by_role("button", name="Quitter le module").click()
    unit.window.get_by_text("Tout est enregistré").wait_for()
    assert lrs.progress(unit.session)["pages"]["lesson-suite"]["status"] == "completed"


def test_a_reloaded_window_says_why_it_cannot_go_on(launch: Any, lrs: Any) -> None:
    unit = launch()
    lrs.wait(lambda: unit.session.verbs == ["initialized"])
    unit.window.reload()
    unit.window.get_by_text("n’a pas ouvert de session (The authorization token").wait_for()
    unit.open("lesson-suite.html")
    assert unit.page.get_by_text("rien ne sera enregistré").is_visible()
    lrs.wait(lambda: "terminated" in unit.session.verbs)
    assert lrs.faults == ["the token was fetched twice (8.2.1)"]
    lrs.faults.clear()


def test_without_an_lms_the_pages_can_be_read(learner: Any, lrs: Any) -> None:
    window = learner.new_page()
    window.goto(f"{lrs.url}/content/index.html")
    page = window.frame_locator("#lms-pages")
    page.get_by_text("rien ne sera enregistré").wait_for()
    page.get_by_role("link", name="Commencer").click()
    page.get_by_role("button", name=FINISH).click()
    assert "aucune plateforme" in page.locator("#lms-finish-result").inner_text()
    assert not window.locator(".bar").is_visible()
    assert lrs.requests == []


def test_a_launch_with_a_parameter_missing_names_it(learner: Any, lrs: Any) -> None:
    window = learner.new_page()
    window.goto(f"{lrs.url}/content/index.html?endpoint=x&registration=y")
    window.get_by_text("(fetch, actor, activityId)").wait_for()


def test_a_statement_that_is_refused_for_good_is_named_and_the_rest_arrives(launch: Any, lrs: Any) -> None:
    unit = launch(masteryScore=None)  # null is no score: the unit's own mark counts
    unit.open("quiz.html")
    unit.answer(right=True)
    unit.session.registration.passed = 1  # the LMS knows of a pass that our document has lost
    unit.submit()
    unit.page.get_by_text("a refusé une partie des résultats (passed)").wait_for()
    unit.close()
    assert unit.session.defined == ["initialized", "terminated"]
    assert unit.session.verbs.count("answered") == 7
    assert all("passed after passed" in fault for fault in lrs.faults)
    lrs.faults.clear()


def test_progress_shows_on_the_start_page(launch: Any, lrs: Any) -> None:
    unit = launch()
    unit.finish("lesson-suite.html")
    unit.page.get_by_role("link", name="Sommaire", exact=True).click()
    state = unit.page.locator(".pages [data-page='lesson-suite'] .state")
    state.wait_for()
    assert state.inner_text() == "Terminé · Votre dernière page"


def test_a_free_text_is_reported_as_written_and_neither_right_nor_wrong(
    cmi5: Any, strict_lrs: Any, learner: Any, close_window: Any
) -> None:
    options = (Option("Vrai", correct=True), Option("Faux"))
    quiz = (
        Question("essai", "short-text", "Expliquez.", feedback="Ainsi."),
        Question("v", "true-false", "?", options=options),
    )
    server = strict_lrs.StrictLrs(cmi5.unpack(cmi5.course(quiz=quiz)))
    session, url = server.launch("one")
    window = learner.new_page()
    window.goto(url)
    window.frame_locator("#lms-pages").locator("html.is-live").wait_for()
    unit = Unit(window, server, session, close_window)
    unit.open("quiz.html")
    unit.page.get_by_role("textbox").fill("Parce que.")
    unit.page.get_by_role("radio", name="Vrai", exact=True).check()
    unit.submit()
    unit.saved()
    unit.close()
    server.stop()
    assert server.faults == []
    assert session.defined == ["initialized", "passed", "terminated"]
    results = [one["result"] for one in session.statements if "definition" in one["object"]]
    assert [(one["response"], one.get("success")) for one in results] == [("Parce que.", None), ("true", True)]


@pytest.mark.parametrize("quiz", ["with", "without"])
def test_a_module_without_a_quiz_is_completed_by_its_lessons(
    cmi5: Any, strict_lrs: Any, learner: Any, close_window: Any, quiz: str
) -> None:
    server = strict_lrs.StrictLrs(cmi5.unpack(cmi5.course(quiz=()) if quiz == "without" else None))
    session, url = server.launch("one")
    window = learner.new_page()
    window.goto(url)
    window.frame_locator("#lms-pages").locator("html.is-live").wait_for()
    unit = Unit(window, server, session, close_window)
    unit.finish("lesson-bienvenue.html")
    unit.finish("lesson-suite.html")
    unit.close()
    server.stop()
    assert server.faults == []
    assert session.defined == ["initialized", *(["completed"] if quiz == "without" else []), "terminated"]
