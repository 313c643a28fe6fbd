"""On the command line, a site's fault is one line on stderr, exit code 3, and the same command completes later."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lms_sandbox.server import Sandbox


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory) -> Iterator[Sandbox]:
    with Sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


def deploy(folder: Path, url: str, token: str) -> subprocess.CompletedProcess[str]:
    (folder / "token").write_text(token)
    (folder / "lms-toolkit.toml").write_text(
        f'[sites.staging]\nplatform = "sandbox"\nurl = "{url}"\ntoken_file = "token"\n[store]\nfolder = "data"\n'
    )
    command = [sys.executable, "-m", "lms_toolkit", "deploy", "SURE-FR-M1", "--site", "staging"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_")}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fault", ["html", "empty", "token-expired"])
def test_a_site_that_answers_nonsense_is_one_line_and_exit_code_3(fault, sandbox, proxy, tmp_path):
    with proxy(sandbox.url, fault, 0) as between:
        failed = deploy(tmp_path, between.url, sandbox.token)
    errors = [line for line in failed.stderr.splitlines() if line.startswith("Error: ")]
    assert failed.returncode == 3, failed.stderr
    assert len(errors) == 1
    assert errors[0].startswith("Error: staging")
    assert "Traceback" not in failed.stderr
    assert sandbox.token not in failed.stderr + failed.stdout
    assert deploy(tmp_path, sandbox.url, sandbox.token).returncode == 0


def test_a_package_the_server_finds_too_large_is_named_with_its_limit(sandbox, proxy, tmp_path):
    with proxy(sandbox.url) as between:
        deploy(tmp_path, between.url, sandbox.token)
        at = between.functions.index("upload") if "upload" in between.functions else len(between.functions)
    with Sandbox(tmp_path / "other") as fresh, proxy(fresh.url, "too-large", at) as between:
        failed = deploy(tmp_path, between.url, fresh.token)
    assert failed.returncode == 3, failed.stderr
    assert "413" in failed.stderr or "too large" in failed.stderr


def test_a_wrong_address_is_named(tmp_path):
    failed = deploy(tmp_path, "http://127.0.0.1:9", "0" * 32)
    assert failed.returncode == 3
    assert "no connection to http://127.0.0.1:9" in failed.stderr
