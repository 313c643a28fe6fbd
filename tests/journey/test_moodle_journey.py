"""The same journey on a real Moodle, through its own player: the site named by LMS_TOOLKIT_TEST_MOODLE_URL and _TOKEN.

`LMS_TOOLKIT_TEST_SCREENSHOTS` names a folder for pictures of what Moodle showed.
"""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from lms_moodle.client import MoodleClient
from lms_toolkit import content_path
from lms_toolkit.config import Secret, Site
from lms_toolkit.courses import load

pytestmark = [pytest.mark.browser, pytest.mark.live]

EDITION = "SURE-FR-M1"
PASSWORD = "Amina-Test-1!"


@pytest.fixture
def moodle(tmp_path) -> Site:
    url, token = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_URL"), os.environ.get("LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    if not url or not token:
        pytest.skip("no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    (tmp_path / "token").write_text(token)
    (tmp_path / "lms-toolkit.toml").write_text(
        f'[sites.moodle]\nplatform = "moodle"\nurl = "{url}"\ntoken_file = "token"\n'
    )
    return Site("moodle", "moodle", url, Secret(token))


@pytest.fixture
def username(moodle, tmp_path) -> str:
    """A new account, and the registrar's file that names it."""
    name = f"journey-{uuid4().hex[:8]}"
    account = {
        "username": name,
        "password": PASSWORD,
        "firstname": "Amina",
        "lastname": "Test",
        "email": f"{name}@example.org",
        "idnumber": name,
    }
    MoodleClient(moodle).write("core_user_create_users", users=[account])
    (tmp_path / "learners.csv").write_text(
        f"username,email,first name,last name,idnumber\n{name},{account['email']},Amina,Test,{name}\n"
    )
    return name


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("LMS_TOOLKIT_TEST_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


def open_module(page: Page, course_url: str) -> FrameLocator:
    page.goto(course_url)
    link = page.locator("a[href*='/mod/scorm/view.php']").first
    page.goto(str(link.get_attribute("href")))  # not clicked: a site's welcome tour may lie over it
    page.wait_for_url("**/mod/scorm/player.php**")
    return page.frame_locator("#scorm_object")


def turn_to(page: Page, title: str) -> None:
    page.locator("#scorm_toc").get_by_text(title, exact=True).click()


def test_a_learner_takes_the_module_in_moodles_player(moodle, username, toolkit, learner, chromium, log_in_to_moodle):
    assert not [finding for finding in toolkit("doctor", "moodle") if finding["severity"] == "error"]
    toolkit("plan", EDITION, "--site", "moodle")
    deployment = toolkit("deploy", EDITION, "--site", "moodle")
    assert {result["outcome"] for result in toolkit("deploy", EDITION, "--site", "moodle")["results"]} == {"unchanged"}
    toolkit("enrol", EDITION, "learners.csv", "--site", "moodle")
    module = load(content_path("sure")).module("cycles-migratoires").content["fr"]
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    log_in_to_moodle(page, moodle.url, username, PASSWORD)
    page.goto(deployment["course_url"])
    shoot(page, "course")

    frame = open_module(page, deployment["course_url"])
    for lesson in module.lessons[:2]:
        expect(frame.locator("h1")).to_have_text(lesson.title, timeout=20_000)
        learner.finish_lesson(frame)
        shoot(page, f"lesson-{lesson.slug}")
        turn_to(page, module.lessons[module.lessons.index(lesson) + 1].title)
    third = module.lessons[2]
    expect(frame.locator("h1")).to_have_text(third.title, timeout=20_000)
    headings = frame.locator(".text h2")
    reached = headings.nth(2).inner_text()
    headings.nth(2).evaluate("heading => heading.scrollIntoView()")
    expect(frame.locator("#lms-saved")).to_have_class("saved is-saved")

    frame = open_module(page, deployment["course_url"])  # leaves, and comes back to the same page
    expect(frame.locator("h1")).to_have_text(third.title, timeout=20_000)
    expect(frame.locator(".resume + h2")).to_have_text(reached)
    shoot(page, "resumed")
    titles = [lesson.title for lesson in module.lessons[3:]]
    for title in [*titles, "Quiz final"]:
        learner.finish_lesson(frame)
        turn_to(page, title)
        expect(frame.locator("h1")).to_have_text(title, timeout=20_000)
    learner.answer_quiz(frame, module.quiz, right=len(module.quiz) - 2)
    expect(frame.locator("#lms-result-saved")).to_be_visible()
    shoot(page, "quiz-result")
    page.goto(deployment["course_url"])
    shoot(page, "course-done")
    page.close()

    toolkit("grades", "pull", EDITION, "--site", "moodle")
    rows = [row for row in toolkit("grades", "show", EDITION, "--site", "moodle") if username in row["learner_id"]]
    graded = next(row for row in rows if row["item"] == "module:cycles-migratoires")
    assert graded["state"] in ("complete", "passed")
    assert 80 < graded["percent"] < 100
    awards = toolkit("certify", EDITION, "--site", "moodle", "--yes")
    earned = [award for award in awards if award["decision"] == "earned"]
    assert toolkit("certificates", "verify", earned[-1]["certificate"])["verdict"] == "valid"
