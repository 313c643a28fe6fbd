"""A running sandbox, spoken to in raw HTTP so that nothing of our client hides what is sent; and a deployed module."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests

from lms_sandbox.functions.function import Limits
from lms_sandbox.playing import LearnerBrowser
from lms_sandbox.server import Sandbox
from lms_toolkit.building import build, make_shell
from lms_toolkit.manager import Plugins
from lms_toolkit.model import Question
from lms_toolkit.testing import TinyPackage, tiny_scorm12
from lms_toolkit.testing.courses import tiny_course

LEARNER = "amina.test"


@dataclass(frozen=True)
class Wire:
    """Raw calls to one sandbox."""

    sandbox: Sandbox

    def call(self, function: str, fields: dict[str, str] | None = None, token: str | None = None) -> Any:
        form = {"wsfunction": function, "moodlewsrestformat": "json", **(fields or {})}
        form["wstoken"] = token or self.sandbox.token
        response = self.post(form)
        assert response.status_code == 200
        return response.json()

    def post(self, form: Any, **options: Any) -> requests.Response:
        return requests.post(f"{self.sandbox.url}/webservice/rest/server.php", data=form, timeout=10, **options)

    def companion(self, function: str, **payload: Any) -> Any:
        """A companion function's answer, or the refusal."""
        answer = self.call(f"local_lmstoolkit_{function}", {"payload": json.dumps(payload)})
        return json.loads(answer) if isinstance(answer, str) else answer

    def upload(self, name: str, content: bytes, **fields: str) -> Any:
        response = requests.post(
            f"{self.sandbox.url}/webservice/upload.php",
            data={"token": self.sandbox.token, "itemid": "0", **fields},
            files={"file_1": (name, content)},
            timeout=10,
        )
        return response.json()

    def apply_module(self, course: int, package: TinyPackage | None, /, **changes: Any) -> Any:
        draft = None
        if package:
            (stored,) = self.upload(package.path.name, package.path.read_bytes())
            draft = {"draftitemid": stored["itemid"], "sha256": package.sha256}
        payload = {
            "courseid": course,
            "key": "module:tiny",
            "section_key": "section:one",
            "modname": "scorm",
            "name": "Leçon d’essai",
            "intro": "",
            "pass_mark_percent": 70,
            "completion": "passed",
            "package": draft,
            "allow_track_loss": False,
            "dryrun": False,
        }
        return self.companion("apply_module", **{**payload, **changes})

    def new_course(self, idnumber: str = "c1", **fields: str) -> int:
        found = self.call("core_course_get_categories")
        category = (
            found[0]["id"]
            if found
            else self.call(
                "core_course_create_categories", {"categories[0][name]": "Essais", "categories[0][idnumber]": "essais"}
            )[0]["id"]
        )
        course = {"fullname": f"Cours {idnumber}", "shortname": idnumber, "idnumber": idnumber} | fields
        form = {f"courses[0][{name}]": value for name, value in course.items()}
        (made,) = self.call("core_course_create_courses", {**form, "courses[0][categoryid]": str(category)})
        return int(made["id"])

    def new_section(self, course: int, key: str = "section:one", position: int = 1) -> Any:
        return self.companion(
            "apply_section", courseid=course, key=key, position=position, name="Une section", summary="", dryrun=False
        )

    def enrol(self, course: int, username: str = LEARNER) -> int:
        user = {"username": username, "firstname": "Amina", "lastname": "Test", "email": f"{username}@example.org"}
        form = {f"users[0][{name}]": value for name, value in user.items()}
        (made,) = self.call("core_user_create_users", {**form, "users[0][createpassword]": "1"})
        enrolment = {"roleid": "5", "userid": str(made["id"]), "courseid": str(course)}
        form = {f"enrolments[0][{name}]": value for name, value in enrolment.items()}
        assert self.call("enrol_manual_enrol_users", form) is None
        return int(made["id"])


@dataclass(frozen=True)
class Deployed:
    """A course with one module of the items `lesson-one` and `quiz`, and a learner enrolled in it."""

    wire: Wire
    course: int
    module: int
    learner: int

    def snapshot(self, kind: str, **changes: Any) -> Any:
        payload = {"courseid": self.course, "kind": kind, "after": None, "limit": 100}
        return self.wire.companion("get_snapshot", **{**payload, **changes})

    def changes(self, cursor: int, **changes: Any) -> Any:
        return self.wire.companion(
            "get_changes", **{"courseid": self.course, "cursor": cursor, "limit": 100, **changes}
        )

    def results(self) -> dict[str, list[dict[str, Any]]]:
        """How every learner stands in every item, also where there is no row: not graded, or incomplete."""
        answers = {kind: self.snapshot(kind) for kind in ("users", "grades", "completions")}
        items = answers["grades"]["items"]
        scores = {tuple(row[:2]): row[2] for row in answers["grades"]["rows"]}
        done = {tuple(row[:2]) for row in answers["completions"]["rows"]}
        places = [(user[0], place, item) for user in answers["users"]["rows"] for place, item in enumerate(items)]
        return {
            "grades": [
                {"item": item, "score": scores.get((user, place))} for user, place, item in places if item != "course"
            ],
            "completions": [
                {"item": item, "state": "complete" if (user, place) in done else "incomplete"}
                for user, place, item in places
                if item != "total"
            ],
        }


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Wire]]:
    """Start a sandbox with limits of its own."""
    running: list[Sandbox] = []

    def start(**limits: Any) -> Wire:
        sandbox = Sandbox(tmp_path / f"sandbox-{len(running)}", limits=Limits(**limits)).start()
        running.append(sandbox)
        return Wire(sandbox)

    yield start
    for sandbox in running:
        sandbox.stop()


@pytest.fixture
def wire(start: Callable[..., Wire]) -> Wire:
    return start()


@pytest.fixture
def package(tmp_path: Path) -> TinyPackage:
    return tiny_scorm12(tmp_path / "tiny.zip")


@pytest.fixture
def built(tmp_path: Path) -> Callable[..., TinyPackage]:
    """`built(format_name, navigation)`: the tiny course as the toolkit builds it."""

    def built(format_name: str, navigation: Any = "free", quiz: tuple[Question, ...] = ()) -> TinyPackage:
        plugins = Plugins()
        course = replace(tiny_course(tmp_path / "course"), navigation=navigation)
        module = course.modules[0]
        if quiz:
            module = replace(module, content={"fr": replace(module.content["fr"], quiz=quiz)})
        fmt, shell = plugins.format(format_name), make_shell(tmp_path / "data")
        package = build(course, module, "fr", fmt, tmp_path / "out", shell, plugins)
        return TinyPackage(package.path, package.sha256, {item.identifier: item.title for item in package.items})

    return built


@pytest.fixture
def deployed(wire: Wire, package: TinyPackage) -> Deployed:
    course = wire.new_course(lang="fr")
    wire.new_section(course)
    module = wire.apply_module(course, package)["id"]
    return Deployed(wire, course, module, wire.enrol(course))


@pytest.fixture
def learner(deployed: Deployed) -> Iterator[LearnerBrowser]:
    with LearnerBrowser(deployed.wire.sandbox.url, LEARNER) as browser:
        yield browser
