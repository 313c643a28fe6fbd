"""The SCORM 2004 API adapter in a real browser, held to the Run-Time Environment 1.3 (3.1 API, 4.2 data model)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import lms_sandbox
from lms_sandbox import cmi2004
from lms_toolkit.testing import tiny_scorm2004
from lms_toolkit.testing.calls import Scorm2004Calls

pytestmark = pytest.mark.browser

STATIC = Path(lms_sandbox.__file__).with_name("static")


@pytest.fixture(scope="module")
def workshop(chromium):
    """A blank page with the adapter's scripts, for what needs no LMS behind it."""
    page = chromium.new_page()
    page.add_script_tag(path=STATIC / "elements.js")
    page.add_script_tag(path=STATIC / "api2004.js")
    yield page
    page.close()


@pytest.fixture
def idle(workshop):
    """An adapter for a first session that saves nowhere and is not initialized."""
    given = {"cmi.entry": "ab-initio", "cmi.objectives.0.id": "primary", "cmi.total_time": "PT0S"}
    launch = {"item": "quiz", "sitting": 1, "values": given, "fresh": given, "items": ["lesson-one", "quiz"]}
    make = """([model, launch]) => {
      window.asked = [];
      const scorm = createScorm2004Api(model, launch, () => true, () => {}, (request) => window.asked.push(request));
      window.API_1484_11 = scorm.api;
      window.restart = scorm.restart;
    }"""
    workshop.evaluate(make, [cmi2004.as_json(), launch])
    return Scorm2004Calls(workshop)


@pytest.fixture
def fresh(idle):
    assert idle("Initialize", "") == ("true", "0")
    return idle


@pytest.fixture
def deployed2004(deployed, tmp_path):
    package = tiny_scorm2004(tmp_path / "tiny2004.zip")
    module = deployed.wire.apply_module(deployed.course, package, key="module:tiny2004")["id"]
    return replace(deployed, module=module)


@pytest.fixture
def tab(chromium, deployed2004):
    deployed = deployed2004
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{deployed.wire.sandbox.url}/enter/key?next=/play/{deployed.module}?item=quiz")
    yield page
    context.close()


@pytest.fixture
def api(tab):
    api = Scorm2004Calls(tab)
    assert api("Initialize", "") == ("true", "0")
    return api


def again(tab) -> Scorm2004Calls:
    """The next session of the same learner in the same SCO."""
    tab.reload()
    api = Scorm2004Calls(tab)
    assert api("Initialize", "") == ("true", "0")
    return api


def test_every_call_has_its_own_error_before_initialize_and_after_terminate(idle):
    assert idle("GetValue", "cmi.mode") == ("", "122")
    assert idle("SetValue", "cmi.location", "x") == ("false", "132")
    assert idle("Commit", "") == ("false", "142")
    assert idle("Terminate", "") == ("false", "112")
    assert idle("Initialize", "x") == ("false", "201")
    assert idle("Initialize", "") == ("true", "0")
    assert idle("Initialize", "") == ("false", "103")
    assert idle("Commit", "x") == ("false", "201")
    assert idle("Terminate", "x") == ("false", "201")
    assert idle("Terminate", "") == ("true", "0")
    assert idle("GetValue", "cmi.mode") == ("", "123")
    assert idle("SetValue", "cmi.location", "x") == ("false", "133")
    assert idle("Commit", "") == ("false", "143")
    assert idle("Terminate", "") == ("false", "113")
    assert idle("Initialize", "") == ("false", "104")


def test_error_texts_and_diagnostics(fresh):
    assert fresh.set("cmi.score.scaled", "1.01") == "407"
    assert fresh("GetErrorString", "407")[0] == "Data Model Element Value Out Of Range"
    assert "cmi.score.scaled" in fresh("GetDiagnostic", "")[0]
    assert fresh("GetErrorString", "999") == ("", "407")  # asking changes nothing


