"""How long a pull of a large Moodle course takes, beside what Moodle's own web services need for the same grades.

    LMS_TOOLKIT_TEST_MOODLE_URL=… LMS_TOOLKIT_TEST_MOODLE_TOKEN=… python benchmarks/pull.py [COURSE] [--all]

COURSE is the short name of a course that pull_course.php has prepared on the Moodle's machine (`pullbench`): Moodle's
own generator made it, size M, 1,000 learners × 111 gradebook items. LMS_TOOLKIT_TEST_MOODLE_CORE_TOKEN is the token
that it printed: Moodle's own report leaves out, without a word, what the account may not open.
LMS_TOOLKIT_TEST_MOODLE_PHP is a command that runs tests/moodle_live/on_site.php there; it changes grades between
pulls, which else is left out.

Prints seconds, ratios, rows and peak memory of one run. One call per learner is measured on some learners and scaled,
or whole with --all; the call for the whole course always is whole. Nothing is installed; grades of the course change.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from lms_moodle import core_results
from lms_moodle.client import MoodleClient
from lms_moodle.platform import MoodlePlatform
from lms_toolkit.config import Secret, Site
from lms_toolkit.errors import Unreachable
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Deployment, PullSummary
from lms_toolkit.pulling import pull
from lms_toolkit.store import Store, open_store

REPORT = "gradereport_user_get_grade_items"
SAMPLE = 20
"""Learners of whom the single call is measured, unless all are."""
CHANGES = (10, 100)
WAIT_SECONDS = 3600

CHANGE = """
require_once($CFG->libdir . '/gradelib.php');
$items = array_values(\\grade_item::fetch_all(['courseid' => $in['course'], 'itemmodule' => 'assign']));
foreach ($in['learners'] as $n => $userid) {
    $item = $items[$n %% count($items)];
    $grade = ['userid' => $userid, 'rawgrade' => ($in['salt'] + $n) %% 101];
    grade_update('mod/assign', $in['course'], 'mod', 'assign', $item->iteminstance, 0, $grade);
}
return count($in['learners']);
""".replace("%%", "%")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("course", nargs="?", default="pullbench")
    parser.add_argument("--all", action="store_true", help="one call for each of the learners, not for some")
    chosen = parser.parse_args()
    site = Site(
        "bench",
        "moodle",
        os.environ["LMS_TOOLKIT_TEST_MOODLE_URL"].rstrip("/"),
        Secret(os.environ["LMS_TOOLKIT_TEST_MOODLE_TOKEN"]),
        read_timeout=WAIT_SECONDS,
    )
    platform = MoodlePlatform(site)
    field = {"field": "shortname", "value": chosen.course}
    course = str(platform.client.read("core_course_get_courses_by_field", **field)["courses"][0]["id"])
    print(f"{platform.info().release}, course {chosen.course}")
    with tempfile.TemporaryDirectory() as folder, open_store(f"sqlite:///{folder}/store.db") as store:
        learners, first = measure_pulls(platform, course, store)
        core = replace(site, token=Secret(os.environ["LMS_TOOLKIT_TEST_MOODLE_CORE_TOKEN"]))
        measure_core(MoodleClient(core), course, learners, first, every=chosen.all)


def measure_pulls(platform: MoodlePlatform, course: str, store: Store) -> tuple[list[str], float]:
    """First load, changes, nothing; the learners, and how long the first load took."""
    deployment = deployed(course)
    before = peak()
    with clocked("first load: read and saved") as took:
        summary = pull(platform, deployment, store, Plugins(), datetime.now(UTC))
    first = took()
    print(f"  {summary.users} learners, {summary.grades} grades, {summary.completions} completions")
    print(f"  peak memory {peak()} MiB, of which {before} before it began")
    with clocked("first load: read alone"):
        sum(1 for _ in pages(platform, course))
    learners = sorted(store.people.enrolled("bench", course), key=int)
    again(platform, deployment, store, "what was written in the last seconds comes once more")
    time.sleep(6)  # the site's settling lag
    again(platform, deployment, store, "nothing changed")
    again(platform, deployment, store, "nothing changed")
    for number in CHANGES if os.environ.get("LMS_TOOLKIT_TEST_MOODLE_PHP") else ():
        change(course, learners[:number])
        again(platform, deployment, store, f"after {number} changes")
        time.sleep(6)
        again(platform, deployment, store, "the cursor settles")
        again(platform, deployment, store, "nothing changed")
    print(f"peak memory in all {peak()} MiB")
    return learners, first


def deployed(course: str) -> Deployment:
    return Deployment("bench", "bench", "BENCH", "en", course, "", (), datetime.now(UTC))


def pages(platform: MoodlePlatform, course: str) -> Iterator[int]:
    cursor, more = "", True
    while more:
        page = platform.results(course, cursor)
        cursor, more = page.cursor, page.more
        yield len(page.grades)


def again(platform: MoodlePlatform, deployment: Deployment, store: Store, what: str) -> PullSummary:
    with clocked(what):
        summary = pull(platform, deployment, store, Plugins(), datetime.now(UTC))
    print(f"  {summary.grades} rows of grades came, {summary.changed} said something new")
    return summary


def change(course: str, learners: Sequence[str]) -> None:
    """Grade one item of each of some learners, as a teacher would."""
    order = {"course": int(course), "learners": [int(ref) for ref in learners], "salt": time.time_ns() // 1000 % 101}
    code = f"$in = json_decode('{json.dumps(order)}', true);{CHANGE}"
    command = shlex.split(os.environ["LMS_TOOLKIT_TEST_MOODLE_PHP"])
    subprocess.run(command, input=code, text=True, check=True, capture_output=True)


def measure_core(client: MoodleClient, course: str, learners: Sequence[str], first: float, *, every: bool) -> None:
    """Moodle's own web services for the same grades, and what they take against the first load."""
    some = learners if every else learners[:: max(1, len(learners) // SAMPLE)][:SAMPLE]
    with clocked(f"one call per learner, {len(some)} of {len(learners)}") as took:
        for ref in some:
            client.read(REPORT, courseid=int(course), userid=int(ref))
    single = took() * len(learners) / len(some)
    scaled = "measured" if every else "scaled"
    print(f"  {single:.1f} s for all, {scaled}: {single / first:.0f} × the first load")
    before = peak()
    with clocked("one call for the whole course, as the core tier reads it") as took:
        try:
            rows = sum(len(page.grades) for page in core_results.whole_course(client, course, datetime.now(UTC)))
            said = f"{rows} grades"
        except Unreachable as error:
            said = f"no answer ({error}), so more than"
    print(f"  {said}: {took() / first:.0f} × the first load; peak memory {peak()} MiB, {before} before it")


@contextmanager
def clocked(what: str) -> Iterator[Callable[[], float]]:
    started = time.perf_counter()
    ended: list[float] = []
    yield lambda: ended[0] - started
    ended.append(time.perf_counter())
    print(f"{what:<60}{ended[0] - started:9.3f} s")


def peak() -> int:
    """The most memory this process has had, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
