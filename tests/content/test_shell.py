"""Around the text: the reader's own view, the table of contents, a course's look; and no page has a barrier."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from lms_toolkit.content import templates_path
from lms_toolkit.model import Theme
from lms_toolkit.rendering.theme import contrast, mixed, palette

LONG = "\n\n".join(f"## Partie {number} & suite\n\nTexte." for number in range(1, 6))


def files(draft: Any, tmp_path: Path) -> dict[str, str]:
    from zipfile import ZipFile

    with ZipFile(draft.build(tmp_path / "dist")) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_a_long_lesson_lists_its_parts_and_a_short_one_does_not(draft: Any, tmp_path: Path) -> None:
    page = files(draft.lesson(LONG), tmp_path)["lesson-page.html"]
    assert page.count('<li><a href="#s-partie-') == 5
    assert '<a href="#s-partie-1-suite">Partie 1 &amp; suite</a>' in page
    assert 'class="toc"' not in files(draft.lesson("## Une partie\n\nTexte."), tmp_path)["lesson-page.html"]


def test_a_theme_changes_colours_and_brings_its_logo(rich: Any, tmp_path: Path) -> None:
    assert rich.findings("theme-contrast") == []
    found = files(rich, tmp_path)
    assert "--accent: #7a2e6b;" in found["assets/page.css"]
    assert '<img class="logo" src="assets/logo.svg" alt="Maison d’essai">' in found["lesson-page.html"]
    assert found["assets/logo.svg"] == (rich.folder / "logo.svg").read_text(encoding="utf-8")
    assert 'href="assets/logo.svg"' in found["imsmanifest.xml"]


@pytest.mark.parametrize(
    ("theme", "rule", "words"),
    [
        ('accent = "#e0b0d0"', "theme-contrast", "theme.accent #e0b0d0 has a contrast of"),
        ('accent = "#7a2e6b"\naccent_dark = "#442244"', "theme-contrast", "theme.accent_dark #442244"),
        ('accent = "purple"', "wrong-value", "like #0b5d7a"),
        ('logo = "absent.svg"\nlogo_alt.fr = "Maison"', "theme-logo", "names absent.svg"),
        ('logo = "../secret.svg"\nlogo_alt.fr = "Maison"', "wrong-value", "theme.logo must be"),
        ('logo = "logo.svg"', "missing-language", "theme.logo_alt has no text in fr"),
        ('colour = "#000000"', "unknown-key", "theme.colour is unknown"),
    ],
)
def test_a_theme_that_cannot_be_used_is_told(draft: Any, theme: str, rule: str, words: str) -> None:
    findings = [finding for finding in draft.course(f"\n[theme]\n{theme}\n").findings() if finding.rule == rule]
    assert words in str(findings[0]), [str(finding) for finding in findings]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


@pytest.mark.parametrize("accent", ["#0b5d7a", "#7a2e6b", "#003300", "#8a1010", "#000000"])
def test_a_lighter_shade_is_found_for_dark_pages(accent: str) -> None:
    colours = palette(Theme(accent=accent), "dark")
    assert contrast(colours["accent"], colours["accent-soft"]) >= 4.5
    assert contrast(colours["on-accent"], colours["accent"]) >= 4.5


def test_a_template_of_the_course_comes_before_ours(draft: Any, tmp_path: Path) -> None:
    draft.write("templates/page/view.html.j2", "<p>Notre page</p>\n")
    found = files(draft, tmp_path)
    assert "<p>Notre page</p>" in found["lesson-page.html"]
    assert "--accent: #0b5d7a;" in found["assets/page.css"]


def test_dark_by_choice_and_dark_by_the_device_are_the_same() -> None:
    style = (templates_path() / "page" / "page.css").read_text(encoding="utf-8")
    device = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', style, re.DOTALL)
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', style, re.DOTALL)
    assert device and chosen
    assert _rules(chosen[1]) == {"color-scheme: dark", *_rules(device[1])}


def _rules(text: str) -> set[str]:
    return {rule.strip() for rule in text.split(";") if rule.strip()}


@pytest.mark.browser
def test_a_readers_view_is_kept_for_the_next_page(draft: Any, read: Any) -> None:
    reader = read(draft, color_scheme="light")
    sco = reader.open("lesson-page.html")
    paper = "() => getComputedStyle(document.body).backgroundColor"
    size = "() => parseFloat(getComputedStyle(document.body).fontSize)"
    before = sco.locator("html").evaluate(size)
    sco.locator("#lms-view summary").focus()
    reader.press("Enter", "Tab", "ArrowDown", "ArrowDown", "Tab", "ArrowDown", "ArrowDown", "Escape")
    assert not sco.get_by_label("Sombres").is_visible()
    sco = reader.open("quiz.html")
    assert sco.locator("html").evaluate(paper) == "rgb(20, 25, 31)"
    assert sco.locator("html").evaluate(size) > before * 1.3
    assert sco.get_by_label("Sombres").is_checked()


@pytest.mark.browser
def test_a_dark_view_prints_on_white(draft: Any, read: Any) -> None:
    reader = read(draft, color_scheme="dark")
    reader.page.evaluate("""() => localStorage.setItem("lms-toolkit-view", '{"theme": "dark"}')""")
    sco = reader.open("lesson-page.html")
    reader.page.emulate_media(media="print")
    assert sco.locator("html").evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not sco.locator("#lms-view").is_visible()


@pytest.mark.browser
def test_a_view_that_was_spoilt_is_left_aside(draft: Any, read: Any) -> None:
    reader = read(draft)
    reader.page.evaluate("""() => localStorage.setItem("lms-toolkit-view", '{"theme": "pink", "size": 3}')""")
    sco = reader.open("lesson-page.html")
    assert sco.locator("html").get_attribute("data-theme") is None
