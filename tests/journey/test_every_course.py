"""The modules of every course, in each of its languages, taken to the end by a learner who knows the author's key.

CI takes the shortest module of each course and language; LMS_TOOLKIT_TEST_EVERY_MODULE=1 takes them all. On a real
Moodle (LMS_TOOLKIT_TEST_MOODLE_URL and _TOKEN; LMS_TOOLKIT_TEST_SCREENSHOTS names a folder for pictures) the shortest
ones are taken in its own player.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from lms_moodle.client import MoodleClient
from lms_sandbox.server import Sandbox
from lms_toolkit.app import App
from lms_toolkit.building import build, make_shell
from lms_toolkit.config import Secret, Site, load_config
from lms_toolkit.courses import load
from lms_toolkit.declaring import declare
from lms_toolkit.declaring_activities import Page as CoursePage
from lms_toolkit.deploying import apply
from lms_toolkit.enrolling import enrol
from lms_toolkit.grading import pull, scores_of
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Course, Deployment, Edition, Module, ModuleContent, Phase, User
from lms_toolkit.planning import plan
from lms_toolkit.preparing import prepare

pytestmark = pytest.mark.browser

PASSWORD = "Amina-Test-1!"
PATIENCE_MS = 20_000
"""How long a page may take to show on a machine that is busy; nothing waits so long when it is there."""


@dataclass(frozen=True)
class Written:
    """A module of a course as it is written in one language."""

    course: Course
    module: Module
    language: str

    @property
    def content(self) -> ModuleContent:
        return self.module.content[self.language]

    @property
    def length(self) -> int:
        return sum(len(lesson.markdown) for lesson in self.content.lessons)

    def __str__(self) -> str:
        return f"{self.course.id}-{self.language}-{self.module.slug}"


@cache
def courses() -> tuple[Course, ...]:
    sources = Plugins().course_sources()
    return tuple(load(source.path) for _, source in sorted(sources.items()))


def every_module() -> list[Written]:
    return [
        Written(course, module, language)
        for course in courses()
        for module in course.modules
        for language in module.content
    ]


def shortest_modules() -> list[Written]:
    shortest: dict[tuple[str, str], Written] = {}
    for written in sorted(every_module(), key=lambda one: one.length):
        shortest.setdefault((written.course.id, written.language), written)
    return list(shortest.values())


CHOSEN = every_module() if os.environ.get("LMS_TOOLKIT_TEST_EVERY_MODULE") == "1" else shortest_modules()


@dataclass(frozen=True)
class Classroom:
    """A site with course pages of one module each; `app` has the store that results come home to."""

    app: App
    site: Site

    def open(self, written: Written, folder: Path) -> Deployment:
        platform = self.app.plugins.platform(self.site)
        page = CoursePage(written.course, edition_of(written), written.language, folder, platform.info().activities)
        modules, data = (written.module,), folder / "data"
        built = prepare(written.course, modules, written.language, "scorm12", folder, data, self.app.plugins)
        planned = plan(platform, declare(page, built.packages, self.site.category), page.edition.code)
        return apply(planned, platform, written.course.id, self.app.store, self.app.plugins)

    def enrol(self, deployment: Deployment, user: User, *, create: bool) -> None:
        (outcome,) = enrol(self.app.plugins.platform(self.site), deployment, [user], create=create)
        assert outcome.outcome in ("enrolled", "created")

    def result(self, deployment: Deployment, written: Written) -> tuple[float | None, str | None]:
        """The learner's grade in per cent, and the state of the module."""
        platform = self.app.plugins.platform(self.site)
        pull(platform, deployment, self.app.store, self.app.plugins, datetime.now(UTC))
        rows = scores_of(self.app.store, self.site.name, deployment.course_ref)
        (row,) = [row for row in rows if row.item == written.module.key]
        return row.percent, row.state


def edition_of(written: Written) -> Edition:
    """A run of this module alone, with a code of its own on a site where others try things too."""
    title = {written.language: written.module.title[written.language]}
    phase = Phase("module", title, modules=(written.module.slug,))
    code = f"TRY-{written}-{uuid4().hex[:8]}"
    return Edition(code, (written.language,), "self-paced", (phase,), written.module.hours, title=title)


@pytest.fixture
def classroom(tmp_path: Path) -> Iterator[Callable[[Site], Classroom]]:
    app = App(load_config(env={"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data")}))
    yield lambda site: Classroom(app, site)
    app.close()


def take(written: Written, frame: FrameLocator, turn: Callable[[str], None], learner) -> None:
    """Every lesson, then the quiz, right; `turn` goes to the page of a title."""
    first, *others = written.content.lessons
    expect(frame.locator("h1")).to_have_text(first.title, timeout=PATIENCE_MS)
    learner.finish_lesson(frame)
    for lesson in others:
        turn(lesson.title)
        expect(frame.locator("h1")).to_have_text(lesson.title, timeout=PATIENCE_MS)
        learner.finish_lesson(frame)
    turn("")
    frame.locator("#lms-quiz").wait_for(timeout=PATIENCE_MS)
    learner.answer_drawn(frame, written.content.quiz, written.content.quiz_settings)
    expect(frame.locator("#lms-result")).to_have_class("result is-passed")
    expect(frame.locator("#lms-saved")).to_have_class("saved is-saved")


