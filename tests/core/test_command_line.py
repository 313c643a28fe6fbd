"""Every error is one line that says what to do, with an exit code that scripts can rely on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lms_toolkit import content_path


def one_line(text: str) -> str:
    lines = text.strip().splitlines()
    assert len(lines) == 1, text
    return lines[0]


def test_an_unknown_command_is_wrong_usage(run):
    ran = run("frobnicate")
    assert ran.code == 2
    assert "frobnicate" in ran.err
    assert ran.out == ""


def test_an_unknown_course_names_the_known_ones(run):
    ran = run("build", "physics")
    assert ran.code == 2
    assert "no course is named 'physics'" in one_line(ran.err)
    assert "(known: " in ran.err and "sure)" in ran.err


def test_an_unknown_site_says_what_to_add_to_the_settings(run):
    ran = run("doctor", "staging")
    assert (ran.code, "add [sites.staging]" in one_line(ran.err)) == (2, True)


def test_an_edition_nobody_declares_is_named(run):
    ran = run("grades", "pull", "X1", "--site", "staging")
    assert ran.code == 2
    assert "X1 is not deployed on staging" in one_line(ran.err)


def test_errors_are_json_too_when_json_was_asked_for(run):
    ran = run("doctor", "staging", "--json")
    assert ran.code == 2
    assert ran.data["error"]["kind"] == "ConfigError"
    assert ran.data["error"]["exit_code"] == 2


def test_a_site_that_does_not_answer_is_exit_code_3(run, tmp_path):
    (tmp_path / "lms-toolkit.toml").write_text('[sites.gone]\nurl = "http://127.0.0.1:9"\ntoken_env = "T"\n')
    ran = run("plan", "SURE-FR-M1", "--site", "gone", T="0" * 32)
    assert ran.code == 3, ran.err
    assert ran.err.strip().splitlines()[-1].startswith("Error: gone")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("setting", "place"),
    [
        ('token_env = "MY_TOKEN"', "the environment variable MY_TOKEN"),
        ("", "the environment variable LMS_TOOLKIT_GONE_TOKEN"),
        ('token_file = "empty"', "the file "),
    ],
)
def test_a_missing_token_is_told_with_the_place_that_the_settings_name(run, tmp_path, setting, place):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "lms-toolkit.toml").write_text(f'[sites.gone]\nurl = "http://127.0.0.1:9"\n{setting}\n')
    ran = run("doctor", "gone")
    assert f"no token is set; put it in {place}" in ran.out + ran.err


def test_a_broken_settings_file_is_named(run, tmp_path):
    (tmp_path / "lms-toolkit.toml").write_text("[sites\n")
    ran = run("sites")
    assert ran.code == 2
    assert "lms-toolkit.toml: is not valid TOML" in one_line(ran.err)


def test_results_go_to_stdout_and_a_module_that_is_not_written_is_named_and_skipped(run, tmp_path):
    shutil.copytree(content_path("sure"), tmp_path / "sure")
    shutil.rmtree(tmp_path / "sure" / "fr" / "acteurs-locaux")
    ran = run("build", "./sure", "--json")
    assert ran.code == 0
    assert "acteurs-locaux" not in {package["module_slug"] for package in ran.data}
    assert len(ran.data) == 3
    skipped = [line for line in ran.err.splitlines() if line.startswith("skipped: ")]
    assert len(skipped) == 1
    assert "not written in fr yet" in skipped[0]


def test_what_is_final_is_not_done_unasked_by_a_script(run):
    ran = run("certificates", "revoke", "7K3M-Q2XF-9ABC", "--reason", "x")
    assert ran.code == 2
    assert "no certificate has the code" in ran.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_stdout_is_one_line(tmp_path):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lms_toolkit", "courses", "--json"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 2
    assert "No space left on device" in one_line(done.stderr)


def test_a_reader_that_leaves_early_is_no_error():
    command = f"{sys.executable} -m lms_toolkit courses --json | head -c 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, env=os.environ)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_data_folder_that_cannot_be_made_is_one_line(run, tmp_path):
    (tmp_path / "file").write_text("")
    ran = run("status", LMS_TOOLKIT_DATA_FOLDER=str(tmp_path / "file" / "data"))
    assert ran.code == 2
    assert one_line(ran.err).startswith("Error: ")


def test_status_of_a_new_store_says_what_to_do_first(run):
    assert run("status").out.strip() == "nothing is deployed yet: lms-toolkit deploy"


def test_completion_is_one_line_for_the_shell(run):
    assert run("completion", "bash").out.strip() == 'eval "$(_LMS_TOOLKIT_COMPLETE=bash_source lms-toolkit)"'
    completed = run(_LMS_TOOLKIT_COMPLETE="bash_complete", COMP_WORDS="lms-toolkit cert", COMP_CWORD="1")
    assert "certify" in completed.out


def test_a_score_just_below_the_mark_never_reads_as_the_mark():
    from lms_toolkit.commands import percent

    assert [percent(value) for value in (59.999, 60.0, 69.3, 100.0, None)] == ["59.99", "60.00", "69.30", "100.00", "–"]


def test_nothing_that_is_printed_moves_the_cursor_or_hides_what_was_said(capsys):
    from lms_toolkit.cli._output import emit, error_line, tell
    from lms_toolkit.commands import table
    from lms_toolkit.errors import ConfigError

    name = "Amina\x1b]0;x\x07\x9b2J\rTest"
    emit(None, f"{name}\n\tone")
    emit(None, table(("learner",), [(name,)]))
    tell(name)
    error_line(ConfigError(name), as_json=False)
    said = capsys.readouterr()
    assert "\n\tone\n" in said.out
    assert [one for one in said.out + said.err if not one.isprintable() and one not in "\n\t"] == []
    assert (said.out + said.err).count("Amina\ufffd]0;x\ufffd\ufffd2J") == 4


def test_the_list_of_courses_fits_a_terminal_of_80_characters(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = [line.split() for line in run("courses").out.splitlines()]
    assert ["reintegration", "A9719042", "en", "2026-09-21/10-30", "60", "11", "of", "11"] in lines
    assert ["sure", "SURE-FR", "fr", "any", "time", "8", "4", "of", "4"] in lines


def test_a_course_is_known_by_its_own_folder_or_by_the_one_above(run, tmp_path):
    shutil.copytree(content_path("sure"), tmp_path / "courses" / "mine")
    for named in ("courses", "courses/mine"):
        (tmp_path / "lms-toolkit.toml").write_text(f'[courses]\nfolders = ["{named}"]\n')
        assert run("check", "mine").code == 0


def test_a_folder_without_courses_in_the_settings_is_said_and_not_passed_over(run, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "lms-toolkit.toml").write_text('[courses]\nfolders = ["empty"]\n')
    ran = run("courses")
    assert (ran.code, "empty is no folder of courses" in one_line(ran.err)) == (2, True)
