"""What a learner was told is saved is there afterwards: without a connection, in two windows, after a closed tab, and
with as much to remember as the standard allows."""

from __future__ import annotations

import json

import pytest

from lms_toolkit.manager import Plugins
from lms_toolkit.testing import tiny_scorm2004

pytestmark = pytest.mark.browser

FORMATS = [name for name in Plugins().format_names() if name.startswith("scorm")]
API = {"scorm12": "API", "scorm2004": "API_1484_11"}


@pytest.fixture(params=FORMATS)
def module(request, deployed, built):
    """A module that the toolkit built, as the only one of the learner's second course."""
    package = built(request.param)
    module = deployed.wire.apply_module(deployed.course, package, key="module:built", completion="passed")["id"]
    return module, list(package.items)


@pytest.fixture
def open_tab(chromium, deployed):
    """Opens a page in the learner's one browser."""
    context = chromium.new_context(locale="fr-FR")

    def open_tab(module: int, item: str):
        deployed.wire.sandbox.site.entrances["key"] = deployed.learner
        page = context.new_page()
        page.goto(f"{deployed.wire.sandbox.url}/enter/key?next=/play/{module}?item={item}")
        page.wait_for_load_state()
        return page

    yield open_tab
    context.close()


def score(deployed, key="module:built"):
    return next(row for row in deployed.results()["grades"] if row["item"] == key)["score"]


def stored(deployed, element):
    with deployed.wire.sandbox.site.database.reading() as db:
        rows = db.execute("SELECT value FROM tracks WHERE element = ?", (element,))
        return [row["value"] for row in rows]


def forget_logins(deployed) -> None:
    with deployed.wire.sandbox.site.database.writing() as db:
        assert db.execute("DELETE FROM sessions").rowcount


def until(page, condition: str) -> None:
    """Wait for it. Playwright's own waiting evaluates a text inside the page, which our policy forbids."""
    for _ in range(100):
        page.wait_for_load_state()
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {condition}")


def frame(page):
    return page.frame_locator("#sco")


def answer_quiz(page):
    frame(page).get_by_label("Vrai").check()
    frame(page).get_by_role("textbox").fill("12,5")
    submit(page)
    frame(page).locator("#lms-result").wait_for()


def submit(page):
    frame(page).get_by_role("button", name="Valider mes réponses").click()


def test_a_quiz_that_is_answered_while_the_connection_is_lost_for_a_minute_is_saved_when_it_is_back(
    open_tab, deployed, module
):
    number, items = module
    page = open_tab(number, items[-1])
    page.clock.install()
    page.reload()
    frame(page).locator("html.is-live").wait_for()
    frame(page).get_by_label("Vrai").check()
    page.context.set_offline(True)
    frame(page).get_by_role("textbox").fill("12,5")
    page.clock.run_for(30_000)
    assert "is-unsaved" in frame(page).locator("#lms-saved").get_attribute("class")
    submit(page)
    page.clock.run_for(30_000)

    assert page.get_by_role("alert").is_visible()
    assert "gardez cette page ouverte" in frame(page).locator("#lms-result-saved").inner_text()
    assert score(deployed) is None

    page.context.set_offline(False)  # the browser tells the page, which does not wait for its next try
    frame(page).locator("#lms-saved.is-saved").wait_for()
    assert page.get_by_role("alert").is_hidden()
    assert score(deployed) == 100


def test_the_next_visit_sends_what_a_closed_tab_could_not(open_tab, deployed, module, close_window):
    number, items = module
    page = open_tab(number, items[-1])
    forget_logins(deployed)  # the page's last message may come late, when the sandbox is there again: it is refused
    deployed.wire.sandbox.stop()  # going offline would end with the page, and let its last message through
    answer_quiz(page)
    close_window(page)
    deployed.wire.sandbox.start()
    assert score(deployed) is None

    later = open_tab(number, items[0])

    until(later, "!localStorage.length")
    assert score(deployed) == 100
    assert later.locator(f'[data-item="{items[-1]}"]').get_attribute("data-status") == "passed"


