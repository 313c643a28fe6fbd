"""The client says what happened, in one line, repeats only what may be repeated, and never shows the token."""

from __future__ import annotations

import logging
import socket
import traceback
from dataclasses import replace

import pytest
import responses
from requests.exceptions import ReadTimeout, SSLError

from lms_moodle.client import MoodleClient
from lms_toolkit.config import Secret
from lms_toolkit.errors import AuthError, ConfigError, Refused, SiteError, ToolkitError, Unreachable

TOKEN = "0123456789abcdef0123456789abcdef"
READ, WRITE = "core_course_get_contents", "core_course_create_courses"


def refused(errorcode, message="No.", **more):
    import json

    return json.dumps({"exception": "moodle_exception", "errorcode": errorcode, "message": message, **more})


def test_the_token_is_the_last_field_of_the_body_and_not_in_the_address(client, stub):
    stub.answer('"ok"')

    assert client.read(READ, courseid=2, options=[{"name": "x", "value": True}]) == "ok"

    [sent] = stub.sent
    assert sent.path == "/webservice/rest/server.php"
    assert sent.fields[-1] == ("wstoken", TOKEN)
    assert sent.params["options"] == [{"name": "x", "value": "1"}]
    assert sent.params["moodlewsrestformat"] == "json"
    assert "Authorization" not in sent.headers


@pytest.mark.parametrize(("text", "value"), [("null", None), ("7", 7), ('"x"', "x"), ("[]", []), ("{}", {})])
def test_any_json_value_may_be_an_answer(client, stub, text, value):
    stub.answer(text)

    assert client.read(READ) == value


@pytest.mark.parametrize("errorcode", ["invalidtoken", "accessexception", "nopermissions", "sitepolicynotagreed"])
def test_a_matter_of_rights_is_an_auth_error_with_the_next_step(client, stub, errorcode):
    stub.answer(refused(errorcode))

    with pytest.raises(
        AuthError, match=rf"staging refused {READ} \({errorcode}\): No\. .*See docs/moodle.md#{errorcode}$"
    ):
        client.read(READ)


def test_any_other_refusal_keeps_its_code_and_moodles_words(client, stub):
    stub.answer(refused("strangecode", "Something <b>odd</b>.", debuginfo="at line 3"))

    with pytest.raises(
        Refused, match=r"staging refused core_course_create_courses \(strangecode\): Something odd"
    ) as caught:
        client.write(WRITE)
    assert caught.value.errorcode == "strangecode"
    assert "at line 3" in str(caught.value)


def test_the_shape_of_errors_outside_rest_is_recognised_too(client, stub):
    stub.answer('{"error": "Too bad", "errorcode": "sitepolicynotagreed", "stacktrace": null}')

    with pytest.raises(AuthError, match="Too bad"):
        client.read(READ)


def test_a_good_answer_with_a_field_named_error_is_no_error(client, stub):
    stub.answer('{"error": false, "id": 1}')

    assert client.read(READ) == {"error": False, "id": 1}


def test_work_that_moodle_could_not_describe_may_be_done(client, stub):
    stub.answer(refused("invalidresponse"))

    with pytest.raises(Unreachable) as caught:
        client.write(WRITE)
    assert caught.value.outcome_unknown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing"),
        ("<!DOCTYPE html><html><style>x{}</style><body><h1>Welcome</h1></body></html>", "'Welcome'"),
        ("<br /><b>Notice</b>: Undefined index in lib.php\n[]", "'Notice : Undefined index in lib.php []'"),
        (f"token {TOKEN} " + "x" * 200, "'token ••• xxx"),
    ],
)
def test_an_answer_that_is_not_json_is_shown_short_and_safe(client, stub, text, said):
    stub.answer(text)

    with pytest.raises(Unreachable) as caught:
        client.read(READ)
    message = str(caught.value)
    assert said in message
    assert len(message) < 250
    assert not caught.value.outcome_unknown


def test_after_a_write_an_unusable_answer_leaves_the_outcome_unknown(client, stub):
    stub.answer("<br />Warning[]")

    with pytest.raises(Unreachable, match="it may have been done") as caught:
        client.write(WRITE)
    assert caught.value.outcome_unknown


def test_a_redirect_is_not_followed_and_names_where_it_leads_without_the_query(client, stub):
    stub.answer("", 303, Location="https://moodle.example.org:8443/login/index.php?secret=1")

    with pytest.raises(
        ConfigError, match=r"redirects to https://moodle\.example\.org:8443; set sites\.staging\.url"
    ) as caught:
        client.read(READ)
    assert "secret" not in str(caught.value)
    assert len(stub.sent) == 1


def test_a_wrong_path_says_there_is_no_moodle(client, stub):
    stub.answer("not found", 404)

    with pytest.raises(ConfigError, match=r"no Moodle at http://127\.0\.0\.1:\d+ \(HTTP 404\)"):
        client.read(READ)


@pytest.mark.parametrize(("status", "errorcode"), [(403, "http403"), (413, "http413")])
def test_statuses_of_the_web_server_are_refusals_with_a_page_of_their_own(client, stub, status, errorcode):
    stub.answer("<html>no</html>", status)

    with pytest.raises(Refused, match=f"docs/moodle.md#{errorcode}") as caught:
        client.write(WRITE)
    assert caught.value.errorcode == errorcode


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_read_is_repeated_with_growing_waits_while_the_site_is_unavailable(client, stub, waited, status):
    for _ in range(2):
        stub.answer("", status)
    stub.answer("[1]")

    assert client.read(READ) == [1]
    assert waited == [1, 3]


