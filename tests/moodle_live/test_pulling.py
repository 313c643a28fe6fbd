"""Pulls of a course in which much goes on, killed again and again: at the end the store has what Moodle has.

And syncs of it: at the end everybody who earned a certificate has one, and was told of once.

What teachers, learners and administrators do is drawn at random; a failure shows the seed among its arguments, and
LMS_TOOLKIT_TEST_SEED repeats it. Needs a shell on the Moodle's machine, see conftest.py.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lms_toolkit.store import open_store

pytestmark = pytest.mark.live

HERE = Path(__file__).parent
LEARNERS = 8
ROUNDS = 14
ACTIONS = 9

OFTEN = (
    *("grade",) * 6,
    *("override",) * 3,
    *("unoverride",) * 2,
    *("delete grade",) * 2,
    *("complete",) * 3,
    *("track",) * 3,
    *("attempt",) * 3,
    *("unenrol", "enrol", "enrol", "suspend", "activate", "activate", "unassign", "assign", "assign"),
    *(
        "regrade",
        "weight",
        "range",
        "hide item",
        "rename",
        "course completed",
        "delete track",
        "delete attempt",
        "skew",
    ),
)
ONCE = ("reset", "delete user", "delete module")
UNTOLD = ("exclude", "hide")
"""Moodle fires no event for these: only a reading of everything sees them."""
BLOWS = ("killed-before", "killed-unanswered", "killed-answered", "gone-before", "gone-unanswered")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"pulling_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


killing = load(HERE / "killing.py")
desks = load(HERE.parent / "deployment" / "conftest.py")
sinks = load(HERE.parent / "syncing" / "conftest.py")
EASY = "pass_mark_percent = 3\nrequire_all_assessments = false"
"""A rule that some of those meet who are graded at random."""


class Site:
    """The course on the Moodle, and what is done to it there."""

    def __init__(self, on_site: Any, course: int) -> None:
        self._on_site, self._course = on_site, course

    def run(self, file: str, **order: object) -> Any:
        return self._on_site(HERE / file, course=self._course, **order)

    def do(self, *actions: tuple[str, int, int]) -> None:
        self.run("random_walk.php", actions=actions)

    def there(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run("results_there.php")
        return {
            "users": {str(ref): name for ref, name in dict(found["users"] or {}).items()},
            **{
                kind: {(str(row[0]), *row[1:]) for row in found[kind]} for kind in ("grades", "completions", "attempts")
            },
        }


@pytest.fixture
def seed(record_property) -> int:
    drawn = int(os.environ.get("LMS_TOOLKIT_TEST_SEED") or random.randrange(10**6))
    record_property("LMS_TOOLKIT_TEST_SEED", drawn)
    return drawn


@pytest.fixture
def proxy(live_client) -> Iterator[Any]:
    with killing.KillingProxy(live_client.site.url) as running:
        yield running


@pytest.fixture
def desk(tmp_path, live_client, proxy) -> Any:
    desk = desks.make_desk(tmp_path, "moodle", proxy.url, live_client.site.token.reveal())
    desk.ask("deploy")
    return desk


def course_of(desk: Any) -> int:
    with open_store(f"sqlite:///{desk.folder}/data/store.db") as store:
        (deployment,) = [one for one in store.deployments.all() if one.edition == desk.edition]
    return int(deployment.course_ref)


@pytest.fixture
def site(on_site, desk) -> Site:
    return Site(on_site, course_of(desk))


def make_learners(client: Any, seed: int, count: int) -> list[int]:
    mark = f"walk{seed}-{random.randrange(10**9)}"
    users = [
        {
            "username": f"{mark}-{number}",
            "firstname": "Amina",
            "lastname": f"Test {number}",
            "email": f"{mark}-{number}@example.org",
            "password": "Only-4-this-test!",
        }
        for number in range(count)
    ]
    return [int(made["id"]) for made in client.write("core_user_create_users", users=users)]


def pull(desk: Any, *options: str) -> dict[str, Any]:
    done = desk.run("grades", "pull", desk.edition, "--site", "lab", "--json", *options)
    assert done.returncode == 0, done.stderr + done.stdout
    summary = json.loads(done.stdout)
    assert isinstance(summary, dict)
    return summary


def strike(desk: Any, proxy: Any, blow: str, at: int, *command: str) -> bool:
    """Start a command about the edition and strike at one of its requests; whether it was struck."""
    order = proxy.arm(blow, at, writes_only=False)
    process = subprocess.Popen(
        [sys.executable, "-m", "lms_toolkit", *command, desk.edition, "--site", "lab"],
        cwd=desk.folder,
        env={**os.environ, "LMS_TOOLKIT_DATA_FOLDER": str(desk.folder / "data")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    proxy.aim(process)
    _, errors = process.communicate(timeout=300)
    proxy.disarm()
    assert "Traceback" not in errors, errors
    return order.function is not None


def stored(desk: Any, course: int) -> dict[str, Any]:
    """What the store says of those who are in the course."""
    with closing(sqlite3.connect(desk.folder / "data" / "store.db")) as tables:
        query = "SELECT user_ref FROM enrolments WHERE course_ref = ? AND left_at IS NULL"
        enrolled = {row[0] for row in tables.execute(query, [str(course)])}
    with open_store(f"sqlite:///{desk.folder}/data/store.db") as store:
        ref = str(course)
        of = [one for one in store.results.grades("lab", ref) if one.user_ref in enrolled]
        done = [one for one in store.results.completions("lab", ref) if one.user_ref in enrolled]
        tried = [one for one in store.results.attempts("lab", ref) if one.user_ref in enrolled]
        accounts = store.people.accounts("lab", list(enrolled))
    assert not any(one.awaits_recalculation for one in of)
    return {
        "users": {ref: f"{user.first_name} {user.last_name}" for ref, (user, _) in accounts.items()},
        "grades": {
            (g.user_ref, g.item, g.score, g.score_min, g.score_max, g.overridden, g.hidden, g.excluded) for g in of
        },
        "completions": {(one.user_ref, one.item, one.state) for one in done if one.state != "incomplete"},
        "attempts": {(one.user_ref, one.item, one.number) for one in tried},
    }


def agree(desk: Any, site: Site, course: int) -> None:
    there, here = site.there(), stored(desk, course)
    for kind in ("users", "grades", "completions", "attempts"):
        assert here[kind] == there[kind], kind
    assert all(count == 1 for count in Counter((row[0], row[1]) for row in here["grades"]).values())


def test_killed_at_random_pulls_bring_home_what_moodle_has(desk, proxy, site, live_client, seed) -> None:
    draw, course = random.Random(seed), course_of(desk)
    learners = make_learners(live_client, seed, LEARNERS)
    site.do(*(("enrol", ref, 0) for ref in learners), *(("grade", ref, draw.randrange(1000)) for ref in learners))
    once = dict(zip(draw.sample(range(2, ROUNDS - 1), len(ONCE)), ONCE, strict=True))
    struck = 0
    for round_ in range(ROUNDS):
        if round_ in once:
            gone = learners.pop() if once[round_] == "delete user" else learners[0]
            site.do((once[round_], gone, draw.randrange(1000)))
        site.do(*((draw.choice(OFTEN), draw.choice(learners), draw.randrange(1000)) for _ in range(ACTIONS)))
        struck += strike(desk, proxy, draw.choice(BLOWS), draw.randrange(5), "grades", "pull")
        if round_ % 4 == 3:
            pull(desk)
            agree(desk, site, course)
    pull(desk)
    agree(desk, site, course)
    assert struck > ROUNDS / 3, "pulls were hardly ever struck"

    site.do(*((draw.choice(UNTOLD), draw.choice(learners), draw.randrange(1000)) for _ in range(ACTIONS)))
    pull(desk, "--full")
    agree(desk, site, course)


def test_a_pull_after_changes_asks_for_them_alone_and_one_with_nothing_new_changes_nothing(
    desk, site, live_client, seed
) -> None:
    course = course_of(desk)
    (amina, jorge) = make_learners(live_client, seed, 2)
    site.do(("enrol", amina, 0), ("enrol", jorge, 0), ("grade", amina, 50), ("grade", jorge, 80))
    first = pull(desk)
    site.do(("override", amina, 1))
    second, third = pull(desk), pull(desk)

    assert (first["whole"], second["whole"], third["whole"]) == (True, False, False)
    assert len(site.there()["users"]) == 2
    assert second["changed"] > 0
    assert (third["changed"], third["gone"]) == (0, 0)
    agree(desk, site, course)


@pytest.fixture
def web_sink() -> Iterator[Any]:
    sink = sinks.WebSink()
    yield sink
    sink.server.shutdown()
    sink.server.server_close()


@pytest.fixture
def telling_desk(tmp_path, live_client, proxy, web_sink) -> Any:
    """A desk whose certificates are easily earned, and told to a web sink."""
    desk = desks.make_desk(tmp_path, "moodle", proxy.url, live_client.site.token.reveal())
    desk.edit('title.en = "Certificate"\npass_mark_percent = 60', f'title.en = "Certificate"\n{EASY}')
    (tmp_path / "secret").write_text("correct horse\n")
    (tmp_path / "secret").chmod(0o600)
    with (tmp_path / "lms-toolkit.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'[notifications.webhooks.crm]\nurl = "{web_sink.url}"\nsecret_file = "secret"\n')
        settings.write('events = ["certificate.issued"]\n')
    desk.ask("deploy")
    return desk


def test_killed_at_random_syncs_certify_and_tell_of_everybody_once(
    telling_desk, proxy, on_site, live_client, web_sink, seed
) -> None:
    desk, draw = telling_desk, random.Random(seed)
    course = course_of(desk)
    site, learners = Site(on_site, course), make_learners(live_client, seed, LEARNERS)
    site.do(*(("enrol", ref, 0) for ref in learners))
    struck = 0
    for _ in range(ROUNDS):
        site.do(*((draw.choice(OFTEN), draw.choice(learners), draw.randrange(1000)) for _ in range(ACTIONS)))
        struck += strike(desk, proxy, draw.choice(BLOWS), draw.randrange(2), "sync")
    for _ in range(2):
        done = desk.run("sync", desk.edition, "--site", "lab")
        assert done.returncode == 0, done.stderr + done.stdout

    agree(desk, site, course)
    assert struck > ROUNDS / 3, "syncs were hardly ever struck"
    with open_store(f"sqlite:///{desk.folder}/data/store.db") as store:
        earned = {award.id for award in store.awards.all(desk.edition) if award.earned}
        issued = store.certificates.all()
    assert earned, "nobody earned anything, so nothing was shown"
    assert sorted(one.record.award_id for one in issued) == sorted(earned)
    told = {posted.headers["Webhook-Id"]: json.loads(posted.body)["data"]["code"] for posted in web_sink.posted}
    assert sorted(told.values()) == sorted(one.record.code for one in issued)
