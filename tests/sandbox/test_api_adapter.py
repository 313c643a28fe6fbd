"""The SCORM 1.2 API adapter in a real browser, held to the Run-Time Environment 1.2 (3.3 API, 3.4 data model)."""

from __future__ import annotations

from pathlib import Path

import pytest

import lms_sandbox
from lms_sandbox import cmi12
from lms_toolkit.testing.calls import Scorm12Calls

pytestmark = pytest.mark.browser

STATIC = Path(lms_sandbox.__file__).with_name("static")


@pytest.fixture
def tab(chromium, deployed):
    """A browser tab of the learner; open an item with `tab.goto(player(...))`."""
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{deployed.wire.sandbox.url}/enter/key?next=/play/{deployed.module}?item=quiz")
    yield page
    context.close()


@pytest.fixture
def idle(tab):
    """An adapter that is not initialized."""
    return Scorm12Calls(tab)


@pytest.fixture
def api(idle):
    assert idle("LMSInitialize", "") == ("true", "0")
    return idle


@pytest.fixture(scope="module")
def workshop(chromium):
    """A blank page with the adapter's script, for what needs no LMS behind it."""
    page = chromium.new_page()
    page.add_script_tag(path=STATIC / "elements.js")
    page.add_script_tag(path=STATIC / "api12.js")
    yield page
    page.close()


@pytest.fixture
def fresh(workshop):
    """An adapter that has just been initialized for a first session, and saves nowhere."""
    launch = {"item": "quiz", "mastery_score": None, "values": {"cmi.core.lesson_status": "not attempted"}}
    make = "([model, launch]) => { window.API = createScorm12Api(model, launch, () => true, () => {}); }"
    workshop.evaluate(make, [cmi12.as_json(), launch])
    api = Scorm12Calls(workshop)
    assert api("LMSInitialize", "") == ("true", "0")
    return api


def again(tab) -> Scorm12Calls:
    """The next session of the same learner in the same SCO."""
    tab.reload()
    api = Scorm12Calls(tab)
    assert api("LMSInitialize", "") == ("true", "0")
    return api


def test_before_initialize_everything_is_refused(idle):
    assert idle("LMSGetValue", "cmi.core.student_id") == ("", "301")
    assert idle("LMSSetValue", "cmi.core.exit", "suspend") == ("false", "301")
    assert idle("LMSCommit", "") == ("false", "301")
    assert idle("LMSFinish", "") == ("false", "301")


def test_initialize_takes_an_empty_string_and_happens_once(idle):
    assert idle("LMSInitialize", "x") == ("false", "201")
    assert idle("LMSInitialize", "") == ("true", "0")
    assert idle("LMSInitialize", "") == ("false", "101")


def test_commit_and_finish_take_an_empty_string(api):
    assert api("LMSCommit", "x") == ("false", "201")
    assert api("LMSFinish", "x") == ("false", "201")
    assert api("LMSFinish", "") == ("true", "0")
    assert api("LMSGetValue", "cmi.core.student_id") == ("", "301")


def test_error_texts_and_diagnostics(fresh):
    assert fresh.set("cmi.core.score.raw", "101") == "405"
    assert fresh("LMSGetErrorString", "405")[0] == "Incorrect data type"
    assert "cmi.core.score.raw" in fresh("LMSGetDiagnostic", "")[0]
    assert fresh("LMSGetErrorString", "999") == ("", "405")  # asking changes nothing


def test_the_first_session_starts_from_the_beginning(api):
    assert api.get("cmi.core.student_id") == "amina.test"
    assert api.get("cmi.core.student_name") == "Test, Amina"
    assert api.get("cmi.core.lesson_status") == "not attempted"
    assert api.get("cmi.core.entry") == "ab-initio"
    assert api.get("cmi.core.credit") == "credit"
    assert api.get("cmi.core.lesson_mode") == "normal"
    assert api.get("cmi.core.lesson_location") == ""
    assert api.get("cmi.core.total_time") == "0000:00:00.00"
    assert api.get("cmi.student_data.mastery_score") == "70"


@pytest.mark.parametrize(
    ("element", "error"),
    [
        ("", "201"),
        ("hello", "201"),
        ("cmi.core", "201"),
        ("cmi.core.unknown", "401"),
        ("cmi.core.exit", "404"),
        ("cmi.core.session_time", "404"),
        ("cmi.interactions.0.id", "404"),
        ("cmi.interactions.n.id", "401"),
        ("cmi.objectives.0.id", "201"),
        ("cmi.core.lesson_status._children", "202"),
        ("cmi.core.score.raw._count", "203"),
        ("cmi.core._count", "203"),
        ("cmi.unknown._children", "401"),
        ("cmi.interactions.0.objectives._count", "201"),
        ("cmi.core.__proto__", "401"),
        ("constructor", "201"),
    ],
)
def test_what_cannot_be_read(fresh, element, error):
    assert fresh.get_error(element) == error


