"""Webhooks: signed, to the one address, again with the same id, and silent about people."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest

from lms_toolkit.errors import ConfigError
from lms_toolkit.notifying import Delivered, send_due
from lms_toolkit.notifying.webhooks import signature
from lms_toolkit.syncing import pages_to_sync, sync


@pytest.fixture
def told(desk, web_sink):
    """A desk whose one certificate is to be told to the web sink."""

    def configure(secret="correct horse"):
        (desk.folder / "secret").write_text(f"{secret}\n")
        desk.configure(f'[notifications.webhooks.crm]\nurl = "{web_sink.url}"\nsecret_file = "secret"\n')
        return desk

    return configure


def fail_once(app):
    (page,) = app.store.deployments.all()
    run = app.store.runs.start(page, datetime.now(UTC))
    app.store.runs.finish(run, "failed", datetime.now(UTC), {}, "lab did not answer in time")


def test_a_receiver_can_check_who_posted_what_and_when(told, web_sink):
    desk = told()
    desk.deploy("HOOK-1")
    desk.grade("HOOK-1", 80)
    with desk.app() as app:
        list(sync(app, pages_to_sync(app)))
        assert send_due(app) == Delivered(sent=1)
        (certificate,) = app.store.certificates.all()
        # The two lines below are all a receiver has to do, without our code.
    (posted,) = web_sink.posted
    signed = f"{posted.headers['Webhook-Id']}.{posted.headers['Webhook-Timestamp']}.".encode() + posted.body
    expected = "v1," + base64.b64encode(hmac.new(b"correct horse", signed, hashlib.sha256).digest()).decode()
    assert hmac.compare_digest(posted.headers["Webhook-Signature"], expected)
    assert abs(int(posted.headers["Webhook-Timestamp"]) - datetime.now(UTC).timestamp()) < 300
    said = json.loads(posted.body)
    assert said["type"] == "certificate.issued"
    assert said["data"] == {
        "code": certificate.code,
        "course_id": "essays",
        "edition": "HOOK-1",
        "language": "en",
        "kind": "achievement",
    }


def test_the_signature_is_that_of_the_standards_own_example():
    """https://github.com/standard-webhooks/standard-webhooks, the test vector of its libraries."""
    at = datetime.fromtimestamp(1614265330, UTC)
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", at, b'{"test": 2432232314}')
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    for wrong in ("whsec_!", "whsec_é"):
        with pytest.raises(ConfigError, match="no base64"):
            signature(wrong, "a", at, b"")


def test_a_message_that_was_not_taken_is_posted_again_with_the_same_id_and_body(told, web_sink):
    desk = told()
    desk.deploy("HOOK-2")
    web_sink.answers += [(503, {}), (429, {}), (200, {})]
    now = datetime.now(UTC)
    with desk.app() as app:
        fail_once(app)
        outcomes = [send_due(app, lambda days=days: now + timedelta(days=days)) for days in (1, 2, 3, 4)]
    assert outcomes == [Delivered(later=1), Delivered(later=1), Delivered(sent=1), Delivered()]
    assert len({posted.headers["Webhook-Id"] for posted in web_sink.posted}) == 1
    assert len({posted.body for posted in web_sink.posted}) == 1
    assert len({posted.headers["Webhook-Signature"] for posted in web_sink.posted}) == 3


def test_what_is_for_this_machine_goes_through_no_proxy(told, web_sink, monkeypatch):
    desk = told()
    desk.deploy("HOOK-8")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(sent=1)


def test_a_2xx_whose_body_never_comes_says_that_the_message_was_taken(told, web_sink):
    desk = told()
    desk.deploy("HOOK-7")
    web_sink.answers += [(200, {"Content-Length": "100"})]
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(sent=1)
    assert len(web_sink.posted) == 1


def test_what_a_killed_run_may_have_posted_is_posted_again_with_the_same_id(told, web_sink):
    desk = told()
    desk.deploy("HOOK-3")
    with desk.app() as app:
        fail_once(app)
        taken = app.store.outbox.claim(datetime.now(UTC))
        assert app.store.outbox.hand_over(taken)
        assert send_due(app) == Delivered(sent=1)
    assert web_sink.posted[0].headers["Webhook-Id"] == taken.id


def test_a_signed_message_follows_no_redirect(told, web_sink):
    desk = told()
    desk.deploy("HOOK-4")
    web_sink.answers += [(302, {"Location": web_sink.url + "/elsewhere"})]
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(dead=1)
        (dead,) = app.store.outbox.needing_a_person()
    assert "points elsewhere (302)" in dead.note
    assert len(web_sink.posted) == 1


def test_a_receiver_that_is_not_there_shows_neither_path_nor_secret(told, web_sink):
    desk = told("correct horse")
    desk.deploy("HOOK-5")
    web_sink.server.shutdown()
    web_sink.server.server_close()
    with desk.app() as app:
        fail_once(app)
        assert send_due(app) == Delivered(later=1)
        (waiting,) = app.store.outbox.waiting()
        shown = waiting.note + repr(app.config)
    assert "gave no answer" in waiting.note
    assert "s3cret-path" not in shown
    assert "correct horse" not in shown


def test_a_webhook_that_is_configured_no_more_is_told_nothing(told, web_sink):
    desk = told()
    desk.deploy("HOOK-6")
    with desk.app() as app:
        fail_once(app)
    desk.configure()
    with desk.app() as app:
        assert send_due(app) == Delivered(dropped=1)
    assert web_sink.posted == []
