"""Sync: what it brings up to date, what it does not do twice, and what one page's fault does to the others."""

from __future__ import annotations

import http.server
import math
import socket
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lms_toolkit.deadlines import Deadline
from lms_toolkit.errors import ConfigError
from lms_toolkit.model import Deployment, Event
from lms_toolkit.store.runs import KEPT_DAYS
from lms_toolkit.syncing import exit_code, pages_to_sync, sync, sync_page


def test_a_sync_brings_home_decides_and_issues_and_a_second_one_does_nothing(desk):
    desk.deploy("SYNC-1", "SYNC-2", learners=2)
    desk.grade("SYNC-1", 80)
    desk.grade("SYNC-1", 59.99, number=1)
    with desk.app() as app:
        first, second = sync(app, pages_to_sync(app))
        assert (first.edition, first.outcome, first.users, first.decided, first.issued) == ("SYNC-1", "synced", 2, 2, 1)
        assert (second.edition, second.issued, exit_code([first, second])) == ("SYNC-2", 0, 0)
        again = list(sync(app, pages_to_sync(app)))
        assert [(one.outcome, one.changed, one.decided, one.issued) for one in again] == [("synced", 0, 0, 0)] * 2
        desk.grade("SYNC-1", 60, number=1)
        assert [one.issued for one in sync(app, pages_to_sync(app, ["SYNC-1"]))] == [1]
        assert len(app.store.certificates.all()) == 2
        assert [one.outcome for one in app.store.runs.latest()] == ["synced", "synced"]


def test_a_grade_that_is_taken_back_on_the_site_counts_as_changed(desk):
    desk.deploy("SYNC-E")
    desk.grade("SYNC-E", 80)
    with desk.app() as app:
        list(sync(app, pages_to_sync(app)))
        (page,) = app.store.deployments.all()
        desk.ungrade("SYNC-E")
        (done,) = sync(app, [page])
        assert done.changed > 0
        assert (done.decided, done.issued, len(app.store.certificates.all())) == (0, 0, 1)  # what was earned stays
        assert [one for one in app.store.results.grades("lab", page.course_ref) if one.item == "activity:essay"] == []


def test_one_site_that_does_not_answer_stops_no_other(desk):
    desk.deploy("SYNC-3")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, not listening: nobody answers here
        desk.configure(sites={"gone": f"http://127.0.0.1:{nobody.getsockname()[1]}"})
        with desk.app() as app:
            (page,) = app.store.deployments.all()
            app.store.deployments.save(replace(page, site="gone"))
            pages = app.store.deployments.all()
            done = list(sync(app, pages, deadline_seconds=2))
    assert [(one.site, one.outcome, one.exit_code) for one in done] == [("gone", "failed", 3), ("lab", "synced", 0)]
    assert exit_code(done) == 3


def test_a_site_that_never_ends_its_answer_is_left_when_the_time_is_over(desk):
    class Drip(http.server.BaseHTTPRequestHandler):
        """A byte now and then: no time-out for a single read ever strikes."""

        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            while not stop.wait(0.05):
                try:
                    self.wfile.write(b" ")
                    self.wfile.flush()
                except OSError:
                    return

        def log_message(self, *args):
            pass

    stop = threading.Event()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Drip)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        desk.configure(sites={"slow": f"http://127.0.0.1:{server.server_port}"})
        page = Deployment("slow", "essays", "E-1", "en", "3", "", (), datetime.now(UTC))
        with desk.app() as app:
            app.store.deployments.save(page)
            done = sync_page(app, page, deadline_seconds=0.3)
            (run,) = app.store.runs.latest()
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
    assert (done.outcome, done.exit_code) == ("failed", 3)
    assert done.note.startswith("E-1 (en) on slow: not done within 0.3 s; what was read is kept")
    assert (run.outcome, run.note) == ("failed", done.note)


@pytest.mark.parametrize("seconds", [math.nan, math.inf, 0.0, 1e300])
def test_a_time_limit_that_no_clock_can_keep_is_refused(seconds):
    with pytest.raises(ConfigError, match="is no deadline; give --deadline up to 86,400 seconds"):
        Deadline("E-1 (en) on lab", seconds)


def test_a_page_that_another_sync_works_on_is_skipped_and_said_so(desk):
    desk.deploy("SYNC-4")
    with desk.app() as app, desk.app() as other, other.store.lock("sync:lab:SYNC-4:en"):
        (done,) = sync(app, pages_to_sync(app))
        assert (done.outcome, done.exit_code) == ("skipped", 0)
        assert "is being worked on by process" in done.note
        assert app.store.runs.latest() == []


def test_a_run_that_was_killed_shows_and_the_next_one_finishes_its_certificates(desk):
    """Killed between the row of a certificate and its files."""
    desk.deploy("SYNC-5")
    desk.grade("SYNC-5", 80)
    with desk.app() as app:
        list(sync(app, pages_to_sync(app)))
        (page,) = app.store.deployments.all()
        app.store.runs.start(page, datetime.now(UTC))
        files = sorted((desk.folder / "data" / "certificates").glob("*.pdf"))
        content = files[0].read_bytes()
        files[0].unlink()
        assert [one.issued for one in sync(app, pages_to_sync(app))] == [0]
        assert files[0].read_bytes() == content
        with app.store.database.read() as connection:
            outcomes = connection.exec_driver_sql("SELECT outcome FROM sync_runs ORDER BY id").scalars().all()
    assert outcomes == ["synced", "interrupted", "synced"]


