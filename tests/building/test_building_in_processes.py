"""Several processes give what one gives, faster; a fault in one of them is one package's fault."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit import building_many, fingerprints
from lms_toolkit.errors import ContentError
from lms_toolkit.manager import Plugins
from lms_toolkit.preparing import Order, Place, Prepared, prepare_folder


def build(folder: Path, out: Path, workers: int, plugins: Plugins | None = None) -> Prepared:
    place = Place(out, out / "data", plugins or Plugins(), workers=workers)
    return prepare_folder(folder, Order(per="lesson"), place)


FORKING = """
import sys
from pathlib import Path
from lms_toolkit import building_many
from lms_toolkit.manager import Plugins
from lms_toolkit.preparing import Order, Place, prepare_folder

contexts = []
choose = building_many._context
building_many._context = lambda jobs: contexts.append(choose(jobs)) or contexts[-1]
out = Path(sys.argv[2])
prepared = prepare_folder(Path(sys.argv[1]), Order(per="lesson"), Place(out, out / "data", Plugins(), workers=2))
print(*(context.get_start_method() for context in contexts), *(package.sha256 for package in prepared.packages))
"""
"""What the command line does: a program with a single thread. It asks again once the first package has imported all."""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork safely")
def test_a_program_with_one_thread_forks_and_builds_the_same_bytes(make_course: Any, tmp_path: Path) -> None:
    folder = make_course("cooking", "soups")
    alone = build(folder, tmp_path / "alone", 1)
    command = [sys.executable, "-c", FORKING, str(folder), str(tmp_path / "together")]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert ran.stderr == ""
    assert ran.stdout.split() == ["fork", "fork", *(package.sha256 for package in alone.packages)]


def test_a_program_with_threads_does_not_fork() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        context = building_many._context(building_many.MANY)
        assert context is not None
        assert context.get_start_method() == "spawn"
        assert building_many._context(building_many.MANY - 1) is None
    finally:
        done.set()
        thread.join()


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building_many, "MANY", 2)


@pytest.mark.usefixtures("few_are_many")
def test_two_processes_build_the_bytes_that_one_builds(make_course: Any, tmp_path: Path) -> None:
    folder = make_course("cooking", "soups")
    alone = build(folder, tmp_path / "alone", 1)
    together = build(folder, tmp_path / "together", 2)
    assert [package.sha256 for package in together.packages] == [package.sha256 for package in alone.packages]
    assert [package.path.name for package in together.packages] == [package.path.name for package in alone.packages]


@pytest.mark.usefixtures("few_are_many")
def test_a_fault_met_in_a_process_comes_back_with_its_place(make_course: Any, tmp_path: Path) -> None:
    folder = make_course("cooking", "soups", languages=("fr",))
    (folder / "fr" / "soups" / "media" / "parts.svg").unlink()
    prepared = build(folder, tmp_path / "out", 2)
    (failure,) = prepared.failures
    assert failure.name == "cooking-soups--welcome-fr-scorm12.zip"
    assert isinstance(failure.error, ContentError)
    assert [finding.rule for finding in failure.error.findings] == ["missing-media"]
    assert len(prepared.built) == 5


class Shouting:
    """A plugin made on the fly, as an embedding program does; it cannot travel to another process."""

    def __init__(self) -> None:
        self.unpicklable = lambda: None


@pytest.mark.usefixtures("few_are_many")
def test_plugins_that_cannot_travel_keep_the_work_at_home(make_course: Any, tmp_path: Path) -> None:
    folder = make_course("cooking", languages=("fr",))
    prepared = build(folder, tmp_path / "out", 2, Plugins(also={"shouting": Shouting()}))
    assert len(prepared.built) == 3


@pytest.mark.parametrize("settled_ns", [-(10**18), 10**18], ids=["unread", "read-again"])
def test_progress_counts_every_package(
    make_course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settled_ns: int
) -> None:
    monkeypatch.setattr(fingerprints, "_SETTLED_NS", settled_ns)
    folder, seen = make_course("cooking"), []
    place = Place(tmp_path / "out", tmp_path / "data", Plugins())
    for _ in range(2):
        prepare_folder(folder, Order(per="lesson"), place, lambda done, total: seen.append((done, total)))
    assert seen[:7] == [(done, 6) for done in range(7)]
    assert seen[-1] == (6, 6)
