"""One course page for all languages of an edition: deployed, enrolled in, learned on and certified."""

from __future__ import annotations

import json

import pytest
import requests

from lms_sandbox.playing import LearnerBrowser

LIST = (
    "email,first name,last name,language,role\n"
    "amina@example.org,Amina,Test,fr,\n"
    "jorge@example.org,Jorge,Prueba,,\n"
    "ines@example.org,Inès,Essai,es,\n"
)


@pytest.fixture
def people(bilingual_desk):
    path = bilingual_desk.folder / "people.csv"
    path.write_text(LIST, encoding="utf-8")
    return str(path)


def enrolled(desk, people, *more, code=1):
    return desk.ask("enrol", people, "--create", *more, code=code)


def module_ids(sandbox, desk) -> dict[str, int]:
    payload = json.dumps({"idnumber": desk.edition})
    form = {"wsfunction": "local_lmstoolkit_get_course", "payload": payload, "moodlewsrestformat": "json"}
    form["wstoken"] = sandbox.token
    answer = requests.post(f"{sandbox.url}/webservice/rest/server.php", data=form, timeout=30).json()
    return {module["key"]: module["id"] for module in json.loads(answer)["course"]["modules"]}


def take_module(sandbox, desk, username: str, language: str, score: int) -> None:
    module = module_ids(sandbox, desk)[f"module:basics.{language}"]
    with LearnerBrowser(sandbox.url, username) as browser:
        for item in browser.items(module):
            browser.launch(module, item)
            passed = {"cmi.core.score.raw": str(score), "cmi.core.score.min": "0", "cmi.core.score.max": "100"}
            status = {"cmi.core.lesson_status": "passed" if score >= 60 else "failed"}
            browser.commit(module, item, {**passed, **status})


def test_one_command_deploys_every_language_and_a_second_run_writes_nothing(bilingual_desk):
    titles = {step["title"] for step in bilingual_desk.ask("plan")["steps"]}
    assert {"A course in two languages", "Start", "Debate", "The basics", "Les bases"} <= titles
    made = bilingual_desk.ask("deploy")
    assert {result["outcome"] for result in made["results"]} == {"created"}
    assert {result["key"] for result in made["results"] if result["kind"] == "module"} == {
        "module:basics.en",
        "module:basics.fr",
    }
    again = bilingual_desk.ask("deploy", "--lang", "fr")
    assert {result["outcome"] for result in again["results"]} == {"unchanged"}
    assert bilingual_desk.ask("status", "--lang", "fr") == []


def test_learners_come_into_the_group_of_their_language_and_are_shown_their_own(bilingual_desk, sandbox, people):
    course_url = bilingual_desk.ask("deploy")["course_url"]
    done = enrolled(bilingual_desk, people)
    assert [outcome["user"]["email"] for outcome in done["outcomes"]] == ["amina@example.org"]
    assert "group Français" in done["outcomes"][0]["note"]
    assert {(finding["rule"], finding["line"]) for finding in done["findings"] if finding["severity"] == "error"} == {
        ("missing-language", 3),
        ("language-not-given", 4),
    }
    session = requests.Session()
    session.post(f"{sandbox.url}/login", {"username": "amina@example.org"}, headers={"Origin": sandbox.url}, timeout=30)
    french = session.get(course_url, headers={"Accept-Language": "fr"}, timeout=30).text
    english = session.get(course_url, headers={"Accept-Language": "en"}, timeout=30).text
    assert "Un cours en deux langues" in french and "A course in two languages" not in french
    assert "We <em>begin</em>." in english and "On <em>commence</em>." not in english
    assert "multilang" not in french + english


def test_a_module_in_any_language_earns_the_certificate_in_that_language(bilingual_desk, sandbox, people):
    desk = bilingual_desk
    desk.ask("deploy")
    enrolled(desk, people, "--lang", "en")
    take_module(sandbox, desk, "amina@example.org", "fr", 100)
    take_module(sandbox, desk, "jorge@example.org", "en", 30)
    assert desk.run("grades", "pull", desk.edition, "--site", "lab").returncode == 0
    decided = desk.run("certify", desk.edition, "--site", "lab", "--dry-run", "--json")
    assert decided.returncode == 0, decided.stderr
    awards = {award["learner"]: award for award in json.loads(decided.stdout)}
    assert awards["Amina Test"]["decision"] == "earned"
    assert awards["Jorge Prueba"]["decision"] == "not yet"
    assert "“Les bases”" in str(awards["Amina Test"]["reasons"])
    assert "“The basics”" in str(awards["Jorge Prueba"]["reasons"])


def test_one_page_arrives_on_a_real_moodle_as_declared_and_a_second_run_writes_nothing(bilingual_moodle_desk):
    made = bilingual_moodle_desk.ask("deploy")
    assert {result["outcome"] for result in made["results"]} == {"created"}
    assert bilingual_moodle_desk.ask("status") == []
    assert {step["action"] for step in bilingual_moodle_desk.ask("plan")["steps"]} == {"unchanged"}