@pytest.mark.parametrize(
    ("element", "error"),
    [
        ("", "301"),
        ("hello", "401"),
        ("cmi", "401"),
        ("cmi.score", "401"),
        ("cmi.unknown", "401"),
        ("cmi.core.lesson_status", "401"),
        ("cmi.exit", "405"),
        ("cmi.session_time", "405"),
        ("cmi.location", "403"),
        ("cmi.suspend_data", "403"),
        ("cmi.score.raw", "403"),
        ("cmi.scaled_passing_score", "403"),
        ("cmi.launch_data", "403"),
        ("cmi.interactions.0.id", "301"),
        ("cmi.interactions.n.id", "401"),
        ("cmi.objectives.0.description", "403"),
        ("cmi.objectives.1.id", "301"),
        ("cmi.score.raw._children", "301"),
        ("cmi.score._count", "301"),
        ("cmi.unknown._children", "401"),
        ("cmi.score._version", "401"),
        ("cmi.interactions.0.objectives._count", "301"),
        ("cmi.__proto__", "401"),
        ("constructor", "401"),
    ],
)
def test_what_cannot_be_read(fresh, element, error):
    assert fresh.get_error(element) == error


def test_what_is_read_before_anything_was_written(fresh):
    assert fresh.get("cmi._version") == "1.0"
    assert fresh.get("cmi.completion_status") == "unknown"
    assert fresh.get("cmi.success_status") == "unknown"
    assert fresh.get("cmi.learner_preference.audio_level") == "1"
    assert fresh.get("cmi.score._children") == "scaled,raw,min,max"
    assert fresh.get("cmi.interactions._count") == "0"
    assert fresh.get("cmi.objectives._count") == "1"
    assert fresh.get("cmi.objectives.0.success_status") == "unknown"
    assert fresh.get("adl.nav.request") == "_none_"


@pytest.mark.parametrize(
    ("element", "value", "error"),
    [
        ("", "x", "351"),
        ("cmi.learner_id", "x", "404"),
        ("cmi.total_time", "PT1S", "404"),
        ("cmi.completion_threshold", "1", "404"),
        ("cmi.score._children", "x", "404"),
        ("cmi.interactions._count", "1", "404"),
        ("cmi.unknown", "x", "401"),
        ("cmi.score", "1", "401"),
        ("cmi.interactions.n.id", "q", "401"),
        ("cmi.completion_status", "passed", "406"),
        ("cmi.completion_status", "not attempted", "0"),
        ("cmi.success_status", "completed", "406"),
        ("cmi.success_status", "passed", "0"),
        ("cmi.exit", "normal", "0"),
        ("cmi.exit", "", "0"),
        ("cmi.exit", "leave", "406"),
        ("cmi.score.scaled", "1.0", "0"),
        ("cmi.score.scaled", "-1", "0"),
        ("cmi.score.scaled", "1.0000001", "407"),
        ("cmi.score.scaled", "-1.1", "407"),
        ("cmi.score.scaled", "eighty", "406"),
        ("cmi.score.scaled", ".5", "406"),
        ("cmi.score.raw", "-250.75", "0"),
        ("cmi.score.raw", "", "406"),
        ("cmi.score.raw", 85.5, "0"),
        ("cmi.progress_measure", "1.01", "407"),
        ("cmi.progress_measure", "-0.1", "407"),
        ("cmi.session_time", "PT1H2M3.45S", "0"),
        ("cmi.session_time", "P1Y2M3DT4H", "0"),
        ("cmi.session_time", "PT3.456S", "406"),
        ("cmi.session_time", "00:10:00", "406"),
        ("cmi.session_time", "P", "406"),
        ("cmi.session_time", "P1DT", "406"),
        ("cmi.location", "é" * 1000, "0"),
        ("cmi.location", "x" * 1001, "406"),
        ("cmi.suspend_data", "x" * 64000, "0"),
        ("cmi.suspend_data", "ligne\nligne", "0"),
        ("cmi.suspend_data", "x" * 64001, "406"),
        ("cmi.learner_preference.audio_level", "-1", "407"),
        ("cmi.learner_preference.audio_captioning", "2", "406"),
        ("cmi.learner_preference.language", "fr-CA", "0"),
        ("cmi.learner_preference.language", "français", "406"),
        ("cmi.comments_from_learner.0.comment", "{lang=fr}Très bien", "0"),
        ("cmi.comments_from_learner.0.comment", "{lang=}Très bien", "406"),
        ("cmi.comments_from_learner.1.comment", "gap", "351"),
        ("cmi.comments_from_learner.0.timestamp", "2026-11-22T10:00:00", "0"),
        ("cmi.comments_from_learner.0.timestamp", "2026-11-22T10:00:00.5Z", "0"),
        ("cmi.comments_from_learner.0.timestamp", "2026-11-22T10:00:00Z", "406"),
        ("cmi.comments_from_learner.0.timestamp", "2026-13-01", "406"),
        ("cmi.comments_from_lms.0.comment", "x", "404"),
        ("cmi.objectives.0.id", "other", "351"),
        ("cmi.objectives.0.id", "primary", "0"),
        ("cmi.objectives.0.score.scaled", "2", "407"),
        ("cmi.objectives.1.id", "primary", "351"),
        ("cmi.objectives.1.score.raw", "1", "408"),
        ("cmi.objectives.2.id", "gap", "351"),
        ("cmi.interactions.1.id", "gap", "351"),
        ("cmi.interactions.0.id", "", "406"),
        ("cmi.interactions.0.id", "with space", "406"),
        ("cmi.interactions.0.id", "urn:", "406"),
        ("cmi.interactions.0.id", "urn:example:q-1", "0"),
        ("cmi.interactions.0.type", "choice", "408"),
        ("cmi.interactions.0.result", "correct", "408"),
        ("cmi.interactions.0.objectives.0.id", "o", "408"),
        ("adl.nav.request", "continue", "0"),
        ("adl.nav.request", "{target=quiz}choice", "0"),
        ("adl.nav.request", "leave", "406"),
        ("adl.nav.request_valid.continue", "true", "404"),
        ("adl.nav.request_valid.choice.{target=quiz}", "true", "404"),
    ],
)
def test_what_can_be_written_and_what_cannot(fresh, element, value, error):
    assert fresh.set(element, value) == error


