"""A module in linear navigation: its quiz is closed until the lessons before it are completed, and opens then."""

from __future__ import annotations

import zipfile

import pytest

from lms_sandbox.gates import gates
from lms_sandbox.manifest import read_manifest
from lms_sandbox.outcomes import Outcome
from lms_toolkit.manager import Plugins

FORMATS = [name for name in Plugins().format_names() if name.startswith("scorm")]
DONE = Outcome("completed", is_completed=True, is_passed=False, score_percent=None)
BEGUN = Outcome("incomplete", is_completed=False, is_passed=False, score_percent=None)
FAILED = Outcome("failed", is_completed=False, is_passed=False, score_percent=10)


def tree_of(package):
    with zipfile.ZipFile(package.path) as archive:
        return read_manifest(archive.read("imsmanifest.xml")).tree


@pytest.mark.parametrize("format_name", FORMATS)
def test_the_quiz_of_a_linear_module_opens_once_both_lessons_are_completed(built, format_name):
    tree = tree_of(built(format_name, "linear"))
    one, two = "lesson-bienvenue", "lesson-suite"

    assert "quiz" in gates(tree, {}).closed
    assert "quiz" in gates(tree, {one: DONE}).closed
    assert "quiz" in gates(tree, {one: DONE, two: BEGUN}).closed
    assert not gates(tree, {one: DONE, two: DONE}).closed
    assert not gates(tree, {one: DONE, two: DONE, "quiz": FAILED}).closed


@pytest.mark.parametrize("format_name", FORMATS)
def test_nothing_is_closed_where_navigation_is_free(built, format_name):
    found = gates(tree_of(built(format_name)), {})

    assert (found.closed, found.guided) == (frozenset(), frozenset())


def test_scorm_1_2_opens_a_lesson_once_the_one_before_it_is_completed(built):
    tree = tree_of(built("scorm12", "linear"))

    assert gates(tree, {}).closed == {"lesson-suite", "quiz"}
    assert gates(tree, {"lesson-bienvenue": DONE}).closed == {"quiz"}


MANIFEST = """<manifest xmlns:imsss="x" xmlns:adlcp="y"><metadata><schemaversion>{version}</schemaversion></metadata>
<organizations><organization><title>O</title><item identifier="a" identifierref="r"><title>A</title></item>
<item identifier="b" identifierref="r"><title>B</title>{more}</item></organization></organizations>
<resources><resource identifier="r" href="a.html"/></resources></manifest>"""
RULE = (
    "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>"
    '<imsss:ruleCondition {condition}/></imsss:ruleConditions><imsss:ruleAction action="{action}"/>'
    "</imsss:preConditionRule></imsss:sequencingRules></imsss:sequencing>"
)


@pytest.mark.parametrize(
    ("version", "more", "closed"),
    [
        ("1.2", "<adlcp:prerequisites>a</adlcp:prerequisites>", {"b"}),
        ("1.2", "<adlcp:prerequisites>a&amp; z</adlcp:prerequisites>", {"b"}),
        ("1.2", "<adlcp:prerequisites>~a|z</adlcp:prerequisites>", set()),
        ("1.3", RULE.format(condition='condition="always"', action="disabled"), {"b"}),
        ("1.3", RULE.format(condition='condition="always"', action="skip"), set()),
        ("1.3", RULE.format(condition='operator="not" condition="attempted"', action="disabled"), {"b"}),
        ("1.3", RULE.format(condition='condition="attempted"', action="disabled"), set()),
        ("1.3", RULE.format(condition='condition="timeLimitExceeded"', action="disabled"), set()),
    ],
)
def test_only_rules_that_are_understood_close_an_item(version, more, closed):
    tree = read_manifest(MANIFEST.format(version=version, more=more).encode()).tree

    assert gates(tree, {}).closed == closed


@pytest.mark.browser
@pytest.mark.parametrize("format_name", ["scorm12", "scorm2004-4th"])
def test_a_learner_finds_the_quiz_closed_until_the_last_lesson_is_finished(chromium, deployed, built, format_name):
    number = deployed.wire.apply_module(deployed.course, built(format_name, "linear"), key="module:linear")["id"]
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    sco = page.frame_locator("#sco")
    entry = page.locator("[data-item=quiz]")

    page.goto(f"{deployed.wire.sandbox.url}/enter/key?next=/play/{number}?item=quiz")
    assert page.get_by_text("Cette page s’ouvre quand").is_visible()
    assert not page.locator("#sco").is_visible()
    page.goto(f"{deployed.wire.sandbox.url}/play/{number}")
    assert page.locator("#sco").get_attribute("src").endswith("lesson-bienvenue.html")
    for _ in range(2):
        assert entry.locator(".status").inner_text() == "pas encore ouvert"
        sco.get_by_role("button", name="J’ai terminé cette leçon").click()
        sco.get_by_text("C’est enregistré").wait_for()
        with page.expect_navigation():
            page.get_by_role("link", name="Suivant").click()
    sco.locator("#lms-quiz").wait_for()
    assert entry.locator(".status").inner_text() != "pas encore ouvert"
    assert entry.locator("[aria-current]").count() == 1
    context.close()


@pytest.mark.browser
def test_a_closed_next_page_stays_closed_to_a_click_and_opens_without_a_reload(chromium, deployed, built):
    number = deployed.wire.apply_module(deployed.course, built("scorm12", "linear"), key="module:linear")["id"]
    deployed.wire.sandbox.site.entrances["key"] = deployed.learner
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(f"{deployed.wire.sandbox.url}/enter/key?next=/play/{number}?item=lesson-bienvenue")
    following = page.locator("a.next")
    before = page.url

    following.click(force=True)
    following.press("Enter")
    assert page.url == before
    assert page.locator("#sco").get_attribute("src").endswith("lesson-bienvenue.html")
    page.frame_locator("#sco").get_by_role("button", name="J’ai terminé cette leçon").click()
    page.locator("a.next:not([aria-disabled])").wait_for()
    following.click()
    page.wait_for_url("**item=lesson-suite")
    context.close()
