"""Deploys the largest edition there is to a real Moodle, twice; then the part of it that python-moodle can do.

    python benchmarks/deploy.py [--edition CODE] [--courses FOLDER]

The Moodle is the one named by LMS_TOOLKIT_TEST_MOODLE_URL and _TOKEN. python-moodle 1.0.2 (pip) works on the same
Moodle as the person in LMS_TOOLKIT_TEST_MOODLE_USER and _PASSWORD; a site administrator, who gets no token for a
password, needs _USER_TOKEN, a token of their own that may upload. Without these it is left out, and told.

What is compared, honestly: both make a course, its sections and its SCORM activities from the same packages, built
before. Ours also names, describes and orders them, sets pass marks and completion, and verifies each package; that is
in our time. python-moodle's login is not in its time, and it leaves its sections without names. Requests are HTTP
requests; ours are all calls of web services and uploads.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from lms_moodle.platform import MoodlePlatform
from lms_toolkit import App, Wanted, deploy_planned, load_config, plan_edition
from lms_toolkit.edition_plans import Planned
from lms_toolkit.model import Course, Edition, Step

ITS_KINDS = ("course", "section", "module")
"""The steps that python-moodle can do, too."""
VERSION = "1.0.2"


@dataclass
class Timed:
    """One deployment: seconds by kind of step, of looking and planning, and what was sent."""

    seconds: float = 0.0
    calls: int = 0
    writes: int = 0
    by_kind: dict[str, float] = field(default_factory=dict)


def main() -> None:
    arguments = _arguments()
    url, token = (os.environ.get(f"LMS_TOOLKIT_TEST_MOODLE_{name}", "") for name in ("URL", "TOKEN"))
    if not url or not token:
        sys.exit("no Moodle: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    with tempfile.TemporaryDirectory(prefix="lms-toolkit-benchmark-") as temporary:
        app, course, edition = _fresh_edition(Path(temporary), arguments, url, token)
        language = edition.languages[0]
        planned, first = _deploy(app, edition.code, language)
        _, second = _deploy(app, edition.code, language)
        sections = sum(step.kind == "section" for step in planned.plan.steps)
        packages = [package.path for package in planned.prepared.packages]
        size = sum(path.stat().st_size for path in packages) / 2**20
        print(
            f"{course.id} {edition.code} ({language}) on {url}: {len(planned.plan.steps)} steps, {sections} sections,"
        )
        print(f"{len(packages)} packages of {size:.1f} MiB together; packages are built before\n")
        print(f"{'':<34}{'calls':>7}{'writes':>8}{'seconds':>9}")
        _line("first deployment, everything", first)
        _line("second deployment", second)
        part = sum(first.by_kind.get(kind, 0.0) for kind in ITS_KINDS)
        print(f"{'of the first: course, sections, SCORM':<49}{part:>9.1f}")
        _against(url, sections, packages, part)
        app.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--edition", help="code of another edition than the largest")
    parser.add_argument("--courses", type=Path, help="a folder with more course folders")
    return parser.parse_args()


def _fresh_edition(folder: Path, arguments: argparse.Namespace, url: str, token: str) -> tuple[App, Course, Edition]:
    """A copy of the largest edition under a code of its own, so that nothing of it is on the site yet."""
    extra = f'folders = ["{arguments.courses.resolve()}"]' if arguments.courses else ""
    (folder / "known.toml").write_text(f"[courses]\n{extra}\n")
    known = App(load_config(folder / "known.toml"))
    editions = [(course, edition) for course in _courses(known) for edition in course.editions]
    if arguments.edition:
        editions = [entry for entry in editions if entry[1].code == arguments.edition]
    course, edition = max(editions, key=lambda entry: sum(len(phase.slugs) for phase in entry[1].phases))
    known.close()
    copy, code = folder / "courses" / course.id, f"BENCH-{uuid4().hex[:8]}"
    shutil.copytree(course.folder, copy)
    source = copy / "course.toml"
    text = source.read_text(encoding="utf-8")
    source.write_text(re.sub(rf'"{re.escape(edition.code)}"', f'"{code}"', text), encoding="utf-8")
    (folder / "token").write_text(token)
    (folder / "lms-toolkit.toml").write_text(
        f'[courses]\nfolders = ["courses"]\n[store]\nfolder = "data"\n'
        f'[sites.bench]\nplatform = "moodle"\nurl = "{url}"\ntoken_file = "token"\ncategory = "benchmarks"\n'
    )
    app = App(load_config(folder / "lms-toolkit.toml"), tell=lambda line: print(line, file=sys.stderr))
    fresh = app.course(course.id)
    return app, fresh, fresh.edition(code)


def _courses(app: App) -> list[Course]:
    return [app.course(name) for name in sorted(app.course_folders())]


def _deploy(app: App, code: str, language: str) -> tuple[Planned, Timed]:
    """Plan and deploy; the time of building is left out by building before."""
    wanted = Wanted(code, "bench", language, per="module")
    plan_edition(app, wanted)  # builds what is not built
    started = time.perf_counter()
    planned = plan_edition(app, wanted)
    planning = time.perf_counter() - started
    timed = Timed(by_kind={"look": planning})
    current = ["look", time.perf_counter()]

    def announce(step: Step) -> None:
        _add(timed, current, step.kind)

    deploy_planned(app, planned, announce)
    _add(timed, current, "done")
    timed.seconds = time.perf_counter() - started
    platform = planned.platform
    assert isinstance(platform, MoodlePlatform)
    timed.calls = len(platform.client.calls)
    timed.writes = sum(call.writes for call in platform.client.calls)
    return planned, timed


def _add(timed: Timed, current: list[Any], kind: str) -> None:
    """The time since the last step began is the last step's."""
    now = time.perf_counter()
    timed.by_kind[current[0]] = timed.by_kind.get(current[0], 0.0) + now - current[1]
    current[:] = [kind, now]


