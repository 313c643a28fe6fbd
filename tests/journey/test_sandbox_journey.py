"""A learner takes the SURE module in a real browser, and the grade and the award come home."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from lms_sandbox.server import Sandbox
from lms_toolkit import content_path
from lms_toolkit.courses import load

pytestmark = pytest.mark.browser

EDITION = "SURE-FR-M1"


@pytest.fixture
def sandbox(tmp_path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "sandbox") as running:
        (tmp_path / "lms-toolkit.toml").write_text(
            f'[sites.sandbox]\nplatform = "sandbox"\nurl = "{running.url}"\ntoken_file = "{running.token_path}"\n'
        )
        yield running


def test_a_learner_reads_leaves_comes_back_and_passes(sandbox, toolkit, learner, chromium, tmp_path):
    (tmp_path / "learners.csv").write_text(
        "username,email,first name,last name\namina,amina@example.org,Amina,Test\n", encoding="utf-8"
    )
    deployment = toolkit("deploy", EDITION, "--site", "sandbox")
    toolkit("enrol", EDITION, "learners.csv", "--site", "sandbox", "--create")
    module = load(content_path("sure")).module("cycles-migratoires").content["fr"]
    page = chromium.new_page()
    page.goto(f"{sandbox.url}/login")
    page.get_by_role("button", name="Amina Test").click()
    page.wait_for_url(f"{sandbox.url}/")
    page.goto(deployment["course_url"])
    page.get_by_role("link", name="cycles migratoires").first.click()

    frame = page.frame_locator("#sco")
    for lesson in module.lessons[:2]:
        expect(frame.locator("h1")).to_have_text(lesson.title)
        learner.finish_lesson(frame)
        page.locator("a[rel=next]").click()
    third = module.lessons[2]
    expect(frame.locator("h1")).to_have_text(third.title)
    headings = frame.locator(".text h2")
    reached = headings.nth(2).inner_text()
    headings.nth(2).evaluate("heading => heading.scrollIntoView()")
    expect(frame.locator("#lms-saved")).to_have_class("saved is-saved")
    page.goto(deployment["course_url"])  # leaves in the middle of the third lesson

    page.get_by_role("link", name="cycles migratoires").first.click()
    expect(frame.locator("h1")).to_have_text(third.title)  # and comes back to the same page
    expect(frame.locator(".resume")).to_be_visible()
    expect(frame.locator(".resume + h2")).to_have_text(reached)
    for _ in module.lessons[2:]:
        learner.finish_lesson(frame)
        page.locator("a[rel=next]").click()
    learner.answer_quiz(frame, module.quiz, right=len(module.quiz) - 2)
    shown = frame.locator("#lms-result-score").inner_text()
    page.goto(deployment["course_url"])
    page.close()

    pulled = toolkit("grades", "pull", EDITION, "--site", "sandbox")
    assert (pulled["users"], pulled["attempts"]) == (1, 1)
    assert pulled["changed"] == pulled["grades"] + pulled["completions"] + pulled["attempts"]
    rows = {row["item"]: row for row in toolkit("grades", "show", EDITION, "--site", "sandbox")}
    graded = rows["module:cycles-migratoires"]
    assert graded["state"] in ("complete", "passed")
    assert 80 < graded["percent"] < 100
    assert f"{graded['percent']:.2f}".rstrip("0").rstrip(".").replace(".", ",") in shown

    (award,) = toolkit("certify", EDITION, "--site", "sandbox", "--yes")
    assert award["decision"] == "earned"
    assert toolkit("certificates", "verify", award["certificate"])["verdict"] == "valid"
    assert toolkit("certify", EDITION, "--site", "sandbox", "--yes")[0]["certificate"] == award["certificate"]


def test_a_learner_who_fails_the_quiz_is_told_and_gets_no_certificate(sandbox, toolkit, learner, chromium, tmp_path):
    (tmp_path / "learners.csv").write_text(
        "username;email;prénom;nom\njorge;jorge@example.org;Jorge;Prueba\n", encoding="utf-8"
    )
    deployment = toolkit("deploy", EDITION, "--site", "sandbox")
    toolkit("enrol", EDITION, "learners.csv", "--site", "sandbox", "--create")
    module = load(content_path("sure")).module("cycles-migratoires").content["fr"]
    page = chromium.new_page()
    page.goto(f"{sandbox.url}/login")
    page.get_by_role("button", name="Jorge Prueba").click()
    page.wait_for_url(f"{sandbox.url}/")
    page.goto(deployment["course_url"])
    page.get_by_role("link", name="cycles migratoires").first.click()
    page.locator("[data-item=quiz] a").click()
    frame = page.frame_locator("#sco")
    learner.answer_quiz(frame, module.quiz, right=0)
    expect(frame.locator("#lms-result")).to_have_class("result is-failed")
    page.close()

    toolkit("grades", "pull", EDITION, "--site", "sandbox")
    (award,) = toolkit("certify", EDITION, "--site", "sandbox", "--yes")
    assert (award["decision"], award["certificate"]) == ("not yet", None)
    assert any(not reason["met"] for reason in award["reasons"])
