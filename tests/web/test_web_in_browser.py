"""The web site in a real browser: progress is kept on this device, and the learner is told when it is not."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

FINISH = "J’ai terminé cette leçon"
# A Storage that forbids itself, and one without room, as browsers have them
FORBIDDEN = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("denied", "SecurityError"); } })"""
FULL = """Storage.prototype.setItem = function () { throw new DOMException("full", "QuotaExceededError"); }; null"""


def visit(learner: Any, url: str) -> Any:
    page = learner.new_page()
    page.goto(url)
    page.locator("html.is-live").wait_for()
    return page


def follow(page: Any, link: Any) -> None:
    with page.expect_navigation():
        link.click()
    page.locator("html.is-live").wait_for()


def answer(page: Any, *, truth: str, half: str) -> None:
    page.get_by_role("radio", name=truth, exact=True).check()
    page.get_by_role("textbox").fill(half)
    page.get_by_role("button", name="Valider mes réponses").click()


def state(page: Any, key: str) -> str:
    return str(page.locator(f".pages [data-page='{key}'] .state").inner_text())


def test_a_learner_goes_through_the_whole_module_with_the_links(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/")
    assert page.get_by_role("link", name="Commencer").is_visible()
    assert state(page, "lesson-suite") == "Pas commencé"
    follow(page, page.get_by_role("link", name="Commencer"))
    page.get_by_role("button", name=FINISH).click()
    assert "page suivante, ci-dessous" in page.locator("#lms-finish-result").inner_text()
    assert page.locator("#lms-done").inner_text() == "1 sur 3 terminées"
    follow(page, page.get_by_role("link", name="Suivant La suite"))
    page.get_by_role("button", name=FINISH).click()
    follow(page, page.get_by_role("link", name="Suivant Quiz final"))
    answer(page, truth="Vrai", half="12,5")
    assert page.get_by_role("heading", name="Réussi").is_visible()
    follow(page, page.get_by_role("link", name="Sommaire Le départ"))
    assert state(page, "quiz") == "Réussi\u00a0: 100\u00a0% · Votre dernière page"
    assert page.locator("#lms-done").inner_text() == "Vous avez tout terminé ici."
    assert page.get_by_role("link", name="Relire depuis le début").is_visible()


def test_progress_is_there_again_after_the_window_was_closed(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/lesson-bienvenue.html")
    page.get_by_role("radio", name="Fès").check()
    page.get_by_role("button", name="Vérifier ma réponse").click()
    assert "Enregistré dans ce navigateur" in page.locator("#lms-saved").inner_text()
    page.close()
    start = visit(learner, f"{site_url}/index.html")
    assert state(start, "lesson-bienvenue") == "En cours · Votre dernière page"
    follow(start, start.get_by_role("link", name="Continuer"))
    assert start.get_by_role("radio", name="Fès").is_checked()
    assert "Une belle ville" in start.locator("[data-feedback]").inner_text()


def test_the_quiz_keeps_the_best_result(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/quiz.html")
    answer(page, truth="Vrai", half="12,5")
    page.get_by_role("button", name="Recommencer le quiz").click()
    answer(page, truth="Faux", half="3")
    assert "Votre meilleur résultat\u00a0: 100" in page.locator("#lms-result").inner_text()
    start = visit(learner, f"{site_url}/")
    assert state(start, "quiz").startswith("Réussi\u00a0: 100\u00a0%")


def test_a_failed_quiz_says_its_score_on_the_start_page(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/quiz.html")
    answer(page, truth="Vrai", half="3")
    start = visit(learner, f"{site_url}/")
    assert state(start, "quiz").startswith("Pas encore réussi\u00a0: 50\u00a0%")


def test_the_same_page_in_two_windows_loses_nothing_of_either(learner: Any, site_url: str, close_window: Any) -> None:
    one, two = visit(learner, f"{site_url}/quiz.html"), visit(learner, f"{site_url}/quiz.html")
    before = two.evaluate("JSON.stringify(localStorage)")
    one.get_by_role("radio", name="Vrai", exact=True).check()
    close_window(one)
    # Windows may be processes of their own: the browser lets one know a moment later what the other has written.
    two.wait_for_function("before => JSON.stringify(localStorage) !== before", arg=before)
    two.get_by_role("textbox").fill("12,5")
    close_window(two)
    three = visit(learner, f"{site_url}/quiz.html")
    assert three.get_by_role("radio", name="Vrai", exact=True).is_checked()
    assert three.get_by_role("textbox").input_value() == "12,5"


def test_a_stale_window_does_not_take_a_pass_away(learner: Any, site_url: str) -> None:
    stale, fresh = visit(learner, f"{site_url}/quiz.html"), visit(learner, f"{site_url}/quiz.html")
    answer(fresh, truth="Vrai", half="12,5")
    answer(stale, truth="Faux", half="3")
    start = visit(learner, f"{site_url}/")
    assert state(start, "quiz").startswith("Réussi\u00a0: 100\u00a0%")


def test_the_start_page_follows_another_window(learner: Any, site_url: str) -> None:
    start = visit(learner, f"{site_url}/")
    page = visit(learner, f"{site_url}/lesson-suite.html")
    page.get_by_role("button", name=FINISH).click()
    start.get_by_text("1 sur 3 terminées").wait_for()
    assert state(start, "lesson-suite").startswith("Terminé")


def test_the_start_page_looks_as_the_reader_has_chosen_on_a_lesson(learner: Any, site_url: str) -> None:
    lesson = visit(learner, f"{site_url}/lesson-suite.html")
    lesson.locator("#lms-view summary").click()
    lesson.locator("#lms-view input[value='dark']").check()
    start = visit(learner, f"{site_url}/")
    assert start.locator("html").get_attribute("data-theme") == "dark"


def test_erasing_asks_first_and_then_leaves_nothing(learner: Any, site_url: str) -> None:
    lesson = visit(learner, f"{site_url}/lesson-suite.html")
    lesson.get_by_role("button", name=FINISH).click()
    page = visit(learner, f"{site_url}/")
    page.evaluate("localStorage.setItem('other-app', 'stays')")
    page.get_by_role("button", name="Effacer ma progression").click()
    assert page.get_by_role("button", name="Non, les garder").evaluate("node => node === document.activeElement")
    assert page.evaluate("Object.keys(localStorage).length") > 1
    page.get_by_role("button", name="Oui, les effacer").click()
    assert page.locator("#lms-announce").inner_text() == "Votre progression est effacée."
    lesson.get_by_role("link", name="Commencer").wait_for()  # the other window has gone back to the start
    assert state(page, "lesson-suite") == "Pas commencé"
    assert page.evaluate("Object.keys(localStorage)") == ["other-app"]


@pytest.mark.parametrize("name", ["index.html", "lesson-bienvenue.html"])
def test_a_browser_that_keeps_nothing_is_said_so(learner: Any, site_url: str, name: str) -> None:
    learner.add_init_script(FORBIDDEN)
    page = visit(learner, f"{site_url}/{name}")
    assert "ne garde aucune donnée" in page.locator("#lms-notices").inner_text()


def test_without_storage_the_pages_still_mark_and_lead_on(learner: Any, site_url: str) -> None:
    learner.add_init_script(FORBIDDEN)
    page = visit(learner, f"{site_url}/quiz.html")
    answer(page, truth="Vrai", half="12,5")
    assert page.get_by_role("heading", name="Réussi").is_visible()
    assert "Ce navigateur ne garde aucune donnée" in page.locator("#lms-result-saved").inner_text()
    follow(page, page.get_by_role("link", name="Sommaire", exact=True))


def test_a_full_storage_is_said_at_once_and_saving_goes_on_when_there_is_room(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/lesson-bienvenue.html")
    page.clock.install()
    page.evaluate(f"window.realSetItem = Storage.prototype.setItem; {FULL}")
    page.get_by_role("button", name=FINISH).click()
    assert "n’a plus de place" in page.locator("#lms-saved").inner_text()
    assert "gardez cette page ouverte" in page.locator("#lms-finish-result").inner_text()
    page.evaluate("Storage.prototype.setItem = window.realSetItem; null")
    page.clock.run_for(10_000)
    assert "Enregistré dans ce navigateur" in page.locator("#lms-saved").inner_text()
    assert state(visit(learner, f"{site_url}/"), "lesson-bienvenue").startswith("Terminé")


def test_what_somebody_else_left_in_the_storage_breaks_nothing(learner: Any, site_url: str) -> None:
    page = visit(learner, f"{site_url}/")
    for key, text in (("quiz", "{broken"), ("lesson-suite", "null"), ("lesson-bienvenue", '"text"')):
        page.evaluate("([k, v]) => localStorage.setItem(k, v)", [f"lms-toolkit:tiny/depart/fr/1.0/{key}", text])
    page.reload()
    assert state(page, "quiz") == "Pas commencé"
    page = visit(learner, f"{site_url}/quiz.html")
    answer(page, truth="Vrai", half="12,5")
    assert page.get_by_role("heading", name="Réussi").is_visible()


def test_another_version_of_the_course_starts_anew(learner: Any, web: Any) -> None:
    one, two = web.unpack(to="one"), web.unpack(web.course(version="2.0"), to="two")
    visit(learner, (one / "lesson-suite.html").as_uri()).get_by_role("button", name=FINISH).click()
    assert state(visit(learner, (one / "index.html").as_uri()), "lesson-suite").startswith("Terminé")
    assert state(visit(learner, (two / "index.html").as_uri()), "lesson-suite") == "Pas commencé"


def test_it_works_from_a_folder_without_any_server(learner: Any, web: Any) -> None:
    site = web.unpack()
    page = visit(learner, (site / "index.html").as_uri())
    follow(page, page.get_by_role("link", name="Commencer"))
    page.get_by_role("button", name=FINISH).click()
    assert "Enregistré dans ce navigateur" in page.locator("#lms-saved").inner_text()
    follow(page, page.get_by_role("link", name="Sommaire", exact=True))
    assert state(page, "lesson-bienvenue").startswith("Terminé")


def test_nothing_leaves_the_browser(learner: Any, site_url: str, close_window: Any) -> None:
    asked: list[tuple[str, str]] = []
    learner.on("request", lambda request: asked.append((request.method, request.url)))
    page = visit(learner, f"{site_url}/quiz.html")
    answer(page, truth="Vrai", half="12,5")
    close_window(page)
    assert {method for method, url in asked} == {"GET"}
    assert all(url.startswith(site_url) or url.endswith("/favicon.ico") for method, url in asked)


def test_without_a_script_the_list_still_leads_to_every_page(chromium: Any, site_url: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site_url}/")
    page.get_by_role("link", name="La suite").click()
    assert page.get_by_role("heading", name="La suite").is_visible()
    assert page.get_by_role("link", name="Quiz final").is_visible()
    context.close()
