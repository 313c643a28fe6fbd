"""A real Moodle keeps the same contract. Needs LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN.

Playing as a learner needs help from the Moodle's machine: LMS_TOOLKIT_TEST_MOODLE_PLAY is a command that reads
`{"cmid": …, "username": …, "items": {identifier: {element: value}}}` and inserts these tracks.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Mapping

import pytest

from lms_moodle.platform import MoodlePlatform
from lms_toolkit.config import Secret, Site
from lms_toolkit.model import SiteModule, User
from lms_toolkit.testing import PlatformContract, Play


@pytest.mark.live
class TestMoodle(PlatformContract):
    platform_class = MoodlePlatform

    @pytest.fixture
    def site(self) -> Site:
        url, token = (os.environ.get(f"LMS_TOOLKIT_TEST_MOODLE_{name}", "") for name in ("URL", "TOKEN"))
        if not url or not token:
            pytest.skip("no Moodle to test: set LMS_TOOLKIT_TEST_MOODLE_URL and LMS_TOOLKIT_TEST_MOODLE_TOKEN")
        return Site("live", "moodle", url.rstrip("/"), Secret(token))

    @pytest.fixture
    def play(self) -> Play:
        command = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_PLAY", "")
        if not command:
            pytest.skip("nobody plays: set LMS_TOOLKIT_TEST_MOODLE_PLAY to a command that inserts tracks")

        def play(module: SiteModule, user: User, items: Mapping[str, Mapping[str, str]]) -> None:
            order = {"cmid": int(module.ref), "username": user.username, "items": items}
            subprocess.run(shlex.split(command), input=json.dumps(order), text=True, check=True, timeout=60)

        return play
