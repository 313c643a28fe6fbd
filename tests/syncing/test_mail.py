"""Letters: to whom, saying what, over which connection, and never twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.headerregistry import HeaderRegistry

import pytest
from aiosmtpd.smtp import AuthResult

from lms_toolkit.errors import InUse
from lms_toolkit.notifying import Delivered, send_due
from lms_toolkit.notifying.sending import LOCK, WAITS_SECONDS
from lms_toolkit.syncing import pages_to_sync, sync

LONG_AFTER = timedelta(days=10)


def fail_once(app, number=1, at=None):
    """A sync that failed: what the office is told of."""
    from lms_toolkit.model import Deployment

    at = at or datetime.now(UTC)
    page = Deployment("lab", "essays", f"E-{number}", "en", "3", "http://127.0.0.1/3", (), at)
    run = app.store.runs.start(page, at)
    app.store.runs.finish(run, "failed", at, {}, "lab did not answer in time")


def states(app):
    return app.store.outbox.counts()


def later(**after):
    return lambda: datetime.now(UTC) + timedelta(**after)


def test_a_learner_gets_the_certificate_and_the_office_a_line_without_the_name(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    desk.deploy("MAIL-1")
    desk.grade("MAIL-1", 80)
    with desk.app() as app:
        assert [one.issued for one in sync(app, pages_to_sync(app))] == [1]
        assert send_due(app) == Delivered(sent=2)
        assert send_due(app) == Delivered()
        (certificate,) = app.store.certificates.all()
    by_address = {one.to[0]: one for one in mail_sink.letters}
    assert sorted(by_address) == ["mail-1-0@example.org", "office@example.org"]
    letter = by_address["mail-1-0@example.org"].message
    assert letter["To"] == "Amina Test-MAIL-1-0 <mail-1-0@example.org>"
    assert letter["Subject"] == "Your certificate: Certificate of Writing"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_body(("plain",)).get_content()
    assert f"https://verify.example.org/c/{certificate.code}" in text.splitlines()
    (pdf,) = letter.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()[:5]) == (f"{certificate.code}.pdf", b"%PDF-")
    told = by_address["office@example.org"].content.decode()
    assert certificate.code in told
    assert "Amina" not in told


def test_the_same_letter_has_the_same_bytes_however_often_it_is_sent(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    mail_sink.answers["DATA"] = ["451 come again"]
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(later=1)
        assert send_due(app) == Delivered()  # not before its time
        mail_sink.answers["DATA"] = ["554 no"]
        assert send_due(app, later(seconds=WAITS_SECONDS[0] + 1)) == Delivered(dead=1)
        (dead,) = app.store.outbox.needing_a_person()
        assert (dead.state, dead.note) == ("dead", "127.0.0.1 refused with 554")
        for _ in range(2):
            app.store.outbox.retry([dead.id], datetime.now(UTC))
            assert send_due(app) == Delivered(sent=1)
            with app.store.database.write() as connection:
                connection.exec_driver_sql("UPDATE outbox SET state = 'dead'")
    first, second = mail_sink.letters
    assert first.content == second.content
    assert first.message["Message-ID"] == f"<{dead.id}@example.org>"


def test_a_message_is_tried_with_growing_waits_and_then_left_to_a_person(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    mail_sink.answers["RCPT"] = ["450 busy"] * 20
    waits = []
    with desk.app() as app:
        fail_once(app)
        now = datetime.now(UTC)
        for _ in range(len(WAITS_SECONDS)):
            assert send_due(app, lambda now=now: now) == Delivered(later=1)
            (waiting,) = app.store.outbox.waiting()
            waits.append((waiting.next_at - now).total_seconds())
            now = waiting.next_at
        assert tuple(waits) == WAITS_SECONDS
        assert send_due(app, lambda: now) == Delivered(dead=1)


@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_letter_that_is_refused_keeps_the_next_one_from_nothing(desk, mail_sink, mail_server, command):
    desk.told_by_mail(mail_server(mail_sink).port)
    mail_sink.answers[command] = ["550 no such mailbox"]
    with desk.app() as app:
        fail_once(app, 1)
        fail_once(app, 2)
        assert send_due(app) == Delivered(sent=1, dead=1)
    assert len(mail_sink.letters) == 1


def test_a_server_that_is_not_there_is_asked_once_a_run(desk, mail_sink, mail_server):
    controller = mail_server(mail_sink)
    desk.told_by_mail(controller.port)
    controller.stop()
    with desk.app() as app:
        for number in range(3):
            fail_once(app, number)
        assert send_due(app) == Delivered(later=1)
        assert [one.attempts for one in app.store.outbox.waiting()].count(0) == 2


def test_a_server_that_breaks_off_after_the_last_line_leaves_a_letter_that_a_person_decides_on(
    desk, mail_sink, mail_server
):
    desk.told_by_mail(mail_server(mail_sink).port)
    mail_sink.on_letter = lambda server: server.transport.abort()
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(unsure=1)
        assert send_due(app, later(days=30)) == Delivered()
        (unsure,) = app.store.outbox.needing_a_person()
        assert unsure.note == "127.0.0.1 did not say whether it took the message"
        mail_sink.on_letter = lambda server: None
        app.store.outbox.retry([unsure.id], datetime.now(UTC))
        assert send_due(app) == Delivered(sent=1)
    assert len({one.message["Message-ID"] for one in mail_sink.letters}) == 1  # by which the reader's program knows it


def test_a_sender_killed_before_it_heard_that_its_letter_was_taken_sends_no_second_one(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    with desk.app() as app:
        fail_once(app)
    command = [sys.executable, "-m", "lms_toolkit", "notifications", "send"]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("LMS_TOOLKIT")}
    process = subprocess.Popen(command, cwd=desk.folder, env=environment)
    mail_sink.on_letter = lambda server: process.kill()
    assert process.wait(timeout=120) == -signal.SIGKILL
    mail_sink.on_letter = lambda server: None
    with desk.app() as app:
        assert send_due(app) == Delivered(unsure=1)
        assert send_due(app, later(days=30)) == Delivered()
    assert len(mail_sink.letters) == 1


def test_what_was_only_claimed_by_a_sender_that_died_is_sent(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    with desk.app() as app:
        fail_once(app)
        assert app.store.outbox.claim(datetime.now(UTC)) is not None
        assert send_due(app) == Delivered(sent=1)


def test_a_sender_that_lost_its_claim_sends_nothing(desk, mail_sink, mail_server):
    """It was held up so long that its lock went: another run has taken the message over."""
    desk.told_by_mail(mail_server(mail_sink).port)
    with desk.app() as app:
        fail_once(app)
        outbox = app.store.outbox
        hand_over = outbox.hand_over

        def too_late(taken):
            (left,) = outbox.abandoned()
            outbox.settle(left, "dropped", "by another run")
            return hand_over(taken)

        outbox.hand_over = too_late
        assert send_due(app) == Delivered()
        assert states(app) == {"dropped": 1}
    assert mail_sink.letters == []


def test_two_senders_at_once_are_one_after_the_other(desk, mail_sink, mail_server):
    desk.told_by_mail(mail_server(mail_sink).port)
    with desk.app() as app, desk.app() as other:
        fail_once(app)
        with app.store.lock(LOCK):
            assert send_due(other) == Delivered()
            with pytest.raises(InUse, match="notifications is being worked on"), other.store.lock(LOCK):
                pass
        assert send_due(other) == Delivered(sent=1)


def test_a_letter_goes_encrypted_and_with_a_password_where_the_server_asks_for_it(
    desk, mail_sink, mail_server, tls, monkeypatch
):
    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=data.password == b"open sesame", auth_data=data)

    controller = mail_server(mail_sink, tls_context=tls.context, require_starttls=True, authenticator=check)
    (desk.folder / "password").write_text("open sesame\n")
    desk.told_by_mail(controller.port, 'user = "toolkit"\npassword_file = "password"')
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(later=1)  # its certificate is nobody's whom we trust
        (waiting,) = app.store.outbox.waiting()
        assert waiting.note == "the certificate of 127.0.0.1, or its encryption, is not trusted"
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
        assert send_due(app, later(days=1)) == Delivered(sent=1)
    (letter,) = mail_sink.letters
    assert (letter.was_encrypted, letter.user) == (True, "toolkit")


def test_a_wrong_password_is_said_without_it(desk, mail_sink, mail_server):
    controller = mail_server(
        mail_sink, auth_require_tls=False, authenticator=lambda *data: AuthResult(success=False, handled=False)
    )
    (desk.folder / "password").write_text("wrong horse")
    desk.told_by_mail(controller.port, 'security = "none"\nuser = "toolkit"\npassword_file = "password"')
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(later=1)
        (waiting,) = app.store.outbox.waiting()
        assert waiting.note == "127.0.0.1 did not accept the user or the password (535)"
        assert "wrong horse" not in repr(app.config)


@pytest.mark.parametrize(
    "name", ["Amina\r\nBcc: everybody@example.org", "A, B <x@example.org>", "Ami\u202ena “Q” O'Test\x00", "Ελένη Ñandú"]
)
def test_no_name_adds_a_header_or_a_reader(desk, mail_sink, mail_server, name):
    desk.told_by_mail(mail_server(mail_sink).port)
    from lms_toolkit.config import load_config
    from lms_toolkit.notifying.mail import Letter, MailServer
    from lms_toolkit.notifying.wording import Text, one_line

    config = load_config(desk.folder / "lms-toolkit.toml", env={}).notifications.mail
    text = Text(one_line(f"For {name}"), f"Dear {name}\n.\n..\nthe end")
    letter = Letter("abc", "amina@example.org", name, "en", text, datetime.now(UTC))
    with MailServer(config) as server:
        assert server.deliver(letter, lambda: True).result == "sent"
    (arrived,) = mail_sink.letters
    message = arrived.message
    assert arrived.to == ["amina@example.org"]
    assert [address.addr_spec for address in message["To"].addresses] == ["amina@example.org"]
    assert "Bcc" not in message
    assert message["Subject"] == one_line(f"For {name}")
    assert message.get_content().splitlines()[-3:] == [".", "..", "the end"]


@pytest.mark.parametrize("name", ["Zoé, boss@example.org, " * 20, "李: b;é(" * 90])
def test_no_name_adds_a_reader_to_a_letter_whose_headers_are_not_encoded(mail_sink, mail_server, name):
    """Whoever has an address with letters beyond ASCII gets the headers as they are, which Python folds otherwise."""
    from lms_toolkit.notification_config import MailConfig
    from lms_toolkit.notifying.mail import Letter, MailServer
    from lms_toolkit.notifying.wording import Text

    port = mail_server(mail_sink, enable_SMTPUTF8=True).port
    letter = Letter("abc", "zoe@münchen.example", name, "fr", Text("Réussi", "Bravo"), datetime.now(UTC))
    with MailServer(MailConfig("127.0.0.1", "office@example.org", port=port, security="none")) as server:
        assert server.deliver(letter, lambda: True).result == "sent"
    (arrived,) = mail_sink.letters
    [to] = [line for line in arrived.content.split(b"\r\n") if line.startswith(b"To: ")]
    (reader,) = HeaderRegistry()("To", to.removeprefix(b"To: ").decode()).addresses
    assert reader.addr_spec == "zoe@münchen.example"
    assert reader.display_name == " ".join(name[:200].split())


def test_a_message_that_shows_a_bug_is_left_to_a_person_and_keeps_the_next_from_nothing(
    desk, mail_sink, mail_server, monkeypatch
):
    from lms_toolkit.notifying import sending

    desk.told_by_mail(mail_server(mail_sink).port)
    letter_of = sending.letter_of

    def stumble(message, *rest):
        if "E-1" in message.subject:
            raise LookupError("Amina")
        return letter_of(message, *rest)

    monkeypatch.setattr(sending, "letter_of", stumble)
    with desk.app() as app:
        fail_once(app, 1)
        fail_once(app, 2)
        with pytest.raises(LookupError):
            send_due(app)
        assert send_due(app) == Delivered(sent=1)
        (left,) = app.store.outbox.needing_a_person()
    assert (left.state, left.note) == ("dead", "stopped by a fault of the toolkit (LookupError); report it")


def test_the_office_is_told_again_when_a_page_fails_after_a_long_rest(desk):
    """SQLite gives the number of a run again once it was forgotten; a message is known by what it is about."""
    long_ago = datetime.now(UTC) - timedelta(days=40)
    desk.told_by_mail(1)
    with desk.app() as app:
        fail_once(app, at=long_ago)
        fail_once(app)
        assert states(app) == {"waiting": 2}


def test_an_address_that_is_none_is_left_to_a_person_and_one_of_a_revoked_certificate_is_dropped(
    desk, mail_sink, mail_server
):
    desk.told_by_mail(mail_server(mail_sink).port, 'security = "none"\nevents = []')
    desk.deploy("MAIL-2", "MAIL-3")
    desk.grade("MAIL-2", 80)
    desk.grade("MAIL-3", 80)
    with desk.app() as app:
        list(sync(app, pages_to_sync(app)))
        with app.store.database.write() as connection:
            connection.exec_driver_sql("UPDATE users SET email = 'a@b.org, c@d.org' WHERE username = 'mail-2-0'")
        revoked = next(one for one in app.store.certificates.all() if one.record.edition == "MAIL-3")
        app.store.certificates.revoke(revoked.code, datetime.now(UTC), "by mistake")
        assert send_due(app) == Delivered(dead=1, dropped=1)
    assert mail_sink.letters == []


def test_a_letter_waits_for_the_pdf(desk, mail_sink, mail_server):
    """A run may die between the certificate's row and its files; the next one writes them."""
    desk.told_by_mail(mail_server(mail_sink).port, 'security = "none"\nevents = []')
    desk.deploy("MAIL-4")
    desk.grade("MAIL-4", 80)
    with desk.app() as app:
        list(sync(app, pages_to_sync(app)))
        (pdf,) = (desk.folder / "data" / "certificates").glob("*.pdf")
        pdf.unlink()
        assert send_due(app) == Delivered(later=1)
        app.store.runs.finish(1, "interrupted", datetime.now(UTC), {})
        list(sync(app, pages_to_sync(app)))
        assert send_due(app, later(days=1)) == Delivered(sent=1)
