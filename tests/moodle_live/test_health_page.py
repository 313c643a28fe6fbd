"""The companion's health check in a real Moodle, as an administrator reads it: every check, its fix, and no barrier.

Needs LMS_TOOLKIT_TEST_MOODLE_ADMIN, name:password of an administrator, besides URL and _TOKEN.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from lms_moodle.client import MoodleClient
from lms_moodle.companion_zip import FOLDER

pytestmark = [pytest.mark.live, pytest.mark.browser]

CHECKS = re.findall(r"'(\w+)' => health_", (FOLDER / "classes/local/health.php").read_text(encoding="utf-8"))
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
"""No more than these: a site's theme has habits of its own."""
AXE_RUN = """async (rules) => (await axe.run("#region-main", { preload: false, runOnly: rules })).violations
  .map((found) => `${found.id}: ${found.nodes.map((node) => node.html.slice(0, 120)).join(", ")}`)"""


@pytest.fixture
def page(live_client: MoodleClient, chromium: Browser, log_in_to_moodle: Callable[..., None]) -> Iterator[Page]:
    name, _, password = os.environ.get("LMS_TOOLKIT_TEST_MOODLE_ADMIN", "").partition(":")
    if not password:
        pytest.skip("nobody looks: set LMS_TOOLKIT_TEST_MOODLE_ADMIN to name:password")
    opened = chromium.new_page(bypass_csp=True)
    log_in_to_moodle(opened, live_client.site.url, name, password)
    opened.goto(f"{live_client.site.url}/local/lmstoolkit/health.php")
    yield opened
    opened.close()


def test_every_check_is_shown_and_each_problem_with_its_fix_and_its_page(page: Page) -> None:
    rows = page.locator("tr[data-check]")
    assert rows.evaluate_all("rows => rows.map(row => row.dataset.check)") == CHECKS
    for row in rows.all():
        status, found, fix = row.locator("td").all()
        assert found.inner_text().strip()
        if status.inner_text().strip() not in ("OK", "N/A"):
            assert fix.inner_text().strip()
            assert fix.locator("a").get_attribute("href")


def test_nobody_is_kept_from_reading_it(page: Page, axe: str) -> None:
    page.evaluate(f"{axe}; null")
    assert page.evaluate(AXE_RUN, RULES) == []
