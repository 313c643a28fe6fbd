"""A course page with one of everything, deployed with the commands a user runs, to the sandbox or a real Moodle."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lms_sandbox.server import Sandbox

EVERYTHING = Path(__file__).with_name("everything")
TWO_LANGUAGES = Path(__file__).with_name("two_languages")
MISSING = "no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN"


@dataclass(frozen=True)
class Desk:
    """A folder with settings for one site, and a copy of the course that a test may edit."""

    folder: Path
    edition: str
    course_id: str

    @property
    def course(self) -> Path:
        return self.folder / self.course_id

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_TOOLKIT_T")}
        environment |= {"LMS_TOOLKIT_DATA_FOLDER": str(self.folder / "data")}
        command = [sys.executable, "-m", "lms_toolkit", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    def ask(self, *arguments: str, code: int = 0) -> Any:
        """The JSON of a command about the edition on the site."""
        done = self.run(*arguments[:1], self.edition, "--site", "lab", *arguments[1:], "--json")
        assert done.returncode == code, done.stderr + done.stdout
        return json.loads(done.stdout) if done.stdout else None

    def refused(self, *arguments: str, code: int) -> str:
        done = self.run(*arguments[:1], self.edition, "--site", "lab", *arguments[1:])
        assert done.returncode == code, done.stderr + done.stdout
        assert "Traceback" not in done.stderr
        return done.stderr

    def edit(self, old: str, new: str) -> None:
        path = self.course / "course.toml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


def make_desk(folder: Path, platform: str, url: str, token: str, source: Path = EVERYTHING) -> Desk:
    """`source` is a course with one edition, which gets a code of its own."""
    declared = tomllib.loads((source / "course.toml").read_text(encoding="utf-8"))
    code = declared["editions"][0]["code"]
    desk = Desk(folder, f"{code}-{uuid4().hex[:8]}", declared["id"])
    shutil.copytree(source, desk.course)
    desk.edit(code, desk.edition)
    (folder / "token").write_text(token)
    (folder / "token").chmod(0o600)
    (folder / "lms-toolkit.toml").write_text(
        f'[courses]\nfolders = ["."]\n'
        f'[sites.lab]\nplatform = "{platform}"\nurl = "{url}"\ntoken_file = "token"\n[store]\nfolder = "data"\n'
    )
    return desk


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, sandbox: Sandbox) -> Desk:
    return make_desk(tmp_path, "sandbox", sandbox.url, sandbox.token)


@pytest.fixture
def bilingual_desk(tmp_path: Path, sandbox: Sandbox) -> Desk:
    """The course whose edition has one page in two languages."""
    return make_desk(tmp_path, "sandbox", sandbox.url, sandbox.token, TWO_LANGUAGES)


@pytest.fixture
def moodle_desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path, "moodle", *_moodle())


@pytest.fixture
def bilingual_moodle_desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path, "moodle", *_moodle(), TWO_LANGUAGES)


def _moodle() -> tuple[str, str]:
    """The address of a real Moodle and a token for it; skips without them."""
    url, token = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_URL"), os.environ.get("LMS_TOOLKIT_TEST_MOODLE_TOKEN")
    if not url or not token:
        pytest.skip(MISSING)
    return url, token
