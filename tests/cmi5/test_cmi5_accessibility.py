"""axe-core finds nothing wrong with the window around the pages, with the pages in it, and with its last words."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_the_window_around_the_pages_has_no_barrier(chromium: Any, lrs: Any, barriers: Any) -> None:
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce", locale="fr-FR")
    window = context.new_page()
    window.goto(lrs.launch("one")[1])
    window.frame_locator("#lms-pages").locator("html.is-live").wait_for()
    assert barriers(window) == []
    window.get_by_role("button", name="Quitter le module").click()
    window.get_by_text("Tout est enregistré").wait_for()
    assert barriers(window) == []
    assert window.locator("#lms-end").evaluate("node => node === document.activeElement")
    context.close()
