"""Uploads land in a draft area, and their errors have the shapes Moodle gives them."""

from __future__ import annotations

import requests


def test_a_file_gets_a_new_draft_area(wire):
    (first,) = wire.upload("paquet é.zip", b"one")
    (second,) = wire.upload("paquet é.zip", b"two")

    assert first["itemid"] != second["itemid"]
    assert (first["filearea"], first["filename"], first["filesize"]) == ("draft", "paquet é.zip", 3)


def test_a_second_file_of_the_same_name_is_an_error_inside_the_list(wire):
    (stored,) = wire.upload("a.zip", b"one")
    (refused,) = wire.upload("a.zip", b"two", itemid=str(stored["itemid"]))

    assert refused["errortype"] == "filenameexist"


def test_a_file_above_the_limit_is_an_error_inside_the_list(start):
    (refused,) = start(max_upload_bytes=10).upload("a.zip", b"more than ten bytes")

    assert refused["errortype"] == "fileoversized"


def test_a_body_above_the_limit_loses_its_token_as_in_php(start):
    refused = start(max_upload_bytes=10).upload("a.zip", bytes(200_000))

    assert refused["errorcode"] == "missingparam"


def test_a_wrong_token_has_the_upload_shape_not_the_rest_shape(wire):
    refused = wire.upload("a.zip", b"x", token="f" * 32)

    assert refused["errorcode"] == "invalidtoken"
    assert "exception" not in refused
    assert refused["error"]


def test_a_token_in_the_address_is_not_taken(wire):
    url = f"{wire.sandbox.url}/webservice/upload.php?token={wire.sandbox.token}"

    assert requests.post(url, files={"f": ("a.zip", b"x")}, timeout=10).json()["errorcode"] == "missingparam"


def test_nobody_elses_draft_can_be_used(wire, package):
    course = wire.new_course()
    wire.new_section(course)
    announced = {"draftitemid": 123456789, "sha256": package.sha256}

    assert wire.apply_module(course, None, package=announced)["errorcode"] == "packagemismatch"


def test_bytes_that_are_not_the_announced_ones_are_refused(wire, package):
    course = wire.new_course()
    wire.new_section(course)
    (stored,) = wire.upload("other.zip", b"something else")
    announced = {"draftitemid": stored["itemid"], "sha256": package.sha256}

    assert wire.apply_module(course, None, package=announced)["errorcode"] == "packagemismatch"


def test_files_nobody_refers_to_are_gone_after_a_restart(deployed):
    sandbox = deployed.wire.sandbox
    files = sandbox.token_path.parent / "files"
    with sandbox.site.database.writing() as db:
        db.execute("UPDATE drafts SET created_at = 0")
    (files / f"{'0' * 64}.zip").write_bytes(b"stray")
    sandbox.stop()
    sandbox.start()

    assert len(list(files.iterdir())) == 1  # the module's package
