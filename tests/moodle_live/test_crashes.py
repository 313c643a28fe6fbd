"""Killed at every step, the toolkit and the server: the next run goes on, and the page is what was declared, once.

A deployment of a course with one of everything is struck at each of its requests in turn, by a proxy that kills the
toolkit or by a server that is gone, before the site got the request, before its answer, after it; each time the next
run picks up what the one before has left. Then Moodle's own process is killed between its writes to the database.
"""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytestmark = pytest.mark.live

HERE = Path(__file__).parent
ENOUGH = 600
"""More strikes than a deployment has steps: a run that never ends is a fault of its own."""


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"live_{path.stem}", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


killing = load(HERE / "killing.py")
desks = load(HERE.parent / "deployment" / "conftest.py")
everything = load(HERE.parent / "deployment" / "test_everything.py")
kinds = load(HERE / "test_companion_modules.py")


@pytest.fixture
def proxy(live_client) -> Iterator[Any]:
    with killing.KillingProxy(live_client.site.url) as running:
        yield running


@pytest.fixture
def desk(tmp_path, live_client, proxy) -> Any:
    return desks.make_desk(tmp_path, "moodle", proxy.url, live_client.site.token.reveal())


class Matrix:
    """One course, deployed again and again with a blow each time, until a run gets through."""

    def __init__(self, desk: Any, proxy: Any, *options: str) -> None:
        self.desk, self.proxy, self.options = desk, proxy, options
        self.struck: list[tuple[str, str]] = []
        self.has_written = False

    def strike(self, blow: str, at: int, *, writes_only: bool = True) -> str | None:
        """Run once; the function that was struck, None when the run got through."""
        order = self.proxy.arm(blow, at, writes_only=writes_only)
        process = self._start()
        self.proxy.aim(process)
        output, errors = process.communicate(timeout=600)
        self.proxy.disarm()
        if order.function is None:
            assert process.returncode == 0, errors + output
            return None
        self.struck.append((blow, order.function))
        self._check_the_end(blow, order.function, process.returncode, errors)
        self.has_written = self.has_written or not killing.is_read(order.function)
        return str(order.function)

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "lms_toolkit", "deploy", self.desk.edition, "--site", "lab", "--json", "--yes"]
        resume = ["--resume"] if self.has_written else []
        return subprocess.Popen(
            [*command, *resume, *self.options],
            cwd=self.desk.folder,
            env={**os.environ, "LMS_TOOLKIT_DATA_FOLDER": str(self.desk.folder / "data")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _check_the_end(self, blow: str, function: str, code: int, errors: str) -> None:
        assert "Traceback" not in errors, errors
        if blow.startswith("killed"):
            assert code == -9, f"{blow} {function}: {code} {errors}"
        else:
            assert code != 0, f"{blow} {function}: it ended well without a server"

    def strike_reads(self, blow: str) -> None:
        """Strike at every request until something would be written."""
        at = 0
        while killing.is_read(self.strike(blow, at, writes_only=False) or "done"):
            at += 1

    def strike_writes(self, *blows: str) -> None:
        """Strike at every write with every blow, the last of which lets the site do it."""
        at = 0
        while len(self.struck) < ENOUGH:
            struck: str | None = None
            for blow in blows:
                struck = self.strike(blow, at)
                if struck is None:
                    return
            at = at + 1 if struck == killing.UPLOAD else 0
        pytest.fail(f"no end after {ENOUGH} strikes")

    @property
    def steps(self) -> Counter[str]:
        """How often each function was struck once the site had done it."""
        return Counter(function for blow, function in self.struck if not blow.endswith("before"))


OnSite = Callable[..., Any]


Hold = Callable[[Any], None]


@pytest.fixture
def hold(live_client, on_site) -> Hold:
    """Asserts that a page is as declared, each part of it there once, and that nothing is left to do."""

    def hold(desk: Any) -> None:
        planned = desk.ask("plan")
        assert {step["action"] for step in planned["steps"]} == {"unchanged"}, planned["steps"]
        found = everything.hold_to_the_declaration(desk)
        field = {"field": "idnumber", "value": found.idnumber}
        assert len(live_client.read("core_course_get_courses_by_field", **field)["courses"]) == 1
        there = on_site(STORED, course=int(found.ref))
        assert [str(ref) for ref in there["sections"]] == [section.ref for section in found.sections]
        assert sorted(map(str, there["modules"])) == sorted(module.ref for module in found.modules)
        assert there["sequences"] == sorted(there["modules"])
        assert len(set(there["idnumbers"])) == len(there["modules"])

    return hold


STORED = """
$modules = $DB->get_records_menu('course_modules', ['course' => $in['course']], 'id', 'id, idnumber');
$sections = $DB->get_records_menu('course_sections', ['course' => $in['course']], 'section', 'id, sequence');
$sequences = array_filter(array_merge(...array_map(fn($ids) => explode(',', $ids), array_values($sections))));
sort($sequences, SORT_NUMERIC);
return [
    'modules' => array_keys($modules),
    'idnumbers' => array_values($modules),
    'sections' => array_slice(array_keys($sections), 1),
    'sequences' => array_map('intval', $sequences),
];
"""
"""Everything that stands on a page in Moodle's own tables, ours or not, seen or not."""


@pytest.mark.parametrize(
    "blows",
    [("killed-before", "killed-unanswered"), ("killed-answered",), ("gone-before", "gone-unanswered")],
    ids=["the toolkit is killed", "the toolkit is killed after the answer", "the server is gone"],
)
def test_struck_at_every_step_a_deployment_arrives_as_declared(desk, proxy, hold, blows: Sequence[str]) -> None:
    matrix = Matrix(desk, proxy)
    if blows[0].startswith("killed"):
        matrix.strike_reads(blows[0])
    matrix.strike_writes(*blows)
    hold(desk)
    steps = matrix.steps
    assert steps["local_lmstoolkit_apply_module"] == len(everything.load(desk.course).activities) + 1
    assert "no deployment" in desk.refused("deploy", "--resume", code=2)


def test_struck_while_it_changes_and_deletes_a_deployment_arrives_as_declared(desk, proxy, hold) -> None:
    desk.ask("deploy")
    desk.edit('title.en = "Programme"', 'title.en = "Programme and rooms"')
    desk.edit("weights = { essay = 3, start = 1 }", "weights = { essay = 4, start = 1 }")
    desk.edit('"normlex", "checklist"]', '"normlex"]')
    lesson = desk.course / "en" / "start" / "welcome.md"
    lesson.write_text(lesson.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    matrix = Matrix(desk, proxy, "--delete")
    matrix.strike_writes("killed-before", "gone-before", "killed-unanswered")
    hold(desk)
    assert matrix.steps["local_lmstoolkit_retire_module"] == 1


def test_two_deployments_at_once_leave_one_page(tmp_path, live_client, hold) -> None:
    """From two machines, so that no lock of the toolkit's is between them."""
    first = desks.make_desk(tmp_path / "a", "moodle", live_client.site.url, live_client.site.token.reveal())
    second = desks.make_desk(tmp_path / "b", "moodle", live_client.site.url, live_client.site.token.reveal())
    second.edit(second.edition, first.edition)
    second = desks.Desk(second.folder, first.edition)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(desk.run, "deploy", first.edition, "--site", "lab") for desk in (first, second)]
    for run in runs:
        done = run.result()
        assert "Traceback" not in done.stderr
        assert done.returncode == 0 or told_of_the_other(done.stderr), done.stderr
    first.ask("deploy")
    hold(first)
    hold(second)


def told_of_the_other(errors: str) -> bool:
    return bool(re.search(r"has changed since the plan|lockbusy|is being worked on", errors))


def test_two_deployments_at_once_from_one_machine_wait_or_are_told(tmp_path, live_client, hold) -> None:
    desk = desks.make_desk(tmp_path, "moodle", live_client.site.url, live_client.site.token.reveal())
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(desk.run, "deploy", desk.edition, "--site", "lab") for _ in range(2)]
    ended = [run.result() for run in runs]
    assert 0 in {done.returncode for done in ended}, [done.stderr for done in ended]
    assert all(done.returncode == 0 or told_of_the_other(done.stderr) for done in ended), [d.stderr for d in ended]
    hold(desk)


Doomed = Callable[..., Any]


@pytest.fixture
def doomed(on_site) -> Doomed:
    """Calls a function of the companion in a process that dies at its n-th write; None when it died."""

    def run(function: str, at: int, payload: dict[str, Any]) -> Any:
        code = (HERE / "doomed.php").read_text(encoding="utf-8")
        return on_site(code, function=function, payload=json.dumps(payload), at=at)

    return run


POINTS = 8
"""At how many of its writes a request is killed, from the first on; and then at its commit."""
COMMIT = -1


def page_of(course: Any) -> tuple[Any, Any]:
    """What the companion and Moodle's own cache of the page say."""
    return course.read(), course.client.read("core_course_get_contents", courseid=course.id)


def killed_on_the_way(doomed: Doomed, course: Any, function: str, payload: dict[str, Any], writes: int) -> None:
    before = page_of(course)
    # A little fewer than it took another time: how many a request makes depends on what is there.
    for at in [*sorted({1 + n * writes // (POINTS + 1) for n in range(POINTS)}), COMMIT]:
        assert doomed(function, at, {"courseid": course.id, **payload}) is None, f"{function} lived on after write {at}"
        assert page_of(course) == before, f"{function}, killed at write {at} of {writes}"


@pytest.mark.parametrize("modname", ["scorm", "quiz", "forum", "assign"])
def test_a_moodle_that_is_killed_in_the_middle_of_an_activity_has_done_nothing(
    doomed, live_course, modname: str
) -> None:
    declared = {**kinds.COMMON, "modname": modname, **kinds.KINDS[modname]}
    if modname in kinds.PACKAGES:
        declared["package"] = live_course.package(kinds.PACKAGES[modname][0])
    if modname in kinds.FILES:
        declared["files"] = live_course.files(kinds.FILES[modname][0])
    order = {**declared, "dryrun": False, "allow_track_loss": False}
    control = {**order, "key": "activity:control"}
    writes = doomed("apply_module", 0, {"courseid": live_course.id, **control})["writes"]

    killed_on_the_way(doomed, live_course, "apply_module", order, writes)

    assert live_course.call("apply_module", **order)["outcome"] == "created"
    assert live_course.call("apply_module", **order)["outcome"] == "unchanged"
    changed = {**order, "name": "Another name"}
    killed_on_the_way(doomed, live_course, "apply_module", changed, 4)
    assert live_course.call("apply_module", **changed)["outcome"] == "updated"
    deletes_in_the_end(doomed, live_course, order)


def deletes_in_the_end(doomed: Doomed, course: Any, order: dict[str, Any]) -> None:
    """A deletion may stop in its middle, as the recycle bin ends our transaction on some databases; then it goes on."""
    retire = {"delete": True, "allow_track_loss": False, "dryrun": False}
    writes = doomed("retire_module", 0, {"courseid": course.id, "key": "activity:control", **retire})["writes"]
    for at in [*(1 + n * writes // 6 for n in range(6)), COMMIT]:
        course.call("apply_module", **order)
        assert doomed("retire_module", at, {"courseid": course.id, "key": order["key"], **retire}) is None
        if course.read()["modules"]:
            course.call("retire_module", key=order["key"], **retire)
        read, contents = page_of(course)
        assert read["modules"] == [], at
        assert [section["modules"] for section in contents] == [[] for _ in contents], at


def test_a_moodle_that_is_killed_in_the_middle_of_a_section_has_done_nothing(doomed, live_course) -> None:
    section = {
        "position": 1,
        "name": "New",
        "summary": "<p>S</p>",
        "visible": True,
        "availability": [],
        "dryrun": False,
    }
    writes = doomed("apply_section", 0, {"courseid": live_course.id, "key": "section:control", **section})["writes"]

    killed_on_the_way(doomed, live_course, "apply_section", {"key": "section:new", **section}, writes)

    assert live_course.call("apply_section", key="section:new", **section)["outcome"] == "created"
    names = [one["key"] for one in live_course.read()["sections"]]
    assert names == ["section:new", "section:control", "section:one"]