def test_an_edition_that_is_declared_no_more_is_that_pages_fault(desk):
    desk.deploy("SYNC-6", "SYNC-7")
    desk.declare("SYNC-7")
    with desk.app() as app:
        done = {one.edition: one for one in sync(app, pages_to_sync(app))}
    assert (done["SYNC-6"].outcome, done["SYNC-6"].exit_code) == ("failed", 2)
    assert "declares no edition SYNC-6 any more" in done["SYNC-6"].note
    assert done["SYNC-7"].outcome == "synced"


def test_a_fault_of_ours_stops_no_other_page_and_shows_nobodys_data(desk, monkeypatch):
    desk.deploy("SYNC-8", "SYNC-9")

    def broken(course, *rest):
        raise ZeroDivisionError("Amina Test")

    with desk.app() as app, monkeypatch.context() as patched:
        patched.setattr("lms_toolkit.certifying.decide_changes", broken)
        done = []
        with pytest.raises(ZeroDivisionError):
            for one in sync(app, pages_to_sync(app)):
                done.append(one)  # what came before the error counts
        assert [one.note for one in done] == ["stopped by a fault of the toolkit (ZeroDivisionError); report it"] * 2
        assert {one.outcome for one in app.store.runs.latest()} == {"failed"}
    with desk.app() as app:
        assert exit_code(sync(app, pages_to_sync(app))) == 0


def test_pages_that_waited_longest_come_first_and_what_is_deployed_nowhere_is_named(desk):
    desk.deploy("SYNC-A", "SYNC-B")
    with desk.app() as app:
        list(sync(app, pages_to_sync(app, ["SYNC-A"])))
        assert [page.edition for page in pages_to_sync(app)] == ["SYNC-B", "SYNC-A"]
        with pytest.raises(ConfigError, match="SYNC-C is not deployed anywhere; lms-toolkit status"):
            pages_to_sync(app, ["SYNC-C"])


def test_a_listener_that_raises_undoes_no_sync(desk):
    from lms_toolkit import hookimpl
    from lms_toolkit.manager import Plugins

    class Listener:
        @hookimpl
        def lms_on_event(self, event: Event) -> None:
            raise RuntimeError(event.name)

    desk.deploy("SYNC-D")
    desk.grade("SYNC-D", 80)
    with desk.app(plugins=Plugins(also={"listener": Listener()})) as app:
        assert [(one.outcome, one.issued) for one in sync(app, pages_to_sync(app))] == [("synced", 1)]


# --- the table of runs, on each database

PAGE = Deployment("lab", "essays", "E-1", "en", "3", "", (), datetime.now(UTC))
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def test_the_office_is_told_when_a_page_begins_to_fail_and_again_after_it_went_well(any_store):
    any_store.outbox.routes = {"sync.failed": ("mail:office", "webhook:crm")}
    told = []
    for outcome in ("failed", "failed", "interrupted", "failed", "synced", "failed"):
        any_store.runs.finish(any_store.runs.start(PAGE, NOON), outcome, NOON, {}, "lab did not answer")
        told.append(any_store.outbox.counts().get("waiting", 0))
    assert told == [2, 2, 2, 2, 2, 4]
    (first, *_) = any_store.outbox.waiting()
    assert first.data == {"site": "lab", "edition": "E-1", "language": "en", "problem": "lab did not answer"}


def test_old_runs_are_forgotten(any_store):
    any_store.runs.finish(any_store.runs.start(PAGE, NOON), "synced", NOON, {"users": 3})
    later = NOON + timedelta(days=KEPT_DAYS + 1)
    assert any_store.runs.last("lab", "E-1", "en").users == 3
    run = any_store.runs.start(PAGE, later)
    assert [(one.id, one.outcome) for one in any_store.runs.latest()] == [(run, None)]
    with any_store.database.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sync_runs").scalar() == 1


def test_a_message_is_posted_with_its_fact_or_not_at_all_and_once(any_store):
    any_store.outbox.routes = {"certificate.issued": ("webhook:crm",)}
    fact = ("CODE-1", {"code": "CODE-1"})
    with pytest.raises(ZeroDivisionError), any_store.database.write() as connection:
        any_store.outbox.post(connection, "certificate.issued", [fact], NOON)
        raise ZeroDivisionError
    assert any_store.outbox.waiting() == []
    for _ in range(2):
        with any_store.database.write() as connection:
            any_store.outbox.post(connection, "certificate.issued", [fact], NOON)
            any_store.outbox.post(connection, "sync.failed", [fact], NOON)  # nobody asked for it
    assert [one.event for one in any_store.outbox.waiting()] == ["certificate.issued"]
    taken = any_store.outbox.claim(NOON)
    assert any_store.outbox.claim(NOON) is None
    assert any_store.outbox.hand_over(taken)
    assert not any_store.outbox.hand_over(taken)
    assert any_store.outbox.settle(taken, "sent")
    assert not any_store.outbox.settle(taken, "dead")
    assert any_store.outbox.counts() == {"sent": 1}
    assert any_store.outbox.retry([taken.id], NOON) == 0  # what was sent is not sent again
