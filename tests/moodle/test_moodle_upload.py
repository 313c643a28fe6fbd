"""A package goes up in pieces, with progress, and is refused early and in words when it does not fit."""

from __future__ import annotations

import json

import pytest

from lms_toolkit.errors import Refused, Unreachable

TOKEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "cycles.zip"
    path.write_bytes(b"PK" + b"\x00\xff" * 150_000)
    return path


def stored(path, **changes):
    return json.dumps([{"itemid": 77, "filename": "cycles.zip", "filesize": path.stat().st_size, **changes}])


def test_the_file_arrives_whole_in_a_new_draft_area(client, stub, package):
    stub.answer(stored(package))

    assert client.upload(package, "cycles.zip") == 77

    [sent] = stub.sent
    assert sent.path == "/webservice/upload.php"
    assert package.read_bytes() in sent.body
    assert b'name="itemid"\r\n\r\n0\r\n' in sent.body
    assert f'name="token"\r\n\r\n{TOKEN}\r\n'.encode() in sent.body
    assert [(call.function, call.writes) for call in client.calls] == [("webservice/upload.php", True)]


def test_progress_grows_to_the_whole(client, stub, package):
    stub.answer(stored(package))
    seen = []

    client.upload(package, "cycles.zip", progress=lambda done, total: seen.append((done, total)))

    done = [entry[0] for entry in seen]
    assert len(seen) > 3
    assert done == sorted(done)
    assert seen[-1][0] == seen[-1][1] > package.stat().st_size


def test_a_file_above_the_limit_is_not_sent(client, stub, package):
    with pytest.raises(Refused, match="has 300002 bytes and the site takes 1000") as caught:
        client.upload(package, "cycles.zip", max_bytes=1000)
    assert caught.value.errorcode == "fileoversized"
    assert stub.sent == []


def test_an_error_inside_a_list_that_says_success_is_found(client, stub, package):
    stub.answer('[{"filename": "cycles.zip", "error": "The file is too large", "errortype": "fileoversized"}]')

    with pytest.raises(Refused, match="too large") as caught:
        client.upload(package, "cycles.zip")
    assert caught.value.errorcode == "fileoversized"


def test_a_file_stored_short_is_noticed(client, stub, package):
    stub.answer(stored(package, filesize=10))

    with pytest.raises(Unreachable, match="stored 10 of 300002 bytes"):
        client.upload(package, "cycles.zip")


@pytest.mark.parametrize("text", ["[]", "{}", "null", "[7]"])
def test_an_answer_that_names_no_file_is_noticed(client, stub, package, text):
    stub.answer(text)

    with pytest.raises(Unreachable, match="without a usable 'filesize'"):
        client.upload(package, "cycles.zip")


def test_a_form_that_php_dropped_is_explained(client, stub, package):
    stub.answer('{"error": "A required parameter (token) was missing", "errorcode": "missingparam"}')

    with pytest.raises(Refused, match="post_max_size"):
        client.upload(package, "cycles.zip")


def test_a_body_the_web_server_does_not_take_is_explained(client, stub, package):
    stub.answer("<html>413</html>", 413)

    with pytest.raises(Refused, match="client_max_body_size"):
        client.upload(package, "cycles.zip")


def test_a_connection_cut_during_an_upload_is_one_line(client, stub, package):
    stub.cut()

    with pytest.raises(Unreachable, match="closed the connection"):
        client.upload(package, "cycles.zip")
