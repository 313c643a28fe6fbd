"""What `sync schedule` writes: the same command from anywhere, quoted right, and without a secret."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

import pytest
import yaml

from lms_toolkit.config import load_config
from lms_toolkit.errors import ConfigError
from lms_toolkit.scheduling import CALENDAR, CRON, SERVICE, TIMER, crontab, kubernetes, schedule_of, systemd

NASTY = "a b%c$d'e\"f\\g"
ARGUMENTS = ("sync", "run", "--deadline", "600", "--", "SURE-FR-M1")


@pytest.fixture
def scheduled(tmp_path):
    def make(every="15m", folder=NASTY, **env):
        (tmp_path / folder).mkdir()
        path = tmp_path / folder / "lms-toolkit.toml"
        path.write_text('[sites.lab]\nurl = "https://lab.example.org"\ntoken_env = "LAB"\n', encoding="utf-8")
        return schedule_of(load_config(path, env=env), every, ARGUMENTS, env)

    return make


def test_a_crontab_line_runs_this_command_whatever_its_path(scheduled, tmp_path):
    made = scheduled()
    line = crontab(made)
    assert line.startswith("*/15 * * * * ")
    assert line.count("\n") == 1
    command = line.split(" ", 5)[5].replace(r"\%", "%")  # as cron does
    assert shlex.split(command.removesuffix(">/dev/null\n")) == list(made.command)
    assert made.command[:4] == (sys.executable, "-m", "lms_toolkit", "--config")
    assert "%" not in line.replace(r"\%", "")


def test_secrets_are_named_and_read_from_a_file(scheduled, tmp_path):
    secrets = {"LAB": "hunter2", "LMS_TOOLKIT_DATABASE_URL": "postgresql://u:hunter2@db/x", "OTHER": "hunter2"}
    made = scheduled(LMS_TOOLKIT_DATA_FOLDER="data", LMS_TOOLKIT_TEST_X="1", LMS_DISABLED_PLUGINS="sure", **secrets)
    assert made.secret == ("LAB", "LMS_TOOLKIT_DATABASE_URL")
    texts = [crontab(made), *systemd(made, "www").values(), kubernetes(made, "example.org/lms-toolkit:1")]
    assert not [text for text in texts if "hunter2" in text or "OTHER" in text]
    assert made.env_file.name == "lms-toolkit.env"
    made.env_file.write_text("LAB=from-the-file\n")
    # The line itself, run by the shell that cron uses, with a Python that says what it got.
    command = crontab(made).split(" ", 5)[5].replace(r"\%", "%").replace(">/dev/null", "")
    told = 'import os; print(os.environ["LAB"], os.environ["LMS_DISABLED_PLUGINS"])'
    command = command.replace(
        f"{shlex.quote(sys.executable)} -m lms_toolkit", f"{sys.executable} -c {shlex.quote(told)}"
    )
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd="/", env={}, check=True)
    assert done.stdout == "from-the-file sure\n"


@pytest.mark.parametrize("every", ["5m", "2h", "1d"])
def test_systemd_accepts_the_units(scheduled, tmp_path, every):
    made = scheduled(every, LMS_TOOLKIT_DATA_FOLDER="my data", LAB="x")
    files = systemd(made, "nobody")
    assert sorted(files) == [SERVICE, TIMER]
    config = str(made.config).replace("%", "%%").replace("\\", "\\\\").replace('"', '\\"').replace("$", "$$")
    assert f'--config "{config}"' in files[SERVICE]
    assert f"EnvironmentFile={str(made.env_file).replace('%', '%%')}" in files[SERVICE].splitlines()
    if shutil.which("systemd-analyze") is None:
        return
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in files)],
        capture_output=True,
        text=True,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
        check=False,
    )
    assert not [line for line in done.stderr.splitlines() if "lms-toolkit-sync" in line], done.stderr


def test_a_unit_gives_a_variable_and_the_program_as_they_are_and_takes_no_user_of_two_lines(scheduled, monkeypatch):
    """`Environment=` and the program's path know no variables; what is doubled there stays doubled."""
    monkeypatch.setattr(sys, "executable", "/usr/$ python/bin/python")
    made = scheduled(LMS_TOOLKIT_DATA_FOLDER="/srv/$data")
    lines = systemd(made, "nobody")[SERVICE].splitlines()
    assert 'Environment="LMS_TOOLKIT_DATA_FOLDER=/srv/$data"' in lines
    assert any(line.startswith('ExecStart="/usr/$ python/bin/python" -m lms_toolkit') for line in lines)
    with pytest.raises(ConfigError, match="name a user of this machine"):
        systemd(made, "nobody\nExecStartPre=/bin/true")


def test_a_cronjob_finds_settings_and_data_where_they_are(scheduled):
    made = scheduled("1h", folder="settings", LAB="x")
    job = yaml.safe_load(kubernetes(made, "example.org/lms-toolkit:1"))
    assert (job["kind"], job["spec"]["schedule"], job["spec"]["concurrencyPolicy"]) == (
        "CronJob",
        "0 * * * *",
        "Forbid",
    )
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["command"] == ["lms-toolkit", "--config", str(made.config), *ARGUMENTS]
    assert container["envFrom"] == [{"secretRef": {"name": "lms-toolkit"}}]
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts == {"settings": str(made.config), "data": str(made.data_folder)}
    assert {volume["name"] for volume in pod["volumes"]} == set(mounts)


def test_what_cannot_be_written_into_a_line_is_refused(scheduled, tmp_path):
    with pytest.raises(ConfigError, match="cannot be written into a schedule"):
        scheduled(folder="two\nlines")
    with pytest.raises(ConfigError, match=r"write lms-toolkit\.toml, or name one with --config"):
        schedule_of(load_config(None, env={"LMS_TOOLKIT_DATA_FOLDER": str(tmp_path)}), "1h", ARGUMENTS, {})


def test_each_choice_of_the_command_line_has_its_times():
    from lms_toolkit.cli.sync import EVERY

    assert tuple(CRON) == tuple(CALENDAR) == EVERY