RESPONSES = [
    ("true-false", "true", "t"),
    ("choice", "a[,]option-1", "a,b c"),
    ("choice", "", "a[,]a"),
    ("fill-in", "{lang=fr}un mot[,]deux", "[,]".join("x" * 11)),
    ("long-fill-in", "x" * 4000, "x" * 4001),
    ("matching", "a[.]1[,]b[.]2", "a.1,b.2"),
    ("performance", "step[.]une réponse[,][.]2", "step"),
    ("sequencing", "b[,]a[,]c", "b a c"),
    ("likert", "agree", "agree[,]disagree"),
    ("numeric", "-12.5", "12,5"),
    ("other", "anything [,] at all", "x" * 4001),
]


def interaction(api, kind: str, index: int = 0) -> str:
    name = f"cmi.interactions.{index}"
    assert api.set(f"{name}.id", f"q{index}") == "0"
    assert api.set(f"{name}.learner_response", "a") == "408"
    assert api.set(f"{name}.correct_responses.0.pattern", "a") == "408"
    assert api.set(f"{name}.type", kind) == "0"
    return name


@pytest.mark.parametrize(("kind", "good", "bad"), RESPONSES)
def test_responses_are_written_as_their_interaction_type_wants(fresh, kind, good, bad):
    name = interaction(fresh, kind)

    assert fresh.set(f"{name}.learner_response", bad) == "406"
    assert fresh.set(f"{name}.learner_response", good) == "0"
    assert fresh.get(f"{name}.learner_response") == good


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("fill-in", "{case_matters=true}{order_matters=false}{lang=fr}un[,]deux", "{lang=}un"),
        ("long-fill-in", "{case_matters=false}une phrase", "x" * 4001),
        ("performance", "{order_matters=false}step[.]1[:]2", "step"),
        ("numeric", "[:]2.5", "2.5"),
        ("numeric", "1[:]2", "2[:]1"),
        ("matching", "a[.]1", "a"),
    ],
)
def test_correct_patterns_say_more_than_responses(fresh, kind, good, bad):
    name = interaction(fresh, kind)

    assert fresh.set(f"{name}.correct_responses.0.pattern", bad) == "406"
    assert fresh.set(f"{name}.correct_responses.0.pattern", good) == "0"