def test_a_read_gives_up_after_three_repetitions(client, stub, waited):
    for _ in range(4):
        stub.answer("", 503)

    with pytest.raises(Unreachable, match=r"HTTP 503\); try again later"):
        client.read(READ)
    assert waited == [1, 3, 9]
    assert len(stub.sent) == 4


def test_a_read_waits_as_long_as_the_site_asks(client, stub, waited):
    stub.answer("", 503, Retry_After="20")
    stub.answer("[]")

    assert client.read(READ) == []
    assert waited == [20]


def test_a_site_that_asks_for_minutes_is_not_waited_for(client, stub, waited):
    stub.answer("maintenance", 503, Retry_After="300")

    with pytest.raises(Unreachable, match="it asks to wait 300 s"):
        client.read(READ)
    assert waited == []


@pytest.mark.parametrize(("status", "unknown"), [(429, False), (503, False), (502, True), (504, True), (500, True)])
def test_a_write_is_never_repeated_and_says_whether_it_may_be_done(client, stub, waited, status, unknown):
    stub.answer("", status)

    with pytest.raises(Unreachable) as caught:
        client.write(WRITE)
    assert caught.value.outcome_unknown is unknown
    assert len(stub.sent) == 1
    assert waited == []


def test_a_connection_cut_during_a_read_is_tried_again(client, stub):
    stub.cut()
    stub.answer("[2]")

    assert client.read(READ) == [2]


def test_a_connection_cut_during_a_write_leaves_the_outcome_unknown(client, stub):
    stub.cut()

    with pytest.raises(Unreachable, match="closed the connection") as caught:
        client.write(WRITE)
    assert caught.value.outcome_unknown


def test_nobody_listening_means_that_nothing_was_done(site):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        client = MoodleClient(replace(site, url=f"http://127.0.0.1:{unused.getsockname()[1]}"))
        with pytest.raises(Unreachable, match="no connection to") as caught:
            client.write(WRITE)
    client.close()
    assert not caught.value.outcome_unknown


@responses.activate
def test_a_site_that_does_not_answer_in_time_is_named(site):
    responses.post(f"{site.url}/webservice/rest/server.php", body=ReadTimeout("secret"))

    with pytest.raises(Unreachable, match="staging did not answer in time") as caught:
        MoodleClient(site).write(WRITE)
    assert caught.value.outcome_unknown


@responses.activate
def test_a_certificate_that_is_not_trusted_is_a_matter_of_configuration(site):
    responses.post(f"{site.url}/webservice/rest/server.php", body=SSLError("bad"))

    with pytest.raises(ConfigError, match="certificate"):
        MoodleClient(site).read(READ)


def test_without_a_token_nothing_is_sent(site, stub):
    with pytest.raises(AuthError, match="no token is set; put it in the file token"):
        MoodleClient(replace(site, token=Secret(""), token_from="the file token"))
    assert stub.sent == []


def test_a_call_with_too_many_variables_is_not_sent(client, stub):
    with pytest.raises(ValueError, match="801 variables"):
        client.write(WRITE, ids=list(range(801)))
    assert stub.sent == []


def test_the_call_log_tells_reads_from_writes(client, stub):
    for text in ("[]", "null", "null"):
        stub.answer(text)
    client.read(READ)
    client.write(WRITE)
    client.call("some_unknown_function")

    assert [(call.function, call.writes) for call in client.calls] == [
        (READ, False),
        (WRITE, True),
        ("some_unknown_function", True),
    ]


FAULTS = {
    "refused": lambda stub: stub.answer(refused("invalidtoken", f"bad {TOKEN}", debuginfo=TOKEN)),
    "html": lambda stub: stub.answer(f"<html>{TOKEN}</html>"),
    "cut": lambda stub: stub.cut(),
    "redirect": lambda stub: stub.answer("", 302, Location=f"https://example.org/?wstoken={TOKEN}"),
    "unavailable": lambda stub: stub.answer(TOKEN, 504),
    "forbidden": lambda stub: stub.answer(TOKEN, 403),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_token_is_in_no_message_no_traceback_no_log_and_no_repr(client, stub, caplog, fault):
    FAULTS[fault](stub)

    with caplog.at_level(logging.DEBUG), pytest.raises(ToolkitError) as caught:
        client.write(WRITE, name="x")

    shown = "".join(traceback.format_exception(caught.value)) + caplog.text + repr(client) + repr(client.calls)
    assert TOKEN not in shown
    assert stub.sent[0].fields[-1][1] == TOKEN
    assert "\n" not in str(caught.value)


def test_an_answer_without_a_needed_key_says_which(client):
    with pytest.raises(SiteError, match="answered core_x without a usable 'id'"):
        client.judge.take({"ID": 1}, "id", int, "core_x")


def test_whole_numbers_pass_for_decimals_and_truth_values_do_not_pass_for_numbers(client):
    assert client.judge.take({"grade": 60}, "grade", float, "f") == 60.0
    with pytest.raises(SiteError):
        client.judge.take({"id": True}, "id", int, "f")


def test_a_token_of_any_shape_is_masked(site, stub):
    client = MoodleClient(replace(site, token=Secret("unusual-token")))
    stub.answer("echo: unusual-token")

    with pytest.raises(Unreachable, match="echo: •••"):
        client.read(READ)
    client.close()


def test_what_looks_like_somebody_elses_token_is_masked_too(client, stub):
    stub.answer(refused("strange", "private token ABCDEF0123456789abcdef0123456789"))

    with pytest.raises(Refused, match="private token •••"):
        client.read(READ)


def test_passwords_kept_for_the_host_by_other_tools_are_not_sent(client, stub, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password secret\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    stub.answer("[]")

    client.read(READ)

    assert "Authorization" not in stub.sent[0].headers