def test_a_tab_that_is_closed_right_after_the_last_answer_loses_nothing(open_tab, deployed, module):
    number, items = module
    page = open_tab(number, items[-1])
    answer_quiz(page)
    assert "is-saved" in frame(page).locator("#lms-saved").get_attribute("class")
    page.close()  # as a crash would: nothing of the page runs any more

    assert score(deployed) == 100
    again = open_tab(number, items[-1])
    assert frame(again).get_by_label("Vrai").is_checked()


def test_an_old_window_cannot_undo_what_a_newer_one_has_saved(open_tab, deployed, module, close_window):
    number, items = module
    old = open_tab(number, items[-1])
    new = open_tab(number, items[-1])
    answer_quiz(new)
    assert score(deployed) == 100

    frame(old).get_by_label("Faux").check()
    frame(old).get_by_role("textbox").fill("1")
    submit(old)

    assert "autre fenêtre" in old.get_by_role("alert").inner_text()
    assert "is-unsaved" in frame(old).locator("#lms-saved").get_attribute("class")
    close_window(old)
    assert score(deployed) == 100
    new.close()
    again = open_tab(number, items[-1])
    assert frame(again).get_by_label("Vrai").is_checked()


def test_the_older_window_may_save_until_the_newer_one_does(open_tab, deployed):
    old = open_tab(deployed.module, "quiz")
    new = open_tab(deployed.module, "quiz")
    say = """(text) => { API.LMSInitialize(""); API.LMSSetValue("cmi.core.lesson_location", text);
      return API.LMSCommit(""); }"""

    assert old.evaluate(say, "old") == "true"
    assert new.evaluate(say, "new") == "true"
    assert old.evaluate(say, "old again") == "false"
    assert stored(deployed, "cmi.core.lesson_location") == ["new"]


def test_a_full_suspend_data_survives_a_closed_tab(open_tab, deployed, tmp_path, close_window):
    """64000 characters that take two bytes each are more than browsers send from a page that is being closed."""
    number = deployed.wire.apply_module(deployed.course, tiny_scorm2004(tmp_path / "2004.zip"), key="module:built")[
        "id"
    ]
    page = open_tab(number, "quiz")
    page.frames[1].evaluate(
        """() => { const api = parent.API_1484_11; api.Initialize("");
        window.addEventListener("pagehide", () => {
          api.SetValue("cmi.suspend_data", "é".repeat(64000));
          api.SetValue("cmi.exit", "suspend");
          api.Terminate("");
        }); }"""
    )
    close_window(page)

    again = open_tab(number, "quiz")
    until(again, "!localStorage.length && Boolean(window.API_1484_11)")
    assert again.evaluate("API_1484_11.Initialize('')") == "true"
    assert again.evaluate("API_1484_11.GetValue('cmi.suspend_data')") == "é" * 64000
    assert again.evaluate("API_1484_11.GetValue('cmi.entry')") == "resume"


@pytest.mark.parametrize(("standard", "length"), [("scorm12", 4096), ("scorm2004", 64000)])
def test_a_full_suspend_data_is_saved_and_one_more_is_refused_without_losing_it(
    open_tab, deployed, tmp_path, standard, length
):
    package = tiny_scorm2004(tmp_path / "2004.zip") if standard == "scorm2004" else None
    number = deployed.module
    if package:
        number = deployed.wire.apply_module(deployed.course, package, key="module:built")["id"]
    page = open_tab(number, "quiz")
    prefix = "LMS" if standard == "scorm12" else ""
    script = f"""(length) => {{ const api = window[{json.dumps(API[standard])}];
      api.{prefix}Initialize("");
      return [length, length + 1].map((n) => api.{prefix}SetValue("cmi.suspend_data", "é".repeat(n)))
        .concat([api.{prefix}Commit("")]); }}"""

    assert page.evaluate(script, length) == ["true", "false", "true"]
    assert stored(deployed, "cmi.suspend_data") == ["é" * length]
