"""A real Moodle with the companion, spoken to in raw payloads. Needs LMS_TOOLKIT_TEST_MOODLE_URL and _TOKEN.

Some tests need help from the Moodle's machine, and are skipped without it:

- LMS_TOOLKIT_TEST_MOODLE_PHP is a command that runs `on_site.php` there with the folder of the Moodle as its argument,
  for instance `runuser -u www-data -- php tests/moodle_live/on_site.php MOODLE`; the code comes by standard input.
- LMS_TOOLKIT_TEST_MOODLE_WORK is a command that runs `insert_work.php` there in the same way, to work as a learner.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shlex
import subprocess
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from lms_moodle.client import UPLOAD, MoodleClient
from lms_toolkit.config import Secret, Site


@dataclass(frozen=True)
class LiveCourse:
    """One new course of the site; everything in it is ours."""

    client: MoodleClient
    id: int
    idnumber: str

    def call(self, function: str, **payload: object) -> dict[str, Any]:
        """One of the companion's functions, for this course."""
        answer = self.client.write(
            f"local_lmstoolkit_{function}", payload=json.dumps({"courseid": self.id, **payload}, ensure_ascii=False)
        )
        value = json.loads(answer)
        assert isinstance(value, dict)
        return value

    def read(self) -> dict[str, Any]:
        """The course as the companion reads it."""
        answer = self.client.read("local_lmstoolkit_get_course", payload=json.dumps({"idnumber": self.idnumber}))
        course = json.loads(answer)["course"]
        assert isinstance(course, dict)
        return course

    def module(self, key: str) -> dict[str, Any]:
        return next(module for module in self.read()["modules"] if module["key"] == key)

    def section(self, key: str, **fields: object) -> dict[str, Any]:
        """Apply a section, by default a plain one."""
        declared = {"position": 1, "name": key.title(), "summary": "", "visible": True, "availability": []}
        return self.call("apply_section", **{"key": key, "dryrun": False, **declared, **fields})

    def apply(self, declared: Mapping[str, object], *, dryrun: bool = False, allow: bool = False) -> dict[str, Any]:
        """Apply a module."""
        return self.call("apply_module", **declared, dryrun=dryrun, allow_track_loss=allow)

    def upload(self, content: Mapping[str, bytes]) -> int:
        """Put files into a new draft area."""
        itemid = 0
        for name, data in content.items():
            form = {"token": self.client.site.token.reveal(), "filepath": "/", "itemid": str(itemid)}
            reply = requests.post(f"{self.client.site.url}/{UPLOAD}", data=form, files={name: (name, data)}, timeout=60)
            itemid = int(reply.json()[0]["itemid"])
        return itemid

    def files(self, content: Mapping[str, bytes]) -> dict[str, object]:
        """Files of a payload, uploaded."""
        return {"draftitemid": self.upload(content), **files_there(content)}

    def package(self, data: bytes, name: str = "package.zip") -> dict[str, object]:
        """A package of a payload, uploaded."""
        return {"draftitemid": self.upload({name: data}), "sha256": hashlib.sha256(data).hexdigest()}


def files_there(content: Mapping[str, bytes]) -> dict[str, object]:
    """The content of files as it is announced and read back."""
    return {"content": {name: hashlib.sha1(data).hexdigest() for name, data in content.items()}}