def test_what_groups_and_arrays_say_of_themselves(fresh):
    assert set(fresh.get("cmi.core._children").split(",")) >= {"lesson_status", "score", "session_time"}
    assert fresh.get("cmi.core.score._children") == "raw,min,max"
    assert fresh.get("cmi.interactions._count") == "0"
    assert fresh.get("cmi.objectives._children") == "id,score,status"
    assert fresh.get("cmi._version") == "3.4"


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ("", "x", "201"),
        ("cmi.core.student_id", "x", "403"),
        ("cmi.core.total_time", "00:10:00", "403"),
        ("cmi.student_data.mastery_score", "10", "403"),
        ("cmi.launch_data", "x", "403"),
        ("cmi.core._children", "x", "402"),
        ("cmi.interactions._count", "1", "402"),
        ("cmi.core.unknown", "x", "401"),
        ("cmi.core", "x", "201"),
        ("cmi.core.lesson_status", "not attempted", "405"),
        ("cmi.core.lesson_status", "Passed", "405"),
        ("cmi.core.lesson_status", "passed", "0"),
        ("cmi.core.exit", "normal", "405"),
        ("cmi.core.exit", "", "0"),
        ("cmi.core.score.raw", "100.01", "405"),
        ("cmi.core.score.raw", "-1", "405"),
        ("cmi.core.score.raw", "eighty", "405"),
        ("cmi.core.score.raw", "100.00", "0"),
        ("cmi.core.score.raw", 85.5, "0"),
        ("cmi.core.score.raw", "", "0"),
        ("cmi.core.session_time", "PT1H", "405"),
        ("cmi.core.session_time", "1:00:00", "405"),
        ("cmi.core.session_time", "0001:02:03.45", "0"),
        ("cmi.core.session_time", "00:00:01", "0"),
        ("cmi.core.lesson_location", "é" * 255, "0"),
        ("cmi.core.lesson_location", "x" * 256, "405"),
        ("cmi.suspend_data", "x" * 4096, "0"),
        ("cmi.suspend_data", "ligne\nligne", "0"),
        ("cmi.suspend_data", "x" * 4097, "405"),
        ("cmi.student_preference.audio", "-1", "0"),
        ("cmi.student_preference.audio", "101", "405"),
        ("cmi.student_preference.speed", "-100", "0"),
        ("cmi.student_preference.text", "2", "405"),
        ("cmi.objectives.0.status", "not attempted", "0"),
        ("cmi.objectives.1.id", "gap", "201"),
        ("cmi.interactions.1.id", "gap", "201"),
        ("cmi.interactions.0.id", "with space", "405"),
        ("cmi.interactions.0.id", "", "405"),
        ("cmi.interactions.0.time", "25:00:00", "405"),
        ("cmi.interactions.0.time", "23:59:59.9", "0"),
        ("cmi.interactions.0.type", "essay", "405"),
        ("cmi.interactions.0.result", "incorrect", "405"),
        ("cmi.interactions.0.result", "0.5", "0"),
        ("cmi.interactions.0.weighting", "-2.5", "0"),
        ("cmi.interactions.00.id", "q", "401"),
    ],
)
def test_what_can_be_written_and_what_cannot(fresh, element, value, error):
    assert fresh.set(element, value) == error


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("true-false", "t", "yes"),
        ("choice", "a,c", "option-1"),
        ("choice", "{a,b}", "a;b"),
        ("sequencing", "b,a,c", "ba"),
        ("matching", "1.a,2.c", "1=a"),
        ("numeric", "12.5", "12,5"),
        ("fill-in", "un mot avec accents : é", "x" * 256),
    ],
)
def test_responses_are_written_as_their_interaction_type_wants(fresh, kind, good, bad):
    assert fresh.set("cmi.interactions.0.type", kind) == "0"
    assert fresh.set("cmi.interactions.0.student_response", good) == "0"
    assert fresh.set("cmi.interactions.0.student_response", bad) == "405"
    assert fresh.set("cmi.interactions.0.correct_responses.0.pattern", good) == "0"


def test_arrays_grow_one_by_one_and_count_what_they_hold(fresh):
    assert fresh.set("cmi.interactions.0.id", "q1") == "0"
    assert fresh.set("cmi.interactions.0.objectives.0.id", "o1") == "0"
    assert fresh.set("cmi.interactions.0.objectives.2.id", "o3") == "201"
    assert fresh.set("cmi.interactions.1.id", "q2") == "0"
    assert fresh.get("cmi.interactions._count") == "2"
    assert fresh.get("cmi.interactions.0.objectives._count") == "1"
    assert fresh.get("cmi.interactions.1.objectives._count") == "0"


def test_comments_add_up(fresh):
    fresh.set("cmi.comments", "un ")
    fresh.set("cmi.comments", "deux")

    assert fresh.get("cmi.comments") == "un deux"


