"""Every question kind in Moodle's own SCORM player and in our sandbox's, answered right, partly and wrong, by mouse and
by keyboard alone, in SCORM 1.2 and 2004: the same learner gets the same record on both.

Nothing here needs the Moodle's machine: what it has stored is read from its player, which hands a learner all of it.
`LMS_TOOLKIT_TEST_SCREENSHOTS` names a folder for pictures of what Moodle showed.
"""

from __future__ import annotations

import json
import os
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from lms_moodle.client import MoodleClient
from lms_sandbox.server import Sandbox
from lms_toolkit.archive import sha256_file
from lms_toolkit.building import build, make_shell
from lms_toolkit.manager import Plugins
from lms_toolkit.testing.courses import tiny_course
from lms_toolkit.testing.hands import Keyboard, Mouse
from lms_toolkit.testing.questions import ANSWERS, EVERY_KIND, MARKED, MORE

pytestmark = [pytest.mark.live, pytest.mark.browser, pytest.mark.xdist_group("question-kinds")]

PASSWORD = "Amina-Test-1!"
STATES = ("incomplete", "complete", "passed", "failed")
LOAD_SECONDS = 60
POLL_MILLISECONDS = 250
QUIZ = "Quiz final"
QUIZ_ITEM = "quiz"
OF_THE_MOMENT = re.compile(r"\.(time|timestamp|latency|session_time|total_time)$")
"""Elements that say when and for how long, and so differ between two visits."""
COMPARED = re.compile(
    r"cmi\.(interactions\.|suspend_data|location|completion_status|success_status|score\.|progress_measure|exit"
    r"|core\.(lesson_status|lesson_location|score\.|exit))"
)
NOTHING = ("", None, "unknown")
"""What Moodle's player says of an element that is not there."""
WORDS = {
    "scorm12": ("cmi.core.score.raw", "cmi.core.lesson_status"),
    "scorm2004-4th": ("cmi.score.raw", "cmi.success_status"),
}
IDS = [question.id for question in EVERY_KIND]

Record = Mapping[str, str]


@dataclass(frozen=True)
class Place:
    """One site with the module on its course page. `visit` opens it for a learner, by user id."""

    client: MoodleClient
    course: int
    module: int
    visit: Callable[[int, str], AbstractContextManager[Visit]]

    def new_learner(self) -> tuple[int, str]:
        """The id and name of an account that takes part in the course."""
        name = f"amina-{uuid.uuid4().hex[:12]}"
        account = {"username": name, "firstname": "Amina", "lastname": "Test", "email": f"{name}@example.org"}
        (made,) = self.client.write("core_user_create_users", users=[{**account, "password": PASSWORD}])
        role = json.loads(self.client.read("local_lmstoolkit_get_info", payload="{}"))["student_roleid"]
        enrolment = {"roleid": role, "userid": made["id"], "courseid": self.course}
        self.client.write("enrol_manual_enrol_users", enrolments=[enrolment])
        return int(made["id"]), name

    def result(self, user: int) -> tuple[float | None, str | None]:
        """The learner's score in the gradebook, and the state of completion."""
        scores, states = (
            [row[2] for row in self.rows(kind) if row[0] == user and row[1] == "module:quiz"]
            for kind in ("grades", "completions")
        )
        return (scores[0] if scores else None), STATES[states[0] if states else 0]

    def rows(self, kind: str) -> list[list[Any]]:
        """What the companion tells, with the keys of items in the place of their numbers."""
        payload = json.dumps({"courseid": self.course, "kind": kind, "after": None, "limit": 5000})
        answer = json.loads(self.client.read("local_lmstoolkit_get_snapshot", payload=payload))
        return [[row[0], answer["items"][row[1]], *row[2:]] for row in answer["rows"]]


@dataclass(frozen=True)
class Visit:
    """A learner's window: the quiz in its frame, and what the site has recorded of it."""

    site: str
    page: Page
    sco: FrameLocator
    open_quiz: Callable[[], None]
    leave: Callable[[], None]
    stored: Callable[[], Record]


def compared(stored: Mapping[str, object]) -> dict[str, str]:
    return {
        name: str(value)
        for name, value in stored.items()
        if COMPARED.match(name) and not OF_THE_MOMENT.search(name) and value not in NOTHING
    }


def shoot(page: Page, name: str) -> None:
    folder = os.environ.get("LMS_TOOLKIT_TEST_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png")


# --- one module on two sites


