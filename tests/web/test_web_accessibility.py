"""axe-core finds nothing wrong with the start page as it changes: untouched, with progress, and asked to forget it."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_start_page_has_no_barrier_in_any_state(watched_page: Any, site_url: str, barriers: Any) -> None:
    with watched_page(bypass_csp=True, reduced_motion="reduce") as page:
        page.goto(f"{site_url}/index.html")
        page.locator("html.is-live").wait_for()
        assert barriers(page) == []
        page.goto(f"{site_url}/lesson-suite.html")
        page.locator("#lms-finish").click()
        assert barriers(page) == []
        page.goto(f"{site_url}/index.html")
        page.locator("#lms-erase").click()
        page.locator("#lms-erase-yes").wait_for()
        assert barriers(page) == []
