"""axe-core finds nothing wrong with the start page or the links between pages, and nothing is wider than a phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def violations(page: Any, axe: str) -> list[str]:
    page.evaluate(f"{axe}; null")
    found = page.evaluate("async () => (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes[0].html}`)")
    return [str(one) for one in found]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_start_page_and_the_links_between_pages_are_accessible(
    chromium: Any, web: Any, axe: str, scheme: Any, width: int
) -> None:
    site: Path = web.unpack()
    context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="fr-FR")
    page = context.new_page()
    for name in ("index.html", "lesson-bienvenue.html", "lesson-suite.html", "quiz.html", "index.html"):
        page.goto((site / name).as_uri())
        page.locator("html.is-live").wait_for()
        if name.startswith("lesson-suite"):
            page.locator("#lms-finish").click()
        if page.locator("#lms-erase").is_visible():
            page.locator("#lms-erase").click()
        assert violations(page, axe) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