@pytest.mark.parametrize(
    ("kind", "first", "second", "error"),
    [
        ("true-false", "true", "false", "351"),
        ("numeric", "1[:]2", "3[:]4", "351"),
        ("choice", "a[,]b", "b[,]a", "351"),
        ("choice", "a[,]b", "a[,]c", "0"),
        ("sequencing", "a[,]b", "b[,]a", "0"),
        ("sequencing", "a[,]b", "a[,]b", "351"),
        ("fill-in", "un", "deux", "0"),
    ],
)
def test_more_than_one_correct_pattern(fresh, kind, first, second, error):
    name = interaction(fresh, kind)
    assert fresh.set(f"{name}.correct_responses.0.pattern", first) == "0"

    assert fresh.set(f"{name}.correct_responses.1.pattern", second) == error


def test_arrays_grow_one_by_one_and_name_nothing_twice(fresh):
    name = interaction(fresh, "choice")
    assert fresh.set(f"{name}.objectives.0.id", "o1") == "0"
    assert fresh.set(f"{name}.objectives.1.id", "o1") == "351"
    assert fresh.set(f"{name}.objectives.2.id", "o3") == "351"
    interaction(fresh, "numeric", 1)
    assert fresh.get("cmi.interactions._count") == "2"
    assert fresh.get(f"{name}.objectives._count") == "1"
    assert fresh.get(f"{name}.correct_responses._count") == "0"
    for element, value in (("result", "incorrect"), ("latency", "PT3S"), ("weighting", "-2.5"), ("description", "é")):
        assert fresh.set(f"{name}.{element}", value) == "0"
    assert fresh.set(f"{name}.result", "wrong") == "406"


def test_what_the_sco_asks_for_is_done_once_it_has_ended(fresh, workshop):
    assert fresh.get("adl.nav.request_valid.choice.{target=quiz}") == "true"
    assert fresh.get("adl.nav.request_valid.jump.{target=nowhere}") == "false"
    fresh.set("adl.nav.request", "continue")
    assert workshop.evaluate("asked") == []
    fresh("Terminate", "")

    assert workshop.evaluate("asked") == ["continue"]


def test_a_sco_that_is_loaded_again_goes_on_after_suspend_and_begins_anew_otherwise(fresh, workshop):
    fresh.set("cmi.location", "page-2")
    fresh.set("cmi.exit", "suspend")
    fresh("Terminate", "")
    workshop.evaluate("restart()")
    assert fresh("Initialize", "") == ("true", "0")
    assert (fresh.get("cmi.entry"), fresh.get("cmi.location")) == ("resume", "page-2")
    fresh.set("cmi.exit", "normal")
    fresh("Terminate", "")
    workshop.evaluate("restart()")

    assert fresh("Initialize", "") == ("true", "0")
    assert (fresh.get("cmi.entry"), fresh.get_error("cmi.location")) == ("ab-initio", "403")


def test_the_first_session_starts_from_the_beginning(api):
    assert api.get("cmi.learner_id") == "amina.test"
    assert api.get("cmi.learner_name") == "Test, Amina"
    assert api.get("cmi.entry") == "ab-initio"
    assert api.get("cmi.scaled_passing_score") == "0.7"
    assert api.get("cmi.objectives.0.id") == "primary"
    assert api.get("adl.nav.request_valid.continue") == "false"
    assert api.get("adl.nav.request_valid.previous") == "true"


