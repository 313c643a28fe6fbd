"""Runs the command line as a user does, in a process of its own, with settings and store in a temporary folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def run_command(*arguments: str | Path, paths: tuple[Path, ...] = (), **env: str) -> Ran:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
        environment |= {"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data"), "COLUMNS": "200", **env}
        environment["PYTHONPATH"] = os.pathsep.join([*map(str, paths), environment.get("PYTHONPATH", "")])
        done = subprocess.run(
            [sys.executable, "-m", "lms_toolkit", *map(str, arguments)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return run_command


@pytest.fixture
def plugin_distribution(tmp_path: Path) -> Callable[[str, str], Path]:
    """Puts a plugin module on disk as an installed distribution; returns the folder to import from."""

    def make(name: str, code: str) -> Path:
        folder = tmp_path / "site"
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}_module.py").write_text(code, encoding="utf-8")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text(f"[lms_toolkit]\n{name} = {name}_module\n", encoding="utf-8")
        return folder

    return make


@pytest.fixture
def utc_now() -> datetime:
    return datetime.now(UTC)
