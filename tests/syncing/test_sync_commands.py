"""`sync`, `notifications`, `status` and `worker` on the command line: what they print, and their exit codes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from lms_toolkit.cli import main


@pytest.fixture
def run(desk, monkeypatch, capsys):
    """Runs a command in the desk's folder: exit code, stdout, stderr."""
    monkeypatch.chdir(desk.folder)
    monkeypatch.setenv("LMS_TOOLKIT_CONFIG", str(desk.folder / "lms-toolkit.toml"))
    for name in ("LMS_TOOLKIT_DATABASE_URL", "LMS_TOOLKIT_DATA_FOLDER"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments):
        capsys.readouterr()
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


def test_sync_alone_syncs_everything_and_status_shows_how_it_went(desk, run):
    assert run("sync")[:2] == (0, "nothing is deployed yet: lms-toolkit deploy\n")
    desk.deploy("CLI-1", "CLI-2")
    desk.grade("CLI-1", 80)
    code, out, _ = run("sync", "--json")
    assert code == 0
    assert [(one["edition"], one["outcome"], one["issued"]) for one in json.loads(out)["pages"]] == [
        ("CLI-1", "synced", 1),
        ("CLI-2", "synced", 0),
    ]
    code, out, _ = run("sync", "CLI-1", "--site", "lab")
    assert code == 0
    assert "CLI-2" not in out
    rows = json.loads(run("status", "--json")[1])
    assert [row["sync"] for row in rows] == ["synced", "synced"]
    assert rows[0]["synced_at"].startswith(f"{datetime.now(UTC):%Y}")


def test_status_counts_on_each_site_its_own_certificates_that_still_count(desk, run):
    desk.deploy("CLI-A", learners=3)
    for number in range(2):
        desk.grade("CLI-A", 80, number=number)
    run("sync")
    with desk.app() as app:
        (page,) = app.store.deployments.all()
        app.store.deployments.save(replace(page, site="elsewhere", course_ref="9"))
        app.store.certificates.revoke(app.store.certificates.all()[0].code, page.deployed_at, "a test")
    rows = {row["site"]: row for row in json.loads(run("status", "--json")[1])}
    assert (rows["lab"]["learners"], rows["lab"]["certificates"]) == (3, 1)
    assert (rows["elsewhere"]["learners"], rows["elsewhere"]["certificates"]) == (0, 0)


def test_a_table_of_syncs_and_of_the_status_fits_into_80_columns(desk, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    desk.deploy("CLI-EDITION")
    out = run("sync")[1] + run("status")[1]
    words = out.split()
    assert words.count("CLI-EDITION") == 2  # whole, not folded
    assert words.count("synced") == 2
    assert {"users", "changed", "decided", "issued", "deployed", "learners"} <= set(words)


def test_what_failed_is_told_and_ends_with_its_exit_code(desk, run):
    desk.deploy("CLI-3", "CLI-4")
    desk.declare("CLI-4")
    code, out, err = run("sync")
    assert code == 2
    assert "CLI-3 (en) on lab failed: essays declares no edition CLI-3 any more" in err
    assert "synced" in out
    (desk.folder / "token").write_text("wrong")
    code, out, _ = run("sync", "CLI-4", "--json")
    assert code == 3
    assert json.loads(out)["pages"][0]["exit_code"] == 3
    assert run("sync", "CLI-5")[0] == 2
    assert run("sync", "--site", "nowhere")[0] == 2


def test_dead_letters_show_in_status_and_are_tried_again(desk, run, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    desk.deploy("CLI-6")
    mail_sink.answers["RCPT"] = ["550 no"]
    desk.declare("CLI-7")
    _, _, err = run("sync")
    assert "notifications: 1 given up" in err
    assert "1 message could not be delivered: lms-toolkit notifications show" in run("status")[2]
    (listed,) = json.loads(run("notifications", "show", "--json")[1])
    assert (listed["state"], listed["note"]) == ("dead", "127.0.0.1 refused with 550")
    assert run("notifications", "retry")[0] == 2
    code, out, _ = run("notifications", "retry", listed["id"][:6], "--json")
    assert (code, json.loads(out)["sent"]) == (0, 1)
    assert run("notifications", "show")[1] == "1 sent\n"
    assert run("notifications", "drop", listed["id"], "--reason", "it arrived")[1] == "0 dropped\n"
    assert run("notifications", "retry", "ffff")[0] == 2


def test_an_unsure_letter_is_sent_again_only_when_somebody_says_so(desk, run, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    mail_sink.on_letter = lambda server: server.transport.abort()
    desk.deploy("CLI-8")
    desk.declare("CLI-9")
    assert "notifications: 1 unsure" in run("sync")[2]
    mail_sink.on_letter = lambda server: None
    (listed,) = json.loads(run("notifications", "show", "--json")[1])
    assert "nothing was due" in run("notifications", "retry", "--all")[1]
    code, _, err = run("notifications", "retry", listed["id"])
    assert code == 2
    assert "may have got this message already" in " ".join(err.split())
    assert len(mail_sink.letters) == 1
    assert run("notifications", "retry", listed["id"], "--yes")[0] == 0
    assert len(mail_sink.letters) == 2


def test_schedule_writes_files_and_says_which_secrets_it_needs(desk, run, monkeypatch):
    monkeypatch.setenv("LMS_TOOLKIT_DATABASE_URL", desk.store_url)
    code, _, err = run("sync", "schedule", "--systemd", "-o", "units", "--every", "1h", "--user", "www")
    assert code == 0
    assert sorted(path.name for path in (desk.folder / "units").iterdir()) == [
        "lms-toolkit-sync.service",
        "lms-toolkit-sync.timer",
    ]
    assert "LMS_TOOLKIT_DATABASE_URL" in err
    assert run("sync", "schedule", "--cron")[1].startswith("*/15 * * * * ")
    assert run("sync", "schedule")[0] == 2
    assert run("sync", "schedule", "--kubernetes")[0] == 2


def test_a_worker_needs_postgresql_and_says_what_does_without(desk, run):
    code, _, err = run("worker", "--until-done")
    assert code == 2
    assert "workers need a store on PostgreSQL" in err
    assert "lms-toolkit sync schedule is enough" in err
