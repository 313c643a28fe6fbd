"""The demonstration goes the whole way, and going it again changes nothing."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from lms_sandbox.demo import Demo
from lms_toolkit.app import App
from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError


@pytest.fixture
def app(tmp_path):
    return App(load_config(env={"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path / "data")}))


def test_it_ends_with_exactly_one_certificate_that_verifies(app, tmp_path):
    out = tmp_path / "demo"
    with Demo(app, out) as demo:
        first = demo.run()
    with Demo(app, out) as demo:
        second = demo.run()

    results = {step.title: step.result for step in first}
    assert results["take the module"] == ("Amina passes with 92; Jorge fails with 40; Chloé stops after 3 of 7 pages")
    assert results["decide who earned it"] == "1 earned, 2 not yet"
    assert results["verify it"].endswith(": valid")
    assert [step.result for step in second if step.title == "verify it"] == [results["verify it"]]
    assert [step.result for step in second if step.title == "deploy to the sandbox"] == ["5 unchanged"]
    assert len(list((out / "certificates").glob("*.pdf"))) == 1
    assert len(list((out / "packages").glob("*.zip"))) == 1
    with closing(sqlite3.connect(out / "store.db")) as store:
        assert store.execute("SELECT count(*) FROM certificates").fetchone() == (1,)


def test_its_folder_is_enough_to_look_further(app, tmp_path):
    out = tmp_path / "demo"
    with Demo(app, out) as demo:
        demo.run()
    command = [sys.executable, "-m", "lms_toolkit", "certificates", "list", "--json"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LMS_")}
    done = subprocess.run(command, cwd=out, env=environment, capture_output=True, text=True, check=True, timeout=60)

    assert len(json.loads(done.stdout)) == 1


def test_a_folder_with_settings_of_somebody_is_left_alone(app, tmp_path):
    (tmp_path / "lms-toolkit.toml").write_text("[sites]\n")

    with pytest.raises(ConfigError, match="not of a demonstration"):
        Demo(app, tmp_path)
    assert (tmp_path / "lms-toolkit.toml").read_text() == "[sites]\n"