@pytest.mark.parametrize("written", CHOSEN, ids=str)
def test_a_learner_who_knows_takes_the_module_to_the_end(written, classroom, learner, watched_page, tmp_path):
    with Sandbox(tmp_path / "sandbox") as sandbox, watched_page(locale=written.language) as page:
        room = classroom(sandbox.as_site())
        deployment = room.open(written, tmp_path / "packages")
        room.enrol(deployment, User("amina", "amina@example.org", "Amina", "Test"), create=True)
        page.goto(f"{sandbox.url}/login")
        page.get_by_role("button", name="Amina Test").click()
        page.wait_for_url(f"{sandbox.url}/")
        page.goto(deployment.course_url)
        page.locator("a.button[href^='/play/']").click()
        take(written, page.frame_locator("#sco"), lambda title: page.locator("a[rel=next]").click(), learner)
        page.goto(deployment.course_url)
        expect(page.locator(".state")).to_have_class("state state_complete")
        percent, state = room.result(deployment, written)
    assert percent == 100
    assert state in ("complete", "passed")


# --- on a phone

OUTSIDE = """() => [...document.querySelectorAll("main *")]
  .filter((part) => !part.closest(".table-wrap > *, .chart-wrap > *, .unseen"))
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
  .map((part) => `${part.tagName}: ${part.textContent.trim().slice(0, 40)}`)"""
UNREACHABLE = """() => [...document.querySelectorAll(".table-wrap, .chart-wrap")]
  .filter((box) => box.scrollWidth > box.clientWidth && (box.tabIndex !== 0 || !box.ariaLabel))
  .map((box) => box.textContent.trim().slice(0, 40))"""


@pytest.mark.parametrize("written", CHOSEN, ids=str)
def test_no_page_is_wider_than_a_small_phone(written, watched_page, tmp_path):
    plugins = Plugins()
    shell, web = make_shell(tmp_path / "data"), plugins.format("web")
    package = build(written.course, written.module, written.language, web, tmp_path, shell, plugins)
    with zipfile.ZipFile(package.path) as archive:
        archive.extractall(tmp_path / "site")
    with watched_page(viewport={"width": 320, "height": 640}) as page:
        for name in [*(f"lesson-{lesson.slug}" for lesson in written.content.lessons), "quiz"]:
            page.goto((tmp_path / "site" / f"{name}.html").as_uri())
            page.locator("html.is-live").wait_for()
            page.evaluate("document.querySelectorAll('main details').forEach((part) => { part.open = true })")
            assert page.evaluate("document.documentElement.scrollWidth") == 320, name
            assert page.evaluate(OUTSIDE) == [], name
            assert page.evaluate(UNREACHABLE) == [], name


# --- on a real Moodle


@pytest.fixture
def moodle() -> Site:
    url, token = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_URL"), os.environ.get("LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    if not url or not token:
        pytest.skip("no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    return Site("moodle", "moodle", url, Secret(token))


@pytest.fixture
def amina(moodle: Site) -> User:
    """A new account on that Moodle."""
    name = f"journey-{uuid4().hex[:8]}"
    user = User(name, f"{name}@example.org", "Amina", "Test", name)
    account = {
        "username": user.username,
        "password": PASSWORD,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "email": user.email,
        "idnumber": user.idnumber,
    }
    MoodleClient(moodle).write("core_user_create_users", users=[account])
    return user


@pytest.mark.live
@pytest.mark.parametrize("written", shortest_modules(), ids=str)
def test_the_same_in_moodles_own_player(
    written, classroom, moodle, amina, learner, chromium, log_in_to_moodle, tmp_path
):
    room = classroom(moodle)
    deployment = room.open(written, tmp_path / "packages")
    room.enrol(deployment, amina, create=False)
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    log_in_to_moodle(page, moodle.url, amina.username, PASSWORD)
    page.goto(deployment.course_url)
    shoot(page, f"{written}-course")
    link = page.locator("a[href*='/mod/scorm/view.php']").first
    page.goto(str(link.get_attribute("href")))  # not clicked: a site's welcome tour may lie over it
    page.wait_for_url("**/mod/scorm/player.php**")
    contents = page.locator("#scorm_toc")

    def turn(title: str) -> None:
        (contents.get_by_text(title, exact=True) if title else contents.get_by_role("treeitem").last).click()

    take(written, page.frame_locator("#scorm_object"), turn, learner)
    shoot(page, f"{written}-quiz")
    page.goto(deployment.course_url)
    shoot(page, f"{written}-done")
    page.close()
    percent, state = room.result(deployment, written)
    assert percent == 100
    assert state in ("complete", "passed")


def shoot(page: Page, name: str) -> None:
    """A picture for people, where LMS_TOOLKIT_TEST_SCREENSHOTS names a folder."""
    folder = os.environ.get("LMS_TOOLKIT_TEST_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")
