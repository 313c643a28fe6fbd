"""A large file goes to a real Moodle without ever being in memory as a whole."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from lms_moodle import functions
from lms_toolkit.errors import Refused

pytestmark = pytest.mark.live

SIZE_BYTES = 24 << 20
MEMORY_BYTES = 4 << 20


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "large.zip"
    with path.open("wb") as file:
        file.truncate(SIZE_BYTES)
    return path


def test_a_large_file_is_streamed_with_true_progress(live_client: Any, large: Path) -> None:
    seen: list[tuple[int, int]] = []
    functions.get_site_info(live_client)  # what a first call allocates is not what an upload does

    tracemalloc.start()
    try:
        draft = live_client.upload(large, "large.zip", progress=lambda done, total: seen.append((done, total)))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert draft > 0
    assert peak < MEMORY_BYTES
    done = [entry[0] for entry in seen]
    assert done == sorted(done)
    assert len(set(done)) > 100
    assert seen[-1][0] == seen[-1][1] > SIZE_BYTES


def test_a_file_over_the_sites_limit_is_refused_before_the_first_byte(live_client: Any, large: Path) -> None:
    live_client.calls.clear()

    with pytest.raises(Refused, match=rf"has {SIZE_BYTES} bytes and the site takes {SIZE_BYTES - 1}"):
        live_client.upload(large, "large.zip", max_bytes=SIZE_BYTES - 1)

    assert list(live_client.calls) == []