def test_what_was_committed_is_there_in_the_next_session(tab, api):
    api.set("cmi.core.lesson_status", "incomplete")
    api.set("cmi.core.lesson_location", "page-2")
    api.set("cmi.suspend_data", "réponses : [1,2]")
    api.set("cmi.objectives.0.id", "o1")
    api.set("cmi.core.exit", "suspend")
    assert api("LMSFinish", "") == ("true", "0")

    later = again(tab)
    assert later.get("cmi.core.entry") == "resume"
    assert later.get("cmi.core.lesson_status") == "incomplete"
    assert later.get("cmi.core.lesson_location") == "page-2"
    assert later.get("cmi.suspend_data") == "réponses : [1,2]"
    assert later.get("cmi.objectives._count") == "1"


def test_a_normal_exit_is_no_resume(tab, api):
    api.set("cmi.core.lesson_status", "completed")
    api("LMSFinish", "")

    assert again(tab).get("cmi.core.entry") == ""


def test_session_times_add_up_over_sessions_and_not_over_commits(tab, api):
    api.set("cmi.core.session_time", "0000:59:30.50")
    api("LMSCommit", "")
    api.set("cmi.core.session_time", "0000:59:45.75")
    api("LMSFinish", "")
    later = again(tab)
    later.set("cmi.core.session_time", "00:00:20")
    later("LMSFinish", "")

    assert again(tab).get("cmi.core.total_time") == "0001:00:05.75"


def test_finishing_without_a_status_completes_and_the_mastery_score_decides(tab, deployed):
    tab.goto(f"{deployed.wire.sandbox.url}/play/{deployed.module}?item=lesson-one")
    lesson = Scorm12Calls(tab)
    lesson("LMSInitialize", "")
    lesson("LMSFinish", "")
    assert again(tab).get("cmi.core.lesson_status") == "completed"

    for raw, status in (("69.99", "failed"), ("70", "passed")):
        tab.goto(f"{deployed.wire.sandbox.url}/play/{deployed.module}?item=quiz")
        quiz = Scorm12Calls(tab)
        quiz("LMSInitialize", "")
        quiz.set("cmi.core.score.raw", raw)
        quiz.set("cmi.core.lesson_status", "completed")
        quiz("LMSFinish", "")
        assert again(tab).get("cmi.core.lesson_status") == status
    assert [grade["score"] for grade in deployed.results()["grades"]] == [70, 70]


def test_a_commit_that_fails_says_so_and_keeps_what_it_had_to_save(tab, api, deployed):
    sandbox = deployed.wire.sandbox
    api.set("cmi.core.lesson_location", "page-3")
    sandbox.stop()
    assert api("LMSCommit", "") == ("false", "101")
    assert tab.get_by_role("alert").is_visible()
    sandbox.start()

    assert api("LMSCommit", "") == ("true", "0")
    assert tab.get_by_role("alert").is_hidden()
    assert again(tab).get("cmi.core.lesson_location") == "page-3"


def test_the_contents_show_at_once_what_was_saved(tab, api):
    entry = tab.locator('[data-item="quiz"] .status')
    assert entry.inner_text() == "pas ouvert"
    api.set("cmi.core.lesson_status", "passed")
    api("LMSCommit", "")

    assert entry.inner_text().endswith("réussi")


@pytest.mark.parametrize("leave", ["link", "reload", "close"])
def test_what_a_sco_saves_as_it_is_left_arrives(tab, api, deployed, leave, close_window):
    """SCOs save on `pagehide`; however the learner leaves, that must arrive."""
    script = """() => window.addEventListener("pagehide", () => {
      parent.API.LMSSetValue("cmi.core.lesson_location", "left");
      parent.API.LMSSetValue("cmi.core.lesson_status", "incomplete");
      parent.API.LMSFinish("");
    })"""
    tab.frames[1].evaluate(script)
    if leave == "link":
        tab.get_by_role("link", name="Précédent").click()
        tab.wait_for_url("**item=lesson-one")
        assert tab.locator('[data-item="quiz"]').get_attribute("data-status") == "incomplete"
    elif leave == "reload":
        tab.reload()
    else:
        close_window(tab)

    def saved() -> bool:
        with deployed.wire.sandbox.site.database.reading() as db:
            query = "SELECT value FROM tracks WHERE element = 'cmi.core.lesson_location'"
            return [row["value"] for row in db.execute(query)] == ["left"]

    assert eventually(saved)


def eventually(condition) -> bool:
    """Whether it becomes true before long; a beacon is delivered when the browser finds time."""
    import time

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_the_debug_panel_shows_calls_errors_and_the_data_model(tab, deployed):
    tab.goto(f"{deployed.wire.sandbox.url}/play/{deployed.module}?item=quiz&debug=1")
    api = Scorm12Calls(tab)
    api("LMSInitialize", "")
    api.set("cmi.core.lesson_status", "done")
    api.set("cmi.core.lesson_location", "<b>ici</b>")

    calls = tab.locator("#calls tbody tr")
    assert calls.nth(0).locator("td").all_inner_texts() == [
        'LMSSetValue("cmi.core.lesson_location", "<b>ici</b>")',
        "true",
        "",
    ]
    assert calls.nth(1).locator("td").nth(2).inner_text().startswith("405 ")
    assert "<b>ici</b>" in tab.locator("#data").inner_text()
