"""Whatever breaks, and whenever: one clear error, and the same command again completes without a duplicate.

A full deploy and a pull are run against the sandbox through a proxy that breaks request number n, for every n and every
kind of fault; then again without the fault. What the site holds afterwards must be what an undisturbed run leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lms_moodle.client import MoodleClient
from lms_moodle.platform import MoodlePlatform
from lms_sandbox.server import Sandbox
from lms_toolkit.config import Secret, Site
from lms_toolkit.deploying import apply
from lms_toolkit.errors import SiteError, ToolkitError
from lms_toolkit.grading import pull
from lms_toolkit.manager import Plugins
from lms_toolkit.model import DeclaredCourse, DeclaredModule, DeclaredSection, Deployment, User
from lms_toolkit.planning import plan
from lms_toolkit.store import Store, open_store
from lms_toolkit.testing import tiny_scorm12

FAULTS = ["refused", "dead", "answer-lost", "html", "empty", "too-large", "bad-gateway", "token-expired"]
LEARNERS = [
    User("amina", "amina@example.org", "Amina", "Test", "L1"),
    User("jorge", "jorge@example.org", "J", "Prueba", "L2"),
]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture
def store(tmp_path) -> Iterator[Store]:
    with open_store(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


def platform(sandbox: Sandbox, url: str) -> MoodlePlatform:
    site = Site("sandbox", "sandbox", url, Secret(sandbox.token), read_timeout=20)
    speaking = MoodlePlatform(site)
    speaking.client = MoodleClient(site, waits=(0.0,))  # one repetition of a read, at once
    return speaking


def declared(folder: Path, idnumber: str) -> DeclaredCourse:
    package = tiny_scorm12(folder / "tiny.zip")
    module = DeclaredModule(
        "module:tiny",
        "section:one",
        "Tiny",
        pass_mark_percent=70.0,
        package_path=package.path,
        package_sha256=package.sha256,
        items=package.items,
    )
    sections = (DeclaredSection("section:one", 1, "One"), DeclaredSection("section:two", 2, "Two"))
    return DeclaredCourse(idnumber, idnumber, idnumber, "", "en", "", None, None, sections, (module,))


def deploy_and_pull(speaking: MoodlePlatform, course: DeclaredCourse, store: Store) -> Deployment:
    plugins = Plugins()
    deployment = apply(plan(speaking, course, course.idnumber), speaking, "tiny", store, plugins)
    outcomes = speaking.enrol(deployment.course_ref, LEARNERS, create=True)
    assert {outcome.outcome for outcome in outcomes} <= {"enrolled", "already"}, outcomes
    pull(speaking, deployment, store, plugins, datetime.now(UTC))
    return deployment


@pytest.fixture(scope="module")
def undisturbed(sandbox, proxy, tmp_path_factory) -> list[str]:
    """The calls of a run that nothing disturbs."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with open_store(f"sqlite:///{folder / 'store.db'}") as store, proxy(sandbox.url) as between:
        deploy_and_pull(platform(sandbox, between.url), declared(folder, "undisturbed"), store)
        return list(between.functions)


def test_the_matrix_covers_every_kind_of_call(undisturbed):
    assert {
        "local_lmstoolkit_apply_module",
        "upload",
        "core_course_create_courses",
        "local_lmstoolkit_get_snapshot",
    } <= set(undisturbed)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_at_any_call_is_one_line_and_the_next_run_completes(
    fault, undisturbed, sandbox, proxy, tmp_path, store
):
    for at in range(len(undisturbed)):
        course = declared(tmp_path, f"{fault}-{at}")
        with proxy(sandbox.url, fault, at) as between:
            try:
                deploy_and_pull(platform(sandbox, between.url), course, store)
            except ToolkitError as error:
                assert_one_line(error, sandbox.token, f"{fault} at {at}")
        again = platform(sandbox, sandbox.url)
        deployment = deploy_and_pull(again, course, store)
        assert_as_declared(again, course, deployment, store, f"{fault} at {at}")


def assert_one_line(error: ToolkitError, token: str, where: str) -> None:
    text = str(error)
    assert isinstance(error, SiteError), f"{where}: {error!r}"
    assert error.exit_code == 3
    assert "\n" not in text and "<" not in text, f"{where}: {text}"
    assert token not in text
    assert text.startswith("sandbox"), f"{where}: names no site: {text}"


def assert_as_declared(
    speaking: MoodlePlatform, course: DeclaredCourse, deployment: Deployment, store: Store, where: str
) -> None:
    found = speaking.find_course(course.idnumber)
    assert found is not None
    assert [section.key for section in found.sections] == ["section:one", "section:two"], where
    assert [module.key for module in found.modules] == ["module:tiny"], where
    assert not plan(speaking, course, course.idnumber).writes, where
    enrolled = store.people.enrolled(deployment.site, deployment.course_ref)
    assert len(enrolled) == len(LEARNERS), where
    assert not store.journal.unfinished("sandbox", course.idnumber, "en"), where


def test_a_changed_package_is_one_upload_and_one_apply(sandbox, tmp_path, store):
    course = declared(tmp_path, "changed")
    deploy_and_pull(platform(sandbox, sandbox.url), course, store)
    package = tiny_scorm12(tmp_path / "tiny.zip", text="Une phrase de plus.")
    module = replace(course.modules[0], package_sha256=package.sha256)
    second = platform(sandbox, sandbox.url)
    deploy_and_pull(second, replace(course, modules=(module,)), store)
    writes = [call.function for call in second.client.calls if call.writes]
    assert writes == ["webservice/upload.php", "local_lmstoolkit_apply_module"]


def test_a_second_run_sends_no_write(sandbox, tmp_path, store):
    course = declared(tmp_path, "twice")
    deploy_and_pull(platform(sandbox, sandbox.url), course, store)
    second = platform(sandbox, sandbox.url)
    deploy_and_pull(second, course, store)
    assert [call.function for call in second.client.calls if call.writes] == []
