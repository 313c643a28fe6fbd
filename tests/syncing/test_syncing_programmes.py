"""Sync of programmes: diplomas after the pages they rest on, once, in the learner's language, and told like others."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from lms_toolkit.app import App
from lms_toolkit.cli import main
from lms_toolkit.config import load_config
from lms_toolkit.courses.programme_file import load_programme
from lms_toolkit.jobs import Pace, defer_all, make_queue, prepare
from lms_toolkit.participations import read_participations
from lms_toolkit.programmes import Completed, language_of
from lms_toolkit.syncing import pages_to_sync, sync_all
from lms_toolkit.syncing_programmes import sync_programmes

PROGRAMME = """
id = "{id}"
languages = ["fr", "en"]
title.en = "Diploma of Letters"
title.fr = "Diplôme de lettres"
learning_hours = 100
within_years = 5

[any_of]
at_least = 1
courses = ["{counts}"]

[[courses]]
id = "{counts}"
title.en = "Writing"
title.fr = "Écrire"
"""


@pytest.fixture
def letters(desk):
    """A programme that the course of the desk is enough for."""
    return declare(desk.folder, "letters")


def declare(folder: Path, id: str, counts: str = "essays") -> Path:
    (folder / id).mkdir()
    file = folder / id / "programme.toml"
    file.write_text(PROGRAMME.format(id=id, counts=counts), encoding="utf-8")
    return file


def run(app: App, *editions: str):
    """What came of the programmes, after the pages of all editions or of some."""
    done = list(sync_all(app, pages_to_sync(app, editions), only_theirs=bool(editions)))
    assert [one.outcome for one in done if one.site] == ["synced"] * len([one for one in done if one.site])
    return [one for one in done if not one.site]


def test_a_sync_ends_with_the_diplomas_that_its_pages_earned_and_a_second_one_does_nothing(desk, letters):
    desk.deploy("DIPLOMA-1", learners=2)
    desk.grade("DIPLOMA-1", 80)
    with desk.app() as app:
        assert [(str(one), one.decided, one.issued, one.exit_code) for one in run(app)] == [("letters synced", 1, 1, 0)]
        (diploma,) = app.store.certificates.all("letters")
        assert (diploma.record.kind, diploma.record.language) == ("diploma", "en")  # the language of the course page
        before = app.store.awards.all("letters")
        assert [(one.outcome, one.decided, one.issued) for one in run(app)] == [("synced", 0, 0)]
        assert app.store.awards.all("letters") == before
        assert len(app.store.certificates.all("letters")) == 1
        kept = app.store.runs.last("", "letters", "")
        assert (kept.outcome, kept.issued) == ("synced", 0)


def test_a_diploma_that_is_not_earned_yet_is_decided_again_only_when_there_is_something_new(desk, letters):
    also = '\n[[courses]]\nid = "drawing"\ntitle.en = "Drawing"\ntitle.fr = "Dessiner"\n'
    text = letters.read_text(encoding="utf-8").replace("within_years", 'required = ["drawing"]\nwithin_years', 1)
    letters.write_text(text + also, encoding="utf-8")
    desk.deploy("DIPLOMA-A")
    desk.grade("DIPLOMA-A", 80)
    with desk.app() as app:
        assert [(one.decided, one.issued) for one in run(app)] == [(1, 0)]
        (award,) = app.store.awards.all("letters")
        assert not award.earned
        assert [(one.decided, one.issued) for one in run(app)] == [(0, 0)]
        assert app.store.awards.all("letters") == [award]  # its time, too
        participation = read_participations(past_drawing(desk.folder), "Registrar", award.decided_at)
        app.store.participations.save(participation)
        assert [(one.decided, one.issued) for one in run(app)] == [(1, 1)]


def past_drawing(folder: Path) -> Path:
    file = folder / "past.csv"
    columns = "name,idnumber,email,course,edition,completed_on,evidence"
    file.write_text(f"{columns}\nAmina Test,S-diploma-a-0,,drawing,D-1,2026-01-01,seen\n", encoding="utf-8")
    return file


def test_a_programme_that_concerns_nobody_and_one_that_no_chosen_edition_counts_for_are_left_out(desk, letters):
    desk.deploy("DIPLOMA-2")
    declare(desk.folder, "others", counts="drawing")
    with desk.app() as app:
        assert run(app) == []  # nobody has completed anything
        desk.grade("DIPLOMA-2", 80)
        assert [one.edition for one in run(app, "DIPLOMA-2")] == ["letters"]
        assert list(sync_programmes(app, {"drawing"})) == []


def test_a_programme_that_another_sync_works_on_is_skipped(desk, letters):
    desk.deploy("DIPLOMA-3")
    desk.grade("DIPLOMA-3", 80)
    with desk.app() as app, desk.app() as other, other.store.lock("sync:letters"):
        (done,) = run(app)
        assert (done.outcome, done.issued, done.exit_code) == ("skipped", 0, 0)
        assert "sync:letters is being worked on by process" in done.note


def test_a_file_that_cannot_be_read_stops_no_other_programme_and_no_page(desk, letters):
    desk.deploy("DIPLOMA-4")
    desk.grade("DIPLOMA-4", 80)
    declare(desk.folder, "broken").write_text("id = 3", encoding="utf-8")
    with desk.app() as app:
        done = {one.edition: one for one in run(app)}
    assert (done["broken"].outcome, done["broken"].exit_code) == ("failed", 1)
    assert "programme.toml" in done["broken"].note
    assert (done["letters"].outcome, done["letters"].issued) == ("synced", 1)


def test_a_run_that_failed_says_so_to_the_office_and_the_next_one_goes_on(desk, letters):
    desk.deploy("DIPLOMA-5", "DIPLOMA-6")
    desk.grade("DIPLOMA-5", 80)
    with desk.app() as app:
        app.store.outbox.routes = {"sync.failed": ("webhook:crm",)}
        assert [one.outcome for one in run(app)] == ["synced"]
    desk.declare("DIPLOMA-6")
    with desk.app() as app:
        app.store.outbox.routes = {"sync.failed": ("webhook:crm",)}
        (failed,) = sync_programmes(app)
        assert (
            failed.outcome == "failed" and "edition DIPLOMA-5, which no course essays declares any more" in failed.note
        )
        (told,) = app.store.outbox.waiting()
        assert told.data["edition"] == "letters"
    desk.declare("DIPLOMA-5", "DIPLOMA-6")
    with desk.app() as app:
        assert [(one.outcome, one.issued) for one in sync_programmes(app)] == [("synced", 0)]


def test_learners_are_written_to_about_their_diploma(desk, letters, mail_sink, mail_server, monkeypatch, capsys):
    desk.told_by_mail(mail_server(mail_sink).port)
    desk.deploy("DIPLOMA-7")
    desk.grade("DIPLOMA-7", 80)
    monkeypatch.setenv("LMS_TOOLKIT_CONFIG", str(desk.folder / "lms-toolkit.toml"))
    assert main(["sync", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["edition"], one["issued"]) for one in found["programmes"]] == [("letters", 1)]
    assert [one["edition"] for one in found["pages"]] == ["DIPLOMA-7"]
    (letter,) = [
        one for one in mail_sink.letters if one.to != ["office@example.org"] and "Diploma" in one.message["Subject"]
    ]
    assert letter.to == ["diploma-7-0@example.org"]
    assert "You have earned “Diploma of Letters”. It is" in letter.message.get_body().get_content()
    assert main(["status", "--json"]) == 0
    page, programme = json.loads(capsys.readouterr().out)
    assert (page["edition"], page["learners"], page["certificates"]) == ("DIPLOMA-7", 1, 1)
    assert (programme["edition"], programme["certificates"], programme["sync"]) == ("letters", 1, "synced")
    assert main(["certify", "programme", "letters", "--dry-run", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["certificate"]  # also where nothing is issued now


def test_a_diploma_is_in_the_language_of_the_last_course_that_the_programme_has(letters):
    programme = load_programme(letters)
    first, last = date(2025, 1, 1), date(2026, 1, 1)
    past = Completed("essays", "P", last, "imported")
    assert language_of(programme, []) == "fr"
    assert language_of(programme, [past]) == "fr"
    assert language_of(programme, [Completed("essays", "E", first, "award", "en"), past]) == "en"
    english, french = (Completed("essays", "E", day, "award", lang) for day, lang in ((first, "en"), (last, "fr")))
    assert language_of(programme, [french, english]) == "fr"
    assert language_of(programme, [Completed("essays", "E", last, "award", "es"), english]) == "en"


def test_workers_begin_the_diplomas_when_no_page_is_waiting(postgres_desk, in_a_loop):
    desk = postgres_desk
    declare(desk.folder, "letters")
    desk.deploy("DIPLOMA-8", "DIPLOMA-9")
    desk.grade("DIPLOMA-8", 80)
    config = load_config(desk.folder / "lms-toolkit.toml", env={})
    open_app = lambda: App(config)  # noqa: E731
    queue = make_queue(open_app, prepare(desk.store_url), Pace("0 0 1 1 *"))

    async def work() -> None:
        async with queue.open_async():
            assert await defer_all(queue, open_app) == 2
            await queue.run_worker_async(wait=False, install_signal_handlers=False)

    in_a_loop(work())
    with desk.app() as app:
        assert [one.record.edition for one in app.store.certificates.all()] == ["DIPLOMA-8", "letters"]