@pytest.fixture(scope="module", params=["scorm12", "scorm2004-4th"])
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def package(edition: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny course with every question kind in its quiz."""
    folder, plugins = tmp_path_factory.mktemp("package"), Plugins()
    course = tiny_course(folder / "course")
    module = course.modules[0]
    module = replace(module, content={"fr": replace(module.content["fr"], quiz=EVERY_KIND)})
    return build(course, module, "fr", plugins.format(edition), folder, make_shell(folder / "data"), plugins).path


def set_up(client: MoodleClient, package: Path, name: str) -> tuple[int, int]:
    """The ids of a new course and of the module in it."""
    idnumber = f"kinds-{uuid.uuid4().hex[:12]}"
    categories = client.read("core_course_get_categories") or client.write(
        "core_course_create_categories", categories=[{"name": "Essais", "idnumber": "essais"}]
    )
    course = {"fullname": name, "shortname": idnumber, "idnumber": idnumber, "categoryid": categories[0]["id"]}
    (made,) = client.write("core_course_create_courses", courses=[{**course, "enablecompletion": 1, "newsitems": 0}])
    section = {"key": "section:one", "position": 1, "name": "Un", "summary": "", "visible": True, "availability": []}
    call(client, "apply_section", courseid=made["id"], dryrun=False, **section)
    declared = {
        "key": "module:quiz",
        "modname": "scorm",
        "section_key": "section:one",
        "position": 1,
        "name": name,
        "intro": "",
        "visible": True,
        "availability": [],
        "completion": "passed",
        "group_mode": "none",
        "grouping_key": None,
        "max_points": 100,
        "pass_mark_percent": 70,
        "settings": {},
        "files": None,
    }
    draft = {"draftitemid": client.upload(package, package.name), "sha256": sha256_file(package)}
    permissions = {"allow_track_loss": False, "dryrun": False}
    module = call(client, "apply_module", courseid=made["id"], package=draft, **declared, **permissions)
    return int(made["id"]), int(module["id"])


def call(client: MoodleClient, function: str, **payload: object) -> dict[str, Any]:
    answer = json.loads(client.write(f"local_lmstoolkit_{function}", payload=json.dumps(payload)))
    assert isinstance(answer, dict)
    return answer


@pytest.fixture(scope="module")
def sandbox(
    package: Path, edition: str, chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    running = Sandbox(tmp_path_factory.mktemp("sandbox")).start()
    client = MoodleClient(running.as_site())
    course, module = set_up(client, package, f"Questions, {edition}")

    @contextmanager
    def visit(user: int, name: str) -> Iterator[Visit]:
        running.site.entrances[name] = user
        with window(chromium, f"{running.url}/") as page:

            def open_quiz() -> None:
                page.goto(f"{running.url}/enter/{name}?next=/play/{module}?item={QUIZ_ITEM}")
                page.frame_locator("#sco").locator("html.is-live").wait_for()

            def leave() -> None:
                page.goto(f"{running.url}/course/{course}")

            def stored() -> Record:
                with running.site.database.reading() as db:
                    rows = db.execute(
                        "SELECT element, value FROM tracks JOIN scos ON scos.id = sco_id"
                        " WHERE module_id = ? AND user_id = ? AND identifier = ?",
                        (module, user, QUIZ_ITEM),
                    )
                    return compared({row["element"]: row["value"] for row in rows})

            yield Visit("sandbox", page, page.frame_locator("#sco"), open_quiz, leave, stored)

    yield Place(client, course, module, visit)
    client.close()
    running.stop()


@pytest.fixture(scope="module")
def moodle(
    package: Path, edition: str, chromium: Browser, live_client: MoodleClient, log_in_to_moodle: Callable[..., None]
) -> Place:
    url = live_client.site.url
    course, module = set_up(live_client, package, f"Questions, {edition}")

    @contextmanager
    def visit(user: int, name: str) -> Iterator[Visit]:
        with window(chromium, f"{url}/pluginfile.php/") as page:
            log_in_to_moodle(page, url, name, PASSWORD)
            sco = page.frame_locator("#scorm_object")

            def open_quiz() -> None:
                page.goto(f"{url}/mod/scorm/view.php?id={module}")
                page.wait_for_url("**/mod/scorm/player.php**")
                expect(sco.locator("html.is-live")).to_be_visible(timeout=LOAD_SECONDS * 1000)
                page.locator("#scorm_toc").get_by_text(QUIZ).click()  # once there is a score, the title goes on with it
                expect(sco.locator("html.is-live #lms-quiz")).to_be_visible(timeout=LOAD_SECONDS * 1000)

            def leave() -> None:
                page.goto(f"{url}/course/view.php?id={course}")

            def stored() -> Record:
                player = page.request.get(f"{url}/mod/scorm/view.php?id={module}").text()
                return compared(tracks_in(player, QUIZ))

            yield Visit("moodle", page, sco, open_quiz, leave, stored)

    return Place(live_client, course, module, visit)


@contextmanager
def window(chromium: Browser, ours: str) -> Iterator[Page]:
    """A new learner's window. What fails in a page or script under the address `ours` fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="fr-FR")
    faults: list[str] = []

    def note(fault: str, place: str) -> None:
        if ours in place:  # a site's own pages have faults of their own
            faults.append(fault)

    context.on("weberror", lambda error: note(f"{error.error}", f"{error.error.stack}"))
    context.on("console", lambda line: note(line.text, line.location["url"]) if line.type == "error" else None)
    page = context.new_page()
    try:
        yield page
    except Exception:
        shoot(page, "failed")
        raise
    finally:
        context.close()
    assert not faults


def tracks_in(player: str, title: str) -> dict[str, object]:
    """What Moodle's player was told of the SCO with this title: M.scorm_api.init(Y, values, objectives, interactions…).

    Each is by SCO; interactions are lines of JavaScript, `cmi.interactions_0.id = "…"` or `cmi.interactions.N0.id`.
    """
    sco = next(
        number
        for number, text in re.findall(r'title="[^"]*?scoid=(\d+)[^"]*"[^>]*>(.*?)</a>', player, re.S)
        if title in text
    )
    rest = player[player.index("M.scorm_api.init(Y, ") + len("M.scorm_api.init(Y, ") :]
    values, end = json.JSONDecoder().raw_decode(rest)
    _, skipped = json.JSONDecoder().raw_decode(rest[end + 2 :])
    interactions, _ = json.JSONDecoder().raw_decode(rest[end + 2 + skipped + 2 :])
    found = dict(values[sco])
    for element, value in re.findall(r"^\s*(cmi\.interactions\S+) = (\".*\");$", interactions[sco] or "", re.M):
        found[re.sub(r"(?:_|\.N)(\d+)", r".\1", element)] = json.loads(value)
    return found


# --- the same in both


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
@pytest.mark.parametrize(
    ("how", "score", "status"), [("right", 100, "passed"), ("partly", 20.37, "failed"), ("wrong", 0, "failed")]
)
def test_moodle_and_the_sandbox_record_the_same_of_every_question_kind(
    sandbox: Place, moodle: Place, edition: str, hands: Any, how: Any, score: float, status: str
) -> None:
    ours, theirs = (take(place, hands, how, f"{edition}-{how}") for place in (sandbox, moodle))

    assert theirs == ours
    raw, success = WORDS[edition]
    assert (float(theirs.record[raw]), theirs.record[success]) == (score, status)
    assert [theirs.record[f"cmi.interactions.{number}.id"] for number in range(len(EVERY_KIND))] == IDS
    assert theirs.grade == (score, "complete" if status == "passed" else "incomplete")
    assert theirs.before["cmi.suspend_data"] and not any("interactions" in name for name in theirs.before)


@dataclass(frozen=True)
class Taken:
    """What a site knows of a learner: when they left in the middle, in the end, and in its gradebook; and what the page
    shows when they come back."""

    before: Record
    record: Record
    grade: tuple[float | None, str | None]
    shown: list[str]


def take(place: Place, hands: Any, how: Any, name: str) -> Taken:
    user, username = place.new_learner()
    with place.visit(user, username) as visit:
        visit.open_quiz()
        hand = hands(visit.page, visit.sco)
        for action, *texts in ANSWERS[how]:
            getattr(hand, action)(*texts)
        visit.leave()
        before = settled(visit, len(MARKED), is_marked=False)
        visit.open_quiz()  # what was answered before is there again, and is handed in with the rest
        for action, *texts in MORE[how]:
            getattr(hand, action)(*texts)
        hand.press("Valider mes réponses")
        expect(visit.sco.locator("#lms-result-saved")).to_have_text("Ce résultat est enregistré.")
        shoot(visit.page, f"{name}-{hands.__name__}-{visit.site}")
        visit.leave()
        record = settled(visit, len(EVERY_KIND), is_marked=True)
        visit.open_quiz()
        visit.sco.locator("#lms-result").wait_for()
        return Taken(before, record, place.result(user), visit.sco.locator("#lms-quiz, #lms-result").all_inner_texts())


def settled(visit: Visit, answers: int, *, is_marked: bool) -> Record:
    """The record with so many answers in it: browsers deliver the last words of a page when they find time."""
    for _ in range(LOAD_SECONDS * 1000 // POLL_MILLISECONDS):
        record = visit.stored()
        memory = json.loads(record.get("cmi.suspend_data", "{}"))
        if len(memory.get("a", ())) == answers and bool(memory.get("d")) == is_marked:
            return record
        visit.page.wait_for_timeout(POLL_MILLISECONDS)
    raise AssertionError(f"the last answers did not reach the site: {record}")