def _line(name: str, timed: Timed) -> None:
    print(f"{name:<34}{timed.calls:>7}{timed.writes:>8}{timed.seconds:>9.1f}")


def _against(url: str, sections: int, packages: Sequence[Path], ours: float) -> None:
    user, password = (os.environ.get(f"LMS_TOOLKIT_TEST_MOODLE_{name}", "") for name in ("USER", "PASSWORD"))
    try:
        import py_moodle.auth
    except ImportError:
        print(f"\npython-moodle is left out: pip install python-moodle=={VERSION}")
        return
    if not user or not password:
        print("\npython-moodle is left out: set LMS_TOOLKIT_TEST_MOODLE_USER and LMS_TOOLKIT_TEST_MOODLE_PASSWORD")
        return
    own_token = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_USER_TOKEN") or None
    session = py_moodle.auth.login(url, user, password, pre_configured_token=own_token)
    requests, seconds = _theirs(session, url, sections, packages)
    print(f"{f'python-moodle {VERSION}: the same part':<34}{requests:>7}{'':>8}{seconds:>9.1f}")
    print(f"\npython-moodle takes {seconds / ours:.1f} times as long")


def _theirs(session: Any, url: str, sections: int, packages: Sequence[Path]) -> tuple[int, float]:
    import py_moodle.course
    import py_moodle.scorm
    import py_moodle.section
    import requests

    sent: list[str] = []
    original = requests.Session.send

    def counting(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        sent.append(str(request.method))
        return original(self, request, **options)

    requests.Session.send = counting  # type: ignore[method-assign]
    name = f"python-moodle {uuid4().hex[:8]}"
    try:
        started = time.perf_counter()
        made = py_moodle.course.create_course(session, url, session.sesskey, name, name, numsections=0)
        refs = [
            int(py_moodle.section.create_section(session, url, session.sesskey, made["id"])["fields"]["id"])
            for _ in range(sections)
        ]
        for position, path in enumerate(packages):
            section = refs[position % len(refs)]
            py_moodle.scorm.add_scorm(session, url, session.sesskey, made["id"], section, path.stem, str(path))
        return len(sent), time.perf_counter() - started
    finally:
        requests.Session.send = original  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
