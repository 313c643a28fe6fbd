"""The sandbox keeps the contract of every platform."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from lms_moodle.platform import MoodlePlatform
from lms_sandbox.playing import LearnerBrowser
from lms_sandbox.server import Sandbox
from lms_toolkit.config import Site
from lms_toolkit.model import SiteModule, User
from lms_toolkit.testing import PlatformContract, Play


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


class TestSandbox(PlatformContract):
    platform_class = MoodlePlatform  # the sandbox registers as "=moodle"

    @pytest.fixture
    def site(self, sandbox: Sandbox) -> Site:
        return sandbox.as_site()

    @pytest.fixture
    def play(self, sandbox: Sandbox) -> Play:
        def play(module: SiteModule, user: User, items: Mapping[str, Mapping[str, str]]) -> None:
            with LearnerBrowser(sandbox.url, user.username) as learner:
                for item, values in items.items():
                    assert learner.launch(int(module.ref), item)["cmi.core.lesson_status"] == "not attempted"
                    learner.commit(int(module.ref), item, values)

        return play


def test_its_plugin_says_that_it_is_spoken_to_as_moodle() -> None:
    from lms_sandbox import plugin

    assert plugin.lms_register_platforms() == {"sandbox": "=moodle"}


def test_a_sandbox_keeps_what_it_knows_across_a_restart(tmp_path: Path) -> None:
    with Sandbox(tmp_path) as first:
        token = first.token
    with Sandbox(tmp_path) as second:
        assert second.token == token