@pytest.fixture(scope="session")
def live_client() -> Iterator[MoodleClient]:
    url, token = (os.environ.get(f"LMS_TOOLKIT_TEST_MOODLE_{name}", "") for name in ("URL", "TOKEN"))
    if not url or not token:
        pytest.skip("no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    client = MoodleClient(Site("live", "moodle", url.rstrip("/"), Secret(token), read_timeout=120))
    yield client
    client.close()


@pytest.fixture
def live_course(live_client: MoodleClient) -> LiveCourse:
    """A new course with one section, `section:one`."""
    idnumber = f"modules-{uuid.uuid4().hex[:12]}"
    categories = live_client.read("core_course_get_categories")
    course = {
        "fullname": f"Companion modules {idnumber}",
        "shortname": idnumber,
        "idnumber": idnumber,
        "categoryid": categories[0]["id"],
        "enablecompletion": 1,
        "newsitems": 0,
        "numsections": 0,
    }
    created = live_client.write("core_course_create_courses", courses=[course])
    live = LiveCourse(live_client, int(created[0]["id"]), idnumber)
    live.section("section:one")
    return live


@pytest.fixture
def work(live_client: MoodleClient) -> Callable[..., str]:
    """Does in an activity what learners do there, as a new learner of the course; see insert_work.php."""
    command = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_WORK", "")
    if not command:
        pytest.skip("nobody works: set LMS_TOOLKIT_TEST_MOODLE_WORK to a command that runs insert_work.php")
    role = json.loads(live_client.read("local_lmstoolkit_get_info", payload="{}"))["student_roleid"]

    def work(course_id: int, cmid: int, kind: str = "") -> str:
        username = f"amina-{uuid.uuid4().hex[:12]}"
        user = {
            "username": username,
            "firstname": "Amina",
            "lastname": "Test",
            "email": f"{username}@example.org",
            "password": "Only-4-this-test!",
        }
        (made,) = live_client.write("core_user_create_users", users=[user])
        enrolment = {"roleid": role, "userid": made["id"], "courseid": course_id}
        live_client.write("enrol_manual_enrol_users", enrolments=[enrolment])
        order = {"cmid": cmid, "username": username, "work": kind}
        done = subprocess.run(
            shlex.split(command), input=json.dumps(order), text=True, check=True, timeout=120, capture_output=True
        )
        return done.stdout

    return work


@dataclass(frozen=True)
class LiveLearner:
    """An account that can log in with its user name as the beginning of its password."""

    client: MoodleClient
    id: int
    username: str
    role: int

    @property
    def password(self) -> str:
        return f"{self.username}-A1!"

    def enrol(self, course_id: int) -> None:
        enrolment = {"roleid": self.role, "userid": self.id, "courseid": course_id}
        self.client.write("enrol_manual_enrol_users", enrolments=[enrolment])


@pytest.fixture
def learner(live_client: MoodleClient, live_course: LiveCourse) -> LiveLearner:
    """A new learner of the course."""
    enrolment = {"key": "enrolment:manual", "kind": "manual", "role": "student", "cohort": None, "group_key": None}
    live_course.call("apply_enrolment", methods=[{**enrolment, "starts_at": 0, "ends_at": 0}], dryrun=False)
    role = json.loads(live_client.read("local_lmstoolkit_get_info", payload="{}"))["student_roleid"]
    name = f"amina-{uuid.uuid4().hex[:12]}"
    user = {"username": name, "firstname": "Amina", "lastname": "Test", "email": f"{name}@example.org"}
    (made,) = live_client.write("core_user_create_users", users=[{**user, "password": f"{name}-A1!"}])
    one = LiveLearner(live_client, int(made["id"]), name, role)
    one.enrol(live_course.id)
    return one


@pytest.fixture(scope="session")
def on_site() -> Callable[..., Any]:
    """`on_site(code, **order)` runs PHP code, or a file of it, in the Moodle, where it finds its order in `$in`.

    The answer is what the code returns, and None also when its process was killed; what it prints besides is not heard.
    """
    command = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_PHP", "")
    if not command:
        pytest.skip("nobody is on the Moodle's machine: set LMS_TOOLKIT_TEST_MOODLE_PHP to a command for on_site.php")

    def run(code: str | Path, **order: object) -> Any:
        encoded = base64.b64encode(json.dumps(order).encode()).decode()
        text = code.read_text(encoding="utf-8") if isinstance(code, Path) else code
        done = subprocess.run(
            shlex.split(command),
            input=f"$in = json_decode(base64_decode('{encoded}'), true);\n{text}",
            text=True,
            capture_output=True,
            timeout=600,
            check=False,
        )
        if done.returncode in (-9, 137):
            return None
        assert done.returncode == 0, done.stderr + done.stdout
        return json.loads(done.stdout.splitlines()[-1])  # behind what a task has said of itself

    return run
