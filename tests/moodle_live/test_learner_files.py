"""A learner finds a delivered certificate on Moodle's own page of private files, can open it, and loses it again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytestmark = [pytest.mark.live, pytest.mark.browser]

NAME = "certificate-7K3M-Q2XF-9ABC.pdf"
PDF = b"%PDF-1.7 for a test"


@pytest.fixture
def page(chromium, live_client, learner, log_in_to_moodle):
    """A browser in which the learner is logged in."""
    with chromium.new_context(accept_downloads=True) as context:
        page = context.new_page()
        log_in_to_moodle(page, live_client.site.url, learner.username, learner.password)
        yield page


def test_a_learner_sees_opens_and_loses_a_certificate_among_the_private_files(page, live_course, learner) -> None:
    sent = {"userid": learner.id, "filename": NAME}
    live_course.call("deliver_file", **sent, file=live_course.package(PDF, "c.pdf"))
    private = f"{live_course.client.site.url}/user/files.php"

    page.goto(private)
    page.get_by_text(NAME).first.wait_for()
    if shots := os.environ.get("LMS_TOOLKIT_TEST_SCREENSHOTS"):
        page.screenshot(path=Path(shots) / "private-files.png")
    page.get_by_text(NAME).first.click()
    with page.expect_download() as download:
        page.locator(".fp-file-download:visible").click()
    assert Path(download.value.path()).read_bytes() == PDF
    page.locator(".fp-file-cancel:visible").click()
    page.locator("[name=submitbutton]").click()  # "Save changes", which writes every file again
    page.wait_for_load_state()

    assert live_course.call("deliver_file", **sent, file=live_course.package(PDF + b" 2"))["outcome"] == "updated"
    assert live_course.call("deliver_file", **sent, file=None)["outcome"] == "removed"
    page.goto(private)
    page.locator(".filemanager.fm-loaded.fm-noitems").wait_for()
    assert page.get_by_text(NAME).count() == 0