def test_what_was_suspended_is_there_in_the_next_session(tab, api):
    api.set("cmi.location", "page-2")
    api.set("cmi.suspend_data", "réponses : [1,2]")
    api.set("cmi.completion_status", "incomplete")
    api.set("cmi.session_time", "PT59M30.5S")
    api.set("cmi.interactions.0.id", "q0")
    api.set("cmi.exit", "suspend")
    assert api("Terminate", "") == ("true", "0")

    later = again(tab)
    assert later.get("cmi.entry") == "resume"
    assert later.get("cmi.location") == "page-2"
    assert later.get("cmi.suspend_data") == "réponses : [1,2]"
    assert later.get("cmi.interactions._count") == "1"
    assert later.get("cmi.total_time") == "PT0H59M30.50S"
    later.set("cmi.session_time", "PT1M")
    later("Commit", "")
    later.set("cmi.session_time", "PT2M")
    later("Commit", "")
    assert again(tab).get("cmi.total_time") == "PT1H1M30.50S"


def test_another_exit_ends_the_attempt_and_the_next_one_does_not_mix_with_it(tab, api):
    api.set("cmi.location", "page-2")
    api.set("cmi.interactions.0.id", "q0")
    api.set("cmi.completion_status", "completed")
    api("Terminate", "")

    later = again(tab)
    assert later.get("cmi.entry") == "ab-initio"
    assert later.get_error("cmi.location") == "403"
    later.set("cmi.suspend_data", "new")
    later.set("cmi.exit", "suspend")
    later("Terminate", "")
    last = again(tab)
    assert last.get("cmi.suspend_data") == "new"
    assert last.get("cmi.interactions._count") == "0"


def test_a_session_that_never_ended_is_taken_up_again(tab, api):
    api.set("cmi.location", "page-7")
    api("Commit", "")

    assert again(tab).get("cmi.location") == "page-7"


@pytest.mark.parametrize(
    ("values", "score", "state"),
    [
        ({"cmi.score.scaled": "0.69"}, 69, "incomplete"),
        ({"cmi.score.scaled": "0.7"}, 70, "complete"),
        ({"cmi.score.scaled": "0.9", "cmi.score.raw": "81.25", "cmi.score.max": "100"}, 81.25, "complete"),
        ({"cmi.score.scaled": "0.2", "cmi.success_status": "passed"}, 20, "incomplete"),
        ({"cmi.success_status": "passed"}, 0, "complete"),
        ({"cmi.score.scaled": "-0.5"}, 0, "incomplete"),
        ({"cmi.completion_status": "incomplete"}, None, "incomplete"),
    ],
)
def test_grades_and_completions_come_of_it(api, deployed2004, values, score, state):
    for element, value in values.items():
        assert api.set(element, value) == "0"
    api("Terminate", "")

    results = deployed2004.results()
    grade = next(row for row in results["grades"] if row["item"] == "module:tiny2004")
    completion = next(row for row in results["completions"] if row["item"] == "module:tiny2004")
    assert (grade["score"], completion["state"]) == (score, state)


def test_a_request_to_go_on_leads_to_the_next_page(tab, deployed2004):
    tab.goto(f"{deployed2004.wire.sandbox.url}/play/{deployed2004.module}?item=lesson-one")
    api = Scorm2004Calls(tab)
    api("Initialize", "")
    api.set("cmi.completion_status", "completed")
    api.set("adl.nav.request", "continue")
    with tab.expect_navigation(url="**item=quiz"):
        api("Terminate", "")

    assert tab.locator('[data-item="lesson-one"] .status').inner_text().endswith("terminé")


def test_what_the_adapter_would_refuse_is_not_stored_either(tab, deployed2004):
    script = """async ([path, values]) => (await fetch(path, {method: "POST", body: JSON.stringify(
      {item: "quiz", sitting: 1, values: values})})).status"""
    path = f"/play/{deployed2004.module}/tracks"
    for values in ({"cmi.score.scaled": "1.5"}, {"cmi.learner_id": "x"}, {"cmi.core.lesson_status": "passed"}):
        assert tab.evaluate(script, [path, values]) == 400
    assert tab.evaluate(script, [path, {"cmi.score.scaled": "1"}]) == 200
