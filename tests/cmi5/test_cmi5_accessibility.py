"""axe-core finds nothing wrong with the window around the pages, with the pages in it, and with its last words."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser


def violations(window: Any, axe: str) -> list[str]:
    """Of the window and of the page in its frame, together."""
    for frame in window.frames:
        frame.evaluate(f"{axe}; null")
    found = window.evaluate("async () => (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`)")
    return [str(one) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_window_around_the_pages_is_accessible(chromium: Any, lrs: Any, axe: str, scheme: Any, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme, locale="fr-FR")
    window = context.new_page()
    window.goto(lrs.launch("one")[1])
    window.frame_locator("#lms-pages").locator("html.is-live").wait_for()
    assert violations(window, axe) == []
    assert window.evaluate("document.documentElement.scrollWidth") <= width
    window.get_by_role("button", name="Quitter le module").click()
    window.get_by_text("Tout est enregistré").wait_for()
    assert violations(window, axe) == []
    assert window.locator("#lms-end").evaluate("node => node === document.activeElement")
    context.close()
